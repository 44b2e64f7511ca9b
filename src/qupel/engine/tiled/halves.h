#pragma once
#include <array>
#include <span>
#include <vector>

#include "qupel/engine/rotations/lower.h"

// The beginning of a circuit. As long as every rotation acts inside one half of the stored index's bits,
// |0...0> stays a product of two small states, and each rotation is applied to a small state. The z of a
// rotation may also reach into the other half: then the half has two versions, one for each parity of the
// other half's bits, and an amplitude is
//   psi(s) = low(s inside low, parity(low.version.s)) high(s inside high, parity(high.version.s)).
namespace qupel::tiled {

using rotations::Mask;
using rotations::Rotation;

/// One factor of the product. Its small state has the bits of `inside` as its index, lowest first, then one
/// more bit for the version, which no rotation moves.
struct Factor {
  Mask inside = 0;
  Mask version = 0;  ///< the bits of the other half whose parity chooses the version; 0: there is only one
  std::vector<Rotation> rotations;  ///< in the coordinates of the small state

  int qubits() const { return std::popcount(inside) + 1; }
  /// The index in the small state of the factor that the amplitude at `index` of the whole state has.
  Mask number(Mask index) const;
};

/// Both halves, and what follows. The halves are empty if the circuit does not begin with a product.
struct Halves {
  std::array<Factor, 2> parts;
  std::vector<Rotation> rest;  ///< applied to the product of the halves
  bool empty() const { return parts[0].inside == 0; }
};

/// Divides the bits so that the fewest rotations are left for the whole state. @param rotations of the
/// circuit, in order
Halves divide(std::vector<Rotation> rotations, int qubits);

}  // namespace qupel::tiled
