#pragma once
#include <array>
#include <span>
#include <vector>

#include "qupel/engine/rotations/lower.h"

// The beginning of a circuit. From |0...0> on, gates that act inside a half of the stored index's bits leave
// a product of two small states. A gate may also depend on a parity of the other half: then there are two
// versions of a half, and an amplitude is
//   psi(s) = low(s inside low, parity(low.version.s)) high(s inside high, parity(high.version.s)).
namespace qupel::tiled {

using rotations::Mask;
using rotations::Rotation;

/// A small state of its own: the bits of `inside`, lowest first, then one for the version, which nothing
/// moves.
struct Half {
  Mask inside = 0;
  Mask version = 0;             ///< over the other half: whose parity is the version; 0: there is one only
  std::vector<Rotation> gates;  ///< over the small state

  int qubits() const { return std::popcount(inside) + 1; }
  /// The index of the small state for an index of the whole one.
  Mask number(Mask index) const;
};

/// No half has anything inside if the circuit begins otherwise.
struct Halves {
  std::array<Half, 2> parts;
  std::vector<Rotation> rest;  ///< gates that come after
  bool empty() const { return parts[0].inside == 0; }
};

/// The division of the bits that leaves the fewest rotations. @param gates in order, from |0...0> on
Halves divide(std::vector<Rotation> gates, int qubits);

}  // namespace qupel::tiled
