#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "qupel/problem/optimization/decision_problem.h"
#include "qupel/problem/optimization/growth_fit.h"

// Charts of all contenders together.
namespace qupel {

// Of all tries, the share of those with a larger gap, to the power of how many are drawn, is the probability
// that the best of the drawn ones has no smaller gap.
double DecisionProblem::gap_after(const Assignment& answer, std::size_t row, double tries) const {
  std::map<double, double> counts;
  double feasible = 0;
  for (const auto& [objective, count] : answer.tried) {
    counts[gap(row, objective)] += static_cast<double>(count);
    feasible += static_cast<double>(count);
  }
  const double all = std::max(feasible, static_cast<double>(answer.tries));
  if (all == 0) return 1;
  counts[1] += all - feasible;
  double mean = 0, left = 1;  // the probability that no try so far was among those drawn
  double above = all;
  for (const auto& [gap, count] : counts) {
    above -= count;
    const double next = std::pow(std::max(0.0, above / all), tries);
    mean += gap * (left - next);
    left = next;
  }
  return mean;
}

Series DecisionProblem::gap_by_time(const ContenderAnswers& contender) const {
  Series series{.name = contender.name, .points = {}};
  double most = 1;
  for (const auto& [answer, rows] : contender.answers)
    if (const auto* given = std::get_if<Assignment>(answer))
      most = std::max(most, static_cast<double>(given->tries));
  for (double tries = 1; tries <= most; tries *= 2) {
    double gap = 0, seconds = 0;
    for (std::size_t i = 0; i < contender.answers.size(); ++i) {
      const auto* given = std::get_if<Assignment>(contender.answers[i].answer);
      if (given == nullptr) return {};
      const auto& time = contender.times[i];
      gap += gap_after(*given, contender.answers[i].rows.front(), tries);
      seconds +=
          time.before + time.tries * tries / static_cast<double>(std::max<std::int64_t>(1, given->tries));
    }
    const auto count = static_cast<double>(contender.answers.size());
    if (seconds > 0) series.points.emplace_back(seconds / count, gap / count);
  }
  return series;
}

std::vector<Plot> DecisionProblem::by_size(std::span<const ContenderAnswers> contenders) const {
  std::map<std::size_t, int> sizes;
  for (const auto& decision : decisions_) ++sizes[decision->variables()];
  constexpr std::size_t fewest_sizes = 3;  // a line through two says nothing
  if (sizes.size() < fewest_sizes) return {};
  Plot tries{.title = "tries to a solution (99 %) by size, with the fit of growth by a constant factor",
             .x_label = "qubits",
             .y_label = "tries",
             .series = {},
             .logarithmic_y = true};
  auto seconds = tries;
  seconds.title = "time to a solution (99 %) by size, with the fit of growth by a constant factor";
  seconds.y_label = "s";
  for (const auto& contender : contenders) {
    GrowthFit by_tries, by_seconds;
    for (std::size_t i = 0; i < contender.answers.size(); ++i) {
      const auto& answered = contender.answers[i];
      const auto to = time_to_solution(answered, contender.times[i]);
      if (!to) return {};
      const auto size = static_cast<double>(decisions_[answered.rows.front()]->variables());
      const bool met = to->tries < most_tries;
      by_tries.add(size, to->tries, met);
      by_seconds.add(size, to->surely, met);
    }
    by_tries.draw(contender.name, tries.series);
    by_seconds.draw(contender.name, seconds.series);
  }
  return {std::move(tries), std::move(seconds)};
}

std::vector<Plot> DecisionProblem::overview(std::span<const ContenderAnswers> contenders) const {
  Plot gaps{.title = "mean gap of the best answer by then",
            .x_label = "s",
            .y_label = "gap",
            .series = {},
            .logarithmic_x = true};
  for (const auto& contender : contenders) gaps.series.push_back(gap_by_time(contender));
  std::vector<Plot> plots{std::move(gaps)};
  for (auto& plot : by_size(contenders)) plots.push_back(std::move(plot));
  return plots;
}

}  // namespace qupel
