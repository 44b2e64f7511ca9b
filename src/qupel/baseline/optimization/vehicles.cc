#include <algorithm>
#include <cmath>

#include "qupel/base/interrupt.h"
#include "qupel/baseline/optimization/records.h"
#include "qupel/baseline/optimization/route_plan.h"
#include "qupel/baseline/optimization/solver.h"

namespace qupel {
namespace {

const RoutingFile& file_of(const Decision& decision) {
  return dynamic_cast<const VehicleRoutes&>(decision).file();
}

Solved join(const Decision& decision, const Settings&, const FitContext&) {
  const auto& file = file_of(decision);
  RoutePlan plan(file, savings(file));
  plan.straighten();
  Tries tries(decision);
  tries.add(values_of(plan.routes(), file.depot));
  return {std::move(tries).take(), {.reason = "no more savings", .losses = {}, .parameters = 0}};
}

/// Simulated annealing of plans; the temperature falls from six tenths of the mean way between stops to a
/// tenth of that.
Solved rebuild(const Decision& decision, const Settings& settings, const FitContext& context) {
  const auto& file = file_of(decision);
  const auto near = near_customers(file);
  const auto rounds = starts_of(number(ruin_and_recreate, settings, "rounds"), context) * file.names.size();
  QuickRandom random(derive(context.seed, {key_of("ruin and recreate")}));
  RoutePlan now(file, savings(file)), best = now;
  const double hot = 0.6 * now.length() / static_cast<double>(file.names.size()), cold = hot / 10;
  const double step = std::pow(cold / hot, 1 / static_cast<double>(rounds));
  double temperature = hot;
  for (std::size_t r = 0; r < rounds; ++r, temperature *= step) {
    if (r % 64 == 0) check_interrupt();
    auto next = now;
    next.ruin_and_recreate(near, random);
    if (next.length() >= now.length() - temperature * std::log(random.uniform() + 1e-300)) continue;
    now = std::move(next);
    if (now.length() < best.length() - 1e-9) best = now;
  }
  best.straighten();
  Tries tries(decision);
  tries.add(values_of(best.routes(), file.depot));
  return {std::move(tries).take(),
          {.reason = "all rounds done", .steps = rounds, .losses = {}, .parameters = 0}};
}

/// Clusters by direction, from every customer on, each then ordered.
Solved sweep_by_angle(const Decision& decision, const Settings&, const FitContext&) {
  const auto& file = file_of(decision);
  Tries tries(decision);
  for (std::size_t first = 0; first + 1 < file.names.size(); ++first) {
    check_interrupt();
    RoutePlan plan(file, sweep_clusters(file, first));
    plan.straighten();
    tries.add(values_of(plan.routes(), file.depot));
  }
  return {std::move(tries).take(), {.reason = "all directions tried", .losses = {}, .parameters = 0}};
}

}  // namespace

const Contender savings_routes = with_solver(
    {
        .name = "savings",
        .summary =
            "routes of single customers, joined where that saves most, each then improved by 2-opt moves",
        .source = "Clarke and Wright 1964",
        .family = Family::classical,
        .fit = nullptr,
        .solves = {"cvrp"},
    },
    join);

const Contender ruin_and_recreate = with_solver(
    {
        .name = "ruin-and-recreate",
        .summary = "strings of customers taken out of neighbouring routes and put back greedily, annealed",
        .source = "Christiaens and Vanden Berghe 2020",
        .family = Family::classical,
        .hyperparameters = {{"rounds", "removals, by customer", {5000.0, 2000.0, 10000.0}, whole(1e5)}},
        .fit = nullptr,
        .solves = {"cvrp"},
    },
    rebuild);

const Contender sweep_routes = with_solver(
    {
        .name = "sweep",
        .summary = "customers first by their direction divided into routes, then each route ordered",
        .source = "Gillett and Miller 1974",
        .family = Family::classical,
        .fit = nullptr,
        .solves = {"cvrp"},
    },
    sweep_by_angle);

}  // namespace qupel
