#include <fmt/format.h>

#include "qupel/base/error.h"
#include "qupel/circuit/dense.h"
#include "qupel/noise/circuit_noise.h"

namespace qupel {
namespace {

constexpr int most_qubits = 10;

/// sum K rho K^dagger; the state's index is row + 2^n column.
std::vector<Complex> apply(std::span<const Matrix<Complex>> kraus, std::span<const int> rows, int qubits,
                           std::span<const Complex> rho) {
  std::vector<int> columns(rows.begin(), rows.end());
  for (int& q : columns) q += qubits;
  std::vector<Complex> sum(rho.size());
  for (const auto& k : kraus) {
    auto conjugate = k;
    for (auto& value : conjugate.values()) value = std::conj(value);
    const auto part = dense_apply(conjugate, columns, dense_apply(k, rows, rho));
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += part[i];
  }
  return sum;
}

}  // namespace

Matrix<Complex> dense_density(const Circuit& circuit, const NoiseModel& noise) {
  const int qubits = circuit.qubits();
  if (qubits > most_qubits)
    throw InputError(fmt::format("the dense reference takes density matrices up to {} qubits, not {}",
                                 most_qubits, qubits));
  circuit.require_unitary();
  const std::size_t size = std::size_t{1} << qubits;
  std::vector<Complex> rho(size * size);
  rho[0] = 1;
  const CircuitNoise placed(circuit, noise);
  for (std::size_t k = 0; k < circuit.operations().size(); ++k) {
    const auto& operation = circuit.operations()[k];
    if (!operation.spec->idle()) {
      const Matrix<Complex> unitary[] = {dense_matrix(operation)};
      rho = apply(unitary, operation.qubits, qubits, rho);
    }
    for (const auto& step : placed.steps_after(k)) rho = apply(step.kraus(), step.qubits, qubits, rho);
  }
  Matrix<Complex> result(size, size);
  for (std::size_t row = 0; row < size; ++row) {
    for (std::size_t column = 0; column < size; ++column) result(row, column) = rho[row + size * column];
  }
  return result;
}

}  // namespace qupel
