#pragma once
#include <bit>
#include <span>
#include <vector>

#include "qupel/engine/rotations/lower.h"

namespace qupel::rotations {

/// The stored indices that rotations can reach from index 0: the span of their x masks. All other amplitudes
/// stay zero, so a state of 2^dimension amplitudes is enough. Once rotations that no observable sees are left
/// out, the support is at most the observables' light cone; operations that only permute basis states do not
/// enlarge it.
class Support {
 public:
  /// @param at_least the support is enlarged to this dimension (at most `qubits`) if it is smaller
  Support(int qubits, std::span<const Rotation> rotations, int at_least);

  int dimension() const { return static_cast<int>(basis_.size()); }
  bool holds(Mask index) const { return this->index(coordinates(index)) == index; }
  /// The coordinates of an index in the support.
  Mask coordinates(Mask index) const;
  Mask index(Mask coordinates) const;
  /// The mask that has the same parity with coordinates as `z` has with their index.
  Mask parity(Mask z) const;
  /// The rotations, as they act on coordinates instead of stored indices.
  std::vector<Rotation> reduce(std::span<const Rotation> rotations) const;

 private:
  std::vector<Mask> basis_;
  std::vector<int> pivots_;  // the highest bit of each basis vector, which no other has
};

}  // namespace qupel::rotations
