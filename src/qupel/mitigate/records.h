#pragma once
#include "qupel/mitigate/mitigation.h"

// The records that registry.cc lists, each defined in a file of its own.
namespace qupel::mitigate {

extern const MitigationSpec zero_noise_extrapolation, twirling, probabilistic_error_cancellation,
    probabilistic_error_amplification, readout;

}  // namespace qupel::mitigate
