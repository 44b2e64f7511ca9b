#pragma once
#include "work.h"

namespace bench {

/// uccsd-gradient: all derivatives of the energy of UCCSD in STO-3G, in the sector of the electrons; the
/// answer is the sum of their squares at parameters of 0.
/// @param arguments.more an XYZ file
int uccsd_gradient(const Arguments& arguments);

}  // namespace bench
