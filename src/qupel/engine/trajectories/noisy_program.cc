#include "qupel/engine/trajectories/noisy_program.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

#include "qupel/base/error.h"
#include "qupel/engine/rotations/span.h"
#include "qupel/engine/trajectories/unravel.h"
#include "qupel/noise/circuit_noise.h"

namespace qupel::trajectories {
namespace {

using namespace rotations;
using namespace statevector;

// Something that happens by chance after so many gates: a damping, or one of several errors.
struct Event {
  std::size_t gates;
  double gamma = 0;  // of a damping; 0: it is an error
  Pauli z, jump;
  ErrorSite errors{};
};

std::string no_unraveling(const NoiseStep& step) {
  return fmt::format("{} is neither a Pauli channel nor a relaxation to |0>", step.channel.spec->name);
}

void add_events(std::vector<Event>& events, const NoiseStep& step, const Frame& frame, std::size_t gates) {
  const auto parts = unravel(step);
  if (!parts) throw InputError(no_unraveling(step));
  if (parts->damping > 0) {
    const int q = step.qubits[0];
    events.push_back({gates, parts->damping, frame.stored({{q, 'Z'}}), frame.stored({{q, 'X'}})});
  }
  Event event{gates, 0, {}, {}};
  double sum = 0;
  for (std::size_t k = 1; k < parts->errors.size(); ++k) {
    if (parts->errors[k] == 0) continue;
    event.errors.cumulative.push_back(sum += parts->errors[k]);
    event.errors.errors.push_back(frame.stored(PauliString::of_index(k).moved_to(step.qubits)));
  }
  if (sum > 0) events.push_back(std::move(event));
}

class Builder {
 public:
  Builder(int qubits, NoisyProgram& result) : result_(result) {
    layers_.qubits = qubits;
    layers_.product.resize(static_cast<std::size_t>(qubits));
  }

  void add(const Rotation& gate) {
    const Mask bits = gate.x | gate.z;
    if (bits == 0) return;  // a global phase
    if (std::has_single_bit(bits) && (touched_ & bits) == 0) return add_product(gate);
    touched_ |= bits;
    gate.x == 0 ? add_phase(gate) : add_rotation(gate);
  }

  void add(const Event& event) {
    const int time = time_++;
    if (event.gamma == 0) {
      auto& site = result_.errors.emplace_back(event.errors);
      site.time = time;
      site.first_event = result_.events;
      result_.events += site.errors.size();
      return;
    }
    touched_ |= event.z.z | event.jump.x;
    const Damping damping{0, event.gamma, event.z.phase == 2, event.jump, result_.events++};
    if (!joins(event.z.z, damping)) flush();
    factor(event.z.z).dampings.push_back(static_cast<int>(result_.dampings.size()));
    result_.dampings.push_back(damping);
    damping_sites_.push_back({0, event.z.z, time});
  }

  Layers take() {
    flush();
    result_.first_damping = result_.sites.size();
    for (std::size_t d = 0; d < damping_sites_.size(); ++d) {
      result_.dampings[d].site = result_.sites.size();
      result_.sites.push_back(damping_sites_[d]);
    }
    return std::move(layers_);
  }

 private:
  using Factor = NoisyDiagonal::Factor;

  // Phases of noisy diagonals keep cosine and sine as product gates do.
  int angle(const Rotation& gate, Role role) {
    layers_.angles.push_back({gate.angle, role});
    result_.sites.push_back({gate.x, gate.z, time_++});
    return static_cast<int>(layers_.angles.size()) - 1;
  }

  void add_product(const Rotation& gate) {
    const auto qubit = static_cast<std::size_t>(std::countr_zero(gate.z));
    layers_.product[qubit].push_back({gate.x == 0, angle(gate, Role::product)});
  }

  void add_phase(const Rotation& gate) { factor(gate.z).phases.push_back(angle(gate, Role::product)); }

  void add_rotation(const Rotation& gate) {
    const auto passes = [&](const Factor& waiting) {
      return !odd(waiting.mask & gate.x) && std::ranges::all_of(waiting.dampings, [&](int d) {
        return !odd(result_.dampings[static_cast<std::size_t>(d)].jump.x & gate.z);
      });
    };
    if (!std::ranges::all_of(pending_, passes)) flush();
    if (layers_.layers.empty()) layers_.layers.emplace_back();
    layers_.layers.back().rotations.push_back(gate);
    layers_.layers.back().angles.push_back(angle(gate, Role::rotation));
  }

  // Whether a damping may be decided together with those that wait. They are decided qubit by qubit, whatever
  // their order in the circuit: no jump of one may change the parity of another, and no parity may follow
  // from others.
  bool joins(Mask mask, const Damping& damping) const {
    Span others;
    bool known = false;
    for (const auto& waiting : pending_) {
      if (waiting.dampings.empty()) continue;
      if (waiting.mask == mask) {
        known = true;
        continue;
      }
      others.insert(waiting.mask);
      if (odd(damping.jump.x & waiting.mask)) return false;
      for (const int d : waiting.dampings) {
        if (odd(result_.dampings[static_cast<std::size_t>(d)].jump.x & mask)) return false;
      }
    }
    return known || others.reduce(mask) != 0;
  }

  Factor& factor(Mask mask) {
    auto found = std::ranges::find(pending_, mask, &Factor::mask);
    if (found == pending_.end()) found = pending_.insert(found, {mask, {}, {}});
    return *found;
  }

