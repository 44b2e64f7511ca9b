#include "qupel/compile/native.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include "qupel/compile/angles.h"
#include "qupel/compile/simplify.h"

namespace qupel {
namespace {

using std::numbers::pi;
using Kind = OneQubitBasis::Kind;

// RZ(phi) RY(theta) RZ(lambda), up to a phase.
struct Euler {
  Angle theta, phi, lambda;
};

Euler euler_angles(const Matrix2& gate) {
  const double theta = 2 * std::atan2(std::abs(gate(1, 0)), std::abs(gate(0, 0)));
  constexpr double nothing = 1e-12;
  if (std::abs(gate(1, 0)) < nothing) return {theta, std::arg(gate(1, 1) / gate(0, 0)), 0.0};
  if (std::abs(gate(0, 0)) < nothing) return {theta, std::arg(-gate(1, 0) / gate(0, 1)), 0.0};
  return {theta, std::arg(gate(1, 0) / gate(0, 0)), std::arg(-gate(0, 1) / gate(0, 0))};
}

bool is_angle(const Angle& angle, double value) {
  return is_number(angle) && std::abs(std::remainder(angle.offset - value, 2 * pi)) < 1e-12;
}

Angle shifted(const Angle& angle, double by) { return *sum(angle, by); }

// How many operations that are no rotations about Z a gate takes.
int pulses_of(const Matrix2& gate, const OneQubitBasis& basis) {
  const double flip = std::abs(gate(1, 0));
  if (flip < 1e-12) return 0;
  if (basis.kind == Kind::phased || basis.kind == Kind::euler || std::abs(flip - std::sqrt(0.5)) < 1e-12)
    return 1;
  const bool half = flip > 1 - 1e-12 && (basis.half != nullptr || basis.kind == Kind::ion);
  return half ? 1 : 2;
}

// Where a gate takes Z on the Bloch sphere.
Eigen::Vector3d image_of_z(const Matrix2& gate) {
  const auto flip = std::conj(gate(0, 0)) * gate(1, 0);
  return {2 * flip.real(), 2 * flip.imag(), std::norm(gate(0, 0)) - std::norm(gate(1, 0))};
}

// Which rotations about an entangler's own axis pass through it to spare pulses before it.
enum class Moves {
  none,
  whole,  // those that leave no pulse at all
  any     // those that leave fewer pulses
};

// The angle a for which change^dagger RX(a) gate takes fewer pulses than without the rotation; 0 if there is
// none.
double sparing_angle(const Matrix2& change, const Matrix2& gate, const OneQubitBasis& basis, Moves moves) {
  const int pulses = pulses_of(change.adjoint() * gate, basis);
  if (moves == Moves::none || pulses == 0) return 0;
  // Z of `gate` turns about X; its part along the Z of `change` is the cosine of the angle between them.
  const auto from = image_of_z(gate), to = image_of_z(change);
  constexpr double nothing = 1e-9;
  if (std::abs(to.x()) > nothing) return 0;
  const double turn = std::atan2(to.z(), to.y()) - std::atan2(from.z(), from.y());
  if (std::abs(from.x()) < nothing) return std::remainder(turn, 2 * pi);
  if (moves == Moves::whole || pulses == 1) return 0;
  const double one = std::remainder(turn + pi / 2, 2 * pi), other = std::remainder(turn - pi / 2, 2 * pi);
  return std::abs(one) < std::abs(other) + nothing ? one : other;
}

// How gates on two qubits are chosen among those that take as many entanglers.
struct Manner {
  Moves moves = Moves::none;
  bool layers_first = false;  // fewest layers of pulses before fewest pulses
  bool looks_ahead = false;   // at the gates on one qubit that follow
};

// Writes gates on one qubit with rotations about Z put off: they stand after all that is written.
class Qubit {
 public:
  Qubit(int number, const OneQubitBasis& basis, Circuit& circuit)
      : number_(number), basis_(&basis), circuit_(&circuit) {}

