#pragma once
#include <span>
#include <vector>

#include "qupel/engine/huge_array.h"
#include "qupel/engine/rotations/lower.h"
#include "qupel/engine/rotations/span.h"

// Observables in the Heisenberg picture: gates are applied to the operator, O -> U^dagger O U, instead of to
// a state. The operator is kept as the real coefficients of all Pauli strings (Rall, Liang, Cook and
// Kretschmer, Phys. Rev. A 99, 062337, 2019, where they are sampled).
namespace qupel::heisenberg {

using rotations::Mask;

/// A Pauli string as a number: bit 2q is bit q of x, bit 2q + 1 that of z. It stands for the Hermitian
/// operator i^(x.z modulo 2) X^x Z^z: the product of its letters, negated if the number of Y is two or three
/// modulo four.
inline Mask string(Mask x, Mask z) { return interleaved(x, z); }

inline constexpr Mask x_bits = 0x5555555555555555;

/// The mask whose parity over a string says whether the two anticommute.
inline Mask dual(Mask s) { return (s & x_bits) << 1 | (s >> 1 & x_bits); }
/// Whether the number of Y is odd.
inline bool odd_y(Mask s) { return rotations::odd(s & s >> 1 & x_bits); }

/// O -> exp(i angle/2 Q) O exp(-i angle/2 Q).
struct Conjugation {
  Mask string = 0;  ///< Q: only Z, or an odd number of Y (rotations/lower.h)
  double angle = 0;
};

/// Coefficients of all strings on some qubits.
template <class T>
class PauliTable {
 public:
  explicit PauliTable(int qubits);

  void add(Mask string, double coefficient);
  double operator[](Mask string) const { return static_cast<double>(memory_.data()[string]); }

  /// Applies the conjugations in the order given, which is that of the circuit from its end. Same bits for
  /// any number of threads.
  void conjugate(std::span<const Conjugation> conjugations, int threads);

 private:
  int bits_;  // of a string
  HugeArray<T> memory_;
  rotations::Span reached_;  // strings that may have a coefficient
};

extern template class PauliTable<float>;
extern template class PauliTable<double>;

}  // namespace qupel::heisenberg
