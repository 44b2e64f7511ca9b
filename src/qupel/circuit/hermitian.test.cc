#include "qupel/circuit/hermitian.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/circuit/circuit.h"

namespace qupel {
namespace {

Matrix<Complex> random_hermitian(std::size_t size, Random& random) {
  Matrix<Complex> matrix(size, size);
  for (std::size_t r = 0; r < size; ++r)
    for (std::size_t c = 0; c <= r; ++c) {
      matrix(r, c) = {random.uniform(-1, 1), r == c ? 0 : random.uniform(-1, 1)};
      matrix(c, r) = std::conj(matrix(r, c));
    }
  return matrix;
}

/// <state| M |state> where bit k of M's index is qubits[k].
double by_definition(const Matrix<Complex>& matrix, std::span<const int> qubits,
                     std::span<const Complex> state) {
  Complex sum = 0;
  for (std::size_t i = 0; i < state.size(); ++i)
    for (std::size_t column = 0; column < matrix.rows(); ++column) {
      std::size_t row = 0, j = i;
      for (std::size_t k = 0; k < qubits.size(); ++k) {
        row |= ((i >> qubits[k]) & 1) << k;
        j = (j & ~(std::size_t{1} << qubits[k])) | (((column >> k) & 1) << qubits[k]);
      }
      sum += std::conj(state[i]) * matrix(row, column) * state[j];
    }
  return sum.real();
}

TEST(Hermitian, PauliSumsHaveTheExpectationValueOfTheMatrix) {
  Random random(5);
  Circuit circuit(4);
  for (int q = 0; q < 4; ++q) circuit.add("u", {q}, {0.3 + q, 0.7 * q, 1.1 - q});
  circuit.add("cx", {0, 1}).add("cx", {1, 2}).add("cx", {2, 3});
  const auto state = dense_state(circuit);
  for (const std::vector<int>& qubits : {std::vector{2}, {0, 3}, {3, 0}, {1, 3, 0}, {3, 1, 2, 0}}) {
    const auto matrix = random_hermitian(std::size_t{1} << qubits.size(), random);
    EXPECT_NEAR(dense_expectation(pauli_sum(matrix, qubits), state), by_definition(matrix, qubits, state),
                1e-12);
  }
}

TEST(Hermitian, RoundingErrorsAreNoTerms) {
  Matrix<Complex> matrix(2, 2);
  matrix(0, 1) = {0, -2};
  matrix(1, 0) = {0, 2};
  const std::vector<int> qubits{4};
  EXPECT_EQ(to_string(pauli_sum(matrix, qubits)), "2 Y4");
  EXPECT_EQ(pauli_sum(Matrix<Complex>(2, 2), qubits).terms.size(), 1u);
}

TEST(Hermitian, RefusesWhatIsNone) {
  Matrix<Complex> matrix(2, 2);
  matrix(0, 1) = 1;
  EXPECT_THROW(pauli_sum(matrix, std::vector{0}), InputError);
  EXPECT_THROW(pauli_sum(Matrix<Complex>(2, 2), std::vector{0, 1}), InputError);
  EXPECT_THROW(pauli_sum(Matrix<Complex>(4, 4), std::vector{1, 1}), InputError);
  EXPECT_THROW(pauli_sum(Matrix<Complex>(1, 1), std::vector<int>{}), InputError);
}

}  // namespace
}  // namespace qupel
