#include "qupel/report/selection.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "qupel/report/format.h"
#include "qupel/study/verdict.h"

namespace qupel::report {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// NaN sorts last.
double sortable(double value) { return std::isnan(value) ? -std::numeric_limits<double>::infinity() : value; }

template <typename Range, typename Predicate>
auto* first(Range& range, Predicate predicate) {
  const auto found = std::find_if(range.begin(), range.end(), predicate);
  return found == range.end() ? nullptr : &*found;
}

/// By validation score; what looks at no feature comes last.
bool precedes(const Metric& metric, const ContenderResult& a, const ContenderResult& b) {
  const auto rank = [&](const ContenderResult& c) {
    return std::pair(c.floor ? 0 : 1, sortable(metric.oriented(c.validation)));
  };
  return rank(a) < rank(b);
}

}  // namespace

const ContenderResult* best_of(const StudyResult& result, Family family) {
  const auto& chosen = family == Family::quantum ? result.best_quantum : result.best_classical;
  const auto metric = metric_of(result);
  const ContenderResult* best = nullptr;
  for (const auto& c : result.contenders) {
    if (c.family != family) continue;
    if (c.name == chosen) return &c;
    if (!best || precedes(metric, *best, c)) best = &c;
  }
  return best;
}

const ContenderResult* best_classical_on(const StudyResult& result, Inputs inputs) {
  const auto metric = metric_of(result);
  const ContenderResult* best = nullptr;
  for (const auto& c : result.contenders)
    if (c.family == Family::classical && c.inputs == inputs && (!best || precedes(metric, *best, c)))
      best = &c;
  return best;
}

const Side* side_of(const StudyResult& result, std::string_view name) {
  return first(result.sides, [&](const auto& side) { return side.name == name; });
}

std::string made_of(const Side& side) {
  std::vector<std::pair<std::string, int>> sorted(side.chosen.begin(), side.chosen.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string text;
  for (const auto& [name, splits] : sorted)
    text += text.empty() ? fmt::format("{} in {}", name, plural(splits, "split"))
                         : fmt::format(", {} in {}", name, splits);
  return text;
}

Interval interval_of(const StudyResult& result, const ContenderResult& contender) {
  const auto found = contender.metrics.find(result.metric);
  return found == contender.metrics.end() ? Interval{nan, nan, nan} : found->second;
}

std::vector<const ContenderResult*> by_score(const StudyResult& result) {
  std::vector<const ContenderResult*> sorted;
  const auto metric = metric_of(result);
  for (const auto& c : result.contenders) sorted.push_back(&c);
  std::stable_sort(sorted.begin(), sorted.end(), [&](auto* a, auto* b) {
    return sortable(metric.oriented(interval_of(result, *a).mean)) >
           sortable(metric.oriented(interval_of(result, *b).mean));
  });
  return sorted;
}

const ContenderResult* find_contender(const StudyResult& result, std::string_view name) {
  return first(result.contenders, [&](const auto& c) { return c.name == name; });
}

const Comparison* find_comparison(const StudyResult& result, std::string_view contender,
                                  std::string_view against) {
  return first(result.comparisons,
               [&](const auto& c) { return c.contender == contender && c.against == against; });
}

const Comparison* overall(const StudyResult& result) { return decisive(result.comparisons); }

Family family_of(const StudyResult& result, std::string_view name) {
  if (const auto* contender = find_contender(result, name)) return contender->family;
  return name.starts_with(best_classical) ? Family::classical : Family::quantum;
}

const Comparison* twin_comparison(const StudyResult& result, std::string_view quantum) {
  return first(result.comparisons, [&](const auto& c) {
    return c.contender == quantum && family_of(result, c.against) == Family::quantum_inspired;
  });
}

const Check* refusal(const StudyResult& result) {
  return first(result.checks, [](const auto& check) { return check.severity == Check::Severity::refused; });
}

std::vector<const Check*> open_checks(const StudyResult& result) {
  std::vector<const Check*> open;
  for (const auto severity : {Check::Severity::refused, Check::Severity::warning})
    for (const auto& check : result.checks)
      if (check.severity == severity) open.push_back(&check);
  return open;
}

std::vector<const Finding*> target_warnings(const StudyResult& result) {
  std::vector<const Finding*> found;
  for (const auto& finding : result.findings)
    if (finding.level == Finding::Level::warning && !result.target.empty() && finding.column == result.target)
      found.push_back(&finding);
  return found;
}

std::optional<TargetRange> range_of_target(const StudyResult& result) {
  const auto& range = result.target_range;
  if (range.size() < 4) return std::nullopt;
  return TargetRange{range[0], range[1], range[2], range[3]};
}

std::optional<long long> hardware_circuits(const ContenderResult& c) {
  if (c.ledger.hardware_circuits == 0) return std::nullopt;
  return c.ledger.hardware_circuits;
}

bool is_table(const StudyResult& result) { return result.columns > 0 && result.problem_summary.empty(); }

bool has_circuit(const ContenderResult& contender) { return !contender.circuit_cost.gates.empty(); }

}  // namespace qupel::report
