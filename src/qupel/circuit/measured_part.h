#pragma once
#include "qupel/circuit/circuit.h"

namespace qupel {

/// The operations that the classical bits at the end depend on, without noise: what follows the last
/// measurement of a qubit, and qubits that no measured one ever met, are left out. Counts of bits stay the
/// same; expectation values of qubits do not.
Circuit measured_part(const Circuit& circuit);

}  // namespace qupel
