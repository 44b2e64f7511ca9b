#include <fmt/format.h>

#include "qupel/baseline/molecule/records.h"
#include "qupel/contend/found_energy.h"
#include "qupel/electrons/selected.h"

namespace qupel {
namespace {

std::unique_ptr<Fitted> select(const Instance& instance, const Settings& settings,
                               const FitContext& context) {
  const StageTimer timer(&context.executor->ledger(), Stage::classical);
  const auto& system = electronic_system(instance);
  const auto start = Sector(system.orbitals(), system.alpha, system.beta).lowest();
  const double threshold = number(selected_ci, settings, "threshold");
  const auto found = select_and_diagonalise(system.integrals, start, {.threshold = threshold});
  return std::make_unique<FoundEnergy>(
      found.energy,
      FitInfo{.converged = found.converged,
              .reason = fmt::format("no determinant couples by more than {:g} hartree", threshold),
              .losses = {},
              .parameters = static_cast<long>(found.determinants.size())});
}

}  // namespace

const Contender selected_ci{
    .name = "selected-ci",
    .summary = "heat-bath selected configuration interaction: exact within the determinants that matter",
    .source = "Holmes, Tubman and Umrigar, J. Chem. Theory Comput. 12, 3674, 2016",
    .family = Family::classical,
    .hyperparameters = {{.name = "threshold",
                         .summary = "a determinant joins if it is coupled by more than this, in hartree",
                         .values = {1e-4},
                         .range = up_to(1)}},
    .fit = select,
    .load = load_energy,
    .solves = {"molecule"},
    .refuses = ground_state_only,
};

}  // namespace qupel
