#include "qupel/problem/tabular/number_checks.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "qupel/problem/wording.h"

namespace qupel {
namespace {

using Severity = Check::Severity;

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Pearson's correlation; 0 where one side does not vary.
double correlation(const std::vector<double>& x, const std::vector<double>& y) {
  const double mean_x = mean_of(x), mean_y = mean_of(y);
  double xy = 0, xx = 0, yy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - mean_x) * (y[i] - mean_y);
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    yy += (y[i] - mean_y) * (y[i] - mean_y);
  }
  return xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) : 0;
}

/// Ranks from 0; equal values share their mean rank.
std::vector<double> ranks_of(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return values[i]; });
  std::vector<double> ranks(values.size());
  for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    for (auto i = begin; i < end; ++i) ranks[order[i]] = static_cast<double>(begin + end - 1) / 2;
  }
  return ranks;
}

/// The share of the target's variance that the means of a column's categories explain.
double explained_by_categories(const std::vector<int>& codes, const std::vector<double>& targets) {
  std::map<int, std::pair<double, double>> groups;  // sum and number
  for (std::size_t i = 0; i < codes.size(); ++i)
    groups[codes[i]].first += targets[i], groups[codes[i]].second += 1;
  if (2 * groups.size() > codes.size()) return 0;  // a category of its own for many rows tells nothing
  const double mean = mean_of(targets);
  double between = 0, total = 0;
  for (const auto& [code, group] : groups)
    between += group.second * std::pow(group.first / group.second - mean, 2);
  for (const double t : targets) total += (t - mean) * (t - mean);
  return total > 0 ? between / total : 0;
}

/// How much of the target a column tells alone: 1 is a copy.
double skill_of(const Column& column, const std::vector<double>& targets) {
  if (!column.codes.empty()) return explained_by_categories(column.codes, targets);
  std::vector<double> x, y;
  for (std::size_t i = 0; i < targets.size(); ++i)
    if (!std::isnan(column.numbers[i])) x.push_back(column.numbers[i]), y.push_back(targets[i]);
  if (x.size() < 3 || 2 * x.size() < targets.size()) return 0;
  const double straight = correlation(x, y), ordered = correlation(ranks_of(x), ranks_of(y));
  return std::max(straight * straight, ordered * ordered);
}

}  // namespace

Check number_leak_check(const DataSet& data) {
  constexpr double copy = 0.9995, nearly = 0.98;
  std::vector<std::string> copies, telling;
  double best = 0;
  std::string name;
  for (const auto& column : data.table.columns) {
    if (!column.used) continue;
    const double skill = skill_of(column, data.targets);
    const auto told = fmt::format("\"{}\" ({:.2f} %)", column.name, 100 * skill);
    if (skill >= copy)
      copies.push_back(told);
    else if (skill >= nearly)
      telling.push_back(told);
    if (skill > best) best = skill, name = told;
  }
  if (!copies.empty())
    return {
        "leak", Severity::refused,
        fmt::format("{} {} the target on another scale (share of its variance that follows); drop what is "
                    "not known when the prediction is made",
                    fmt::join(copies, ", "), copies.size() == 1 ? "is" : "are")};
  if (!telling.empty())
    return {"leak", Severity::warning,
            fmt::format("{} alone {} the target almost exactly: is it known when the prediction is made?",
                        fmt::join(telling, ", "), telling.size() == 1 ? "tells" : "tell")};
  return {"leak", Severity::passed,
          name.empty() ? "no column tells the target alone"
                       : fmt::format("no column is a copy of the target; the best one alone is {}", name)};
}

Check outlier_check(const DataSet& data) {
  std::vector<double> squares;
  const double mean = mean_of(data.targets);
  for (const double t : data.targets) squares.push_back((t - mean) * (t - mean));
  std::ranges::sort(squares, std::greater{});
  const double total = std::accumulate(squares.begin(), squares.end(), 0.0);
  const auto few = std::max<std::size_t>(1, squares.size() / 50);
  const double held =
      std::accumulate(squares.begin(), squares.begin() + static_cast<std::ptrdiff_t>(few), 0.0);
  const double share = total > 0 ? held / total : 0;
  const auto message = fmt::format("the {} furthest from the mean {} {:.0f} % of the target's variance",
                                   counted(few, "row"), few == 1 ? "holds" : "hold", 100 * share);
  if (share < 0.5) return {"outliers", Severity::passed, message};
  return {"outliers", Severity::warning,
          message +
              "; the root mean square error is about them: look at mae, or set metric = \"mae\" under "
              "[protocol]"};
}

}  // namespace qupel
