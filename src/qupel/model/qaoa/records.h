#pragma once
#include "qupel/contend/contender.h"

// The records of this folder, each defined in the file of its name.
namespace qupel {

extern const Contender qaoa, qaoa_dicke;

}  // namespace qupel
