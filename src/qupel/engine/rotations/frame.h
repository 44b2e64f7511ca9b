#pragma once
#include <span>
#include <vector>

#include "qupel/engine/rotations/pauli.h"

namespace qupel::rotations {

/// A map l -> A l + offset of k-bit strings over GF(2).
struct AffineMap {
  std::vector<Mask> columns;  ///< column j = A e_j
  Mask offset = 0;

  /// The map with image[l] for every l, if there is one and it is invertible; else no columns.
  static AffineMap from_table(std::span<const Mask> image);
  explicit operator bool() const { return !columns.empty(); }
};

/// Where the amplitude of a basis state is stored: index = sum_q l_q column(q) + offset over GF(2).
/// Operations that permute basis states affinely (X, CNOT, swap) change this map and touch no amplitude.
class Frame {
 public:
  explicit Frame(int qubits);

  int qubits() const { return static_cast<int>(columns_.size()); }
  Mask column(int qubit) const { return columns_[static_cast<std::size_t>(qubit)]; }
  /// Bit q of a basis state is the parity of row(q) & (index ^ offset()).
  Mask row(int qubit) const { return rows_[static_cast<std::size_t>(qubit)]; }
  Mask offset() const { return offset_; }
  Mask index(Mask basis_state) const;
  Mask basis_state(Mask index) const;

  /// Basis states are permuted by `map` on the given qubits (first qubit = lowest bit).
  void permute(const AffineMap& map, std::span<const int> qubits);

  /// A Pauli string on basis states as it acts on stored indices.
  Pauli stored(const PauliString& string) const;

 private:
  std::vector<Mask> columns_, rows_;
  Mask offset_ = 0;
};

}  // namespace qupel::rotations
