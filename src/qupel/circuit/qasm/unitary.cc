#include "qupel/circuit/qasm/unitary.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <numbers>

namespace qupel::qasm {

Diagonalised diagonalised(const Matrix<Complex>& unitary) {
  using Dense = Eigen::Matrix<Complex, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const auto size = static_cast<Eigen::Index>(unitary.rows());
  // The Schur form of a normal matrix is diagonal, and its vectors are orthonormal even for equal
  // eigenvalues.
  const Eigen::ComplexSchur<Dense> schur(Eigen::Map<const Dense>(unitary.data(), size, size));
  Diagonalised result{Matrix<Complex>(unitary.rows(), unitary.rows()), {}};
  Eigen::Map<Dense>(result.vectors.data(), size, size) = schur.matrixU();
  for (Eigen::Index k = 0; k < size; ++k) {
    const double phase = std::arg(schur.matrixT()(k, k));
    constexpr double rounding = 1e-12;
    result.phases.push_back(phase < -std::numbers::pi + rounding ? std::numbers::pi : phase);
  }
  return result;
}

Matrix<Complex> unitary_of(std::span<const Operation> operations, std::span<const int> qubits) {
  const int count = std::max(static_cast<int>(qubits.size()), 1);
  double phase = 0;
  Circuit circuit(count);
  for (const Operation& operation : operations) {
    if (operation.spec == nullptr) {
      phase += operation.angles[0].offset;
      continue;
    }
    std::vector<int> at;
    for (const int qubit : operation.qubits) {
      at.push_back(static_cast<int>(std::ranges::find(qubits, qubit) - qubits.begin()));
    }
    circuit.add(*operation.spec, std::move(at), operation.angles);
  }
  const std::size_t size = std::size_t{1} << qubits.size();
  Matrix<Complex> unitary(size, size);
  for (std::size_t basis = 0; basis < size; ++basis) {
    Circuit prepared(count);
    for (int q = 0; q < count; ++q) {
      if (((basis >> q) & 1) != 0) prepared.add("x", {q});
    }
    const auto column = dense_state(prepared.append(circuit));
    for (std::size_t row = 0; row < size; ++row) unitary(row, basis) = std::polar(1.0, phase) * column[row];
  }
  return unitary;
}

}  // namespace qupel::qasm
