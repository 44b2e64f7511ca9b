#include "qupel/circuit/qasm/sequence.h"

#include <fmt/format.h>

#include <utility>

namespace qupel::qasm {
namespace {

Operation undone(const Operation& operation) {
  if (operation.spec != nullptr) return inverse(operation);
  Operation phase = operation;
  phase.angles[0] = times(phase.angles[0], -1);
  return phase;
}

}  // namespace

void Budget::spend(std::size_t operations) {
  used += operations;
  if (used <= most) return;
  fail(at, fmt::format("more than {} operations after expanding definitions, loops and modifiers", most));
}

void Sequence::add(Operation operation) {
  budget_->spend();
  operations_.push_back(std::move(operation));
}

void Sequence::add(const OpSpec& spec, std::vector<int> qubits, std::vector<Angle> angles) {
  add({&spec, std::move(qubits), std::move(angles), {}});
}

void Sequence::add_phase(const Angle& angle) {
  if (angle != Angle(0)) add({nullptr, {}, {angle}, {}});
}

void Sequence::append(const Sequence& other) {
  for (const auto& operation : other.operations_) add(operation);
}

void join(std::span<Operation> operations, const std::string& name, const std::vector<int>& qubits,
          NamedGates& known) {
  take_apart(operations);
  std::vector<Operation*> parts;
  for (Operation& operation : operations) {
    if (operation.spec != nullptr) parts.push_back(&operation);
  }
  if (parts.empty()) return;
  std::shared_ptr<const CompositeGate> gate;
  if (parts.size() > 1 || parts[0]->qubits != qubits) {
    gate = std::make_shared<const CompositeGate>(CompositeGate{name, qubits, parts.size()});
  } else if (parts[0]->spec->name != name) {
    auto& alias = known[name];
    if (alias == nullptr) alias = std::make_shared<const CompositeGate>(CompositeGate{name, {}, 1});
    gate = alias;
  }
  for (std::size_t k = 0; k < parts.size(); ++k) parts[k]->part = {gate, k};
}

void take_apart(std::span<Operation> operations) {
  for (Operation& operation : operations) operation.part = {};
}

Angle times(const Angle& angle, double factor) {
  return {angle.scale * factor, angle.slot, angle.offset * factor};
}

Sequence inverse(const Sequence& sequence) {
  Sequence inverted(sequence.budget());
  const auto operations = sequence.operations();
  for (std::size_t k = operations.size(); k-- > 0;) inverted.add(undone(operations[k]));
  return inverted;
}

std::size_t conjugated_by(std::span<const Operation> sequence) {
  std::size_t depth = 0;
  while (2 * depth + 1 < sequence.size() &&
         undone(sequence[depth]) == sequence[sequence.size() - 1 - depth]) {
    ++depth;
  }
  return depth;
}

}  // namespace qupel::qasm
