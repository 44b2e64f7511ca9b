#include "qupel/engine/stabilizer/clifford.h"

#include <algorithm>
#include <cmath>

#include "qupel/circuit/dense.h"

namespace qupel::stabilizer {
namespace {

constexpr int most_dense_qubits = 3, most_letters = 64;

// i^phase X^x Z^z, which maps |s> to i^phase (-1)^(z.s) |s ^ x>.
Matrix<Complex> matrix_of(const PauliWord& pauli, std::size_t size) {
  static const Complex powers[] = {1, {0, 1}, -1, {0, -1}};
  Matrix<Complex> matrix(size, size);
  for (std::size_t s = 0; s < size; ++s)
    matrix(s ^ pauli.x, s) = powers[pauli.phase] * (odd(pauli.z & s) ? -1.0 : 1.0);
  return matrix;
}

// Of products of matrices, for what rounding makes of them: angles are looked at before.
constexpr double matrix_tolerance = 1e-11;

bool is_multiple(double angle, double of) {
  return std::abs(std::remainder(angle, of)) <= clifford_tolerance;
}

// Which power of i, if it is one.
std::optional<int> quarter_turns(Complex number) {
  static const Complex powers[] = {1, {0, 1}, -1, {0, -1}};
  for (int k = 0; k < 4; ++k)
    if (std::abs(number - powers[k]) < matrix_tolerance) return k;
  return std::nullopt;
}

// The Pauli operator that a matrix is.
std::optional<PauliWord> pauli_of(const Matrix<Complex>& matrix) {
  PauliWord found;
  while (found.x < matrix.rows() && std::abs(matrix(found.x, 0)) < 0.5) ++found.x;
  if (found.x == matrix.rows()) return std::nullopt;
  const auto turns = quarter_turns(matrix(found.x, 0));
  if (!turns) return std::nullopt;
  found.phase = *turns;
  for (std::size_t bit = 1; bit < matrix.rows(); bit *= 2)
    if ((matrix(found.x ^ bit, bit) / matrix(found.x, 0)).real() < 0) found.z |= bit;
  const auto expected = matrix_of(found, matrix.rows());
  for (std::size_t i = 0; i < matrix.rows(); ++i)
    for (std::size_t j = 0; j < matrix.columns(); ++j)
      if (std::abs(matrix(i, j) - expected(i, j)) > matrix_tolerance) return std::nullopt;
  return found;
}

std::optional<Clifford> from_matrix(const Matrix<Complex>& gate, int qubits) {
  const auto inverse = adjoint(gate);
  const auto image = [&](const PauliWord& pauli) {
    return pauli_of(product(inverse, product(matrix_of(pauli, gate.rows()), gate)));
  };
  Clifford result;
  for (int k = 0; k < qubits; ++k) {
    const auto x = image({0, std::uint64_t{1} << k, 0}), z = image({0, 0, std::uint64_t{1} << k});
    if (!x || !z) return std::nullopt;
    result.x.push_back(*x);
    result.z.push_back(*z);
  }
  return result;
}

// exp(-i angle/2 P) by an angle of `turns` quarters: R becomes R (cos - i sin P) where P and R anticommute.
Clifford rotation(const PauliWord& letters, int qubits, int turns) {
  const auto image = [&](const PauliWord& pauli) {
    if (turns == 0 || commute(pauli, letters)) return pauli;
    auto result = turns == 2 ? pauli : pauli * letters;
    result.phase = (result.phase + (turns == 1 ? 3 : turns == 2 ? 2 : 1)) % 4;
    return result;
  };
  Clifford result;
  for (int k = 0; k < qubits; ++k) {
    result.x.push_back(image({0, std::uint64_t{1} << k, 0}));
    result.z.push_back(image({0, 0, std::uint64_t{1} << k}));
  }
  return result;
}

std::optional<Clifford> clifford(const Operation& gate, std::span<const double> angles) {
  const auto qubits = static_cast<int>(gate.qubits.size());
  constexpr double quarter = std::numbers::pi / 2;
  if (gate.spec->structure != Structure::pauli_rotation || gate.spec->controls > 0) {
    // The angles of u may be eighths of a turn, which cancel.
    const bool exact =
        std::ranges::all_of(angles, [](double each) { return is_multiple(each, quarter / 2); });
    return exact && qubits <= most_dense_qubits ? from_matrix(full_matrix(*gate.spec, angles), qubits)
                                                : std::nullopt;
  }
  const double turns = std::round(angles[0] / quarter);
  if (qubits > most_letters || !is_multiple(angles[0], quarter)) return std::nullopt;
  const auto whole = static_cast<int>(std::fmod(std::fmod(turns, 4) + 4, 4));
  return rotation(PauliString(gate.letters()).word(), qubits, whole);
}

}  // namespace

const Clifford* CliffordGates::find(const Operation& gate) {
  Key key{gate.spec, gate.pauli, {}};
  for (const auto& angle : gate.angles) key.angles.push_back(angle.offset);
  const auto [entry, added] = found_.try_emplace(std::move(key));
  if (added) entry->second = clifford(gate, entry->first.angles);
  return entry->second ? &*entry->second : nullptr;
}

}  // namespace qupel::stabilizer
