#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "qupel/circuit/angle_within_4_pi.h"
#include "qupel/circuit/qasm/control.h"
#include "qupel/circuit/qasm/interpreter.h"
#include "qupel/circuit/qasm/nesting.h"
#include "qupel/circuit/qasm/power.h"

// From calls of gates to operations.
namespace qupel::qasm {

// The modifiers of a call. Controls commute with inverses and powers, so they are kept apart.
struct Interpreter::Modified {
  std::vector<bool> controls;  ///< in the order of the operands; false: on 0
  std::vector<double> powers;  ///< innermost first; an inverse is the power -1

  bool none() const { return controls.empty() && powers.empty(); }
  bool whole_powers() const {
    return std::ranges::all_of(powers, [](double p) { return p == std::round(p); });
  }
  /// Whether what is left of a definition are the gates of its body, repeated and undone.
  bool keep_gates() const { return controls.empty() && whole_powers(); }
  /// As the standard gates with controls are called: cx, ccx, c3x.
  std::string name_of(const Gate& gate) const {
    const auto name = gate.operation != nullptr ? gate.operation->name : gate.name;
    if (controls.size() < 3) return std::string(controls.size(), 'c') + std::string(name);
    return fmt::format("c{}{}", controls.size(), name);
  }
};

Interpreter::Modified Interpreter::modified(const GateCall& call, Location at) const {
  Modified result;
  constexpr std::int64_t most_controls = 1'000'000;
  for (const auto& modifier : call.modifiers) {
    if (modifier.kind != Modifier::Kind::control && modifier.kind != Modifier::Kind::negative_control)
      continue;
    const auto count = modifier.argument ? evaluate_.integer(*modifier.argument, "a number of controls") : 1;
    if (count < 1 || count > most_controls) {
      fail(modifier.at, fmt::format("{} controls: at least one, and at most {}", count, most_controls));
    }
    result.controls.insert(result.controls.end(), static_cast<std::size_t>(count),
                           modifier.kind == Modifier::Kind::control);
    if (result.controls.size() > call.operands.size()) fail(at, "more controls than qubits");
  }
  for (auto modifier = call.modifiers.rbegin(); modifier != call.modifiers.rend(); ++modifier) {
    if (modifier->kind == Modifier::Kind::inverse) {
      result.powers.push_back(-1);
    } else if (modifier->kind == Modifier::Kind::power) {
      const auto power = evaluate_.value(*modifier->argument);
      if (power.linear()) fail(modifier->at, "a power cannot be an input");
      result.powers.push_back(power.number());
    }
  }
  return result;
}

void Interpreter::call(const GateCall& call, Location at, Sequence& to) {
  if (call.gate == nullptr) refuse_unsupported(scope_.find(call.name), at);
  if (call.gate == nullptr && gates_.controls_by_name(call))
    return this->call(gates_.with_controls(call, at), at, to);
  const Gate& gate = call.gate != nullptr ? *call.gate : gates_.find(call.name, at);
  const auto modifiers = modified(call, at);
  if (call.angles.size() != gate.angles) {
    fail(at, fmt::format("gate \"{}\" takes {} angle{}, not {}", gate.name, gate.angles,
                         gate.angles == 1 ? "" : "s", call.angles.size()));
  }
  const auto needed = gate.qubits + modifiers.controls.size();
  const bool global =
      gate.global_phase() && call.operands.size() > needed;  // qubits of a phase do not matter
  if (call.operands.size() != needed && !global) {
    fail(at, fmt::format("gate \"{}\" takes {} qubit{}{}, not {}", gate.name, needed, needed == 1 ? "" : "s",
                         modifiers.controls.empty() ? "" : " with its controls", call.operands.size()));
  }
  std::vector<Angle> angles;
  for (const auto& expression : call.angles) {
    angles.push_back(to_angle(evaluate_.value(expression)));
    constexpr double most = 1e100;
    if (!(std::abs(angles.back().offset) < most && std::abs(angles.back().scale) < most)) {
      fail(expression.at, "the angle is too large");
    }
    // Bodies of standard gates add angles up, and lose no digits of small ones.
    if (gate.standard) angles.back().offset = angle_within_4_pi(angles.back().offset);
  }
  std::vector<Qubits> operands;
  int width = -1;  // of the registers among the operands
  for (const auto& expression : call.operands) {
    auto next = evaluate_.qubits(expression);
    if (operands.size() == needed) continue;
    operands.push_back(std::move(next));
    if (operands.back().single) continue;
    if (width >= 0 && operands.back().size() != width) {
      fail(expression.at, fmt::format("registers of {} and {} qubits in one call: sizes must be equal", width,
                                      operands.back().size()));
    }
    width = operands.back().size();
  }
  for (int k = 0; k < std::abs(width); ++k) {
    std::vector<int> qubits;
    for (const auto& operand : operands) qubits.push_back(operand[operand.single ? 0 : k]);
    require_distinct(qubits, call.name, at);
    apply(gate, modifiers, angles, std::move(qubits), at, to);
  }
}

void Interpreter::require_distinct(const std::vector<int>& qubits, std::string_view gate, Location at) const {
  if (qubits.size() < 2) return;
  auto sorted = qubits;
  std::ranges::sort(sorted);
  const auto twice = std::ranges::adjacent_find(sorted);
  if (twice == sorted.end()) return;
  fail(at, fmt::format("{} on qubit {} twice: its qubits must differ", gate,
                       qubits_[static_cast<std::size_t>(*twice)]));
}

void Interpreter::apply(const Gate& gate, const Modified& modifiers, const std::vector<Angle>& angles,
                        std::vector<int> qubits, Location at, Sequence& to) {
  const auto first = to.operations().size();
  if (modifiers.none())
    expand(gate, angles, qubits, at, to);
  else
    modify(gate, modifiers, angles, qubits, at, to);
  const auto made = to.operations().subspan(first);
  if (gate.standard || noise_words_.contains(gate.name))
    join(made, modifiers.name_of(gate), qubits, named_gates_);
  else if (!modifiers.keep_gates())
    take_apart(made);
}

void Interpreter::modify(const Gate& gate, const Modified& modifiers, const std::vector<Angle>& angles,
                         const std::vector<int>& qubits, Location at, Sequence& to) {
  const auto count = static_cast<std::ptrdiff_t>(modifiers.controls.size());
  const std::vector<int> controls(qubits.begin(), qubits.begin() + count);
  Sequence steps(budget_);
  reserve(controls, true);  // what is controlled may not borrow its controls
  // A power that is not whole is made from a matrix: of the gate's own qubits, not of those that it borrows.
  const bool lends = std::exchange(lends_, lends_ && modifiers.whole_powers());
  expand(gate, angles, {qubits.begin() + count, qubits.end()}, at, steps);
  lends_ = lends;
  for (const double exponent : modifiers.powers) steps = power(steps, exponent, idle(qubits.size()), at);
  reserve(controls, false);
  if (controls.empty()) return to.append(steps);

  Sequence flips(budget_);  // of the controls on 0
  for (std::size_t k = 0; k < controls.size(); ++k) {
    if (!modifiers.controls[k]) flips.add(operation("x"), {controls[k]});
  }
  to.append(flips);
  append_controlled(steps.operations(), controls, lendable(qubits), to);
  to.append(flips);
}

void Interpreter::expand(const Gate& gate, const std::vector<Angle>& angles, std::vector<int> qubits,
                         Location at, Sequence& to) {
  if (gate.operation != nullptr) return to.add(*gate.operation, std::move(qubits), angles);
  if (gate.global_phase()) return to.add_phase(angles[0]);
  if (gate.opaque) return expand_opaque(gate, angles, qubits, at, to);
  const Nesting nesting(depth_, at);
  const auto depth = scope_.depth();
  for (std::size_t k = 0; k < angles.size(); ++k) {
    scope_.push(gate.angle_names[k], {.constant = true, .value = Value::of(angles[k])});
  }
  for (std::size_t k = 0; k < qubits.size(); ++k) {
    scope_.push(gate.qubit_names[k], {.kind = Symbol::Kind::qubits, .qubits = {.first = qubits[k]}});
  }
  const auto before = scope_.enter_definition(angles.size() + qubits.size());
  auto* const outer = std::exchange(target_, &to);
  budget_.spend();
  run(gate.body);
  target_ = outer;
  scope_.leave_definition(before);
  scope_.drop_to(depth);
}

// Qiskit writes a delay of version 2 as an opaque gate of this name.
void Interpreter::expand_opaque(const Gate& gate, const std::vector<Angle>& angles,
                                const std::vector<int>& qubits, Location at, Sequence& to) {
  static const OpSpec& spec = operation("delay");
  const bool delay = gate.name == "delay" && angles.size() == 1 && qubits.size() == 1;
  if (!delay) fail(at, fmt::format("\"{}\" is an opaque gate: it has no definition to simulate", gate.name));
  const double length = angles[0].offset;
  if (!(length >= 0) || angles[0].slot.kind != Slot::Kind::none)
    fail(at, "a delay is a number, of 0 or more");
  to.add({&spec, qubits, {}, {}, {}, {}, {length, Duration::Unit::dt}});
}

void Interpreter::reserve(const std::vector<int>& qubits, bool reserved) {
  for (const int qubit : qubits) reserved_[static_cast<std::size_t>(qubit)] = reserved;
}

// Qubits that a gate on so many may borrow: never more than it has controls are used, beside its own.
std::vector<int> Interpreter::idle(std::size_t gate_qubits) const {
  std::vector<int> found;
  const auto enough = 2 * gate_qubits + 2;
  for (std::size_t k = 0; lends_ && k < qubits_.size() && found.size() < enough; ++k)
    if (!measured_[k] && !reserved_[k]) found.push_back(static_cast<int>(k));
  return found;
}

// What a gate on these qubits may borrow: where none is idle, and it has many, one that the program lacks.
std::vector<int> Interpreter::lendable(const std::vector<int>& qubits) const {
  constexpr std::size_t many = 9;
  auto free = idle(qubits.size());
  if (qubits.size() < many) return free;
  const bool taken =
      std::ranges::all_of(free, [&](int qubit) { return std::ranges::find(qubits, qubit) != qubits.end(); });
  if (taken) free.push_back(spare_qubit);
  return free;
}

// Takes over what a statement of the top level made; its global phase is dropped.
void Interpreter::emit(Location at) {
  for (Operation& operation : pending_.operations()) {
    if (operation.spec == nullptr) continue;
    for (const int qubit : operation.qubits) {
      if (qubit == spare_qubit)
        spare_used_ = true;
      else
        used_[static_cast<std::size_t>(qubit)] = true;
    }
    for (const Angle& angle : operation.angles) {
      if (!std::isfinite(angle.scale) || !std::isfinite(angle.offset)) fail(at, "the angle is too large");
    }
    operation.conditions = conditions_;
    operations_.push_back(std::move(operation));
  }
  pending_.clear();
}

}  // namespace qupel::qasm
