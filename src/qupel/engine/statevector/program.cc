#include "qupel/engine/statevector/program.h"

#include <algorithm>

namespace qupel::statevector {
namespace {

std::vector<Pauli> paulis(std::span<const Observable> observables, const Frame& frame) {
  std::vector<Pauli> result;
  for (const auto& observable : observables) {
    for (const auto& term : observable.terms) result.push_back(lower(term.pauli, frame));
  }
  return result;
}

// Passes fill the registers (16, or 32 of the widest vectors), and a window with its tables the first-level
// cache.
Shape shape_of(std::size_t lanes, std::size_t vector_bytes, bool forward) {
  const bool many_registers = vector_bytes == 64;
  return {lanes, (many_registers ? 4 : 3) - (forward ? 0 : 1), forward ? 8 : 7};
}

}  // namespace

Program::Program(const Circuit& circuit, std::span<const Observable> observables, Use use)
    : qubits(circuit.qubits()), observable_count(observables.size()), frame(circuit.qubits()) {
  auto lowered = lower(circuit);
  frame = lowered.frames.back();
  if (use == Use::values) {
    drop_unseen(lowered.gates, paulis(observables, frame));
    auto measured = statevector::measurements(observables, frame, qubits);
    measurements = std::move(measured.groups);
    constants = std::move(measured.constants);
  }
  layers = make_layers(lowered);
  gates = std::move(lowered.gates);
}

Program::Program(Layers l, Frame f, Measurements measured)
    : qubits(l.qubits),
      observable_count(measured.constants.size()),
      layers(std::move(l)),
      frame(std::move(f)),
      measurements(std::move(measured.groups)),
      constants(std::move(measured.constants)) {}

const Program::Plans& Program::plans(std::size_t lanes, std::size_t vector_bytes) const {
  const std::scoped_lock lock(mutex_);
  const std::pair key{lanes, vector_bytes};
  for (const auto& [known, made] : plans_) {
    if (known == key) return *made;
  }
  auto made = std::make_unique<Plans>(Plans{forward_plan(layers, shape_of(lanes, vector_bytes, true)),
                                            backward_plan(layers, shape_of(lanes, vector_bytes, false))});
  return *plans_.emplace_back(key, std::move(made)).second;
}

}  // namespace qupel::statevector
