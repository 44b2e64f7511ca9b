#pragma once
#include <cstddef>

#include "qupel/engine/simd/kernel_table.h"

// A state lies in lines: the real parts of as many amplitudes as a vector has lanes, then their imaginary
// parts. A mixer on one qubit is cos(beta) (1 - i tan(beta) X); the functions here leave out the cosine,
// which the caller keeps as a scale.
namespace qupel::qaoa {

/// The costs that go with stored amplitudes: in the same order, or in reverse order once all bits have
/// been flipped.
template <class T>
struct Costs {
  const T*
      values;  ///< the cost of the first stored amplitude is the first (or, if reversed, the last) of these
  bool reversed = false;
};

/// The functions of one instruction set.
template <class T>
struct Kernels {
  std::size_t lanes;
  /// z := factor exp(-i gamma c) z
  void (*phase)(T* z, std::size_t lines, Costs<T> costs, double gamma, double factor);
  /// Applies (1 - i tangent X) to each bit of the lane's number.
  void (*mix_lanes)(T* z, std::size_t lines, double tangent);
  /// Applies it to bits first .. first + bits - 1 of the line's number, in 2^(first + bits) lines.
  void (*mix)(T* z, int first, int bits, double tangent);
  /// The sum of c |z|^2.
  double (*expectation)(const T* z, std::size_t lines, Costs<T> costs);
  /// lambda := c z
  void (*apply_cost)(const T* z, T* lambda, std::size_t lines, Costs<T> costs);
  /// Returns the sum over the bits of Im <lambda| X |z> as they are before the call; then applies (1 - i
  /// tangent X) to both.
  double (*differentiate_lanes)(T* z, T* lambda, std::size_t lines, double tangent);
  double (*differentiate)(T* z, T* lambda, int first, int bits, double tangent);
  /// Returns the sum of Im(conj(lambda) c z); then multiplies both by exp(-i gamma c).
  double (*differentiate_phase)(T* z, T* lambda, std::size_t lines, Costs<T> costs, double gamma,
                                double factor);
};

QUPEL_DECLARE_KERNELS

}  // namespace qupel::qaoa
