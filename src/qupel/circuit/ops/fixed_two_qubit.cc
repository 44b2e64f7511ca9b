#include "qupel/circuit/ops/groups.h"

namespace qupel::ops {
namespace {

using Angles = std::span<const double>;

Matrix<Complex> iswap(Complex exchange) {
  return square({1, 0, 0, 0, 0, 0, exchange, 0, 0, exchange, 0, 0, 0, 0, 0, 1});
}

Matrix<Complex> half_iswap(Complex exchange) {
  const double r = std::numbers::sqrt2 / 2;
  return square({1, 0, 0, 0, 0, r, r * exchange, 0, 0, r * exchange, r, 0, 0, 0, 0, 1});
}

Matrix<Complex> ecr() {
  const double r = std::numbers::sqrt2 / 2;
  return square({0, r, 0, r * i, r, 0, -r * i, 0, 0, r * i, 0, r, -r * i, 0, r, 0});
}

}  // namespace

std::span<const OpSpec> fixed_two_qubit() {
  static const OpSpec all[] = {
      {.name = "cx",
       .summary = "controlled X (CNOT): flips the second qubit if the first is 1",
       .qubits = 2,
       .controls = 1,
       .structure = Structure::permutation,
       .matrix = [](Angles) { return pauli_x(); },
       .qasm = "cx",
       .label = "⊕"},
      {.name = "cy",
       .summary = "controlled Y: Y on the second qubit if the first is 1",
       .qubits = 2,
       .controls = 1,
       .matrix = [](Angles) { return pauli_y(); },
       .decomposition = "sdg q1; cx q0, q1; s q1",
       .qasm = "cy",
       .label = "y"},
      {.name = "cz",
       .summary = "controlled Z: diag(1, 1, 1, -1), symmetric",
       .qubits = 2,
       .controls = 1,
       .structure = Structure::diagonal,
       .matrix = [](Angles) { return pauli_z(); },
       .decomposition = "h q1; cx q0, q1; h q1",
       .qasm = "cz",
       .label = "●"},
      {.name = "ch",
       .summary = "controlled Hadamard: (X + Z)/sqrt(2) on the second qubit if the first is 1",
       .qubits = 2,
       .controls = 1,
       .matrix = [](Angles) { return hadamard(); },
       .decomposition = "ry(pi/4) q1; cx q0, q1; ry(-pi/4) q1",
       .qasm = "ch",
       .label = "h"},
      {.name = "swap",
       .summary = "exchanges two qubits: |01> <-> |10>",
       .qubits = 2,
       .structure = Structure::permutation,
       .matrix = [](Angles) { return swap(); },
       .decomposition = "cx q0, q1; cx q1, q0; cx q0, q1",
       .qasm = "swap",
       .label = "×"},
      {.name = "iswap",
       .summary = "exchanges two qubits with a phase: |01> -> i|10>, |10> -> i|01>; exp(i pi/4 (XX + YY))",
       .qubits = 2,
       .matrix = [](Angles) { return iswap(i); },
       .inverse = "iswapdg",
       .decomposition = "s q0; s q1; h q0; cx q0, q1; cx q1, q0; h q1"},
      {.name = "iswapdg",
       .summary = "inverse of iswap: |01> -> -i|10>, |10> -> -i|01>; exp(-i pi/4 (XX + YY))",
       .qubits = 2,
       .matrix = [](Angles) { return iswap(-i); },
       .inverse = "iswap",
       .decomposition = "h q1; cx q1, q0; cx q0, q1; h q0; sdg q1; sdg q0"},
      {.name = "sqrt_iswap",
       .summary = "square root of iswap: exp(i pi/8 (XX + YY))",
       .qubits = 2,
       .matrix = [](Angles) { return half_iswap(i); },
       .inverse = "sqrt_iswapdg",
       .decomposition = "rx(pi/2) q0; rx(pi/2) q1; cx q0, q1; rx(-pi/4) q0; rz(-pi/4) q1; cx q0, q1; "
                        "rx(-pi/2) q0; rx(-pi/2) q1"},
      {.name = "sqrt_iswapdg",
       .summary = "inverse of sqrt_iswap: exp(-i pi/8 (XX + YY))",
       .qubits = 2,
       .matrix = [](Angles) { return half_iswap(-i); },
       .inverse = "sqrt_iswap",
       .decomposition = "rx(pi/2) q0; rx(pi/2) q1; cx q0, q1; rx(pi/4) q0; rz(pi/4) q1; cx q0, q1; "
                        "rx(-pi/2) q0; rx(-pi/2) q1"},
      {.name = "ecr",
       .summary =
           "echoed cross-resonance: (X I - Y X)/sqrt(2) as first, second qubit; cx up to one-qubit gates",
       .qubits = 2,
       .matrix = [](Angles) { return ecr(); },
       .decomposition = "s q0; sx q1; cx q0, q1; x q0"},
  };
  return all;
}

}  // namespace qupel::ops
