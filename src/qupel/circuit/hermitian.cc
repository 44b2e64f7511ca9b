#include "qupel/circuit/hermitian.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <set>
#include <vector>

#include "qupel/base/error.h"
#include "qupel/base/walsh_hadamard.h"

namespace qupel {
namespace {

constexpr std::size_t most_hermitian_qubits = 10;
constexpr double rounding = 1e-12;

double largest_entry(const Matrix<Complex>& matrix) {
  double largest = 0;
  for (const auto& entry : matrix.values()) largest = std::max(largest, std::abs(entry));
  return largest;
}

void require_hermitian(const Matrix<Complex>& matrix, double largest) {
  for (std::size_t r = 0; r < matrix.rows(); ++r)
    for (std::size_t c = 0; c <= r; ++c)
      if (!(std::abs(matrix(r, c) - std::conj(matrix(c, r))) <= 1e-6 * largest))
        throw InputError(
            fmt::format("the matrix is not Hermitian: entries ({}, {}) and ({}, {}) differ", r, c, c, r));
}

/// The letters of a string by masks over the matrix's own qubits, on those of the circuit.
PauliString placed(std::uint64_t x, std::uint64_t z, std::span<const int> qubits) {
  return PauliString::of_masks(x, z).moved_to(qubits);
}

}  // namespace

// With b the column, P = i^|x&z| X^x Z^z has the entries P(b^x, b) = i^|x&z| (-1)^|z&b|; so for each x the
// weights of all z are one Walsh-Hadamard transform of b -> M(b, b^x).
Observable pauli_sum(const Matrix<Complex>& matrix, std::span<const int> qubits) {
  if (qubits.empty() || qubits.size() > most_hermitian_qubits)
    throw InputError(fmt::format("a Hermitian matrix on {} qubits: 1 to {} are supported", qubits.size(),
                                 most_hermitian_qubits));
  const std::size_t size = std::size_t{1} << qubits.size();
  if (matrix.rows() != size || matrix.columns() != size)
    throw InputError(fmt::format("a matrix of {} x {} for {} qubits; it must be {} square", matrix.rows(),
                                 matrix.columns(), qubits.size(), size));
  if (std::set<int>(qubits.begin(), qubits.end()).size() != qubits.size())
    throw InputError("an observable acts on each of its qubits once; one comes twice");
  const double largest = largest_entry(matrix);
  require_hermitian(matrix, largest);
  Observable sum;
  std::vector<double> real(size), imaginary(size);
  for (std::size_t x = 0; x < size; ++x) {
    for (std::size_t b = 0; b < size; ++b) {
      real[b] = matrix(b, b ^ x).real();
      imaginary[b] = matrix(b, b ^ x).imag();
    }
    walsh_hadamard(real);
    walsh_hadamard(imaginary);
    for (std::size_t z = 0; z < size; ++z) {
      const Complex powers[] = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}};
      const Complex trace = powers[std::popcount(x & z) & 3] * Complex(real[z], imaginary[z]);
      const double weight = trace.real() / static_cast<double>(size);
      if (std::abs(weight) > rounding * largest) sum.terms.push_back({weight, placed(x, z, qubits)});
    }
  }
  if (sum.terms.empty()) sum.terms.push_back({0, {}});
  return sum;
}

}  // namespace qupel
