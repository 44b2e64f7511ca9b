#pragma once
#include "qupel/circuit/circuit.h"

namespace qupel::mitigate {

/// A circuit that does the same with more noise.
struct Folded {
  Circuit circuit;
  double scale = 1;  ///< gates on two or more qubits, as a multiple of those of the original
};

/// Local folding: gates G on two or more qubits become G, G^-1, G, and again, until there are about `scale`
/// times as many; where that is no odd number, some gates, spread evenly, are folded once more than others.
/// Inverses are made of the same operations: with other angles, or between two rz(pi) on their first qubit.
/// What has conditions is left as it is. A circuit without such gates is folded in all of its gates.
Folded folded(const Circuit& circuit, double scale);

}  // namespace qupel::mitigate
