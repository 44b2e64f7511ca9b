#pragma once
#include <bit>
#include <span>
#include <vector>

#include "qupel/engine/rotations/lower.h"

namespace qupel::rotations {

/// The stored indices that rotations reach from index 0: the span of their x masks. Amplitudes elsewhere stay
/// zero, so a state needs 2^dimension of them. With gates that no observable sees left out, this is the light
/// cone of the observables, and more: what only permutes basis states does not count.
class Support {
 public:
  /// @param at_least the dimension wanted, at most `qubits`
  Support(int qubits, std::span<const Rotation> gates, int at_least);

  int dimension() const { return static_cast<int>(basis_.size()); }
  bool holds(Mask index) const { return this->index(coordinates(index)) == index; }
  /// Of an index that it holds.
  Mask coordinates(Mask index) const;
  Mask index(Mask coordinates) const;
  /// The mask over coordinates with the parity that `z` has over indices.
  Mask parity(Mask z) const;
  /// The same rotations over coordinates.
  std::vector<Rotation> reduce(std::span<const Rotation> gates) const;

 private:
  std::vector<Mask> basis_;  // reduced: the pivot of each is a bit that no other has
  std::vector<int> pivots_;
};

}  // namespace qupel::rotations
