#pragma once
#include <initializer_list>
#include <span>

#include "qupel/circuit/op_spec.h"

// The records of all operations, a file a group. Matrices are written in the order |00>, |01>, |10>, |11>
// with the first target as the last (lowest) bit.
namespace qupel::ops {

std::span<const OpSpec> fixed_one_qubit();      ///< i x y z h s sdg t tdg sx sxdg
std::span<const OpSpec> one_qubit_rotations();  ///< rx ry rz p u prx gpi gpi2
std::span<const OpSpec> fixed_two_qubit();  ///< cx cy cz ch swap iswap iswapdg sqrt_iswap sqrt_iswapdg ecr
std::span<const OpSpec> two_qubit_rotations();  ///< rxx ryy rzz rzx crx cry crz cp ms
std::span<const OpSpec> three_qubit();          ///< ccx cswap
std::span<const OpSpec> any_qubits();           ///< pauli_rotation
std::span<const OpSpec> no_gates();             ///< measure reset barrier delay set clear

constexpr Complex i{0, 1};  ///< the imaginary unit

/// A square matrix from its entries, row by row.
Matrix<Complex> square(std::initializer_list<Complex> entries);
/// diag(1, exp(i angle)).
Matrix<Complex> phase(double angle);
/// The matrix of X, Y, Z or H and of SWAP, shared by the controlled forms.
Matrix<Complex> pauli_x();
Matrix<Complex> pauli_y();
Matrix<Complex> pauli_z();
Matrix<Complex> hadamard();
Matrix<Complex> swap();

/// exp(-i angle/2 P) as OpSpec::matrix, for a string of letters known at compile time.
template <char... letters>
Matrix<Complex> rotation(std::span<const double> angles) {
  constexpr char text[] = {letters...};
  return pauli_rotation_matrix({text, sizeof text}, angles[0]);
}

}  // namespace qupel::ops
