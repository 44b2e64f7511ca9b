#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "qupel/circuit/circuit.h"
#include "qupel/circuit/observable.h"
#include "qupel/electrons/integrals.h"
#include "qupel/electrons/program.h"

// From electrons to qubits. Mode p is orbital p with spin alpha, mode orbitals + p the same with beta.
namespace qupel {

/// A product of ladder operators with a factor. The last one acts first.
struct LadderProduct {
  struct Operator {
    int mode;
    bool creates;
  };
  double factor = 1;
  std::vector<Operator> operators;
};

/// How occupations become bits: bit = matrix * occupations over GF(2), then qubits that always have the same
/// value are taken out. Jordan-Wigner is the identity; parity and Bravyi-Kitaev are triangular matrices
/// (Seeley, Richard and Love, J. Chem. Phys. 137, 224109, 2012); tapering (Bravyi et al., arXiv:1701.08213)
/// is one more matrix.
class FermionEncoding {
 public:
  static FermionEncoding jordan_wigner(int modes);
  /// Qubit k is the parity of modes 0 to k.
  static FermionEncoding parity(int modes);
  static FermionEncoding bravyi_kitaev(int modes);
  /// "jordan-wigner", "parity", "bravyi-kitaev". @throws InputError naming the nearest
  static FermionEncoding named(std::string_view name, int modes);

  const std::string& name() const { return name_; }
  int modes() const { return modes_; }
  int qubits() const { return modes_ - static_cast<int>(removed_.size()); }

  /// The sum in Pauli strings. @throws InputError if it is not Hermitian, or flips a qubit that was taken out
  Observable observable(const std::vector<LadderProduct>& sum) const;
  /// Real weights w with sum - (sum)+ = i * sum of w P, of a sum of products. @throws InputError as
  /// observable()
  Observable generator(const std::vector<LadderProduct>& sum) const;
  /// Whether a product leaves the qubits alone that were taken out.
  bool keeps(const LadderProduct& product) const;
  /// The bits of a determinant, with bit k on qubit k.
  std::uint64_t bits(std::uint64_t occupations) const;
  /// The occupations that have these bits.
  std::uint64_t occupations(std::uint64_t bits) const;

  /// The same without the two qubits that a parity encoding has for the numbers of alpha electrons and of
  /// all.
  /// @throws InputError unless this is parity()
  FermionEncoding without_spin_parities(int alpha, int beta) const;
  /// The same without one qubit for each product of Z that commutes with all terms, with the values that they
  /// have in a determinant with these occupations.
  FermionEncoding tapered(const Observable& hamiltonian, std::uint64_t occupations) const;

 private:
  explicit FermionEncoding(std::string name, std::vector<std::uint64_t> columns);
  void add(const LadderProduct& product, std::vector<std::pair<PauliWord, double>>& words) const;
  Observable collect(const std::vector<LadderProduct>& sum, bool anti) const;
  std::uint64_t squeezed(std::uint64_t mask) const;  // without the qubits that were taken out
  std::uint64_t spread(std::uint64_t mask) const;    // its inverse

  std::string name_;
  int modes_ = 0;
  std::vector<std::uint64_t> columns_;  // bits that mode j flips
  std::vector<std::uint64_t> inverse_;  // bits whose parity is the occupation of mode j
  std::uint64_t removed_mask_ = 0, removed_values_ = 0;
  std::vector<int> removed_;
};

/// The Hamiltonian of a system as ladder operators.
std::vector<LadderProduct> ladder_products(const OrbitalIntegrals& integrals);
/// T of an excitation.
LadderProduct ladder_product(const Excitation& excitation, int orbitals);
std::uint64_t occupations(const Determinant& determinant, int orbitals);

/// The Hamiltonian in qubits. Weights below 1e-12 are left out.
Observable qubit_hamiltonian(const OrbitalIntegrals& integrals, const FermionEncoding& encoding);

/// The circuit of an ansatz: the reference determinant, then for each gate the rotations about the Pauli
/// strings of T - T+, which commute; parameter k of the ansatz is parameter k of the circuit.
Circuit ansatz_circuit(const ExcitationAnsatz& ansatz, const FermionEncoding& encoding);

}  // namespace qupel
