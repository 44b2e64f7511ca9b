#include <algorithm>
#include <cmath>

#include "qupel/circuit/ops/groups.h"

namespace qupel::ops {

Matrix<Complex> square(std::initializer_list<Complex> entries) {
  const auto side = static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(entries.size()))));
  Matrix<Complex> matrix(side, side);
  std::copy(entries.begin(), entries.end(), matrix.data());
  return matrix;
}

Matrix<Complex> phase(double angle) { return square({1, 0, 0, std::polar(1.0, angle)}); }
Matrix<Complex> pauli_x() { return square({0, 1, 1, 0}); }
Matrix<Complex> pauli_y() { return square({0, {0, -1}, {0, 1}, 0}); }
Matrix<Complex> pauli_z() { return square({1, 0, 0, -1}); }

Matrix<Complex> hadamard() {
  const double h = std::numbers::sqrt2 / 2;
  return square({h, h, h, -h});
}

Matrix<Complex> swap() { return square({1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1}); }

}  // namespace qupel::ops
