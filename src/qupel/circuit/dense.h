#pragma once
#include <span>
#include <string_view>
#include <vector>

#include "qupel/circuit/circuit.h"

// Dense linear algebra of a few qubits, for definitions: slow and obviously correct.
namespace qupel {

Matrix<Complex> identity(std::size_t size);
template <class T>
Matrix<T> product(const Matrix<T>& a, const Matrix<T>& b) {
  Matrix<T> c(a.rows(), b.columns());
  for (std::size_t i = 0; i < a.rows(); ++i) {
    for (std::size_t k = 0; k < b.rows(); ++k) {
      if (a(i, k) == T{0}) continue;
      for (std::size_t j = 0; j < b.columns(); ++j) c(i, j) += a(i, k) * b(k, j);
    }
  }
  return c;
}
Matrix<Complex> adjoint(const Matrix<Complex>& a);
/// high (x) low: the index of `low` is the lower part.
Matrix<Complex> kronecker(const Matrix<Complex>& high, const Matrix<Complex>& low);
/// A product of letters I, X, Y, Z, the first on the lowest qubit.
Matrix<Complex> pauli_matrix(std::string_view letters);

/// The full matrix of an operation with its angles' values, first qubit lowest. @throws InputError if slot
/// values are missing
Matrix<Complex> dense_matrix(const Operation& operation, std::span<const double> features = {},
                             std::span<const double> parameters = {});

/// The operators K of rho -> sum K rho K^dagger of a measurement, by its result, or of a reset.
/// @throws InputError for another operation
std::vector<Matrix<Complex>> kraus_operators(const OpSpec& spec);

/// matrix (2^qubits.size() square, first qubit lowest) times the state, on these qubits.
std::vector<Complex> dense_apply(const Matrix<Complex>& matrix, std::span<const int> qubits,
                                 std::span<const Complex> state);

}  // namespace qupel
