#include "qupel/compile/weyl.h"

#include <cmath>
#include <numbers>
#include <utility>

namespace qupel {
namespace {

using std::numbers::pi;
using Complex = std::complex<double>;
using Real4 = Eigen::Matrix4d;

// Columns are the Bell states: in this basis gates on single qubits are real, and canonical ones diagonal.
Matrix4 magic() {
  const double r = std::numbers::sqrt2 / 2;
  const Complex i{0, r};
  Matrix4 m;
  m << r, 0, 0, i, 0, i, r, 0, 0, i, -r, 0, r, 0, 0, -i;
  return m;
}

void rotate(Real4& m, int p, int q, double c, double s) {
  const Eigen::Vector4d columns_p = m.col(p), columns_q = m.col(q);
  m.col(p) = c * columns_p + s * columns_q;
  m.col(q) = c * columns_q - s * columns_p;
}

// The real rotation that makes two commuting symmetric matrices diagonal, by Jacobi rotations (Cardoso and
// Souloumiac, SIAM J. Matrix Anal. Appl. 17, 161, 1996). What is diagonal already is not turned.
Real4 common_axes(Real4 a, Real4 b) {
  Real4 axes = Real4::Identity();
  for (int sweep = 0; sweep < 50; ++sweep) {
    bool turned = false;
    for (int p = 0; p < 4; ++p) {
      for (int q = p + 1; q < 4; ++q) {
        if (std::abs(a(p, q)) + std::abs(b(p, q)) < 1e-15) continue;
        const double da = a(p, p) - a(q, q), db = b(p, p) - b(q, q), oa = 2 * a(p, q), ob = 2 * b(p, q);
        const double angle = std::atan2(2 * (da * oa + db * ob), da * da + db * db - oa * oa - ob * ob) / 4;
        if (std::abs(angle) < 1e-15) continue;
        turned = true;
        const double c = std::cos(angle), s = std::sin(angle);
        for (Real4* each : {&a, &b}) {
          rotate(*each, p, q, c, s);
          *each = each->transpose().eval();
          rotate(*each, p, q, c, s);
        }
        rotate(axes, p, q, c, s);
      }
    }
    if (!turned) break;
  }
  if (axes.determinant() < 0) axes.col(0) *= -1;
  return axes;
}

// Moves of a decomposition between equal ones, until its numbers are the canonical ones.
class Canonical {
 public:
  explicit Canonical(Weyl given) : at_(std::move(given)), c_{at_.x, at_.y, at_.z} {}

  Weyl result() {
    for (int k = 0; k < 3; ++k) shift(k, std::round(c_[k] / (pi / 2)));
    if (smaller(0, 1)) exchange(0, 1);
    if (smaller(1, 2)) exchange(1, 2);
    if (smaller(0, 1)) exchange(0, 1);
    if (c_[0] < 0) turn_signs(0, 2);
    if (c_[1] < 0) turn_signs(1, 2);
    if (c_[0] > pi / 4 - tolerance && c_[2] < 0) {
      turn_signs(0, 2);
      shift(0, -1);
    }
    at_.x = c_[0], at_.y = c_[1], at_.z = c_[2];
    return at_;
  }

 private:
  static constexpr double tolerance = 1e-10;

  // Rounding does not decide about the order.
  bool smaller(int k, int l) const { return std::abs(c_[k]) < std::abs(c_[l]) - 1e-13; }

  // exp(i pi/2 PP) = i PP.
  void shift(int k, double quarter_turns) {
    c_[k] -= quarter_turns * pi / 2;
    if (std::lround(quarter_turns) % 2 == 0) return;
    for (auto& each : at_.left) each = each * pauli(k);
  }
  void exchange(int k, int l) {
    std::swap(c_[k], c_[l]);
    const Matrix2 change = axis_change(k, l);
    for (auto& each : at_.left) each = each * change;
    for (auto& each : at_.right) each = change * each;
  }
  void turn_signs(int k, int l) {
    c_[k] = -c_[k], c_[l] = -c_[l];
    const Matrix2 other = pauli(3 - k - l);
    at_.left[0] = at_.left[0] * other;
    at_.right[0] = other * at_.right[0];
  }

  Weyl at_;
  double c_[3];
};

}  // namespace

bool Weyl::at(double to_x, double to_y, double to_z, double tolerance) const {
  return std::abs(x - to_x) < tolerance && std::abs(y - to_y) < tolerance && std::abs(z - to_z) < tolerance;
}

Weyl weyl(const Matrix4& gate) {
  static const Matrix4 bell = magic();
  const Matrix4 special = gate / std::pow(gate.determinant(), 0.25);
  const Matrix4 turned = bell.adjoint() * special * bell;
  const Matrix4 square = turned.transpose() * turned;
  const Real4 axes = common_axes(square.real(), square.imag());
  const Matrix4 complex_axes = axes.cast<Complex>();
  Eigen::Vector4cd phases = (complex_axes.transpose() * square * complex_axes).diagonal();
  Eigen::Vector4d angles;
  for (int k = 0; k < 4; ++k) angles(k) = std::arg(phases(k)) / 2;
  // Left of the canonical gate stands a rotation, no reflection.
  if (std::cos(angles.sum()) < 0) angles(0) += pi;
  for (int k = 0; k < 4; ++k) phases(k) = std::polar(1.0, -angles(k));
  const Matrix4 left = turned * complex_axes * phases.asDiagonal();
  Weyl found{factors(bell * left * bell.adjoint()), factors(bell * complex_axes.transpose() * bell.adjoint()),
             (angles(0) + angles(1) - angles(2) - angles(3)) / 4,
             (-angles(0) + angles(1) - angles(2) + angles(3)) / 4,
             (angles(0) - angles(1) - angles(2) + angles(3)) / 4};
  return Canonical(std::move(found)).result();
}

}  // namespace qupel
