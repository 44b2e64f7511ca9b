#include "qupel/engine/trajectories/unravel.h"

#include <algorithm>
#include <cmath>

#include "qupel/circuit/pauli_string.h"

namespace qupel::trajectories {
namespace {

constexpr double tolerance = 1e-12;

// Probabilities of the errors of a Pauli channel from its eigenvalues; nothing if it is no channel.
std::optional<std::vector<double>> errors(const std::vector<double>& eigenvalues) {
  std::vector<double> result(eigenvalues.size());
  for (std::size_t p = 0; p < result.size(); ++p) {
    double sum = 0;
    for (std::size_t q = 0; q < result.size(); ++q)
      sum += commute(PauliString::of_index(p), PauliString::of_index(q)) ? eigenvalues[q] : -eigenvalues[q];
    result[p] = sum / static_cast<double>(result.size());
    if (result[p] < -tolerance) return std::nullopt;
    result[p] = std::max(result[p], 0.0);
  }
  return result;
}

}  // namespace

std::optional<Unraveling> unravel(const NoiseStep& step) {
  auto matrix = transfer_matrix(step.kraus());
  Unraveling result;
  if (matrix.rows() == 4 && matrix(3, 0) > tolerance) {
    // <Z> becomes shift + shrink <Z>; a Pauli error after damping multiplies both by the same.
    const double shift = matrix(3, 0), shrink = matrix(3, 3);
    result.damping = shift / (shift + shrink);
    if (!(result.damping > 0 && result.damping <= 1)) return std::nullopt;
    const double kept = std::sqrt(1 - result.damping);
    for (const std::size_t k : {1U, 2U}) matrix(k, k) = kept > 0 ? matrix(k, k) / kept : 0;
    matrix(3, 3) = shift + shrink;
    matrix(3, 0) = 0;
  }
  std::vector<double> eigenvalues(matrix.rows());
  for (std::size_t i = 0; i < matrix.rows(); ++i) {
    for (std::size_t j = 0; j < matrix.columns(); ++j) {
      if (i != j && std::abs(matrix(i, j)) > tolerance) return std::nullopt;
    }
    eigenvalues[i] = matrix(i, i);
  }
  auto probabilities = errors(eigenvalues);
  if (!probabilities) return std::nullopt;
  result.errors = std::move(*probabilities);
  return result;
}

}  // namespace qupel::trajectories
