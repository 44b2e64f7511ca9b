#include "qupel/baseline/molecule/records.h"
#include "qupel/contend/found_energy.h"
#include "qupel/problem/molecule/perturbation.h"

namespace qupel {

const Contender mp2{
    .name = "mp2",
    .summary = "second-order perturbation theory on the mean field, in semicanonical orbitals",
    .source = "Moller and Plesset, Phys. Rev. 46, 618, 1934",
    .family = Family::classical,
    .hyperparameters = {},
    .fit = [](const Instance& instance, const Settings&,
              const FitContext& context) -> std::unique_ptr<Fitted> {
      const StageTimer timer(&context.executor->ledger(), Stage::classical);
      const auto& system = electronic_system(instance);
      return std::make_unique<FoundEnergy>(second_order(system.integrals, system.alpha, system.beta).energy,
                                           FitInfo{.reason = "summed", .losses = {}});
    },
    .load = load_energy,
    .solves = {"molecule"},
    .refuses = ground_state_only,
};

}  // namespace qupel
