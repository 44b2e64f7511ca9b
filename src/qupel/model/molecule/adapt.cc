#include "qupel/model/molecule/growth.h"
#include "qupel/model/molecule/noisy_training.h"
#include "qupel/model/molecule/pools.h"
#include "qupel/model/molecule/records.h"
#include "qupel/model/molecule/vqe.h"
#include "qupel/problem/molecule/molecule_problem.h"
#include "qupel/problem/molecule/qubit_mapping.h"

namespace qupel {
namespace {

/// Grows an ansatz by the operators along which the energy falls most.
std::unique_ptr<Fitted> grow(const Instance& instance, const Settings& settings, const FitContext& context) {
  const auto& system = electronic_system(instance);
  const auto mapping = mapping_of(settings);
  auto pool = generalised_pool(system);
  std::erase_if(pool, [&, encoding = qubit_mapping(mapping, system)](const Excitation& excitation) {
    return !encoding.keeps(ladder_product(excitation, system.orbitals()));
  });
  ExcitationAnsatz ansatz{system.orbitals(), reference_determinant(system), {}};
  TrainingEnergy energy(ansatz, system, mapping, context);
  const StageTimer timer(&context.executor->ledger(), Stage::optimise);
  auto grown = grow_ansatz(
      growth_rule(vqe_adapt, settings),
      [&](const std::vector<double>& parameters) { return energy->slopes(parameters, pool); },
      [&](std::size_t k) {
        ansatz.gates.push_back({pool[k], ansatz.gates.size(), 1});
        energy->append(ansatz.gates.back());
      },
      [&](std::vector<double> start) { return minimise_energy(*energy, std::move(start), context.effort); });
  train_under_noise([&] { return electronic_circuit(ansatz, system, mapping); }, grown, context);
  return std::make_unique<FittedAnsatz>(std::move(ansatz), mapping, std::move(grown.parameters),
                                        std::move(grown.info));
}

}  // namespace

const Contender vqe_adapt{
    .name = "vqe-adapt",
    .summary =
        "variational eigensolver whose ansatz grows by the generalised excitation along which the energy falls most",
    .source = "Grimsley, Economou, Barnes and Mayhall, Nat. Commun. 10, 3007, 2019",
    .family = Family::quantum,
    .hyperparameters = growth_hyperparameters("operator"),
    .fit = grow,
    .load = vqe_load,
    .solves = {"molecule"},
    .instance_circuit = fitted_circuit_page(grow),
    .refuses = ground_states_within_limit,
};

}  // namespace qupel