  void add(const Matrix2& gate) {
    if (!gates_.empty() && gates_.back().turn == std::nullopt)
      gates_.back().gate = gate * gates_.back().gate;
    else
      gates_.push_back({gate, std::nullopt});
  }
  // The last gate that is not written yet.
  Matrix2 waiting_gate() const {
    return gates_.empty() || gates_.back().turn ? Matrix2(Matrix2::Identity()) : gates_.back().gate;
  }
  void add_turn(int axis, const Angle& angle) {
    add(axis_change(axis, 2));
    gates_.push_back({Matrix2::Identity(), angle});
    add(axis_change(2, axis));
  }

  // Writes all but a rotation about Z.
  void write_gates() {
    std::vector<Euler> waiting;  // one, which a rotation about Z and another one may extend
    const auto write_waiting = [&] {
      if (!waiting.empty()) write(waiting.back());
      waiting.clear();
    };
    for (const auto& each : gates_) {
      if (each.turn) {
        put_after(waiting, *each.turn);
        continue;
      }
      const auto angles = euler_angles(each.gate);
      if (is_angle(angles.theta, 0)) {
        put_after(waiting, *sum(angles.phi, angles.lambda));
      } else if (!waiting.empty() && is_quarter(waiting.back()) && is_quarter(angles) &&
                 sum(waiting.back().phi, angles.lambda)) {
        waiting.back() = joined(waiting.back(), angles);
      } else {
        write_waiting();
        waiting.push_back(angles);
      }
    }
    write_waiting();
    gates_.clear();
  }

  // A rotation about Z after what is written.
  void turn(const Angle& angle) {
    auto both = sum(frame_, angle);
    if (!both) {
      write_frame();
      both = angle;
    }
    frame_ = wrapped(*both);
  }
  Angle take_frame() { return std::exchange(frame_, Angle()); }

  void write_frame() {
    const Angle angle = take_frame();
    if (is_no_turn(angle)) return;
    const Angle half = wrapped(scaled(angle, 0.5));
    if (basis_->frame != nullptr) {
      circuit_->add(*basis_->frame, {number_}, {angle});
    } else if (basis_->kind == Kind::phased) {  // two half turns about axes that differ by half the angle
      circuit_->add("prx", {number_}, {pi, 0.0}).add("prx", {number_}, {pi, half});
    } else if (basis_->kind == Kind::ion) {
      circuit_->add("gpi", {number_}, {0.0}).add("gpi", {number_}, {half});
    } else {
      circuit_->add("u", {number_}, {0.0, 0.0, angle});
    }
  }

 private:
  struct Part {
    Matrix2 gate;
    std::optional<Angle> turn;  // about Z, instead of the gate
  };

  static bool is_quarter(const Euler& e) {
    return is_number(e.theta) && std::abs(e.theta.offset - pi / 2) < 1e-12;
  }
  static Angle scaled(const Angle& angle, double factor) {
    return {angle.scale * factor, angle.slot, angle.offset * factor};
  }

  // Two quarter turns with a rotation about Z between them are one gate with that angle as its theta.
  static Euler joined(const Euler& first, const Euler& second) {
    return {shifted(*sum(first.phi, second.lambda), -pi), shifted(second.phi, -pi / 2),
            shifted(first.lambda, -pi / 2)};
  }

  void put_after(std::vector<Euler>& waiting, const Angle& angle) {
    if (!waiting.empty()) {
      if (const auto both = sum(waiting.back().phi, angle)) {
        waiting.back().phi = *both;
        return;
      }
      write(waiting.back());
      waiting.clear();
    }
    turn(angle);
  }

  // Each leaves its rotation about Z that comes last to the frame.
  void write(const Euler& e) {
    switch (basis_->kind) {
      case Kind::quarter_turns:
        return write_quarter_turns(e);
      case Kind::phased:
        turn(e.lambda);
        circuit_->add("prx", {number_}, {wrapped(e.theta), wrapped(shifted(negative(frame_), pi / 2))});
        return turn(e.phi);
      case Kind::ion:
        return write_ion(e);
      case Kind::euler:
        break;
    }
    turn(e.lambda);
    const Angle lambda = take_frame();
    if (basis_->frame == nullptr) {
      circuit_->add("u", {number_}, {wrapped(e.theta), wrapped(e.phi), lambda});
    } else {
      circuit_->add("u", {number_}, {wrapped(e.theta), 0.0, lambda});
      turn(e.phi);
    }
  }

