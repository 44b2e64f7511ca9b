#pragma once
#include "work.h"

namespace bench {

/// fci-nitrogen: the exact energy in STO-3G, from the integrals on.
/// @param arguments.more an XYZ file
int full_ci(const Arguments& arguments);

/// uccsd-gradient: all derivatives of the energy of UCCSD in STO-3G, in the sector of the electrons; the
/// answer is the sum of their squares at parameters of 0.
/// @param arguments.more an XYZ file
int uccsd_gradient(const Arguments& arguments);

}  // namespace bench
