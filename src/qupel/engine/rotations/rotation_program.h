#pragma once
#include <span>
#include <vector>

#include "qupel/engine/rotations/lower.h"
#include "qupel/engine/rotations/measurement.h"

namespace qupel::rotations {

/// A circuit and its observables as every state-vector engine takes them.
struct RotationProgram {
  enum class Use {
    values,  ///< rotations that no observable sees are left out, and so are amplitudes that are always zero
    states,  ///< every rotation and every amplitude is kept
  };
  RotationProgram(const Circuit& circuit, std::span<const Observable> observables, Use use);
  /// From parts that were made otherwise, without rotations.
  RotationProgram(int dimension, Frame end, Measurements measured);

  int qubits;  ///< of the state that is kept: for values, the dimension of the support
  std::size_t observable_count;
  std::vector<Rotation> rotations;
  std::vector<Frame> frames;  ///< Lowered::frames of the rotations
  Frame frame;                ///< where the circuit's amplitudes end
  std::vector<Measurement> measurements;
  std::vector<double> constants;  ///< by observable: the weight of the identity
};

}  // namespace qupel::rotations
