#include "qupel/compile/matrices.h"

#include <cmath>
#include <numbers>

namespace qupel {
namespace {

using Complex = std::complex<double>;

Matrix4 kronecker(const Matrix2& high, const Matrix2& low) {
  Matrix4 result;
  for (int r = 0; r < 2; ++r)
    for (int c = 0; c < 2; ++c) result.block<2, 2>(2 * r, 2 * c) = high(r, c) * low;
  return result;
}

}  // namespace

Matrix2 pauli(int axis) {
  Matrix2 result;
  if (axis == 0) result << 0, 1, 1, 0;
  if (axis == 1) result << 0, Complex{0, -1}, Complex{0, 1}, 0;
  if (axis == 2) result << 1, 0, 0, -1;
  return result;
}

Matrix2 rotation(int axis, double angle) {
  return std::cos(angle / 2) * Matrix2::Identity() - Complex{0, std::sin(angle / 2)} * pauli(axis);
}

Matrix2 axis_change(int from, int to) {
  if (from == to) return Matrix2::Identity();
  return (pauli(from) + pauli(to)) / std::numbers::sqrt2;
}

Matrix4 local(const LocalPair& pair) { return kronecker(pair[1], pair[0]); }

Matrix4 canonical_gate(double x, double y, double z) {
  Matrix4 result = Matrix4::Identity();
  const double angles[] = {x, y, z};
  for (int axis = 0; axis < 3; ++axis) {
    const Matrix4 product = kronecker(pauli(axis), pauli(axis));
    result = result *
             (std::cos(angles[axis]) * Matrix4::Identity() + Complex{0, std::sin(angles[axis])} * product);
  }
  return result;
}

Matrix4 swap_gate() {
  Matrix4 result = Matrix4::Zero();
  result(0, 0) = result(1, 2) = result(2, 1) = result(3, 3) = 1;
  return result;
}

Matrix4 cx_gate() {
  Matrix4 result = Matrix4::Zero();
  result(0, 0) = result(3, 1) = result(2, 2) = result(1, 3) = 1;
  return result;
}

Matrix4 exchanged(const Matrix4& gate) { return swap_gate() * gate * swap_gate(); }

LocalPair factors(const Matrix4& product) {
  // The block with the largest norm is a multiple of the low factor, and its entries of the high one.
  int row = 0, column = 0;
  for (int r = 0; r < 2; ++r)
    for (int c = 0; c < 2; ++c)
      if (product.block<2, 2>(2 * r, 2 * c).norm() > product.block<2, 2>(2 * row, 2 * column).norm() + 1e-9)
        row = r, column = c;
  Matrix2 low = product.block<2, 2>(2 * row, 2 * column);
  low /= std::sqrt(low.determinant());
  Matrix2 high;
  for (int r = 0; r < 2; ++r)
    for (int c = 0; c < 2; ++c)
      high(r, c) = (low.adjoint() * product.block<2, 2>(2 * r, 2 * c)).trace() / 2.0;
  return {low, high};
}

EulerAngles euler_angles(const Matrix2& gate) {
  const double stays = std::abs(gate(0, 0)), flips = std::abs(gate(1, 0)),
               theta = 2 * std::atan2(flips, stays);
  constexpr double nothing = 1e-15;
  const auto apart = [](double angle) { return std::remainder(angle, 2 * std::numbers::pi); };
  if (stays >= flips) {
    const double sum = std::arg(gate(1, 1) / gate(0, 0));
    if (flips < nothing) return {theta, sum, 0.0};
    const double phi = std::arg(gate(1, 0) / gate(0, 0));
    return {theta, phi, apart(sum - phi)};
  }
  const double difference = std::arg(-gate(1, 0) / gate(0, 1));
  if (stays < nothing) return {theta, difference, 0.0};
  const double phi = std::arg(gate(1, 0) / gate(0, 0));
  return {theta, phi, apart(phi - difference)};
}

Matrix2 fixed2(const Matrix<Complex>& matrix) {
  Matrix2 result;
  for (int r = 0; r < 2; ++r)
    for (int c = 0; c < 2; ++c)
      result(r, c) = matrix(static_cast<std::size_t>(r), static_cast<std::size_t>(c));
  return result;
}

Matrix4 fixed4(const Matrix<Complex>& matrix) {
  Matrix4 result;
  for (int r = 0; r < 4; ++r)
    for (int c = 0; c < 4; ++c)
      result(r, c) = matrix(static_cast<std::size_t>(r), static_cast<std::size_t>(c));
  return result;
}

}  // namespace qupel
