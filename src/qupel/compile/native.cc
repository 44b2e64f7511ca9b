#include "qupel/compile/native.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "qupel/base/parallel.h"
#include "qupel/compile/angles.h"
#include "qupel/compile/pulses.h"
#include "qupel/compile/simplify.h"

namespace qupel {
namespace {

// How gates on two qubits are chosen among those that take as many entanglers.
struct Manner {
  PassingRotations passing = PassingRotations::none;
  bool layers_first = false;  // fewest layers of pulses before fewest pulses
  bool looks_ahead = false;   // at the gates on one qubit that follow
};

// Where a step of two qubits without slots is made, and the ways to make it of as few entanglers as can.
struct Choices {
  const EdgeGate* way = nullptr;
  std::shared_ptr<const std::vector<Synthesis>> syntheses;
};

// The ways to make a gate, found once for equal gates: most that couple qubits of a long circuit are swaps.
class SynthesesOfGates {
 public:
  std::shared_ptr<const std::vector<Synthesis>> of(const Matrix4& gate, EntanglerFamily family) {
    Key key{static_cast<int>(family), {}};
    static_assert(sizeof key.second == sizeof(Complex) * 16);
    std::memcpy(key.second.data(), gate.data(), sizeof key.second);
    auto& found = known_[key];
    if (!found) found = std::make_shared<const std::vector<Synthesis>>(syntheses(gate, family));
    return found;
  }

 private:
  using Key = std::pair<int, std::array<double, 32>>;
  std::map<Key, std::shared_ptr<const std::vector<Synthesis>>> known_;
};

// By step; empty for other steps. All manners choose among the same.
std::vector<Choices> choices_of(std::span<const CompileStep> steps, const CompileTarget& target) {
  std::vector<Choices> all(steps.size());
  SynthesesOfGates known;
  for (std::size_t k = 0; k < steps.size(); ++k) {
    if (steps[k].kind != CompileStep::Kind::two) continue;
    const auto& way = target.cheapest(steps[k].qubits[0], steps[k].qubits[1], weyl(steps[k].two));
    all[k] = {&way, known.of(gate_on(steps[k], way.first), way.entangler->family)};
  }
  return all;
}

// Writes steps into a circuit in one manner.
class Writer {
 public:
  Writer(const CompileTarget& target, Circuit& circuit, const Manner& manner)
      : target_(&target), circuit_(&circuit), manner_(manner) {
    for (int q = 0; q < target.size(); ++q) qubits_.emplace_back(q, target.one_qubit(), circuit);
  }

  void write(std::span<const CompileStep> steps, std::span<const Choices> choices) {
    for (std::size_t k = 0; k < steps.size(); ++k) {
      rest_ = steps.subspan(k + 1);
      add(steps[k], choices[k]);
    }
    for (auto& each : qubits_) {
      each.write_gates();
      each.write_frame();
    }
  }

 private:
  void add(const CompileStep& step, const Choices& choices) {
    switch (step.kind) {
      case CompileStep::Kind::one:
        return qubit(step.qubits[0]).add(step.one);
      case CompileStep::Kind::turn:
        return qubit(step.qubits[0]).add_turn(step.axis, step.angle);
      case CompileStep::Kind::two:
        return add_two(choices);
      case CompileStep::Kind::parity:
        return add_parity(step);
      case CompileStep::Kind::other:
        return add_other(step.operation);
    }
  }

  PulseWriter& qubit(int number) { return qubits_[static_cast<std::size_t>(number)]; }

  void add_locals(const EdgeGate& way, const LocalPair& pair) {
    qubit(way.first).add(pair[0]);
    qubit(way.second).add(pair[1]);
  }

  // How a gate of two qubits is written: which of its entanglers have their qubits exchanged, and what passes
  // through them to spare pulses.
  struct Arrangement {
    static constexpr std::size_t most_entanglers = 3;

    const Synthesis* gates = nullptr;
    std::array<bool, most_entanglers> turned = {};
    std::array<std::array<double, 2>, most_entanglers> moved = {};
    int pulses = 0;
    int layers = 0;  // of them, if both qubits take theirs at once

    std::pair<int, int> cost(const Manner& manner) const {
      return manner.layers_first ? std::pair(layers, pulses) : std::pair(pulses, layers);
    }
    LocalPair locals(std::size_t k) const {
      auto pair = gates->locals[k];
      for (std::size_t side = 0; side < 2; ++side) {
        if (k > 0 && moved[k - 1][side] != 0) pair[side] = pair[side] * rotation(0, -moved[k - 1][side]);
        if (k < most_entanglers && moved[k][side] != 0) pair[side] = rotation(0, moved[k][side]) * pair[side];
      }
      return pair;
    }
  };

  // The gates without slots on a qubit until something else comes.
  Matrix2 following(int number) const {
    Matrix2 product = Matrix2::Identity();
    constexpr std::size_t farthest = 100;
    for (const auto& step : rest_.first(std::min(rest_.size(), farthest))) {
      if (std::ranges::find(step.qubits, number) == step.qubits.end()) continue;
      if (step.kind != CompileStep::Kind::one) break;
      product = step.one * product;
    }
    return product;
  }

