#include "qupel/model/molecule/pools.h"
#include "qupel/model/molecule/records.h"
#include "qupel/model/molecule/vqe.h"
#include "qupel/problem/molecule/molecule_problem.h"

namespace qupel {
namespace {

/// Layers of generalised pair excitations and generalised single excitations, the latter with one parameter
/// for both spins.
ExcitationAnsatz kup_ansatz(const ElectronicSystem& system, int layers) {
  ExcitationAnsatz ansatz{system.orbitals(), reference_determinant(system), {}};
  std::size_t parameter = 0;
  for (int layer = 0; layer < layers; ++layer) {
    for (const bool pairs : {true, false}) {
      for (int p = 0; p < system.orbitals(); ++p) {
        for (int q = 0; q < p; ++q, ++parameter) {
          const Occupation from = Occupation{1} << q, to = Occupation{1} << p;
          if (pairs) {
            ansatz.gates.push_back({{{from, from}, {to, to}}, parameter, 1});
          } else {
            ansatz.gates.push_back({{{from, 0}, {to, 0}}, parameter, 1});
            ansatz.gates.push_back({{{0, from}, {0, to}}, parameter, 1});
          }
        }
      }
    }
  }
  return ansatz;
}

std::unique_ptr<Fitted> fit_kup(const Instance& instance, const Settings& settings,
                                const FitContext& context) {
  const auto ansatz = kup_ansatz(electronic_system(instance), count(vqe_kup, settings, "layers"));
  return fit_vqe(ansatz, random_start(ansatz.parameters(), context.seed), instance, mapping_of(settings),
                 context);
}

}  // namespace

const Contender vqe_kup{
    .name = "vqe-k-upccgsd",
    .summary = "variational eigensolver with layers of generalised pair doubles and singles",
    .source = "Lee, Huggins, Head-Gordon and Whaley, J. Chem. Theory Comput. 15, 311, 2019",
    .family = Family::quantum,
    .hyperparameters = {mapping_hyperparameter(),
                        {.name = "layers",
                         .summary = "how often singles and pair doubles are repeated",
                         .values = {2.0},
                         .range = whole(20)}},
    .fit = fit_kup,
    .load = vqe_load,
    .solves = {"molecule"},
    .instance_circuit = circuit_page([](const ElectronicSystem& system) { return kup_ansatz(system, 2); }),
    .refuses = ground_states_within_limit,
};

}  // namespace qupel
