#include "qupel/model/circuit_record.h"

#include <utility>

namespace qupel {
namespace {

EncodingGrowth growth_of(const ChosenEncoding& encoding) {
  EncodingGrowth growth;
  growth.encoding = encoding.spec->name;
  for (const int features : {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024}) {
    const auto cost = encoding.spec->cost(features, encoding.options);
    long gates = 0;
    for (const auto& [name, count] : cost.gates) gates += count;
    growth.features.push_back(features);
    growth.qubits.push_back(cost.qubits);
    growth.two_qubit.push_back(cost.two_qubit);
    growth.depth.push_back(cost.depth);
    growth.gates.push_back(gates);
  }
  return growth;
}

}  // namespace

std::size_t circuit_columns_from(const Archive& saved) {
  constexpr std::size_t widest = 1023;  // columns as amplitudes of ten qubits, and a 1
  const auto columns = columns_from(saved);
  require_saved(columns <= widest, "columns that a circuit can take");
  return columns;
}

Contender with_circuit(Contender record, CircuitOf circuit, EncodingOf encoding) {
  record.circuit_cost = [circuit](int columns, int, const Settings& settings) {
    return circuit(columns, settings).cost();
  };
  record.circuit_page = [circuit = std::move(circuit), encoding = std::move(encoding)](
                            int columns, int, const Settings& settings) {
    const auto shown = circuit(columns, settings);
    CircuitPage page{draw(shown), to_qasm(shown), {}};
    if (encoding) page.growth.push_back(growth_of(encoding(settings)));
    return page;
  };
  return record;
}

}  // namespace qupel
