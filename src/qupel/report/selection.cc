#include "qupel/report/selection.h"

#include <algorithm>
#include <cmath>
#include <limits>

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

/// Classical contenders on the reduced columns stand for their family only if there is no other.
bool precedes(const ContenderResult& a, const ContenderResult& b) {
  const auto rank = [](const ContenderResult& c) {
    return std::pair(c.family == Family::classical && c.inputs == Inputs::reduced ? 0 : 1,
                     sortable(c.validation));
  };
  return rank(a) < rank(b);
}

}  // namespace

const ContenderResult* best_of(const StudyResult& result, Family family) {
  const auto& chosen = family == Family::quantum ? result.best_quantum : result.best_classical;
  const ContenderResult* best = nullptr;
  for (const auto& c : result.contenders) {
    if (c.family != family) continue;
    if (family != Family::quantum_inspired && c.name == chosen) return &c;
    if (!best || precedes(*best, c)) best = &c;
  }
  return best;
}

Interval interval_of(const StudyResult& result, const ContenderResult& contender) {
  const auto found = contender.metrics.find(result.metric);
  return found == contender.metrics.end() ? Interval{nan, nan, nan} : found->second;
}

std::vector<const ContenderResult*> by_score(const StudyResult& result) {
  std::vector<const ContenderResult*> sorted;
  for (const auto& c : result.contenders) sorted.push_back(&c);
  std::stable_sort(sorted.begin(), sorted.end(), [&](auto* a, auto* b) {
    return sortable(interval_of(result, *a).mean) > sortable(interval_of(result, *b).mean);
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

const Comparison* overall(const StudyResult& result) {
  const auto* won = first(result.comparisons,
                          [](const auto& c) { return c.decides && c.verdict == Verdict::quantum_better; });
  return won ? won : first(result.comparisons, [](const auto& c) { return c.decides; });
}

Family family_of(const StudyResult& result, std::string_view name) {
  if (const auto* contender = find_contender(result, name)) return contender->family;
  return name.starts_with(best_classical) ? Family::classical : Family::quantum;
}

const Comparison* twin_comparison(const StudyResult& result, std::string_view quantum) {
  return first(result.comparisons, [&](const auto& c) {
    return c.contender == quantum && family_of(result, c.against) == Family::quantum_inspired;
  });
}

const Gate* refusal(const StudyResult& result) {
  return first(result.gates, [](const auto& gate) { return gate.severity == Gate::Severity::refused; });
}

bool has_circuit(const ContenderResult& contender) { return !contender.circuit_cost.gates.empty(); }

}  // namespace qupel::report