  void write_quarter() {
    write_frame();
    if (basis_->quarter->angles == 0)
      circuit_->add(*basis_->quarter, {number_});
    else
      circuit_->add(*basis_->quarter, {number_}, {pi / 2});
  }

  void write_quarter_turns(const Euler& e) {
    if (is_quarter(e)) {
      turn(shifted(e.lambda, -pi / 2));
      write_quarter();
      turn(shifted(e.phi, pi / 2));
    } else if (is_angle(e.theta, pi) && basis_->half != nullptr) {
      turn(shifted(e.lambda, pi));
      const Angle before = take_frame();  // X RZ(a) = RZ(-a) X
      if (basis_->half->angles == 0)
        circuit_->add(*basis_->half, {number_});
      else
        circuit_->add(*basis_->half, {number_}, {pi});
      turn(negative(before));
      turn(e.phi);
    } else {
      turn(e.lambda);
      write_quarter();
      turn(shifted(e.theta, pi));
      write_quarter();
      turn(shifted(e.phi, pi));
    }
  }

  void write_ion_gate(std::string_view name) { circuit_->add(name, {number_}, {wrapped(negative(frame_))}); }

  void write_ion(const Euler& e) {
    if (is_quarter(e)) {
      turn(shifted(e.lambda, -pi / 2));
      write_ion_gate("gpi2");
      turn(shifted(e.phi, pi / 2));
    } else if (is_angle(e.theta, pi)) {  // gpi(-a) = RZ(-a) X RZ(a), and X RZ(a) = RZ(-a) X
      turn(shifted(e.lambda, pi));
      write_ion_gate("gpi");
      turn(e.phi);
    } else {
      turn(e.lambda);
      write_ion_gate("gpi2");
      turn(shifted(e.theta, pi));
      write_ion_gate("gpi2");
      turn(shifted(e.phi, pi));
    }
  }

  int number_;
  const OneQubitBasis* basis_;
  Circuit* circuit_;
  std::vector<Part> gates_;
  Angle frame_;
};

class Writer {
 public:
  Writer(const CompileTarget& target, Circuit& circuit, const Manner& manner)
      : target_(&target), circuit_(&circuit), manner_(manner) {
    for (int q = 0; q < target.size(); ++q) qubits_.emplace_back(q, target.one_qubit(), circuit);
  }

  void write(std::span<const CompileStep> steps) {
    for (std::size_t k = 0; k < steps.size(); ++k) {
      rest_ = steps.subspan(k + 1);
      add(steps[k]);
    }
    for (auto& each : qubits_) {
      each.write_gates();
      each.write_frame();
    }
  }

 private:
  void add(const CompileStep& step) {
    switch (step.kind) {
      case CompileStep::Kind::one:
        return qubit(step.qubits[0]).add(step.one);
      case CompileStep::Kind::turn:
        return qubit(step.qubits[0]).add_turn(step.axis, step.angle);
      case CompileStep::Kind::two:
        return add_two(step);
      case CompileStep::Kind::parity:
        return add_parity(step);
      case CompileStep::Kind::other:
        return add_other(step.operation);
    }
  }

  Qubit& qubit(int number) { return qubits_[static_cast<std::size_t>(number)]; }

  void add_locals(const EdgeGate& way, const LocalPair& pair) {
    qubit(way.first).add(pair[0]);
    qubit(way.second).add(pair[1]);
  }

  // A gate of two qubits as it is written: entangler k with its qubits exchanged where turned[k].
  struct Arranged {
    Synthesis gates;
    std::vector<bool> turned;
    int pulses = 0;
    int layers = 0;  // of them, if both qubits take theirs at once

