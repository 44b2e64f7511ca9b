#pragma once
#include <Eigen/Core>
#include <Eigen/LU>
#include <array>
#include <complex>

#include "qupel/base/matrix.h"

// Matrices of one and two qubits of a fixed size. The first qubit of two is the low bit of the index.
namespace qupel {

using Matrix2 = Eigen::Matrix2cd;
using Matrix4 = Eigen::Matrix4cd;
/// A gate on each of two qubits.
using LocalPair = std::array<Matrix2, 2>;

/// X, Y or Z by 0, 1 or 2.
Matrix2 pauli(int axis);
/// exp(-i angle/2 P) of Pauli matrix P by number.
Matrix2 rotation(int axis, double angle);
/// A gate V with V P V^dagger = Q for the Pauli matrices P and Q by number; the identity if they are one.
Matrix2 axis_change(int from, int to);
/// pair[1] (x) pair[0].
Matrix4 local(const LocalPair& pair);
/// exp(i (x XX + y YY + z ZZ)).
Matrix4 canonical_gate(double x, double y, double z);
/// The same gate with its qubits exchanged.
Matrix4 exchanged(const Matrix4& gate);
Matrix4 swap_gate();
Matrix4 cx_gate();  ///< control: the first qubit
/// The first qubit's and the second one's part of a product of gates on single qubits, up to a phase.
LocalPair factors(const Matrix4& product);

/// RZ(phi) RY(theta) RZ(lambda).
struct EulerAngles {
  double theta, phi, lambda;
};
/// Of a gate, up to a phase. Where theta is near 0 only phi + lambda matters, and near pi only phi - lambda:
/// these are exact even if phi and lambda are what rounding makes of them.
EulerAngles euler_angles(const Matrix2& gate);

Matrix2 fixed2(const Matrix<std::complex<double>>& matrix);
Matrix4 fixed4(const Matrix<std::complex<double>>& matrix);

/// Whether two unitaries are the same up to a global phase.
template <typename Fixed>
bool same_gate(const Fixed& a, const Fixed& b, double tolerance = 1e-10) {
  // |tr(a^dagger b)| loses half of the digits: compare after turning to the same phase.
  const std::complex<double> overlap = (a.adjoint() * b).trace();
  if (std::abs(overlap) < 0.5) return false;
  return (a * (overlap / std::abs(overlap)) - b).cwiseAbs().maxCoeff() < tolerance;
}

}  // namespace qupel
