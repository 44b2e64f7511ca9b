#include "qupel/circuit/circuit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "qupel/base/error.h"

namespace qupel {
namespace {

void require_count(const OpSpec& spec, std::string_view what, int expected, std::size_t given) {
  if (static_cast<std::size_t>(expected) == given) return;
  throw InputError(
      fmt::format("{} takes {} {}{}, not {}", spec.name, expected, what, expected == 1 ? "" : "s", given));
}

void require_qubits(const OpSpec& spec, std::span<const int> targets, int qubits) {
  for (const int target : targets)
    if (target < 0 || target >= qubits)
      throw InputError(
          fmt::format("{} on qubit {}: the circuit has qubits 0 to {}", spec.name, target, qubits - 1));
  if (targets.size() < 2 || (targets.size() == 2 && targets[0] != targets[1])) return;
  std::vector<int> sorted(targets.begin(), targets.end());
  std::ranges::sort(sorted);
  if (const auto twice = std::ranges::adjacent_find(sorted); twice != sorted.end())
    throw InputError(fmt::format("{} on qubit {} twice: its qubits must differ", spec.name, *twice));
}

void require_angle(const OpSpec& spec, const Angle& angle) {
  if (!std::isfinite(angle.scale) || !std::isfinite(angle.offset)) {
    throw InputError(fmt::format("{} with angle {} * slot + {}: angles must be finite", spec.name,
                                 angle.scale, angle.offset));
  }
  if (angle.slot.kind != Slot::Kind::none && angle.slot.index < 0) {
    throw InputError(fmt::format("{} with slot {}: slots are numbered from 0", spec.name, angle.slot.index));
  }
}

void require_classical(const Operation& operation, int bits) {
  const auto require_bit = [&](int bit) {
    if (bit >= 0 && bit < bits) return;
    throw InputError(fmt::format("{} with classical bit {}: the circuit has {}", operation.spec->name, bit,
                                 bits == 0 ? "none" : fmt::format("bits 0 to {}", bits - 1)));
  };
  std::ranges::for_each(operation.bits, require_bit);
  for (const auto& condition : operation.conditions) {
    if (condition.bits.empty() || condition.bits.size() > most_condition_bits) {
      throw InputError(fmt::format("{} with a condition on {} bits: it takes 1 to {}", operation.spec->name,
                                   condition.bits.size(), most_condition_bits));
    }
    std::ranges::for_each(condition.bits, require_bit);
  }
  const double length = operation.duration.length;
  const bool delay = operation.spec->structure == Structure::delay;
  if (!std::isfinite(length) || length < 0 || (length > 0 && !delay)) {
    throw InputError(fmt::format("{} with duration {}: a delay has one, of 0 or more", operation.spec->name,
                                 to_string(operation.duration)));
  }
}

void require_numbers(const Operation& operation) {
  const OpSpec& spec = *operation.spec;
  if (spec.qubits != 0 || spec.classical()) {
    require_count(spec, "qubit", spec.qubits, operation.qubits.size());
  } else if (operation.qubits.empty()) {
    throw InputError(fmt::format("{} takes at least one qubit", spec.name));
  }
  require_count(spec, "angle", spec.angles, operation.angles.size());
  require_count(spec, "bit", spec.bits, operation.bits.size());
}

// The angle as a linear function of one of `angles`: what
// OpSpec::inverse_angles does to numbers, done to slots.
Angle inverse_angle(const OpSpec& spec, std::span<const Angle> angles, std::size_t k) {
  std::vector<double> probe(angles.size(), 0.0);
  Angle inverted = spec.inverse_angles(probe)[k];
  for (std::size_t j = 0; j < angles.size(); ++j) {
    probe[j] = 1;
    const double factor =
        spec.inverse_angles(probe)[k] - spec.inverse_angles(std::vector(angles.size(), 0.0))[k];
    probe[j] = 0;
    if (factor == 0) continue;
    inverted.scale = factor * angles[j].scale;
    inverted.slot = angles[j].slot;
    inverted.offset += factor * angles[j].offset;
  }
  return inverted;
}

double slot_value(std::string_view kind, std::span<const double> values, int index) {
  if (static_cast<std::size_t>(index) < values.size()) return values[static_cast<std::size_t>(index)];
  throw InputError(
      fmt::format("the circuit uses {} {}, but {} values were given", kind, index, values.size()));
}

}  // namespace

Operation inverse(const Operation& operation_) {
  const OpSpec& spec = *operation_.spec;
  if ((!spec.gate() && !spec.idle()) || !operation_.conditions.empty()) {
    throw InputError(fmt::format("{}{} cannot be undone: only gates without conditions have an inverse",
                                 spec.name, operation_.conditions.empty() ? "" : " with a condition"));
  }
  Operation inverted = operation_;
  if (inverted.part.gate != nullptr)
    inverted.part.index = inverted.part.gate->parts - 1 - inverted.part.index;  // it is undone last to first
  if (!spec.inverse.empty()) inverted.spec = &operation(spec.inverse);
  for (std::size_t k = 0; k < inverted.angles.size(); ++k) {
    const Angle& angle = operation_.angles[k];
    inverted.angles[k] = spec.inverse_angles != nullptr ? inverse_angle(spec, operation_.angles, k)
                                                        : Angle(-angle.scale, angle.slot, -angle.offset);
  }
  return inverted;
}

double Angle::value(std::span<const double> features, std::span<const double> parameters) const {
  switch (slot.kind) {
    case Slot::Kind::feature:
      return scale * slot_value("feature", features, slot.index) + offset;
    case Slot::Kind::parameter:
      return scale * slot_value("parameter", parameters, slot.index) + offset;
    case Slot::Kind::none:
      break;
  }
  return offset;
}

void Circuit::require_bound() const {
  for (const auto& operation : operations_) {
    for (const auto& angle : operation.angles) {
      if (angle.slot.kind == Slot::Kind::none) continue;
      throw InputError(
          fmt::format("the input \"{}{}\" has no value: bind the circuit, or write a number in its place",
                      angle.slot.kind == Slot::Kind::feature ? "x" : "theta", angle.slot.index));
    }
  }
}

Circuit::Circuit(int qubits) : qubits_(qubits) {
  if (qubits < 1) throw InputError(fmt::format("a circuit needs at least one qubit, not {}", qubits));
}

Circuit& Circuit::add(Operation added) {
  const OpSpec& spec = *added.spec;
  require_numbers(added);
  require_qubits(spec, added.qubits, qubits_);
  require_classical(added, bits_);
  for (const Angle& angle : added.angles) {
    require_angle(spec, angle);
    if (angle.slot.kind == Slot::Kind::feature) features_ = std::max(features_, angle.slot.index + 1);
    if (angle.slot.kind == Slot::Kind::parameter) parameters_ = std::max(parameters_, angle.slot.index + 1);
  }
  operations_.push_back(std::move(added));
  return *this;
}

Circuit& Circuit::add(const OpSpec& spec, std::vector<int> qubits, std::vector<Angle> angles) {
  if (spec.structure == Structure::pauli_rotation && spec.qubits == 0) {
    throw InputError(fmt::format("{} needs its Pauli letters: use add_pauli_rotation", spec.name));
  }
  return add({&spec, std::move(qubits), std::move(angles), {}});
}

Circuit& Circuit::add(std::string_view name, std::vector<int> qubits, std::vector<Angle> angles) {
  return add(operation(name), std::move(qubits), std::move(angles));
}

Circuit& Circuit::add_pauli_rotation(std::string_view letters, std::vector<int> qubits, Angle angle) {
  const OpSpec& spec = operation("pauli_rotation");
  if (letters.size() != qubits.size()) {
    throw InputError(fmt::format("{} of \"{}\" takes {} qubits, not {}", spec.name, letters, letters.size(),
                                 qubits.size()));
  }
  require_qubits(spec, qubits, qubits_);
  Operation rotation{&spec, {}, {angle}, {}};
  for (std::size_t k = 0; k < letters.size(); ++k) {
    if (letters[k] == 'I') continue;
    if (std::string_view("XYZ").find(letters[k]) == std::string_view::npos) {
      throw InputError(fmt::format("{} of \"{}\": letters are I, X, Y, Z", spec.name, letters));
    }
    rotation.pauli += letters[k];
    rotation.qubits.push_back(qubits[k]);
  }
  if (rotation.qubits.empty()) {
    throw InputError(
        fmt::format("{} of \"{}\" is a global phase: it needs an X, Y or Z", spec.name, letters));
  }
  return add(std::move(rotation));
}

int Circuit::add_bits(std::string_view name, int size) {
  if (size < 1) throw InputError(fmt::format("a register \"{}\" of {} bits: at least 1", name, size));
  if (!name.empty() && std::ranges::find(registers_, name, &BitRegister::name) != registers_.end())
    throw InputError(fmt::format("the circuit has a register \"{}\" already", name));
  registers_.push_back({std::string(name), bits_, size});
  bits_ += size;
  return registers_.back().first;
}

Circuit& Circuit::measure(int qubit, int bit) { return add({&operation("measure"), {qubit}, {}, {}, {bit}}); }

Circuit& Circuit::reset(int qubit) { return add({&operation("reset"), {qubit}, {}, {}}); }

Circuit& Circuit::barrier(std::vector<int> qubits) {
  return add({&operation("barrier"), std::move(qubits), {}, {}});
}

Circuit& Circuit::delay(int qubit, Duration duration) {
  return add({&operation("delay"), {qubit}, {}, {}, {}, {}, duration});
}

Circuit& Circuit::write(int bit, bool value) {
  return add({&operation(value ? "set" : "clear"), {}, {}, {}, {bit}});
}

Circuit& Circuit::add_if(Condition condition, std::string_view name, std::vector<int> qubits,
                         std::vector<Angle> angles) {
  return add({&operation(name), std::move(qubits), std::move(angles), {}, {}, {std::move(condition)}});
}

bool Circuit::measures() const {
  const auto named = [&](int bit) {
    return !std::prev(std::ranges::upper_bound(registers_, bit, {}, &BitRegister::first))->name.empty();
  };
  // A measured bit is also one that is written where measured bits say so.
  return std::ranges::any_of(operations_, [&](const Operation& each) {
    const bool measured =
        each.spec->structure == Structure::measure || (each.spec->classical() && !each.conditions.empty());
    return measured && named(each.bits[0]);
  });
}

namespace {

bool is_unitary(const Operation& operation) {
  return (operation.spec->gate() || operation.spec->idle()) && operation.conditions.empty();
}

}  // namespace

bool Circuit::unitary() const { return std::ranges::all_of(operations_, is_unitary); }

void Circuit::require_unitary() const {
  const auto found = std::ranges::find_if_not(operations_, is_unitary);
  if (found == operations_.end()) return;
  throw InputError(fmt::format("{}{} in a circuit that must be unitary: gates without conditions only",
                               found->spec->name, found->conditions.empty() ? "" : " with a condition"));
}

Circuit& Circuit::append(const Circuit& other, int feature_shift, int parameter_shift) {
  if (other.qubits_ != qubits_) {
    throw InputError(fmt::format("a circuit on {} qubits cannot follow one on {}", other.qubits_, qubits_));
  }
  const auto shared = std::min(registers_.size(), other.registers_.size());
  if (!std::ranges::equal(std::span(registers_).first(shared), std::span(other.registers_).first(shared)))
    throw InputError("a circuit cannot follow one whose classical registers differ from its own");
  for (const auto& missing : std::span(other.registers_).subspan(shared))
    add_bits(missing.name, missing.size);
  const auto appended = other.operations_;  // a copy: `other` may be this circuit
  for (Operation next : appended) {
    for (Angle& angle : next.angles) {
      if (angle.slot.kind == Slot::Kind::feature) angle.slot.index += feature_shift;
      if (angle.slot.kind == Slot::Kind::parameter) angle.slot.index += parameter_shift;
    }
    add(std::move(next));
  }
  return *this;
}

Circuit Circuit::inverse() const {
  Circuit inverted = without_operations();
  for (auto next = operations_.rbegin(); next != operations_.rend(); ++next)
    inverted.add(qupel::inverse(*next));
  return inverted;
}

Circuit Circuit::bind(std::span<const double> features, std::span<const double> parameters) const {
  Circuit bound = without_operations();
  for (Operation next : operations_) {
    for (Angle& angle : next.angles) angle = angle.value(features, parameters);
    bound.add(std::move(next));
  }
  return bound;
}

Circuit Circuit::separable() const {
  Circuit twin = without_operations();
  for (Operation next : operations_) {
    next.part = {};
    if (!next.spec->gate() || next.qubits.size() == 1) twin.add(std::move(next));
  }
  return twin;
}

Circuit Circuit::without_operations() const {
  Circuit empty(qubits_);
  empty.bits_ = bits_;
  empty.registers_ = registers_;
  return empty;
}

namespace {

// When the last gate of each qubit ended, and when each bit was written, counted in layers.
class Layers {
 public:
  Layers(int qubits, int bits)
      : qubits_(static_cast<std::size_t>(qubits), 0), bits_(static_cast<std::size_t>(bits), 0) {}

