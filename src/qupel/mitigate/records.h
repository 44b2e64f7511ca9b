#pragma once
#include "qupel/mitigate/mitigation.h"

// The records that registry.cc lists, each defined in a file of its own.
namespace qupel::mitigate {

extern const MitigationSpec virtual_distillation, symmetry_verification, clifford_data_regression,
    layerwise_richardson, zero_noise_extrapolation, dynamical_decoupling, probabilistic_error_amplification,
    twirling, probabilistic_error_cancellation, readout, correlated_readout, twirled_readout;

}  // namespace qupel::mitigate
