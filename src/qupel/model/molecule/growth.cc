#include "qupel/model/molecule/growth.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

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

}  // namespace

std::vector<HyperParameter> growth_hyperparameters(std::string_view grown) {
  return {mapping_hyperparameter(),
          {.name = "slope",
           .summary = fmt::format("it stops when no {}'s energy slope is above this, in hartree", grown),
           .values = {1e-3},
           .range = up_to(1)},
          {.name = "operators", .summary = "at most", .values = {120.0}, .range = whole(1e4)},
          {.name = "at-once",
           .summary = "operators added before parameters are optimised again",
           .values = {1.0},
           .range = whole(100)}};
}

GrowthRule growth_rule(const Contender& spec, const Settings& settings) {
  return {number(spec, settings, "slope"), static_cast<std::size_t>(count(spec, settings, "operators")),
          static_cast<std::size_t>(count(spec, settings, "at-once"))};
}

VqeOptimum grow_ansatz(const GrowthRule& rule,
                       const std::function<std::vector<double>(const std::vector<double>&)>& slopes,
                       const std::function<void(std::size_t k)>& append,
                       const std::function<VqeOptimum(std::vector<double>)>& minimise) {
  VqeOptimum grown;
  grown.info.converged = false;
  grown.info.reason = fmt::format("limit of {} operators", rule.operators);
  while (grown.parameters.size() < rule.operators) {
    const auto values = slopes(grown.parameters);
    const auto chosen = steepest(values, std::min(rule.at_once, rule.operators - grown.parameters.size()));
    if (chosen.empty() || std::abs(values[chosen.front()]) < rule.slope) {
      grown.info.converged = true;
      grown.info.reason = fmt::format("no operator of the pool has a slope above {:g} hartree", rule.slope);
      break;
    }
    for (const auto k : chosen) {
      if (std::abs(values[k]) < rule.slope) break;
      append(k);
      grown.parameters.push_back(0);
    }
    auto found = minimise(std::move(grown.parameters));
    grown.parameters = std::move(found.parameters);
    grown.energy = found.energy;
    grown.info.losses.push_back(found.energy);
    grown.info.steps += found.info.steps;
  }
  grown.info.parameters = static_cast<long>(grown.parameters.size());
  return grown;
}

}  // namespace qupel