  // All that the operation acts on and depends on ends together, `layers` later.
  void advance(const Operation& operation, long layers) {
    long last = 0;
    for (const int q : operation.qubits) last = std::max(last, qubits_[static_cast<std::size_t>(q)]);
    for (const auto& condition : operation.conditions) {
      for (const int b : condition.bits) last = std::max(last, bits_[static_cast<std::size_t>(b)]);
    }
    for (const int q : operation.qubits) qubits_[static_cast<std::size_t>(q)] = last + layers;
    for (const int b : operation.bits) bits_[static_cast<std::size_t>(b)] = last + layers;
  }
  long depth() const { return std::ranges::max(qubits_); }

 private:
  std::vector<long> qubits_, bits_;
};

void count(const Operation& operation, CircuitCost& cost) {
  if (operation.spec->structure == Structure::measure) ++cost.measurements;
  if (operation.spec->structure == Structure::reset) ++cost.resets;
  if (!operation.spec->gate()) return;
  const auto qubits = operation.qubits.size();
  ++cost.gates[std::string(operation.spec->name)];
  ++(qubits == 1 ? cost.one_qubit : qubits == 2 ? cost.two_qubit : cost.larger);
  if (!operation.conditions.empty()) ++cost.conditioned;
}

}  // namespace

CircuitCost Circuit::cost() const {
  CircuitCost cost;
  cost.qubits = qubits_;
  Layers all(qubits_, bits_), two_qubit(qubits_, bits_);
  for (const Operation& next : operations_) {
    count(next, cost);
    const bool gate = next.spec->gate(), entangles = gate && next.qubits.size() > 1;
    all.advance(next, gate ? 1 : 0);
    if (!gate || entangles || !next.conditions.empty()) two_qubit.advance(next, entangles ? 1 : 0);
  }
  cost.depth = all.depth();
  cost.two_qubit_depth = two_qubit.depth();
  return cost;
}

}  // namespace qupel
