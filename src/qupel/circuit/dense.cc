#include "qupel/circuit/dense.h"

#include <fmt/format.h>

#include "qupel/base/error.h"

namespace qupel {
namespace {

constexpr int most_dense_qubits = 20;

// The bits of `index` at `qubits`, first qubit lowest.
std::size_t gather(std::size_t index, std::span<const int> qubits) {
  std::size_t bits = 0;
  for (std::size_t k = 0; k < qubits.size(); ++k) bits |= ((index >> qubits[k]) & 1) << k;
  return bits;
}

// `index` with its bits at `qubits` replaced.
std::size_t scatter(std::size_t index, std::span<const int> qubits, std::size_t bits) {
  for (std::size_t k = 0; k < qubits.size(); ++k) {
    const std::size_t bit = std::size_t{1} << qubits[k];
    index = ((bits >> k) & 1) != 0 ? index | bit : index & ~bit;
  }
  return index;
}

}  // namespace

Matrix<Complex> identity(std::size_t size) {
  Matrix<Complex> one(size, size);
  for (std::size_t i = 0; i < size; ++i) one(i, i) = 1;
  return one;
}

Matrix<Complex> adjoint(const Matrix<Complex>& a) {
  Matrix<Complex> b(a.columns(), a.rows());
  for (std::size_t i = 0; i < a.rows(); ++i) {
    for (std::size_t j = 0; j < a.columns(); ++j) b(j, i) = std::conj(a(i, j));
  }
  return b;
}

Matrix<Complex> kronecker(const Matrix<Complex>& high, const Matrix<Complex>& low) {
  Matrix<Complex> both(high.rows() * low.rows(), high.columns() * low.columns());
  for (std::size_t i = 0; i < both.rows(); ++i) {
    for (std::size_t j = 0; j < both.columns(); ++j) {
      both(i, j) = high(i / low.rows(), j / low.columns()) * low(i % low.rows(), j % low.columns());
    }
  }
  return both;
}

Matrix<Complex> pauli_matrix(std::string_view letters) {
  auto pauli = identity(1);
  for (const char letter : letters) {
    Matrix<Complex> one(2, 2);
    if (letter == 'I' || letter == 'Z') one(0, 0) = 1, one(1, 1) = letter == 'I' ? 1 : -1;
    if (letter == 'X') one(0, 1) = one(1, 0) = 1;
    if (letter == 'Y') one(0, 1) = {0, -1}, one(1, 0) = {0, 1};
    pauli = kronecker(one, pauli);
  }
  return pauli;
}

Matrix<Complex> dense_matrix(const Operation& operation, std::span<const double> features,
                             std::span<const double> parameters) {
  if (operation.spec->idle()) return identity(std::size_t{1} << operation.qubits.size());
  std::vector<double> angles;
  for (const Angle& angle : operation.angles) angles.push_back(angle.value(features, parameters));
  return operation.spec->structure == Structure::pauli_rotation && operation.spec->matrix == nullptr
             ? pauli_rotation_matrix(operation.letters(), angles[0])
             : full_matrix(*operation.spec, angles);
}

std::vector<Matrix<Complex>> kraus_operators(const OpSpec& spec) {
  const bool reset = spec.structure == Structure::reset;
  if (!reset && spec.structure != Structure::measure)
    throw InputError(fmt::format("{} is neither a measurement nor a reset", spec.name));
  Matrix<Complex> zero(2, 2), one(2, 2);
  zero(0, 0) = 1;
  one(reset ? 0 : 1, 1) = 1;
  return {zero, one};
}

std::vector<Complex> dense_apply(const Matrix<Complex>& matrix, std::span<const int> qubits,
                                 std::span<const Complex> state) {
  std::vector<Complex> result(state.size());
  for (std::size_t row = 0; row < state.size(); ++row) {
    const auto entries = matrix.row(gather(row, qubits));
    for (std::size_t column = 0; column < entries.size(); ++column) {
      result[row] += entries[column] * state[scatter(row, qubits, column)];
    }
  }
  return result;
}

std::vector<Complex> dense_state(const Circuit& circuit, std::span<const double> features,
                                 std::span<const double> parameters) {
  if (circuit.qubits() > most_dense_qubits) {
    throw InputError(fmt::format("the dense reference takes up to {} qubits, not {}", most_dense_qubits,
                                 circuit.qubits()));
  }
  circuit.require_unitary();
  std::vector<Complex> state(std::size_t{1} << circuit.qubits());
  state[0] = 1;
  for (const Operation& operation : circuit.operations()) {
    if (operation.spec->structure == Structure::barrier) continue;  // of many qubits
    state = dense_apply(dense_matrix(operation, features, parameters), operation.qubits, state);
  }
  return state;
}

}  // namespace qupel
