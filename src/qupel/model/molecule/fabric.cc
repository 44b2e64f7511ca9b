#include "qupel/model/molecule/pools.h"
#include "qupel/model/molecule/records.h"
#include "qupel/model/molecule/vqe.h"
#include "qupel/problem/molecule/molecule_problem.h"

namespace qupel {
namespace {

/// Blocks on neighbouring orbitals, first those that begin at an even one, then those at an odd one: an
/// exchange of electron pairs and a rotation of the orbitals (Givens), with one parameter for both spins.
ExcitationAnsatz fabric_ansatz(const ElectronicSystem& system, int layers) {
  ExcitationAnsatz ansatz{system.orbitals(), reference_determinant(system), {}};
  std::size_t parameter = 0;
  for (int layer = 0; layer < layers; ++layer) {
    for (const int first : {0, 1}) {
      for (int p = first; p + 1 < system.orbitals(); p += 2) {
        const Occupation from = Occupation{1} << p, to = from << 1;
        ansatz.gates.push_back({{{from, from}, {to, to}}, parameter++, 1});
        ansatz.gates.push_back({{{from, 0}, {to, 0}}, parameter, 1});
        ansatz.gates.push_back({{{0, from}, {0, to}}, parameter++, 1});
      }
    }
  }
  return ansatz;
}

std::unique_ptr<Fitted> fit_fabric(const Instance& instance, const Settings& settings,
                                   const FitContext& context) {
  const auto ansatz = fabric_ansatz(electronic_system(instance), count(vqe_fabric, settings, "layers"));
  return fit_vqe(ansatz, random_start(ansatz.parameters(), context.seed), instance, mapping_of(settings),
                 context);
}

}  // namespace

const Contender vqe_fabric{
    .name = "vqe-gate-fabric",
    .summary = "variational eigensolver with gates between neighbouring orbitals that keep numbers and spin",
    .source = "Anselmetti, Wierichs, Gogolin and Parrish, New J. Phys. 23, 113010, 2021",
    .family = Family::quantum,
    .hyperparameters = {mapping_hyperparameter(),
                        {.name = "layers",
                         .summary = "how often all neighbours meet",
                         .values = {6.0},
                         .range = whole(100)}},
    .fit = fit_fabric,
    .load = vqe_load,
    .solves = {"molecule"},
    .instance_circuit =
        [](const Instance& instance, const Settings& settings) {
          const int layers = count(vqe_fabric, settings, "layers");
          return circuit_page([layers](const ElectronicSystem& system) {
            return fabric_ansatz(system, layers);
          })(instance, settings);
        },
    .refuses = ground_states_within_limit,
};

}  // namespace qupel
