#include "qupel/report/score_chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "qupel/report/format.h"
#include "qupel/report/html.h"
#include "qupel/report/row_chart.h"
#include "qupel/report/selection.h"

namespace qupel::report {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double score_middle = row_height / 2.0;

/// Better scores lie on the right.
Scale scale_of(const Metric& metric, const std::vector<Scored>& rows) {
  double low = infinity, high = -infinity;
  const auto include = [&](double value) {
    if (!std::isfinite(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  };
  for (const auto& row : rows) {
    if (!row.sets_scale && rows.size() > 1) continue;
    for (const double value : {row.interval.low, row.interval.mean, row.interval.high}) include(value);
    for (const double value : row.scores) include(value);
  }
  if (low > high) return {0, 1, 0, 100};
  const double margin = std::max(0.04 * (high - low), 0.002 * metric.spread);
  const double left = metric.higher_is_better ? 0 : 100;
  return {std::max(metric.low, low - margin), std::min(metric.high, high + margin), left, 100 - left};
}

std::string axis_title(const Metric& metric) {
  return metric.higher_is_better ? metric.name : metric.name + " · less is better →";
}

std::string fold_name(const StudyResult& result, std::size_t index) {
  const auto folds = static_cast<std::size_t>(std::max(1, result.outer_folds));
  return result.repeats > 1 ? fmt::format("repeat {}, fold {}", index / folds + 1, index % folds + 1)
                            : fmt::format("fold {}", index + 1);
}

void draw_folds(Canvas& canvas, const Scale& x, const StudyResult& result, const Scored& c) {
  // Fixed offsets keep dots of equal scores apart.
  constexpr std::array offsets{-6.0, 3.5, -2.5, 7.0, 0.5, -8.0, 5.0, -4.5, 1.5, 8.5};
  for (std::size_t i = 0; i < c.scores.size(); ++i)
    if (std::isfinite(c.scores[i]) && x.contains(c.scores[i]))
      canvas.dot(
          x(c.scores[i]), score_middle + offsets[i % offsets.size()], 2.6,
          fmt::format("fold {}", colour_class(c.family)),
          fmt::format("{}, {}: {}", c.name, fold_name(result, i), score(metric_of(result), c.scores[i])));
}

std::string strip(const StudyResult& result, const Scale& x, const Scored& c, double reference) {
  const auto& interval = c.interval;
  const auto tip =
      fmt::format("{} ({}): {} {}{}{}", c.name, to_string(c.family), score(metric_of(result), interval.mean),
                  score_range(metric_of(result), interval), c.remark.empty() ? "" : ", ", c.remark);
  auto canvas = Canvas::fluid(row_height, tip);
  row_grid(canvas, x, row_height);
  if (std::isfinite(reference) && x.contains(reference))
    row_line(canvas, x(reference), row_height, "reference");
  draw_folds(canvas, x, result, c);
  if (std::isfinite(interval.mean) && !x.contains(interval.mean)) {
    canvas.text(0, score_middle + 4, "◂ " + score(metric_of(result), interval.mean) + ", off the scale",
                "tick");
  } else if (std::isfinite(interval.mean)) {
    if (std::isfinite(interval.low) && std::isfinite(interval.high))
      canvas.line(x(interval.low), score_middle, x(interval.high), score_middle,
                  fmt::format("interval {}", colour_class(c.family)), tip);
    canvas.mark(x(interval.mean), score_middle, c.family, "", tip);
  }
  return canvas.svg();
}

std::string value_text(const StudyResult& result, const Scored& c) {
  return fmt::format("<b>{}</b> {}", score(metric_of(result), c.interval.mean),
                     muted(score_range(metric_of(result), c.interval)));
}

}  // namespace

Scored scored(const StudyResult& result, const ContenderResult& c, std::string_view remark) {
  std::string told(remark);
  if (c.family == Family::quantum && !c.entangled && !result.sides.empty())
    told += (told.empty() ? "" : ", ") + std::string("not entangled: counts as classical");
  if (c.status != "ok") told += (told.empty() ? "" : ", ") + c.status;
  return {c.name, c.family, interval_of(result, c), c.scores, told, !c.floor};
}

Scored scored(const Side& side) {
  return {side.name, side.name == best_quantum ? Family::quantum : Family::classical, side.score, side.scores,
          made_of(side)};
}

std::string score_chart(const StudyResult& result, const std::vector<Scored>& rows, double reference) {
  const auto metric = metric_of(result);
  const auto x = scale_of(metric, rows);
  std::vector<ChartRow> chart;
  for (const auto& row : rows)
    chart.push_back({family_label(row.name, row.family, row.remark), strip(result, x, row, reference),
                     value_text(result, row)});
  const auto format = [&](double value) { return axis_score(metric, value); };
  return row_chart("scores by contender", chart, row_axis(x, format, axis_title(metric)));
}

}  // namespace qupel::report
