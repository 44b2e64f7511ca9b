#include "qupel/circuit/ops/groups.h"

namespace qupel::ops {

std::span<const OpSpec> no_gates() {
  static const OpSpec all[] = {
      {.name = "measure",
       .summary = "measurement of Z: writes 0 or 1 into a classical bit and leaves |0> or |1>",
       .bits = 1,
       .structure = Structure::measure,
       .label = "M"},
      {.name = "reset", .summary = "a qubit becomes |0>, whatever it was", .structure = Structure::reset},
      {.name = "barrier",
       .summary = "what is before it on its qubits stays before what is after it",
       .qubits = 0,
       .structure = Structure::barrier,
       .label = "░"},
      {.name = "delay",
       .summary = "time passes on a qubit: the identity, but for noise that follows it",
       .structure = Structure::delay},
      {.name = "set",
       .summary = "writes 1 into a classical bit",
       .qubits = 0,
       .bits = 1,
       .structure = Structure::set},
      {.name = "clear",
       .summary = "writes 0 into a classical bit",
       .qubits = 0,
       .bits = 1,
       .structure = Structure::clear},
  };
  return all;
}

}  // namespace qupel::ops
