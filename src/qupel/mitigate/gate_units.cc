#include "qupel/mitigate/gate_units.h"

#include <algorithm>
#include <numbers>

#include "qupel/noise/circuit_noise.h"

namespace qupel::mitigate {

std::vector<GateUnit> units_of(const Circuit& circuit) {
  std::vector<GateUnit> units;
  const auto operations = circuit.operations();
  std::size_t first = 0;
  for (std::size_t k = 0; k < operations.size(); ++k)
    if (const auto event = gate_ended_by(operations[k])) {
      units.push_back({operations.subspan(first, k + 1 - first), *event});
      first = k + 1;
    }
  return units;
}

void add(const GateUnit& unit, Circuit& circuit) {
  for (const auto& operation : unit.operations) circuit.add(operation);
}

void add_inverse(const GateUnit& unit, Circuit& circuit) {
  for (std::size_t k = unit.operations.size(); k-- > 0;) {
    const auto& operation = unit.operations[k];
    auto undone = inverse(operation);
    if (undone.spec == operation.spec || unit.operations.size() > 1) {
      circuit.add(std::move(undone));
      continue;
    }
    circuit.add("rz", {operation.qubits.front()}, {Angle(std::numbers::pi)});
    circuit.add(operation);
    circuit.add("rz", {operation.qubits.front()}, {Angle(std::numbers::pi)});
  }
}

std::vector<std::vector<GateUnit>> layers_of(const Circuit& circuit) {
  std::vector<std::vector<GateUnit>> layers;
  std::vector<std::size_t> next(
      static_cast<std::size_t>(circuit.qubits()));  // by qubit: its first free layer
  for (const auto& unit : units_of(circuit)) {
    std::size_t layer = 0;
    for (const int q : unit.event.qubits) layer = std::max(layer, next[static_cast<std::size_t>(q)]);
    if (unit.event.operation != nullptr && unit.event.operation->spec->structure == Structure::barrier) {
      for (const int q : unit.event.qubits) next[static_cast<std::size_t>(q)] = layer;
      continue;
    }
    if (layer == layers.size()) layers.emplace_back();
    layers[layer].push_back(unit);
    for (const int q : unit.event.qubits) next[static_cast<std::size_t>(q)] = layer + 1;
  }
  return layers;
}

}  // namespace qupel::mitigate
