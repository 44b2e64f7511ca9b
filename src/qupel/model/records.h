#pragma once
#include "qupel/model/contender.h"

// The records of this layer, each defined in the file of its name. A twin shares all code and hyperparameters
// with its quantum contender; only the entanglers are left out.
namespace qupel {

extern const ContenderSpec variational, variational_separable;
extern const ContenderSpec reuploading, reuploading_separable;
extern const ContenderSpec quantum_kernel, quantum_kernel_separable;
extern const ContenderSpec projected_kernel, projected_kernel_separable;
/// Its twin, polynomial-kernel, has no circuit (baseline/).
extern const ContenderSpec amplitude_kernel;

}  // namespace qupel
