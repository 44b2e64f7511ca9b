#include "qupel/contenders/contenders.h"

#include "qupel/baseline/records.h"
#include "qupel/model/records.h"

namespace qupel {

const Catalogue& contenders() {
  static const auto all = [] {
    Catalogue catalogue;
    for (const auto* record :
         {&variational, &reuploading, &quantum_kernel, &projected_kernel, &amplitude_kernel,
          &variational_separable, &reuploading_separable, &quantum_kernel_separable,
          &projected_kernel_separable, &fourier_features, &polynomial_kernel, &majority, &logistic, &svm_rbf,
          &gradient_boosting, &random_forest, &mlp})
      catalogue.add(*record);
    return catalogue;
  }();
  return all;
}

}  // namespace qupel