  void flush() {
    if (pending_.empty()) return;
    layers_.layers.emplace_back().diagonal = static_cast<int>(layers_.diagonals.size());
    auto& diagonal = layers_.diagonals.emplace_back();
    diagonal.qubits = layers_.qubits;
    diagonal.varies = diagonal.noisy = true;
    diagonal.same_as = static_cast<int>(layers_.diagonals.size()) - 1;
    result_.diagonals.push_back(in_coordinates(std::exchange(pending_, {})));
  }

  NoisyDiagonal in_coordinates(std::vector<Factor> factors) const {
    std::stable_partition(factors.begin(), factors.end(),
                          [](const Factor& f) { return !f.dampings.empty(); });
    Span known;
    std::vector<Factor> coordinates, others;
    for (auto& f : factors) (known.insert(f.mask) ? coordinates : others).push_back(std::move(f));
    for (int q = 0; q < layers_.qubits; ++q) {
      if (known.insert(Mask{1} << q)) coordinates.push_back({Mask{1} << q, {}, {}});
    }
    std::vector<Mask> masks;
    for (const auto& f : coordinates) masks.push_back(f.mask);
    const auto basis = duals(masks);
    NoisyDiagonal result;
    for (const Mask b : basis) result.walk.push_back(b ^ (result.walk.empty() ? 0 : result.walk.back()));
    std::ranges::move(others, std::back_inserter(coordinates));
    for (auto& f : coordinates) {
      Mask mask = 0;
      for (std::size_t j = 0; j < basis.size(); ++j) mask |= Mask{odd(f.mask & basis[j])} << j;
      f.mask = mask;
    }
    result.factors = std::move(coordinates);
    return result;
  }

  NoisyProgram& result_;
  Layers layers_;
  std::vector<Factor> pending_;  // of the next diagonal, masks in stored indices
  std::vector<Site> damping_sites_;
  Mask touched_ = 0;
  int time_ = 0;
};

// The squared norm as one more observable.
void add_norm(Measurements& measured, int qubits) {
  auto group =
      std::ranges::find_if(measured.groups, [](const Measurement& m) { return m.x == 0 && !m.imaginary; });
  if (group == measured.groups.end()) group = measured.groups.insert(group, Measurement{});
  group->terms.push_back(
      {static_cast<int>(group->masks.size()), static_cast<int>(measured.constants.size()), 1, 1});
  group->masks.push_back(0);
  group->parities = ParityTree(group->masks, qubits);
  measured.constants.push_back(0);
}

}  // namespace

NoisyProgram::NoisyProgram(const Circuit& circuit, const NoiseModel& noise,
                           std::span<const PauliString> strings) {
  std::vector<Event> events;
  const CircuitNoise placed(circuit, noise);
  auto lowered = lower(
      circuit, [&, k = std::size_t{0}](const Operation&, const Frame& frame, std::size_t gates) mutable {
        for (const auto& step : placed.steps_after(k++)) add_events(events, step, frame, gates);
      });
  Builder builder(circuit.qubits(), *this);
  auto event = events.begin();
  for (std::size_t g = 0; g <= lowered.rotations.size(); ++g) {
    for (; event != events.end() && event->gates <= g; ++event) builder.add(*event);
    if (g < lowered.rotations.size()) builder.add(lowered.rotations[g]);
  }
  auto layers = builder.take();

  const Frame& frame = lowered.frames.back();
  std::vector<Observable> observables;
  const int end = std::numeric_limits<int>::max();
  first_string = sites.size();
  for (const auto& string : strings) {
    observables.push_back({{{1, string}}});
    const Pauli p = frame.stored(string);
    sites.push_back({p.x, p.z, end});
  }
  first_bit = sites.size();
  for (int q = 0; q < circuit.qubits(); ++q) sites.push_back({0, frame.row(q), end});
  const Support everything(circuit.qubits(), {}, circuit.qubits());
  auto measured = measurements(observables, frame, everything);
  add_norm(measured, circuit.qubits());
  program = std::make_unique<Program>(std::move(layers), frame, std::move(measured));
}

double NoisyProgram::probability_of_news(const EventCounts& happened, std::uint64_t trajectories) const {
  double logarithm = 0;  // of the probability of no news, so that small probabilities keep their precision
  for (const auto& site : errors) {
    double unmet = 0, before = 0;
    std::uint64_t met = 0;
    for (std::size_t k = 0; k < site.errors.size(); ++k) {
      const auto count = happened[site.first_event + k];
      if (count == 0) unmet += site.cumulative[k] - before;
      before = site.cumulative[k];
      met += count;
    }
    if (met == trajectories) unmet += 1 - before;
    logarithm += std::log1p(-std::clamp(unmet, 0.0, 1.0));
  }
  for (const auto& damping : dampings) {
    const auto count = happened[damping.event];
    const double probability = std::min(damping.gamma, 1.0);
    if (count == 0) logarithm += std::log1p(-probability);
    if (count == trajectories) logarithm += std::log(probability);
  }
  return -std::expm1(logarithm);
}

std::string refusal(const Circuit& circuit, const NoiseModel& noise) {
  std::set<std::tuple<const ChannelSpec*, std::vector<double>, std::size_t>> known;
  const CircuitNoise placed(circuit, noise);
  for (std::size_t k = 0; k < circuit.operations().size(); ++k) {
    for (const auto& step : placed.steps_after(k)) {
      if (known.emplace(step.channel.spec, step.channel.parameters, step.qubits.size()).second &&
          !unravel(step))
        return no_unraveling(step);
    }
  }
  return {};
}

}  // namespace qupel::trajectories
