#include "qupel/circuit/ops/groups.h"

namespace qupel::ops {
namespace {

using std::numbers::pi;
using Angles = std::span<const double>;

// OpenQASM 3's U. It is exp(i theta/2) times the older u3, so that its period is 2 pi in every angle.
Matrix<Complex> u_matrix(Angles a) {
  const Complex theta = std::polar(1.0, a[0]), phi = std::polar(1.0, a[1]), lambda = std::polar(1.0, a[2]);
  const Complex stay = (1.0 + theta) / 2.0, flip = i * (1.0 - theta) / 2.0;
  return square({stay, -lambda * flip, phi * flip, phi * lambda * stay});
}

// exp(i theta/2) times a rotation by theta about cos(phi) X + sin(phi) Y, so that its period is 2 pi in both
// angles.
Matrix<Complex> prx_matrix(Angles a) {
  const Complex theta = std::polar(1.0, a[0]), phi = std::polar(1.0, a[1]);
  const Complex stay = (1.0 + theta) / 2.0, flip = (1.0 - theta) / 2.0;
  return square({stay, std::conj(phi) * flip, phi * flip, stay});
}

Matrix<Complex> gpi2_matrix(Angles a) {
  const double r = std::numbers::sqrt2 / 2;
  const Complex phi = std::polar(1.0, a[0]);
  return square({r, -i * r * std::conj(phi), -i * r * phi, r});
}

}  // namespace

std::span<const OpSpec> one_qubit_rotations() {
  static const OpSpec all[] = {
      {.name = "rx",
       .summary = "rotation about X: exp(-i angle/2 X)",
       .angles = 1,
       .structure = Structure::pauli_rotation,
       .pauli = "X",
       .matrix = rotation<'X'>,
       .spectrum = {1},
       .qasm = "rx"},
      {.name = "ry",
       .summary = "rotation about Y: exp(-i angle/2 Y), real entries",
       .angles = 1,
       .structure = Structure::pauli_rotation,
       .pauli = "Y",
       .matrix = rotation<'Y'>,
       .spectrum = {1},
       .qasm = "ry"},
      {.name = "rz",
       .summary = "rotation about Z: exp(-i angle/2 Z)",
       .angles = 1,
       .structure = Structure::pauli_rotation,
       .pauli = "Z",
       .matrix = rotation<'Z'>,
       .spectrum = {1},
       .qasm = "rz"},
      {.name = "p",
       .summary = "phase: diag(1, exp(i angle)), rz up to a global phase",
       .angles = 1,
       .period = 2 * pi,
       .structure = Structure::diagonal,
       .matrix = [](Angles a) { return phase(a[0]); },
       .spectrum = {1},
       .qasm = "p"},
      {.name = "u",
       .summary = "any one-qubit gate: exp(i (theta+phi+lambda)/2) RZ(phi) RY(theta) "
                  "RZ(lambda), angles theta, phi, lambda",
       .angles = 3,
       .period = 2 * pi,
       .matrix = u_matrix,
       .spectrum = {1},
       .inverse_angles =
           [](Angles a) {
             return std::vector<double>{-a[0], -a[2], -a[1]};
           },
       .decomposition = "p(a2) q0; ry(a0) q0; p(a1) q0",
       .qasm = "U"},
      {.name = "prx",
       .summary = "phased rx, angles theta, phi: exp(i theta/2) times a rotation by theta about cos(phi) X + "
                  "sin(phi) Y",
       .angles = 2,
       .period = 2 * pi,
       .matrix = prx_matrix,
       .spectrum = {1, 2},
       .inverse_angles =
           [](Angles a) {
             return std::vector<double>{-a[0], a[1]};
           },
       .decomposition = "rz(-a1) q0; rx(a0) q0; rz(a1) q0"},
      {.name = "gpi",
       .summary = "half turn about cos(angle) X + sin(angle) Y (trapped ions)",
       .angles = 1,
       .period = 2 * pi,
       .matrix =
           [](Angles a) {
             return square({0, std::polar(1.0, -a[0]), std::polar(1.0, a[0]), 0});
           },
       .spectrum = {2},
       .inverse_angles = [](Angles a) { return std::vector<double>{a[0]}; },
       .decomposition = "rz(-a0) q0; x q0; rz(a0) q0"},
      {.name = "gpi2",
       .summary = "quarter turn about cos(angle) X + sin(angle) Y (trapped ions)",
       .angles = 1,
       .period = 2 * pi,
       .matrix = gpi2_matrix,
       .spectrum = {1, 2},
       .inverse_angles = [](Angles a) { return std::vector<double>{a[0] + pi}; },
       .decomposition = "rz(-a0) q0; rx(pi/2) q0; rz(a0) q0"},
  };
  return all;
}

}  // namespace qupel::ops
