#pragma once
#include <span>
#include <vector>

#include "qupel/base/matrix.h"
#include "qupel/circuit/circuit.h"

namespace qupel::qasm {

/// A unitary as V diag(exp(i phases)) V^-1; columns of `vectors` are its eigenvectors. Phases are in (-pi,
/// pi], those within rounding of -pi are pi: the branch of OpenQASM's principal powers.
struct Diagonalised {
  Matrix<Complex> vectors;
  std::vector<double> phases;
};
Diagonalised diagonalised(const Matrix<Complex>& unitary);

/// The matrix of constant operations on `qubits` (the first is the lowest bit), global phase included.
Matrix<Complex> unitary_of(std::span<const Operation> operations, std::span<const int> qubits);

}  // namespace qupel::qasm
