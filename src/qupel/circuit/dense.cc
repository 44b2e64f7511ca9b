#include <fmt/format.h>

#include "qupel/base/error.h"
#include "qupel/circuit/circuit.h"

namespace qupel {
namespace {

constexpr int most_qubits = 20;

Matrix<Complex> matrix_of(const Operation& operation, std::span<const double> angles) {
  return operation.spec->matrix == nullptr ? pauli_rotation_matrix(operation.letters(), angles[0])
                                           : full_matrix(*operation.spec, angles);
}

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

std::vector<Complex> apply(const Matrix<Complex>& matrix, std::span<const int> qubits,
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

}  // namespace

std::vector<Complex> dense_state(const Circuit& circuit, std::span<const double> features,
                                 std::span<const double> parameters) {
  if (circuit.qubits() > most_qubits) {
    throw InputError(
        fmt::format("the dense reference takes up to {} qubits, not {}", most_qubits, circuit.qubits()));
  }
  std::vector<Complex> state(std::size_t{1} << circuit.qubits());
  state[0] = 1;
  for (const Operation& operation : circuit.operations()) {
    std::vector<double> angles;
    for (const Angle& angle : operation.angles) angles.push_back(angle.value(features, parameters));
    state = apply(matrix_of(operation, angles), operation.qubits, state);
  }
  return state;
}

}  // namespace qupel
