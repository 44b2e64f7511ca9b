#pragma once
#include "qupel/mitigate/mitigation.h"

// The records that registry.cc lists, each defined in a file of its own.
namespace qupel::mitigate {

extern const MitigationSpec zero_noise_extrapolation, twirling, probabilistic_error_cancellation, readout;

}  // namespace qupel::mitigate
