#pragma once
#include <span>
#include <vector>

#include "qupel/engine/rotations/pauli.h"

namespace qupel::rotations {

/// An affine map l -> A l + offset of bit strings over GF(2).
struct AffineMap {
  std::vector<Mask> columns;  ///< column j = A e_j
  Mask offset = 0;

  /// The map that sends every l to image[l]. Without columns if the table is not affine or not invertible.
  static AffineMap from_table(std::span<const Mask> image);
  explicit operator bool() const { return !columns.empty(); }
};

/// Where the amplitude of each basis state l is stored: at the index sum_q l_q column(q) + offset over GF(2).
/// Operations that permute basis states affinely (X, CNOT, swap) change this map and touch no amplitude.
class Frame {
 public:
  explicit Frame(int qubits);

  int qubits() const { return static_cast<int>(columns_.size()); }
  Mask column(int qubit) const { return columns_[static_cast<std::size_t>(qubit)]; }
  /// Bit q of the basis state that is stored at `index` is the parity of row(q) & (index ^ offset()).
  Mask row(int qubit) const { return rows_[static_cast<std::size_t>(qubit)]; }
  Mask offset() const { return offset_; }
  Mask index(Mask basis_state) const;
  Mask basis_state(Mask index) const;

  /// Applies an operation that maps the bits of the given qubits (the first is the lowest bit) by `map`.
  void permute(const AffineMap& map, std::span<const int> qubits);

  /// The operator on stored indices that a Pauli string on basis states becomes.
  Pauli stored(const PauliString& string) const;

 private:
  std::vector<Mask> columns_, rows_;
  Mask offset_ = 0;
};

}  // namespace qupel::rotations
