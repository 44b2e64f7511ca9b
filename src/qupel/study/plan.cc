#include "qupel/study/plan.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "qupel/study/contest.h"

namespace qupel {

namespace {

/// Standard error of the mean difference, and its degrees of freedom.
struct ExpectedError {
  double scale, degrees;
};

ExpectedError expected_precision(const StudySpec& spec, const Problem& problem) {
  const auto& metric = problem.metric(spec.metric);
  const double k = spec.outer_folds, r = spec.repeats, rows = problem.counted_rows(metric);
  const double variance = problem.assumed_variance(metric);
  if (problem.dependence() == Dependence::independent) {
    const auto units = static_cast<double>(problem.splits(splitting_of(spec)).size());
    return {std::sqrt(variance * (1 / units + shared_variance(problem.overlap()))), units - 1};
  }
  if (!metric.over_rows) {
    const double fold_variance = variance * k / rows;
    return {std::sqrt(fold_variance * (1 / (k * r) + 1 / (k - 1) + overlap_allowance)), k * r - 1};
  }
  const double f = r > 1 ? 1 - (1 - 1 / r) / k + (k + 1) / (2 * k) : 1 + (k + 1) / (2 * std::sqrt(k));
  return {std::sqrt(variance * f / rows), rows - 1};
}

}  // namespace

PlannedPower planned_power(const StudySpec& spec, const Problem& problem, std::size_t quantum) {
  const auto rows = problem.rows();
  const auto& metric = problem.metric(spec.metric);
  if (problem.dependence() == Dependence::complete)
    return {.smallest_lead = spec.rope * metric.spread,
            .rows = rows,
            .splits = problem.splits(splitting_of(spec)).size()};
  if (problem.dependence() == Dependence::independent && problem.splits(splitting_of(spec)).size() < 2)
    return {.smallest_lead = metric.widest_difference(), .rows = rows, .splits = 1};
  if (spec.protocol == Protocol::fixed)
    return {.smallest_lead = metric.widest_difference(), .rows = rows, .splits = 1};
  const auto levels = levels_of(spec.look);
  const auto [scale, degrees] = expected_precision(spec, problem);
  const boost::math::students_t t(degrees);
  const auto q = static_cast<double>(std::max<std::size_t>(quantum, 1));
  const double lead = std::max(spec.rope * metric.spread + quantile(complement(t, levels.claim / q)) * scale,
                               quantile(complement(t, levels.test / (2 * q))) * scale) +
                      quantile(t, 0.8) * scale;
  return {.smallest_lead = std::min(lead, metric.widest_difference()),
          .rows = rows,
          .splits = problem.splits(splitting_of(spec)).size()};
}

std::size_t quantum_entries(const StudySpec& spec) {
  return static_cast<std::size_t>(std::ranges::count_if(
      spec.entries, [](const Entry& e) { return e.contender().family == Family::quantum; }));
}

}  // namespace qupel
