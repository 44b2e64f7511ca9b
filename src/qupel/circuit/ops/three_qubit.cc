#include "qupel/circuit/ops/groups.h"

namespace qupel::ops {

using Angles = std::span<const double>;

std::span<const OpSpec> three_qubit() {
  static const OpSpec all[] = {
      {.name = "ccx",
       .summary = "Toffoli: flips the third qubit if the first two are 1",
       .qubits = 3,
       .controls = 2,
       .structure = Structure::permutation,
       .matrix = [](Angles) { return pauli_x(); },
       .decomposition = "h q2; cx q1, q2; tdg q2; cx q0, q2; t q2; cx q1, q2; tdg q2; cx q0, q2; "
                        "t q1; t q2; h q2; cx q0, q1; t q0; tdg q1; cx q0, q1",
       .qasm = "ccx",
       .label = "⊕"},
      {.name = "cswap",
       .summary = "Fredkin: exchanges the last two qubits if the first is 1",
       .qubits = 3,
       .controls = 1,
       .structure = Structure::permutation,
       .matrix = [](Angles) { return swap(); },
       .decomposition = "cx q2, q1; ccx q0, q1, q2; cx q2, q1",
       .qasm = "cswap",
       .label = "×"},
  };
  return all;
}

}  // namespace qupel::ops
