#include <algorithm>

#include "qupel/baseline/molecule/records.h"
#include "qupel/contend/found_energy.h"
#include "qupel/electrons/hamiltonian.h"
#include "qupel/problem/molecule/molecule_problem.h"

namespace qupel {
namespace {

/// The energy of the determinant that has so many lower ones, with as many electrons of either spin.
double determinant_above(const ElectronicSystem& system, int lower) {
  const Sector sector(system.orbitals(), system.alpha, system.beta);
  auto energies = SectorHamiltonian<double>(system.integrals, sector).diagonal();
  const auto place = std::min(static_cast<std::size_t>(lower), energies.size() - 1);
  std::ranges::nth_element(energies, energies.begin() + static_cast<std::ptrdiff_t>(place));
  return energies[place] + system.integrals.core;
}

}  // namespace

const Contender hartree_fock{
    .name = "hartree-fock",
    .summary = "the mean field: the single determinant of the lowest energy",
    .source = "",
    .family = Family::classical,
    .hyperparameters = {},
    .fit = [](const Instance& instance, const Settings&, const FitContext&) -> std::unique_ptr<Fitted> {
      const auto& system = electronic_system(instance);
      const int state = state_of(instance);
      return std::make_unique<FoundEnergy>(
          state == 0 ? system.reference_energy : determinant_above(system, state),
          FitInfo{.reason = "self-consistent", .losses = {}});
    },
    .load = load_energy,
    .solves = {"molecule"},
    .floor = true,
};

}  // namespace qupel
