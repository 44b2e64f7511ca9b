#include "qupel/engine/statevector/program.h"

#include <algorithm>

#include "qupel/engine/statevector/blocks.h"
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

}  // namespace

Program::Program(const Circuit& circuit, std::span<const Observable> observables, Use use)
    : qubits(circuit.qubits()),
      observable_count(observables.size()),
      frame(circuit.qubits()),
      sessions_(std::make_shared<Sessions>(*this)),
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
  layers = with_readout(make_layers(lowered), measurements);
  gates = std::move(lowered.gates);
}

Program::Program(Layers l, Frame f, Measurements measured)
    : qubits(l.qubits),
      observable_count(measured.constants.size()),
      layers(with_halves(std::move(l))),
      frame(std::move(f)),
      measurements(std::move(measured.groups)),
      constants(std::move(measured.constants)),
      sessions_(std::make_shared<Sessions>(*this)),
      runners_(std::make_shared<tiled::Runners>()) {}

const Plans& Program::plans(std::size_t vector_bytes) const {
  const std::scoped_lock lock(mutex_);
  for (const auto& [known, made] : plans_) {
    if (known == vector_bytes) return *made;
  }
  auto made = std::make_unique<Plans>(make_plans(layers, vector_bytes));
  return *plans_.emplace_back(vector_bytes, std::move(made)).second;
}

}  // namespace qupel::statevector
