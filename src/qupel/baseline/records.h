#pragma once
#include "qupel/contend/row_model.h"

// The records of this layer, each defined in the file of its name.
namespace qupel {

extern const Contender majority, logistic, svm_rbf, polynomial_kernel, fourier_features;  // classification
extern const Contender mean_target, ridge, nearest_neighbours, svr_rbf, fourier_features_ridge;  // regression
extern const Contender gradient_boosting, random_forest, mlp;                                    // both

}  // namespace qupel
