#include "qupel/contenders/contenders.h"

#include "qupel/baseline/molecule/records.h"
#include "qupel/baseline/records.h"
#include "qupel/model/molecule/records.h"
#include "qupel/model/records.h"

namespace qupel {

const Catalogue& contenders() {
  static const auto all = [] {
    Catalogue catalogue;
    for (const auto* record : {&variational,
                               &reuploading,
                               &quantum_kernel,
                               &quantum_kernel_ridge,
                               &quantum_kernel_svr,
                               &projected_kernel,
                               &projected_kernel_svr,
                               &amplitude_kernel,
                               &variational_separable,
                               &reuploading_separable,
                               &quantum_kernel_separable,
                               &quantum_kernel_ridge_separable,
                               &quantum_kernel_svr_separable,
                               &projected_kernel_separable,
                               &projected_kernel_svr_separable,
                               &fourier_features,
                               &fourier_features_ridge,
                               &polynomial_kernel,
                               &majority,
                               &mean_target,
                               &logistic,
                               &ridge,
                               &nearest_neighbours,
                               &svm_rbf,
                               &svr_rbf,
                               &gradient_boosting,
                               &random_forest,
                               &mlp,
                               &vqe_uccsd,
                               &vqe_kup,
                               &vqe_adapt,
                               &sqd,
                               &hartree_fock,
                               &mp2,
                               &full_ci,
                               &selected_ci})
      catalogue.add(*record);
    return catalogue;
  }();
  return all;
}

}  // namespace qupel
