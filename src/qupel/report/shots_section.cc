#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "qupel/report/forest.h"
#include "qupel/report/format.h"
#include "qupel/report/html.h"
#include "qupel/report/row_chart.h"
#include "qupel/report/sections.h"
#include "qupel/report/selection.h"

namespace qupel::report {
namespace {

struct Pair {
  const ContenderResult* contender;
  Interval exact, shots;
};

std::vector<Pair> pairs_of(const StudyResult& result) {
  std::vector<Pair> found;
  for (const auto* c : by_score(result)) {
    const auto shots = c->shot_metrics.find(result.metric);
    const auto exact = interval_of(result, *c);
    if (shots != c->shot_metrics.end() && std::isfinite(exact.mean) && std::isfinite(shots->second.mean))
      found.push_back({c, exact, shots->second});
  }
  return found;
}

/// Better scores lie on the right.
Scale scale_of(const Metric& metric, const std::vector<Pair>& pairs) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const auto& [c, exact, shots] : pairs)
    for (const double value : {exact.low, shots.low, exact.high, shots.high})
      if (std::isfinite(value)) low = std::min(low, value), high = std::max(high, value);
  const double left = metric.higher_is_better ? 1 : 99;
  return {low, high, left, 100 - left};
}

std::string strip(const StudyResult& result, const Scale& x, const Pair& pair) {
  constexpr double upper = row_height / 2.0 - 5, lower = row_height / 2.0 + 5;
  const ContenderResult* const c = pair.contender;
  const Interval &exact = pair.exact, &shots = pair.shots;
  const auto told = [&](std::string_view how, const Interval& interval) {
    return fmt::format("{}, {}: {} {}", c->name, how, score(metric_of(result), interval.mean),
                       score_range(metric_of(result), interval));
  };
  const auto css = std::string(colour_class(c->family));
  auto canvas = Canvas::fluid(row_height, told("exact", exact) + "; " + told("with shots", shots));
  row_grid(canvas, x, row_height);
  canvas.line(x(exact.low), upper, x(exact.high), upper, "interval thin " + css, told("exact", exact));
  canvas.line(x(shots.low), lower, x(shots.high), lower, "interval thin " + css, told("with shots", shots));
  canvas.mark(x(exact.mean), upper, c->family, "hollow", told("exact", exact));
  canvas.mark(x(shots.mean), lower, c->family, "", told("with shots", shots));
  return canvas.svg();
}

std::string scores_chart(const StudyResult& result, const std::vector<Pair>& pairs) {
  const auto metric = metric_of(result);
  const auto x = scale_of(metric, pairs);
  std::vector<ChartRow> rows;
  for (const auto& pair : pairs)
    rows.push_back(
        {family_label(pair.contender->name, pair.contender->family), strip(result, x, pair),
         fmt::format("<b>{}</b> {}", lead(metric, metric.oriented(pair.shots.mean - pair.exact.mean)),
                     muted(fmt::format("{} → {}", score(metric_of(result), pair.exact.mean),
                                       score(metric_of(result), pair.shots.mean))))});
  const auto axis = row_axis(
      x, [&](double value) { return score(metric_of(result), value); }, result.metric);
  return row_chart("exact and finite-shots scores", rows, axis);
}

std::string lead_with_shots(const StudyResult& result) {
  std::vector<const Comparison*> comparisons;
  for (const auto& c : result.with_shots) comparisons.push_back(&c);
  if (comparisons.empty()) return "";
  return element("h3", "", "What shots leave of the difference") +
         paragraph("lead",
                   fmt::format("The comparisons that decide, with the quantum side read with {} a circuit.",
                               plural(static_cast<double>(result.shots), "shot"))) +
         forest(result, comparisons, true);
}

}  // namespace

std::string shots_section(const StudyResult& result) {
  const auto pairs = pairs_of(result);
  const auto lead = fmt::format(
      "A simulator knows expectation values exactly, a device counts. The same fitted models, evaluated with "
      "{} a circuit: hollow marks are exact, filled ones use shots. Noise is not in here.",
      plural(static_cast<double>(result.shots), "shot"));
  return (pairs.empty() ? "" : paragraph("lead", lead) + scores_chart(result, pairs)) +
         lead_with_shots(result);
}

}  // namespace qupel::report
