#pragma once
#include "qupel/mitigate/mitigation.h"

namespace qupel::mitigate {

/// What noise leaves of the expectation value of a Pauli string, roughly: the product over all channels that
/// can reach what is measured (for several observables, the first one) of how much each keeps of a Pauli
/// string on average. Readout is not counted. Between 1e-6 and 1.
double damping(const Job& job);

}  // namespace qupel::mitigate
