#include "qupel/circuit/ops/groups.h"

namespace qupel::ops {

using std::numbers::pi;

namespace {

// https://docs.ionq.com/guides/getting-started-with-native-gates
Matrix<Complex> ms_matrix(std::span<const double> a) {
  const double r = std::numbers::sqrt2 / 2;
  // Not from sums of angles, which lose digits where one of them is large.
  const Complex first = std::polar(1.0, a[0]), second = std::polar(1.0, a[1]);
  const Complex turn = {0, -r}, sum = first * second, difference = std::conj(first) * second;
  return square({r, 0, 0, turn * std::conj(sum), 0, r, turn * std::conj(difference), 0, 0, turn * difference,
                 r, 0, turn * sum, 0, 0, r});
}

}  // namespace

std::span<const OpSpec> two_qubit_rotations() {
  static const OpSpec all[] = {
      {.name = "rxx",
       .summary = "joint rotation of two qubits: exp(-i angle/2 X X)",
       .qubits = 2,
       .angles = 1,
       .structure = Structure::pauli_rotation,
       .pauli = "XX",
       .matrix = rotation<'X', 'X'>,
       .spectrum = {1},
       .decomposition = "h q0; h q1; cx q0, q1; rz(a0) q1; cx q0, q1; h q0; h q1"},
      {.name = "ryy",
       .summary = "joint rotation of two qubits: exp(-i angle/2 Y Y)",
       .qubits = 2,
       .angles = 1,
       .structure = Structure::pauli_rotation,
       .pauli = "YY",
       .matrix = rotation<'Y', 'Y'>,
       .spectrum = {1},
       .decomposition =
           "rx(pi/2) q0; rx(pi/2) q1; cx q0, q1; rz(a0) q1; cx q0, q1; rx(-pi/2) q0; rx(-pi/2) q1"},
      {.name = "rzz",
       .summary = "exp(-i angle/2 Z Z): a phase that depends on the parity of two qubits",
       .qubits = 2,
       .angles = 1,
       .structure = Structure::pauli_rotation,
       .pauli = "ZZ",
       .matrix = rotation<'Z', 'Z'>,
       .spectrum = {1},
       .decomposition = "cx q0, q1; rz(a0) q1; cx q0, q1"},
      {.name = "rzx",
       .summary = "cross-resonance rotation: exp(-i angle/2 Z X), Z on the first qubit, X on the second",
       .qubits = 2,
       .angles = 1,
       .structure = Structure::pauli_rotation,
       .pauli = "ZX",
       .matrix = rotation<'Z', 'X'>,
       .spectrum = {1},
       .decomposition = "h q1; cx q0, q1; rz(a0) q1; cx q0, q1; h q1"},
      {.name = "crx",
       .summary = "controlled rx: exp(-i angle/2 X) on the second qubit if the first is 1",
       .qubits = 2,
       .controls = 1,
       .angles = 1,
       .matrix = rotation<'X'>,
       .spectrum = {0.5, 1},
       .decomposition = "h q1; rz(a0/2) q1; cx q0, q1; rz(-a0/2) q1; cx q0, q1; h q1",
       .qasm = "crx",
       .label = "rx"},
      {.name = "cry",
       .summary = "controlled ry: exp(-i angle/2 Y) on the second qubit if the first is 1",
       .qubits = 2,
       .controls = 1,
       .angles = 1,
       .matrix = rotation<'Y'>,
       .spectrum = {0.5, 1},
       .decomposition = "ry(a0/2) q1; cx q0, q1; ry(-a0/2) q1; cx q0, q1",
       .qasm = "cry",
       .label = "ry"},
      {.name = "crz",
       .summary = "controlled rz: exp(-i angle/2 Z) on the second qubit if the first is 1",
       .qubits = 2,
       .controls = 1,
       .angles = 1,
       .structure = Structure::diagonal,
       .matrix = rotation<'Z'>,
       .spectrum = {0.5, 1},
       .decomposition = "rz(a0/2) q1; cx q0, q1; rz(-a0/2) q1; cx q0, q1",
       .qasm = "crz",
       .label = "rz"},
      {.name = "cp",
       .summary = "controlled phase: diag(1, 1, 1, exp(i angle)), symmetric",
       .qubits = 2,
       .controls = 1,
       .angles = 1,
       .period = 2 * pi,
       .structure = Structure::diagonal,
       .matrix = [](std::span<const double> a) { return phase(a[0]); },
       .spectrum = {1},
       .decomposition = "p(a0/2) q0; cx q0, q1; p(-a0/2) q1; cx q0, q1; p(a0/2) q1",
       .qasm = "cp",
       .label = "p"},
      {.name = "ms",
       .summary = "Molmer-Sorensen gate: exp(-i pi/4 A B), where A and B are cos(angle) X + sin(angle) Y of "
                  "each qubit's angle",
       .qubits = 2,
       .angles = 2,
       .period = 2 * pi,
       .matrix = ms_matrix,
       .spectrum = {1, 2},
       .inverse_angles =
           [](std::span<const double> a) {
             return std::vector<double>{a[0] + pi, a[1]};
           },
       .decomposition = "rz(-a0) q0; rz(-a1) q1; h q0; h q1; cx q0, q1; rz(pi/2) q1; cx q0, q1; h q0; h q1; "
                        "rz(a0) q0; rz(a1) q1"},
  };
  return all;
}

}  // namespace qupel::ops
