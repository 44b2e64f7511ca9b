#include "qupel/compile/compile.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <tuple>

#include "qupel/base/error.h"
#include "qupel/base/parallel.h"
#include "qupel/base/random.h"
#include "qupel/compile/native.h"
#include "qupel/compile/placement.h"
#include "qupel/compile/routing.h"
#include "qupel/compile/simplify.h"
#include "qupel/compile/target.h"

namespace qupel {
namespace {

void require_fits(const Circuit& circuit, const CompileTarget& target) {
  const auto& device = target.device();
  if (circuit.qubits() > device.size())
    throw InputError(fmt::format("a circuit of {} qubits is wider than device \"{}\", which has {}",
                                 circuit.qubits(), device.name, device.size()));
  const auto connected = target.component().size();
  if (index(circuit.qubits()) > connected)
    throw InputError(
        fmt::format("a circuit of {} qubits is wider than the largest connected part of device \"{}\": {} "
                    "live qubits of {}",
                    circuit.qubits(), device.name, connected, device.size()));
}

void require_layout(const std::vector<int>& layout, const Circuit& circuit, const CompileTarget& target) {
  const auto fail = [&](const std::string& why) {
    throw InputError(fmt::format("the initial layout [{}] {}", fmt::join(layout, ", "), why));
  };
  if (layout.size() != index(circuit.qubits()))
    fail(fmt::format("names {} qubits; the circuit has {}", layout.size(), circuit.qubits()));
  for (const int q : layout) {
    if (q < 0 || q >= target.size())
      fail(fmt::format("names qubit {}; device \"{}\" has qubits 0 to {}", q, target.device().name,
                       target.size() - 1));
    if (std::ranges::count(layout, q) > 1) fail(fmt::format("names qubit {} twice", q));
    if (!target.live(q)) fail(fmt::format("names qubit {}, which does not work", q));
    if (target.distance(layout[0], q) >= target.size())
      fail(fmt::format("names qubits {} and {}, between which there is no way", layout[0], q));
  }
}

// Swaps that the circuit asks for are exchanges of names: what comes later is on the other wire.
struct Renamed {
  std::vector<CompileStep> steps;
  std::vector<int> wire;  // of each qubit at the end
};

Renamed without_swaps(std::vector<CompileStep> steps, int qubits) {
  Renamed made;
  made.wire.resize(index(qubits));
  std::iota(made.wire.begin(), made.wire.end(), 0);
  for (auto& step : steps) {
    for (int& q : step.qubits) q = made.wire[index(q)];
    step.operation.qubits = step.qubits;
    if (step.kind == CompileStep::Kind::two && same_gate<Matrix4>(step.two, swap_gate())) {
      std::ranges::for_each(made.wire, [&](int& w) {
        w = w == step.qubits[0] ? step.qubits[1] : w == step.qubits[1] ? step.qubits[0] : w;
      });
      continue;
    }
    made.steps.push_back(std::move(step));
  }
  return made;
}

// How many random placements are tried: as many as the size of the circuit allows within a fraction of a
// second, by its steps and by the swaps of the first one, each of which is chosen among as many as there are
// qubits.
std::size_t starts_for(std::size_t steps, std::size_t swaps, int qubits) {
  constexpr std::size_t most = 100, fewest = 8, most_steps = 100'000, most_choices = 4'000'000;
  return std::clamp(std::min(most_steps / (steps + 1), most_choices / (swaps * index(qubits) + 1)), fewest,
                    most);
}

// The best placements to compile for, at most four, and one of a long circuit. The first is the one whose
// routed circuit costs least on the physical qubits where it was found (Routed::cost). The others would cost
// least if all pairs had the same error (Routed::movable_cost): they are moved to the best pairs later.
// Routing forward and backward from several random placements finds good ones (Li, Ding and Xie).
std::vector<std::vector<int>> searched_placements(std::span<const CompileStep> steps,
                                                  const Dependencies& order, int qubits,
                                                  const CompileTarget& target,
                                                  const CompileOptions& options) {
  constexpr int rounds = 2;
  const std::vector<CompileStep> backward(steps.rbegin(), steps.rend());
  const auto back_order = dependencies(backward);
  struct Found {
    double cost, movable_cost;
    std::vector<int> placement;
    std::size_t swaps;
  };
  const auto search = [&](std::size_t start) -> Found {
    Random random(derive(options.seed, {key_of("placement"), start}));
    auto placement = random_placement(qubits, target, random);
    for (int round = 0; round < rounds; ++round) {
      const auto there = routed(steps, order, target, placement, random, false);
      placement = routed(backward, back_order, target, there.placement, random, false).placement;
    }
    Random last(derive(options.seed, {key_of("routing")}));
    const auto made = routed(steps, order, target, placement, last, false);
    return {made.cost, made.movable_cost, std::move(placement), made.swaps};
  };
  std::vector<Found> found{search(0)};
  const auto first_swaps = found[0].swaps;
  found.resize(starts_for(steps.size(), first_swaps, qubits));
  parallel_for(found.size() - 1, options.threads,
               [&](std::size_t start) { found[start + 1] = search(start + 1); });
  constexpr std::size_t long_circuit = 4000;
  const std::size_t most = steps.size() + first_swaps < long_circuit ? 4 : 1;
  std::vector<std::vector<int>> best = {std::ranges::min_element(found, {}, &Found::cost)->placement};
  std::ranges::stable_sort(found, {}, &Found::movable_cost);
  for (auto& each : found)
    if (best.size() < most && std::ranges::find(best, each.placement) == best.end())
      best.push_back(std::move(each.placement));
  return best;
}

// Of some of the qubits, by their places in `chosen`, which ascend; others take part in none.
Interactions restricted(const Interactions& all, const std::vector<int>& chosen) {
  Interactions found;
  for (const int q : chosen) {
    found.readouts.push_back(all.readouts[index(q)]);
    auto& with = found.with.emplace_back(all.with[index(q)]);
    for (auto& [other, count] : with)
      other = static_cast<int>(std::ranges::lower_bound(chosen, other) - chosen.begin());
  }
  return found;
}

// Moves a routed circuit to the place where its couplings cost least.
void move_to_better_place(Routed& made, std::vector<int>& placement, const CompileTarget& target) {
  std::vector<int> used = placement;
  for (const auto& step : made.steps) used.insert(used.end(), step.qubits.begin(), step.qubits.end());
  std::ranges::sort(used);
  const auto last = std::unique(used.begin(), used.end());
  used.erase(last, used.end());
  const auto uses = restricted(interactions(made.steps, target.size()), used);
  const auto better = matched_placement(uses, target, matched_cost(uses, target, used));
  if (better.empty()) return;
  std::vector<int> moved(index(target.size()));
  for (std::size_t k = 0; k < used.size(); ++k) moved[index(used[k])] = better[k];
  const auto move = [&](std::vector<int>& qubits) {
    for (int& q : qubits) q = moved[index(q)];
  };
  for (auto& step : made.steps) {
    move(step.qubits);
    step.operation.qubits = step.qubits;
  }
  move(placement);
  move(made.placement);
}

// The circuit from here on: what is compiled for each placement.
struct Prepared {
  const Circuit* circuit;
  std::vector<CompileStep> steps;
  Dependencies order;
  std::vector<int> wire;  // of each qubit at the end
};

Compiled compiled_at(const Prepared& prepared, const CompileTarget& target, std::vector<int> placement,
                     const CompileOptions& options, int threads) {
  Random random(derive(options.seed, {key_of("routing")}));
  auto made = routed(prepared.steps, prepared.order, target, placement, random, true);
  if (!options.initial_layout) move_to_better_place(made, placement, target);
  Circuit out(target.size());
  for (const auto& bits : prepared.circuit->registers()) out.add_bits(bits.name, bits.size);
  write_native(native_steps(std::move(made.steps), target), target, out, threads);
  std::vector<int> final_layout;
  for (const int wire : prepared.wire) final_layout.push_back(made.placement[index(wire)]);
  return {std::move(out), std::move(placement), std::move(final_layout)};
}

}  // namespace

Compiled compile(const Circuit& circuit, const Device& device, const CompileOptions& options) {
  const CompileTarget target(device);
  require_fits(circuit, target);
  if (options.initial_layout) require_layout(*options.initial_layout, circuit, target);
  const int qubits = circuit.qubits();
  auto renamed = without_swaps(simplified(steps_of(circuit), qubits, Parities::found), qubits);
  Prepared prepared{
      &circuit, simplified(std::move(renamed.steps), qubits, Parities::found), {}, std::move(renamed.wire)};
  prepared.order = dependencies(prepared.steps);
  const auto at = [&](std::vector<int> placement, int threads) {
    return compiled_at(prepared, target, std::move(placement), options, threads);
  };

  if (options.initial_layout) return at(*options.initial_layout, options.threads);
  if (auto matched = matched_placement(interactions(prepared.steps, qubits), target); !matched.empty())
    return at(std::move(matched), options.threads);
  // Of those that take no more than the first one, the one with the highest fidelity, then of fewest gates.
  const auto placements = searched_placements(prepared.steps, prepared.order, qubits, target, options);
  std::vector<std::optional<Compiled>> made(placements.size());
  std::vector<Resources> takes(placements.size());
  const int threads_of_each = placements.size() == 1 ? options.threads : 1;
  parallel_for(placements.size(), options.threads, [&](std::size_t k) {
    made[k] = at(placements[k], threads_of_each);
    takes[k] = resources(*made[k], device);
  });
  const auto rank = [](const Resources& r) { return std::tuple(-r.expected_fidelity, r.two_qubit, r.depth); };
  std::size_t best = 0;
  for (std::size_t k = 1; k < made.size(); ++k)
    if (takes[k].two_qubit <= takes[0].two_qubit && takes[k].depth <= takes[0].depth &&
        rank(takes[k]) < rank(takes[best]))
      best = k;
  return std::move(*made[best]);
}

}  // namespace qupel
