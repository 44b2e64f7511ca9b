#include "qupel/contenders/contenders.h"

#include "qupel/baseline/molecule/records.h"
#include "qupel/baseline/optimization/records.h"
#include "qupel/baseline/records.h"
#include "qupel/model/molecule/records.h"
#include "qupel/model/qaoa/records.h"
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
                               &vqe_fabric,
                               &vqe_lucj,
                               &vqe_adapt,
                               &vqe_qubit_adapt,
                               &vqe_qse,
                               &vqe_eom,
                               &sqd,
                               &hartree_fock,
                               &mp2,
                               &full_ci,
                               &selected_ci,
                               &ccsd_t,
                               &dmrg,
                               &qaoa_contender,
                               &qaoa_dicke,
                               &qaoa_warm_start,
                               &qaoa_multi_angle,
                               &qaoa_counterdiabatic,
                               &qaoa_grover,
                               &qaoa_recursive,
                               &goemans_williamson,
                               &simulated_annealing,
                               &tabu_search,
                               &parallel_tempering,
                               &quantum_annealing,
                               &cbc,
                               &lot_exchange,
                               &part_search,
                               &exhaustive_search,
                               &held_karp_tour,
                               &lin_kernighan_tour,
                               &two_opt_tour,
                               &ruin_and_recreate,
                               &savings_routes,
                               &sweep_routes,
                               &warm_start_rounding,
                               &random_choice,
                               &greedy_choice})
      catalogue.add(*record);
    return catalogue;
  }();
  return all;
}

}  // namespace qupel
