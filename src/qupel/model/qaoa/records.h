#pragma once
#include "qupel/contend/contender.h"

// The records of this folder, each defined in the file of its name.
namespace qupel {

extern const Contender qaoa_contender, qaoa_dicke;
extern const Contender qaoa_multi_angle, qaoa_warm_start, qaoa_counterdiabatic, qaoa_grover;  // variants.cc
extern const Contender qaoa_recursive;                                                        // recursive.cc

}  // namespace qupel