    std::pair<int, int> cost(const Manner& manner) const {
      return manner.layers_first ? std::pair(layers, pulses) : std::pair(pulses, layers);
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

  void add_two(const CompileStep& step) {
    const auto& way = target_->cheapest(step.qubits[0], step.qubits[1], weyl(step.two));
    const auto made = fewest_pulses(way, syntheses(gate_on(step, way.first), way.entangler->family));
    auto turned_way = way;
    std::swap(turned_way.first, turned_way.second);
    add_locals(way, made.gates.locals[0]);
    for (std::size_t k = 0; k < made.gates.entanglers.size(); ++k) {
      add_entangler(made.turned[k] ? turned_way : way, made.gates.entanglers[k]);
      add_locals(way, made.gates.locals[k + 1]);
    }
  }

  Arranged fewest_pulses(const EdgeGate& way, std::vector<Synthesis> choices) {
    Arranged best;
    LocalPair next = {Matrix2::Identity(), Matrix2::Identity()};
    if (manner_.looks_ahead) next = {following(way.first), following(way.second)};
    for (auto& choice : choices) {
      auto made = arranged(way, std::move(choice), next);
      if (best.turned.size() != made.turned.size() || made.cost(manner_) < best.cost(manner_) ||
          best.gates.locals.empty())
        best = std::move(made);
    }
    return best;
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
        made.moved[side] = sparing_angle(change, before[side], target_->one_qubit(), manner_.moves);
      made.before[side] = change.adjoint() * rotation(0, made.moved[side]) * before[side];
    }
    return made;
  }

  // Each entangler in the direction with the fewest pulses before it. Gates that wait on the qubits join the
  // first ones, and `next` the last ones.
  Arranged arranged(const EdgeGate& way, Synthesis gates, const LocalPair& next) {
    Arranged made{std::move(gates), {}};
    const auto& entangler = *way.entangler;
    auto& locals = made.gates.locals;
    LocalPair before = {qubit(way.first).waiting_gate(), qubit(way.second).waiting_gate()};
    const auto pulses = [&](const LocalPair& pair) {
      const int one = pulses_of(pair[0], target_->one_qubit()),
                two = pulses_of(pair[1], target_->one_qubit());
      return std::pair(one + two, std::max(one, two));
    };
    const auto count = [&](const LocalPair& pair) {
      made.pulses += pulses(pair).first;
      made.layers += pulses(pair).second;
    };
    for (std::size_t k = 0; k < locals.size(); ++k) {
      for (std::size_t side = 0; side < 2; ++side) before[side] = locals[k][side] * before[side];
      if (k == made.gates.entanglers.size()) break;
      auto chosen = approach(entangler, before, false);
      bool turned = false;
      if (way.both_ways) {
        auto other = approach(entangler, before, true);
        turned = pulses(other.before) < pulses(chosen.before);
        if (turned) chosen = other;
      }
      for (std::size_t side = 0; side < 2; ++side) {
        if (chosen.moved[side] == 0) continue;
        locals[k][side] = rotation(0, chosen.moved[side]) * locals[k][side];
        locals[k + 1][side] = locals[k + 1][side] * rotation(0, -chosen.moved[side]);
      }
      count(chosen.before);
      made.turned.push_back(turned);
      before = {entangler.after[turned ? 1 : 0].adjoint(), entangler.after[turned ? 0 : 1].adjoint()};
    }
    for (std::size_t side = 0; side < 2; ++side) before[side] = next[side] * before[side];
    count(before);
    return made;
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
    Qubit* on[] = {&qubit(way.first), &qubit(way.second)};
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
    if (operation.spec->structure == Structure::reset) qubit(operation.qubits[0]).take_frame();
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
  std::vector<Qubit> qubits_;
  std::span<const CompileStep> rest_;  // after the one that is being written
};

// None is best for every circuit; ways that are as good are told apart by their order.
constexpr Manner manners[] = {
    {Moves::none, false, false},
    {Moves::any, false, true},
    {Moves::whole, false, true},
    {Moves::any, true, true},
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

void write_native(std::span<const CompileStep> steps, const CompileTarget& target, Circuit& circuit) {
  std::optional<Circuit> best;
  std::pair<long, long> fewest;
  for (const Manner& manner : manners) {
    Circuit made = circuit;
    Writer(target, made, manner).write(steps);
    const auto cost = without_frames(made, target.device()).cost();
    const std::pair<long, long> taken = {cost.depth, cost.one_qubit};
    if (best && taken >= fewest) continue;
    best = std::move(made);
    fewest = taken;
  }
  circuit = std::move(*best);
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
