#pragma once
#include <span>
#include <vector>

#include "qupel/circuit/circuit.h"
#include "qupel/noise/noise_model.h"

// A circuit gate by gate, for techniques that repeat gates or move them.
namespace qupel::mitigate {

/// The operations that carry out one gate (several only if it is composite), or one other operation.
struct GateUnit {
  std::span<const Operation> operations;
  GateEvent event;  ///< refers to the operations
  bool gate() const { return event.gate() && operations.front().conditions.empty(); }
};

/// All of a circuit, in order; they refer to it.
std::vector<GateUnit> units_of(const Circuit& circuit);

void add(const GateUnit& unit, Circuit& circuit);
/// Appends what undoes the gate, in the same operations: with other angles, or between two rz(pi) on its
/// first qubit (sx, iswap and their kin are exp(i a X) or exp(i a (XX + YY)), whose sign Z on one qubit
/// turns).
void add_inverse(const GateUnit& unit, Circuit& circuit);

/// Units in layers: each as early as the units before it on its qubits and bits allow.
std::vector<std::vector<GateUnit>> layers_of(const Circuit& circuit);

}  // namespace qupel::mitigate
