#include <fmt/format.h>

#include "qupel/base/error.h"
#include "qupel/baseline/molecule/records.h"
#include "qupel/contend/found_energy.h"
#include "qupel/electrons/davidson.h"

namespace qupel {
namespace {

std::unique_ptr<Fitted> diagonalise(const Instance& instance, const Settings&, const FitContext& context) {
  const StageTimer timer(&context.executor->ledger(), Stage::classical);
  const auto& system = electronic_system(instance);
  const Sector sector(system.orbitals(), system.alpha, system.beta);
  const auto found =
      lowest_states(system.integrals, sector, {.states = static_cast<std::size_t>(state_of(instance)) + 1});
  return std::make_unique<FoundEnergy>(
      found.energies.back(),
      FitInfo{.converged = found.converged,
              .reason = found.converged ? "the residual fell below 1e-06" : "limit of 200 iterations",
              .steps = static_cast<std::size_t>(found.iterations),
              .losses = {},
              .parameters = static_cast<long>(sector.size())});
}

}  // namespace

const Contender full_ci{
    .name = "fci",
    .summary =
        "full configuration interaction: the exact energy within the orbitals, by Davidson's method on all determinants",
    .source = "Knowles and Handy, Chem. Phys. Lett. 111, 315, 1984",
    .family = Family::classical,
    .hyperparameters = {},
    .fit = diagonalise,
    .load = load_energy,
    .solves = {"molecule"},
    .refuses =
        [](const Instance& instance) {
          constexpr double most = 1e7;
          const double size = electronic_system(instance).determinants();
          return size <= most ? std::string()
                              : fmt::format("{:g} determinants; it diagonalises at most {:g}", size, most);
        },
};

}  // namespace qupel
