#include "qupel/learn/fitting.h"

#include <algorithm>
#include <cmath>

namespace qupel {
namespace {

std::vector<double> thinned(std::span<const double> losses) {
  constexpr std::size_t limit = 200;
  if (losses.size() <= limit) return {losses.begin(), losses.end()};
  std::vector<double> kept(limit);
  for (std::size_t i = 0; i < limit; ++i) kept[i] = losses[i * (losses.size() - 1) / (limit - 1)];
  return kept;
}

}  // namespace

std::vector<std::size_t> label_counts(std::span<const int> labels, int classes) {
  std::vector<std::size_t> counts(static_cast<std::size_t>(classes));
  for (const int label : labels) ++counts[static_cast<std::size_t>(label)];
  return counts;
}

std::size_t step_limit(std::size_t steps, const FitContext& context) {
  return static_cast<std::size_t>(std::max(1.0, std::round(static_cast<double>(steps) * context.effort)));
}

std::size_t part_rounds(std::size_t values, std::size_t most, const FitContext& context) {
  constexpr std::size_t fewest = 10, few_values = 250, fewest_of_many = 50;
  const auto rounds = step_limit(std::clamp(3 * values, fewest, most), context);
  return values > few_values ? std::max(rounds, fewest_of_many) : rounds;
}

std::size_t rounds_on(const Executor& executor, std::size_t rounds) {
  constexpr std::size_t most_on_device = 4;
  return executor.execution().device != nullptr ? std::min(rounds, most_on_device) : rounds;
}

FitInfo fit_info(const Optimum& optimum) {
  return {.converged = optimum.converged,
          .reason = optimum.reason,
          .steps = optimum.steps,
          .losses = thinned(optimum.losses),
          .parameters = static_cast<long>(optimum.parameters.size())};
}

Archive to_archive(const Optimum& optimum) {
  Archive archive;
  archive.set("parameters", optimum.parameters);
  archive.set("losses", optimum.losses);
  archive.set("steps", optimum.steps);
  archive.set("converged", optimum.converged);
  archive.set("reason", optimum.reason);
  return archive;
}

Optimum optimum_from(const Archive& saved, std::size_t parameters) {
  require_saved(saved.numbers("parameters").size() == parameters, "as many parameters as the model has");
  return {.parameters = saved.numbers("parameters"),
          .losses = saved.numbers("losses"),
          .steps = saved.size("steps"),
          .converged = saved.flag("converged"),
          .reason = saved.text("reason")};
}

}  // namespace qupel
