#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "qupel/model/molecule/pools.h"
#include "qupel/model/molecule/records.h"
#include "qupel/model/molecule/vqe.h"
#include "qupel/problem/molecule/molecule_problem.h"
#include "qupel/problem/molecule/qubit_mapping.h"

namespace qupel {
namespace {

/// The places of the steepest operators, steepest first; of equal slopes the first.
std::vector<std::size_t> steepest(std::span<const double> slopes, std::size_t count) {
  std::vector<std::size_t> order(slopes.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::stable_sort(
      order, [&](std::size_t a, std::size_t b) { return std::abs(slopes[a]) > std::abs(slopes[b]) + 1e-10; });
  order.resize(std::min(count, order.size()));
  return order;
}

/// Grows an ansatz by the operators along which the energy falls most.
std::unique_ptr<Fitted> grow(const Instance& instance, const Settings& settings, const FitContext& context) {
  const auto& system = electronic_system(instance);
  const auto mapping = mapping_of(settings);
  auto pool = generalised_pool(system);
  std::erase_if(pool, [&, encoding = qubit_mapping(mapping, system)](const Excitation& excitation) {
    return !encoding.keeps(ladder_product(excitation, system.orbitals()));
  });
  const double tolerance = number(vqe_adapt, settings, "slope");
  const auto most = static_cast<std::size_t>(count(vqe_adapt, settings, "operators"));
  const auto at_once = static_cast<std::size_t>(count(vqe_adapt, settings, "at-once"));
  ExcitationAnsatz ansatz{system.orbitals(), reference_determinant(system), {}};
  TrainingEnergy energy(ansatz, system, mapping, context);
  const StageTimer timer(&context.executor->ledger(), Stage::optimise);
  FitInfo info;
  info.converged = false;
  info.reason = fmt::format("limit of {} operators", most);
  std::vector<double> parameters;
  while (ansatz.gates.size() < most) {
    const auto slopes = energy->slopes(parameters, pool);
    const auto chosen = steepest(slopes, std::min(at_once, most - ansatz.gates.size()));
    if (chosen.empty() || std::abs(slopes[chosen.front()]) < tolerance) {
      info.converged = true;
      info.reason = fmt::format("no operator of the pool has a slope above {:g} hartree", tolerance);
      break;
    }
    for (const auto k : chosen) {
      if (std::abs(slopes[k]) < tolerance) break;
      ansatz.gates.push_back({pool[k], ansatz.gates.size(), 1});
      energy->append(ansatz.gates.back());
      parameters.push_back(0);
    }
    auto found = minimise_energy(*energy, std::move(parameters), context.effort);
    parameters = std::move(found.parameters);
    info.losses.push_back(found.energy);
    info.steps += found.info.steps;
  }
  info.parameters = static_cast<long>(parameters.size());
  return std::make_unique<FittedAnsatz>(std::move(ansatz), mapping, std::move(parameters), std::move(info));
}

}  // namespace

const Contender vqe_adapt{
    .name = "vqe-adapt",
    .summary =
        "variational eigensolver whose ansatz grows by the generalised excitation along which the energy falls most",
    .source = "Grimsley, Economou, Barnes and Mayhall, Nat. Commun. 10, 3007, 2019",
    .family = Family::quantum,
    .hyperparameters = {mapping_hyperparameter(),
                        {.name = "slope",
                         .summary = "it stops when no operator's energy slope is above this, in hartree",
                         .values = {1e-3},
                         .range = up_to(1)},
                        {.name = "operators", .summary = "at most", .values = {120.0}, .range = whole(1e4)},
                        {.name = "at-once",
                         .summary = "operators added before parameters are optimised again",
                         .values = {1.0},
                         .range = whole(100)}},
    .fit = grow,
    .load = vqe_load,
    .solves = {"molecule"},
    .refuses = [](const Instance& instance) { return too_many_determinants(instance); },
};

}  // namespace qupel
