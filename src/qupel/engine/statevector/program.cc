#include "qupel/engine/statevector/program.h"

#include "qupel/engine/statevector/blocks.h"

namespace qupel::statevector {

Program::Program(const Circuit& circuit, std::span<const Observable> observables, Use use)
    : RotationProgram(circuit, observables, use),
      layers(make_layers(*this)),
      sessions_(std::make_shared<Sessions>(*this)) {}

Program::Program(Layers l, Frame end, Measurements measured)
    : RotationProgram(l.qubits, std::move(end), std::move(measured)),
      layers(with_halves(std::move(l))),
      sessions_(std::make_shared<Sessions>(*this)) {}

const Plans& Program::plans(std::size_t vector_bytes) const {
  const std::scoped_lock lock(mutex_);
  for (const auto& [known, made] : plans_) {
    if (known == vector_bytes) return *made;
  }
  auto made = std::make_unique<Plans>(make_plans(layers, vector_bytes));
  return *plans_.emplace_back(vector_bytes, std::move(made)).second;
}

}  // namespace qupel::statevector
