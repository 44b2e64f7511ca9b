#include "qupel/circuit/op_spec.h"

#include <fmt/format.h>

#include <cmath>

#include "qupel/base/error.h"

namespace qupel {
namespace {

using std::numbers::pi;

// The column of the only non-zero entry of a Pauli string's row, and that entry.
struct PauliEntry {
  std::size_t column;
  Complex value;
};

PauliEntry pauli_entry(std::string_view letters, std::size_t row) {
  PauliEntry entry{row, 1};
  for (std::size_t k = 0; k < letters.size(); ++k) {
    const std::size_t bit = std::size_t{1} << k;
    const bool one = (row & bit) != 0;
    switch (letters[k]) {
      case 'I':
        break;
      case 'X':
        entry.column ^= bit;
        break;
      case 'Y':
        entry.column ^= bit;
        entry.value *= Complex{0, one ? 1.0 : -1.0};
        break;
      case 'Z':
        entry.value *= one ? -1.0 : 1.0;
        break;
      default:
        throw InputError(fmt::format("\"{}\" is not a Pauli string: letters are I, X, Y, Z", letters));
    }
  }
  return entry;
}

}  // namespace

Matrix<Complex> pauli_rotation_matrix(std::string_view letters, double angle) {
  const std::size_t size = std::size_t{1} << letters.size();
  Matrix<Complex> matrix(size, size);
  for (std::size_t row = 0; row < size; ++row) {
    const auto [column, value] = pauli_entry(letters, row);
    matrix(row, row) += std::cos(angle / 2);
    matrix(row, column) += Complex{0, -std::sin(angle / 2)} * value;
  }
  return matrix;
}

Matrix<Complex> derivative(const OpSpec& spec, std::span<const double> angles, int k) {
  // In t = angle/2 the frequencies are 1 and 2: f'(t) = sum_m (-1)^m f(t + s_m) / (8 sin^2(s_m/2)),
  // s_m = (2m + 1) pi/4, m = 0 .. 3; and d/d angle is half of d/dt.
  std::vector<double> shifted(angles.begin(), angles.end());
  Matrix<Complex> sum;
  for (int m = 0; m < 4; ++m) {
    const double shift = (2 * m + 1) * pi / 4, sine = std::sin(shift / 2);
    const double coefficient = (m % 2 == 0 ? 1 : -1) / (16 * sine * sine);
    shifted[static_cast<std::size_t>(k)] = angles[static_cast<std::size_t>(k)] + 2 * shift;
    const auto term = spec.matrix(shifted);
    if (sum.empty()) sum = Matrix<Complex>(term.rows(), term.columns());
    for (std::size_t i = 0; i < term.values().size(); ++i) sum.data()[i] += coefficient * term.data()[i];
  }
  return sum;
}

Matrix<Complex> full_matrix(const OpSpec& spec, std::span<const double> angles) {
  if (!spec.gate()) throw InputError(fmt::format("{} is no gate: it has no matrix", spec.name));
  if (spec.matrix == nullptr) {
    throw InputError(
        fmt::format("{} acts on any number of qubits: its matrix needs the Pauli letters", spec.name));
  }
  const auto target = spec.matrix(angles);
  const std::size_t size = std::size_t{1} << spec.qubits;
  const std::size_t on = (std::size_t{1} << spec.controls) - 1;  // all controls are 1
  Matrix<Complex> full(size, size);
  for (std::size_t row = 0; row < size; ++row) {
    if ((row & on) != on) {
      full(row, row) = 1;
      continue;
    }
    for (std::size_t column = 0; column < target.columns(); ++column) {
      full(row, (column << spec.controls) | on) = target(row >> spec.controls, column);
    }
  }
  return full;
}

}  // namespace qupel
