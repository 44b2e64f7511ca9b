#pragma once
#include "qupel/contend/row_model.h"

// The records of this layer, each defined in the file of its name. A twin shares all code and hyperparameters
// with its quantum contender; only the entanglers are left out.
namespace qupel {

extern const Contender variational, variational_separable;
extern const Contender reuploading, reuploading_separable;
extern const Contender quantum_kernel, quantum_kernel_separable;
extern const Contender projected_kernel, projected_kernel_separable;
// The same kernels for regression.
extern const Contender quantum_kernel_svr, quantum_kernel_svr_separable;
extern const Contender quantum_kernel_ridge, quantum_kernel_ridge_separable;
extern const Contender projected_kernel_svr, projected_kernel_svr_separable;
/// Its twin, polynomial-kernel, has no circuit (baseline/).
extern const Contender amplitude_kernel;

}  // namespace qupel
