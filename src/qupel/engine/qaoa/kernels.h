#pragma once
#include <cstddef>

// States lie in lines: the real parts of as many amplitudes as a vector has lanes, then their imaginary
// parts. Mixers leave out the factor cos(beta) a qubit; whoever calls keeps it.
namespace qupel::qaoa {

/// Costs of the basis states in the order of the stored ones, or, once all bits have been flipped, from the
/// last to the first.
template <class T>
struct Costs {
  const T* values;  ///< of the first stored state
  bool reversed = false;
};

/// The functions of one instruction set.
template <class T>
struct Kernels {
  std::size_t lanes;
  /// z := factor exp(-i gamma c) z
  void (*phase)(T* z, std::size_t lines, Costs<T> costs, double gamma, double factor);
  /// (1 - i tangent X) on each of the lanes' bits
  void (*mix_lanes)(T* z, std::size_t lines, double tangent);
  /// The same on bits first .. first + bits - 1 of the number of a line, of 2^(first + bits) lines.
  void (*mix)(T* z, int first, int bits, double tangent);
  /// sum of c |z|^2
  double (*expectation)(const T* z, std::size_t lines, Costs<T> costs);
  /// lambda := c z
  void (*apply_cost)(const T* z, T* lambda, std::size_t lines, Costs<T> costs);
  /// The sum over the bits of Im <lambda| X |z>, all as before the call; mixes both.
  double (*differentiate_lanes)(T* z, T* lambda, std::size_t lines, double tangent);
  double (*differentiate)(T* z, T* lambda, int first, int bits, double tangent);
  /// The sum of Im(conj(lambda) c z); then phases both.
  double (*differentiate_phase)(T* z, T* lambda, std::size_t lines, Costs<T> costs, double gamma,
                                double factor);
};

/// Of the best instruction set, or the forced one.
template <class T>
const Kernels<T>& kernels();
template <>
const Kernels<float>& kernels();
template <>
const Kernels<double>& kernels();

}  // namespace qupel::qaoa
