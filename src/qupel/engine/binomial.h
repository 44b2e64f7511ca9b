#pragma once
#include <cstdint>

#include "qupel/base/random.h"

namespace qupel {

/// How many of `trials` independent events of probability `p` happen (p outside [0, 1] is clamped: rounding
/// may carry a probability a little beyond). Exact: inversion where trials * min(p, 1-p) < 10, else
/// transformed rejection (Hoermann, "The generation of binomial random variates", J. Stat. Comput. Simul. 46,
/// 1993, BTRS).
std::uint64_t binomial(Random& random, std::uint64_t trials, double p);

}  // namespace qupel
