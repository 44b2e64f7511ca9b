#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "qupel/circuit/observable.h"
#include "qupel/engine/stabilizer/clifford.h"

namespace qupel::stabilizer {

/// The operator i^phase X^x Z^z on any number of qubits, 64 a word.
struct PackedPauli {
  int phase = 0;  ///< 0 to 3
  std::vector<std::uint64_t> x, z;

  PackedPauli& operator*=(const PackedPauli& other);
  bool diagonal() const;
  friend bool commute(const PackedPauli& a, const PackedPauli& b);
};

/// The state U|0...0> of a Clifford circuit U, as the operators U^-1 X_q U and U^-1 Z_q U, all of which are
/// Pauli operators (the inverse tableau of Gidney, "Stim: a fast stabilizer circuit simulator", Quantum 5,
/// 497, 2021, after Aaronson and Gottesman, Phys. Rev. A 70, 052328, 2004). A gate multiplies the rows of its
/// qubits; a measurement of Z_q is certain if its row is diagonal.
class Tableau {
 public:
  explicit Tableau(int qubits);  ///< |0...0>

  void apply(const Clifford& gate, std::span<const int> qubits);
  /// U^-1 Z_q U
  const PackedPauli& z(int qubit) const { return z_[static_cast<std::size_t>(qubit)]; }
  bool certain(int qubit) const { return z(qubit).diagonal(); }
  /// What a measurement of Z_q gives, if that is certain.
  bool value(int qubit) const { return z(qubit).phase == 2; }
  /// The state after a measurement of Z_q that is not certain gave `one`; the chance of that is 1/2.
  void collapse(int qubit, bool one);
  void flip(int qubit);  ///< applies X
  /// The expectation value: -1, 0 or 1.
  int expectation(const PauliString& string) const;

 private:
  PackedPauli identity() const;

  std::size_t words_;
  std::vector<PackedPauli> x_, z_;
};

}  // namespace qupel::stabilizer
