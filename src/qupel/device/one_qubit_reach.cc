#include "qupel/device/one_qubit_reach.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace qupel {
namespace {

using Turn = std::array<double, 9>;  // of the Bloch sphere, by rows

constexpr std::array<std::array<Complex, 4>, 3> paulis{
    {{0, 1, 1, 0}, {0, Complex(0, -1), Complex(0, 1), 0}, {1, 0, 0, -1}}};

using Square = std::array<Complex, 4>;

Square product(const Square& a, const Square& b) {
  return {a[0] * b[0] + a[1] * b[2], a[0] * b[1] + a[1] * b[3], a[2] * b[0] + a[3] * b[2],
          a[2] * b[1] + a[3] * b[3]};
}

/// Entry (row, column) is tr(P_row U P_column U^+) / 2.
Turn turn_of(const Matrix<Complex>& matrix) {
  const Square u{matrix(0, 0), matrix(0, 1), matrix(1, 0), matrix(1, 1)};
  const Square adjoint{std::conj(u[0]), std::conj(u[2]), std::conj(u[1]), std::conj(u[3])};
  Turn turn{};
  for (std::size_t row = 0; row < 3; ++row)
    for (std::size_t column = 0; column < 3; ++column) {
      const auto moved = product(product(u, paulis[column]), adjoint);
      const auto with = product(paulis[row], moved);
      turn[3 * row + column] = (with[0] + with[3]).real() / 2;
    }
  return turn;
}

Turn product(const Turn& a, const Turn& b) {
  Turn out{};
  for (std::size_t row = 0; row < 3; ++row)
    for (std::size_t column = 0; column < 3; ++column)
      for (std::size_t k = 0; k < 3; ++k) out[3 * row + column] += a[3 * row + k] * b[3 * k + column];
  return out;
}

/// What of `turn` is outside the span of the (orthonormal) basis, of length 1; false if nothing is.
bool extends(std::vector<Turn>& basis, Turn turn) {
  const auto dot = [](const Turn& a, const Turn& b) {
    double sum = 0;
    for (std::size_t k = 0; k < a.size(); ++k) sum += a[k] * b[k];
    return sum;
  };
  for (const auto& each : basis) {
    const auto along = dot(each, turn);
    for (std::size_t k = 0; k < turn.size(); ++k) turn[k] -= along * each[k];
  }
  const auto length = std::sqrt(dot(turn, turn));
  if (length < 1e-6) return false;
  for (auto& entry : turn) entry /= length;
  basis.push_back(turn);
  return true;
}

std::vector<Turn> turns_of(const std::vector<const OpSpec*>& specs) {
  std::vector<Turn> turns;
  for (const auto* spec : specs)
    for (const double start : {0.7, 1.9}) {  // two sets of angles, none of note
      std::vector<double> angles;
      for (int a = 0; a < spec->angles; ++a) angles.push_back(start + 0.4 * a);
      turns.push_back(turn_of(full_matrix(*spec, angles)));
    }
  return turns;
}

}  // namespace

bool make_any_one_qubit_gate(const std::vector<const OpSpec*>& specs) {
  const bool continuous =
      std::any_of(specs.begin(), specs.end(), [](const OpSpec* spec) { return spec->angles > 0; });
  if (!continuous) return false;
  const auto turns = turns_of(specs);
  std::vector<Turn> span, reached{{1, 0, 0, 0, 1, 0, 0, 0, 1}};
  extends(span, reached.front());
  for (std::size_t next = 0; next < reached.size(); ++next)
    for (const auto& turn : turns)
      if (auto moved = product(turn, reached[next]); extends(span, moved)) reached.push_back(moved);
  return span.size() == 9;
}

}  // namespace qupel
