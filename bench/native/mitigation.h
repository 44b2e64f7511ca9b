#pragma once
#include "work.h"

namespace bench {

/// pec-200: <Z0> with error cancellation from 200 circuits, exact values of each, planning included.
/// @param arguments.more a circuit's file, and the rules of its noise
int cancelled(const Arguments& arguments);

/// readout-1m: <Z0 Z1> from counts of a million shots that are read with errors; drawing them is not timed.
/// @param arguments.more a circuit's file
int read(const Arguments& arguments);

}  // namespace bench
