#pragma once
#include "qupel/contend/row_model.h"

// The records of this layer, each defined in the file of its name.
namespace qupel {

extern const Contender majority, logistic, svm_rbf, gradient_boosting, random_forest, mlp, fourier_features,
    polynomial_kernel;

}  // namespace qupel
