#pragma once
#include "work.h"

namespace bench {

/// "guadalupe-spsa", "guadalupe-gradient" and "guadalupe-kernel" (bench/guadalupe.py). Besides the usual
/// arguments: the circuit's file, and the device's configuration and properties.
int guadalupe(const Arguments& arguments);

}  // namespace bench
