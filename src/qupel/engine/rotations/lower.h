#pragma once
#include <functional>
#include <span>
#include <vector>

#include "qupel/circuit/circuit.h"
#include "qupel/circuit/observable.h"
#include "qupel/engine/rotations/angle.h"
#include "qupel/engine/rotations/frame.h"

// A circuit as rotations over stored indices. Operations are chosen by structure class: permutations of basis
// states move into the frame, Pauli rotations and everything diagonal become Rotations, constant one-qubit
// operations their Euler angles, controlled Pauli rotations products of Pauli rotations; what is left is
// lowered by its decomposition.
namespace qupel::rotations {

/// x = 0: the diagonal exp(-i angle/2 Z^z). x != 0: the real rotation exp(angle/2 X^x Z^z) with x.z odd: for
/// an index p with z.p even and q = p ^ x,
///   new[p] = cos(angle/2) old[p] - sin(angle/2) old[q],   new[q] = cos(angle/2) old[q] + sin(angle/2)
///   old[p].
/// Other Pauli rotations become real ones between two diagonal Clifford rotations, which merge
/// with neighbours.
struct Rotation {
  Mask x = 0, z = 0;
  LinearAngle angle;
  int frame = 0;         ///< of Lowered::frames: where z came from
  int derivative = -1;   ///< position of its derivative; -1: none is wanted
  int angle_index = -1;  ///< where its angle is found, if it is not in `angle` (tiled/schedule.h)
};

struct Lowered {
  int qubits;
  std::vector<Frame> frames;  ///< in the order of the circuit; the last holds after its last operation
  std::vector<Rotation> rotations;
};

/// Called after each operation with the frame that it leaves and the number of rotations so far.
using AfterOperation = std::function<void(const Operation&, const Frame&, std::size_t rotations)>;

/// With `after`, gates of different operations are not joined: something may happen between them.
Lowered lower(const Circuit& circuit, const AfterOperation& after = {});

/// Removes the rotations that no observable can see: those that commute with all of them and with every
/// rotation kept after.
void drop_unseen(Lowered& lowered, std::span<const Observable> observables);

bool commute(const Rotation& a, const Rotation& b);

}  // namespace qupel::rotations
