#pragma once
#include "qupel/mitigate/mitigation.h"

namespace qupel::mitigate {

/// What undoing readout errors does to the variance: the largest factor of any string of the job's
/// observables, the product of 1 / (1 - p0 - p1)^2 over its qubits.
double readout_variance(const Job& job);

}  // namespace qupel::mitigate
