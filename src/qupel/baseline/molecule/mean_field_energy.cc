#include "qupel/baseline/molecule/records.h"
#include "qupel/contend/found_energy.h"

namespace qupel {

const Contender hartree_fock{
    .name = "hartree-fock",
    .summary = "the mean field: the single determinant of the lowest energy",
    .source = "",
    .family = Family::classical,
    .hyperparameters = {},
    .fit = [](const Instance& instance, const Settings&, const FitContext&) -> std::unique_ptr<Fitted> {
      const auto& system = electronic_system(instance);
      return std::make_unique<FoundEnergy>(system.reference_energy,
                                           FitInfo{.reason = "self-consistent", .losses = {}});
    },
    .load = load_energy,
    .solves = {"molecule"},
    .floor = true,
};

}  // namespace qupel