  void add_two(const Choices& choices) {
    const auto& way = *choices.way;
    const auto made = fewest_pulses(way, *choices.syntheses);
    auto turned_way = way;
    std::swap(turned_way.first, turned_way.second);
    add_locals(way, made.locals(0));
    for (std::size_t k = 0; k < made.gates->entanglers.size(); ++k) {
      add_entangler(made.turned[k] ? turned_way : way, made.gates->entanglers[k]);
      add_locals(way, made.locals(k + 1));
    }
  }

  Arrangement fewest_pulses(const EdgeGate& way, const std::vector<Synthesis>& choices) {
    LocalPair next = {Matrix2::Identity(), Matrix2::Identity()};
    if (manner_.looks_ahead) next = {following(way.first), following(way.second)};
    std::optional<Arrangement> best;
    for (const auto& choice : choices)
      if (const auto made = cheaper(way, choice, next, best)) best = made;
    return *best;
  }

  // The gates before an entangler, and the angles of what passes through it to make them so.
  struct Approach {
    LocalPair before;
    std::array<double, 2> moved = {0, 0};
  };

  Approach approach(const Entangler& entangler, const LocalPair& before, bool turned) const {
    const bool lets_pass =
        entangler.family == EntanglerFamily::quarter || entangler.family == EntanglerFamily::rotation;
    Approach made;
    for (std::size_t side = 0; side < 2; ++side) {
      const Matrix2& change = entangler.before[turned ? 1 - side : side];
      if (lets_pass)
        made.moved[side] = sparing_angle(change, before[side], target_->one_qubit(), manner_.passing);
      made.before[side] = change.adjoint() * rotation(0, made.moved[side]) * before[side];
    }
    return made;
  }

  // Each entangler in the direction with the fewest pulses before it. Gates that wait on the qubits join the
  // first ones, and `next` the last ones. Nothing if that does not cost less than `best`.
  std::optional<Arrangement> cheaper(const EdgeGate& way, const Synthesis& gates, const LocalPair& next,
                                     const std::optional<Arrangement>& best) {
    Arrangement made{&gates};
    const auto& entangler = *way.entangler;
    const auto pulses = [&](const LocalPair& pair) {
      const int one = pulses_of(pair[0], target_->one_qubit()),
                two = pulses_of(pair[1], target_->one_qubit());
      return std::pair(one + two, std::max(one, two));
    };
    const auto count = [&](const LocalPair& pair) {
      made.pulses += pulses(pair).first;
      made.layers += pulses(pair).second;
      return !best || made.cost(manner_) < best->cost(manner_);
    };
    LocalPair before = {qubit(way.first).waiting_gate(), qubit(way.second).waiting_gate()};
    for (std::size_t k = 0; k < gates.locals.size(); ++k) {
      const auto locals = made.locals(k);
      for (std::size_t side = 0; side < 2; ++side) before[side] = locals[side] * before[side];
      if (k == gates.entanglers.size()) break;
      auto chosen = approach(entangler, before, false);
      if (way.both_ways) {
        const auto other = approach(entangler, before, true);
        made.turned[k] = pulses(other.before) < pulses(chosen.before);
        if (made.turned[k]) chosen = other;
      }
      made.moved[k] = chosen.moved;
      if (!count(chosen.before)) return std::nullopt;
      before = {entangler.after[made.turned[k] ? 1 : 0].adjoint(),
                entangler.after[made.turned[k] ? 0 : 1].adjoint()};
    }
    for (std::size_t side = 0; side < 2; ++side) before[side] = next[side] * before[side];
    return count(before) ? std::optional(made) : std::nullopt;
  }

  // exp(i angle XX) or the gate of the entangler's family.
  void add_entangler(const EdgeGate& way, double angle) {
    const auto& entangler = *way.entangler;
    if (entangler.family == EntanglerFamily::rotation) {
      // Angles from 0 to pi/2, which some devices ask for: Z X Z = -X.
      const LocalPair turned = {angle > 0 ? pauli(2) : Matrix2::Identity(), Matrix2::Identity()};
      add_locals(way, turned);
      add_rotation(way, 2 * std::abs(angle));
      return add_locals(way, turned);
    }
    add_locals(way, {entangler.before[0].adjoint(), entangler.before[1].adjoint()});
    write_entangler(way, {entangler.angles.begin(), entangler.angles.end()});
    add_locals(way, {entangler.after[0].adjoint(), entangler.after[1].adjoint()});
  }

  // exp(-i angle/2 XX)
  void add_rotation(const EdgeGate& way, const Angle& angle) {
    const auto& entangler = *way.entangler;
    add_locals(way, {entangler.before[0].adjoint(), entangler.before[1].adjoint()});
    write_entangler(way, {wrapped(angle)});
    add_locals(way, {entangler.after[0].adjoint(), entangler.after[1].adjoint()});
  }

