#pragma once
#include "qupel/model/contender.h"

// The records of this layer, each defined in the file of its name.
namespace qupel {

extern const ContenderSpec majority, logistic, svm_rbf, gradient_boosting, random_forest, mlp,
    fourier_features, polynomial_kernel;

}  // namespace qupel
