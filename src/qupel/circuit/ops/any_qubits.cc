#include "qupel/circuit/ops/groups.h"

namespace qupel::ops {

std::span<const OpSpec> any_qubits() {
  static const OpSpec all[] = {
      {.name = "pauli_rotation",
       .summary = "rotation about any Pauli string P on any number of qubits: exp(-i angle/2 P)",
       .qubits = 0,
       .angles = 1,
       .structure = Structure::pauli_rotation,
       .spectrum = {1}},
  };
  return all;
}

}  // namespace qupel::ops
