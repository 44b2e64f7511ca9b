#include "qupel/engine/statevector/program.h"

#include <algorithm>

#include "qupel/engine/statevector/support.h"
#include "qupel/engine/tiled/runner.h"

namespace qupel::statevector {
namespace {

// Smaller states are not worth the other coordinates.
constexpr int fewest_reduced_qubits = 8;

void reduce(Lowered& lowered, const Support& support) {
  lowered.qubits = support.dimension();
  lowered.frames = {Frame(lowered.qubits)};
  lowered.gates = support.reduce(lowered.gates);
  std::erase_if(lowered.gates, [](const Rotation& gate) { return (gate.x | gate.z) == 0; });
  for (auto& gate : lowered.gates) gate.frame = 0;
}

// Passes fill the registers (16, or 32 of the widest vectors), and a window with its tables the first-level
// cache.
Shape shape_of(std::size_t vector_bytes, bool forward) {
  const bool many_registers = vector_bytes == 64;
  return {vector_bytes, (many_registers ? 4 : 3) - (forward ? 0 : 1), forward ? 8 : 7};
}

}  // namespace

Program::Program(const Circuit& circuit, std::span<const Observable> observables, Use use)
    : qubits(circuit.qubits()),
      observable_count(observables.size()),
      frame(circuit.qubits()),
      runners_(std::make_shared<tiled::Runners>()) {
  auto lowered = lower(circuit);
  frame = lowered.frames.back();
  if (use == Use::values) {
    drop_unseen(lowered, observables);
    const Support support(qubits, lowered.gates, std::min(qubits, fewest_reduced_qubits));
    if (support.dimension() < qubits) reduce(lowered, support);
    qubits = lowered.qubits;
    auto measured = statevector::measurements(observables, frame, support);
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
      constants(std::move(measured.constants)),
      runners_(std::make_shared<tiled::Runners>()) {}

const Program::Plans& Program::plans(std::size_t vector_bytes) const {
  const std::scoped_lock lock(mutex_);
  for (const auto& [known, made] : plans_) {
    if (known == vector_bytes) return *made;
  }
  auto made = std::make_unique<Plans>(Plans{forward_plan(layers, shape_of(vector_bytes, true)),
                                            backward_plan(layers, shape_of(vector_bytes, false))});
  return *plans_.emplace_back(vector_bytes, std::move(made)).second;
}

}  // namespace qupel::statevector
