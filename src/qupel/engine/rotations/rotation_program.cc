#include "qupel/engine/rotations/rotation_program.h"

#include <algorithm>
#include <utility>

namespace qupel::rotations {
namespace {

// Smaller states are not worth the other coordinates.
constexpr int fewest_reduced_qubits = 8;

void reduce(Lowered& lowered, const Support& support) {
  lowered.qubits = support.dimension();
  lowered.frames = {Frame(lowered.qubits)};
  lowered.rotations = support.reduce(lowered.rotations);
  std::erase_if(lowered.rotations, [](const Rotation& rotation) { return (rotation.x | rotation.z) == 0; });
  for (auto& rotation : lowered.rotations) rotation.frame = 0;
}

}  // namespace

RotationProgram::RotationProgram(const Circuit& circuit, std::span<const Observable> observables, Use use)
    : qubits(circuit.qubits()), observable_count(observables.size()), frame(circuit.qubits()) {
  auto lowered = lower(circuit);
  frame = lowered.frames.back();
  if (use == Use::values) {
    drop_unseen(lowered, observables);
    const Support support(qubits, lowered.rotations, std::min(qubits, fewest_reduced_qubits));
    if (support.dimension() < qubits) reduce(lowered, support);
    qubits = lowered.qubits;
    auto measured = rotations::measurements(observables, frame, support);
    measurements = std::move(measured.groups);
    constants = std::move(measured.constants);
  }
  rotations = std::move(lowered.rotations);
  frames = std::move(lowered.frames);
}

RotationProgram::RotationProgram(int dimension, Frame end, Measurements measured)
    : qubits(dimension),
      observable_count(measured.constants.size()),
      frame(std::move(end)),
      measurements(std::move(measured.groups)),
      constants(std::move(measured.constants)) {}

}  // namespace qupel::rotations
