#pragma once
#include <cstddef>
#include <cstdint>

#include "qupel/engine/simd/kernel_table.h"

// The inner loops of the sector engine. Determinants lie as a matrix of alpha strings by beta strings, so
// that a row is contiguous.
namespace qupel::sector {

/// Pairs of strings that an operator connects: it takes from[i] to to[i], the first `plus` with sign +1, the
/// others with -1.
struct PairView {
  const std::uint32_t* from;
  const std::uint32_t* to;
  std::size_t plus, count;
};

/// The functions of one instruction set.
template <class T>
struct Kernels {
  /// out[i] (+)= sum over k of coefficients[k] base[offsets[k] + i], for i below `length`.
  void (*combine)(T* out, std::size_t length, const T* base, const std::size_t* offsets,
                  const T* coefficients, std::size_t terms, bool add);
  /// Turns elements in the planes of from[] in one row and to[] in the other: exp(angle (T - T+)) with sine
  /// and cosine.
  void (*rotate_pairs)(T* from_row, T* to_row, PairView pairs, T cosine, T sine);
  /// The same in the planes of all elements at the same place of both rows.
  void (*rotate_rows)(T* from_row, T* to_row, std::size_t length, T cosine, T sine);
  /// Returns <bra| T - T+ |ket> of the pairs; then turns both back.
  double (*differentiate_pairs)(T* from_ket, T* to_ket, T* from_bra, T* to_bra, PairView pairs, T cosine,
                                T sine);
  double (*differentiate_rows)(T* from_ket, T* to_ket, T* from_bra, T* to_bra, std::size_t length, T cosine,
                               T sine);
  double (*dot)(const T* a, const T* b, std::size_t length);
};

QUPEL_DECLARE_KERNELS

}  // namespace qupel::sector
