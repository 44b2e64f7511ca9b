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
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (targets[i] < 0 || targets[i] >= qubits) {
      throw InputError(
          fmt::format("{} on qubit {}: the circuit has qubits 0 to {}", spec.name, targets[i], qubits - 1));
    }
    if (std::ranges::count(targets.first(i), targets[i]) != 0) {
      throw InputError(fmt::format("{} on qubit {} twice: its qubits must differ", spec.name, targets[i]));
    }
  }
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

// The angle as a linear function of one of `angles`: what OpSpec::inverse_angles does to numbers, done to
// slots.
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
  Operation inverted = operation_;
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
  if (spec.qubits != 0) require_count(spec, "qubit", spec.qubits, added.qubits.size());
  require_count(spec, "angle", spec.angles, added.angles.size());
  require_qubits(spec, added.qubits, qubits_);
  for (const Angle& angle : added.angles) {
    require_angle(spec, angle);
    if (angle.slot.kind == Slot::Kind::feature) features_ = std::max(features_, angle.slot.index + 1);
    if (angle.slot.kind == Slot::Kind::parameter) parameters_ = std::max(parameters_, angle.slot.index + 1);
  }
  operations_.push_back(std::move(added));
  return *this;
}

Circuit& Circuit::add(const OpSpec& spec, std::vector<int> qubits, std::vector<Angle> angles) {
  if (spec.qubits == 0) {
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

Circuit& Circuit::append(const Circuit& other, int feature_shift, int parameter_shift) {
  if (other.qubits_ != qubits_) {
    throw InputError(fmt::format("a circuit on {} qubits cannot follow one on {}", other.qubits_, qubits_));
  }
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
  Circuit inverted(qubits_);
  for (auto next = operations_.rbegin(); next != operations_.rend(); ++next)
    inverted.add(qupel::inverse(*next));
  return inverted;
}

Circuit Circuit::bind(std::span<const double> features, std::span<const double> parameters) const {
  Circuit bound(qubits_);
  for (Operation next : operations_) {
    for (Angle& angle : next.angles) angle = angle.value(features, parameters);
    bound.add(std::move(next));
  }
  return bound;
}

Circuit Circuit::separable() const {
  Circuit twin(qubits_);
  for (const Operation& next : operations_) {
    if (next.qubits.size() == 1) twin.add(next);
  }
  return twin;
}

CircuitCost Circuit::cost() const {
  CircuitCost cost;
  cost.qubits = qubits_;
  std::vector<long> layer(static_cast<std::size_t>(qubits_), 0), two_qubit_layer = layer;
  const auto advance = [](std::vector<long>& layers, const std::vector<int>& qubits) {
    long last = 0;
    for (const int q : qubits) last = std::max(last, layers[static_cast<std::size_t>(q)]);
    for (const int q : qubits) layers[static_cast<std::size_t>(q)] = last + 1;
  };
  for (const Operation& next : operations_) {
    ++cost.gates[std::string(next.spec->name)];
    ++(next.qubits.size() == 1 ? cost.one_qubit : next.qubits.size() == 2 ? cost.two_qubit : cost.larger);
    advance(layer, next.qubits);
    if (next.qubits.size() > 1) advance(two_qubit_layer, next.qubits);
  }
  cost.depth = std::ranges::max(layer);
  cost.two_qubit_depth = std::ranges::max(two_qubit_layer);
  return cost;
}

}  // namespace qupel
