#include "qupel/model/ansatz.h"

#include <initializer_list>
#include <string>
#include <vector>

#include "qupel/base/error.h"

namespace qupel {
namespace {

void add_rotations(Circuit& circuit, std::initializer_list<std::string_view> gates) {
  for (int q = 0; q < circuit.qubits(); ++q)
    for (const auto gate : gates) circuit.add(gate, {q}, {Angle::parameter(circuit.parameters())});
}

/// CX from every qubit to the one `range` further along the ring, once for each pair of qubits.
void add_entanglers(Circuit& circuit, int range = 1) {
  const int n = circuit.qubits(), count = 2 * range == n ? n / 2 : n;
  if (n == 1) return;
  for (int q = 0; q < count; ++q) circuit.add("cx", {q, (q + range) % n});
}

}  // namespace

Circuit ansatz(std::string_view name, int qubits, int layers) {
  const std::vector<std::string> names{"hardware-efficient", "strongly-entangling"};
  Circuit circuit(qubits);
  for (int layer = 0; layer < layers; ++layer) {
    if (name == names[0]) {
      add_rotations(circuit, {"ry", "rz"});
      add_entanglers(circuit);
    } else if (name == names[1]) {
      add_rotations(circuit, {"rz", "ry", "rz"});
      add_entanglers(circuit, 1 + (qubits > 2 ? layer % (qubits - 1) : 0));
    } else {
      throw InputError(unknown_name(name, "an ansatz", names));
    }
  }
  return circuit;
}

}  // namespace qupel