  void write_entangler(const EdgeGate& way, std::vector<Angle> angles) {
    const auto& entangler = *way.entangler;
    PulseWriter* on[] = {&qubit(way.first), &qubit(way.second)};
    Angle frames[2];
    for (std::size_t side = 0; side < 2; ++side) {
      on[side]->write_gates();
      if (entangler.takes_frames) {
        frames[side] = on[side]->take_frame();
        angles[side] = wrapped(*sum(angles[side], negative(frames[side])));
      } else if (entangler.passes[side] == 0) {
        on[side]->write_frame();
      } else {
        const Angle frame = on[side]->take_frame();
        frames[entangler.exchanges ? 1 - side : side] = entangler.passes[side] > 0 ? frame : negative(frame);
      }
    }
    circuit_->add(*entangler.spec, {way.first, way.second}, std::move(angles));
    for (std::size_t side = 0; side < 2; ++side) on[side]->turn(frames[side]);
  }

  // The device's rotation of two qubits, which the caller has made sure of.
  void add_parity(const CompileStep& step) {
    const auto& way = *rotation_on(*target_, step.qubits[0], step.qubits[1]);
    const LocalPair change = {axis_change(2, 0), axis_change(2, 0)};
    add_locals(way, change);
    add_rotation(way, step.angle);
    add_locals(way, change);
  }

  void add_other(const Operation& operation) {
    for (const int q : operation.qubits) qubit(q).write_gates();
    if (!operation.conditions.empty() && operation.spec->gate()) return add_conditioned(operation);
    circuit_->add(operation);
    // A rotation about Z gives |0> and |1> phases that nothing sees once it is decided which of them it is.
    const auto what = operation.spec->structure;
    if ((what == Structure::reset || what == Structure::measure) && operation.conditions.empty())
      qubit(operation.qubits[0]).take_frame();
  }

  void add_conditioned(const Operation& operation) {
    for (const int q : operation.qubits) qubit(q).write_frame();
    Operation plain = operation;
    plain.conditions.clear();
    Circuit alone(circuit_->qubits());
    alone.add(plain);
    Circuit made(circuit_->qubits());
    write_native(native_steps(steps_of(alone), *target_), *target_, made);
    for (Operation each : made.operations()) {
      each.conditions = operation.conditions;
      circuit_->add(std::move(each));
    }
  }

 public:
  static const EdgeGate* rotation_on(const CompileTarget& target, int a, int b) {
    for (const auto& way : target.edge(a, b))
      if (way.entangler->family == EntanglerFamily::rotation) return &way;
    return nullptr;
  }

 private:
  const CompileTarget* target_;
  Circuit* circuit_;
  Manner manner_;
  std::vector<PulseWriter> qubits_;
  std::span<const CompileStep> rest_;  // after the one that is being written
};

// None is best for every circuit; ways that are as good are told apart by their order.
constexpr Manner manners[] = {
    {PassingRotations::none, false, false},
    {PassingRotations::any, false, true},
    {PassingRotations::whole, false, true},
    {PassingRotations::any, true, true},
};

// Whether a rotation of two qubits with a slot is best left to the device, and not made of two gates.
bool stays_parity(const CompileTarget& target, int a, int b) {
  const auto* way = Writer::rotation_on(target, a, b);
  return way != nullptr && !way->entangler->quarter_turn_at_most && way->cost <= 2 * target.edge_cost(a, b);
}

}  // namespace

std::vector<CompileStep> native_steps(std::vector<CompileStep> steps, const CompileTarget& target) {
  std::vector<CompileStep> result;
  for (auto& step : steps) {
    if (step.kind != CompileStep::Kind::parity || stays_parity(target, step.qubits[0], step.qubits[1])) {
      result.push_back(std::move(step));
      continue;
    }
    result.push_back(two_step(step.qubits[0], step.qubits[1], cx_gate()));
    result.push_back(turn_step(step.qubits[1], 2, step.angle));
    result.push_back(two_step(step.qubits[0], step.qubits[1], cx_gate()));
  }
  return simplified(std::move(result), target.size(), Parities::left);
}

void write_native(std::span<const CompileStep> steps, const CompileTarget& target, Circuit& circuit,
                  int threads) {
  const auto choices = choices_of(steps, target);
  struct Written {
    Circuit circuit;
    std::pair<long, long> takes = {};
  };
  std::vector<Written> ways(std::size(manners), Written{circuit});
  parallel_for(ways.size(), threads, [&](std::size_t k) {
    Writer(target, ways[k].circuit, manners[k]).write(steps, choices);
    const auto cost = without_frames(ways[k].circuit, target.device()).cost();
    ways[k].takes = {cost.depth, cost.one_qubit};
  });
  circuit = std::move(std::ranges::min_element(ways, {}, &Written::takes)->circuit);
}

Circuit without_frames(const Circuit& circuit, const Device& device) {
  Circuit kept = circuit.without_operations();
  for (const auto& operation : circuit.operations()) {
    const auto native = std::ranges::find(device.native, operation.spec, &NativeOperation::spec);
    if (native == device.native.end() || !native->is_virtual) kept.add(operation);
  }
  return kept;
}

}  // namespace qupel
