#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "qupel/report/chart.h"
#include "qupel/report/format.h"
#include "qupel/report/html.h"
#include "qupel/report/sections.h"
#include "qupel/report/selection.h"

namespace qupel::report {
namespace {

constexpr int width = 300, height = 270;
constexpr double left = 56, right = width - 14, top = 12, bottom = height - 46;

/// What all true values and predictions span, so that the panels can be compared.
std::pair<double, double> range_of(const std::vector<const ContenderResult*>& shown) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const auto* c : shown)
    for (const auto& [truth, predicted] : c->figures.true_and_predicted)
      for (const double value : {truth, predicted})
        if (std::isfinite(value)) low = std::min(low, value), high = std::max(high, value);
  return {low, high};
}

std::string panel(const StudyResult& result, const ContenderResult& c, std::pair<double, double> range) {
  const Scale x(range.first, range.second, left, right), y(range.first, range.second, bottom, top);
  auto canvas = Canvas::fixed(width, height, fmt::format("{}: predicted against true values", c.name));
  canvas.x_grid(x, top, bottom, 4);
  canvas.x_labels(x, bottom + 16, tick_labels(x, 4), 4);
  canvas.y_axis(y, left, right, tick_labels(y, 4), 4);
  canvas.text(right, bottom + 36, "true", "axis", "end");
  canvas.text(left + 6, top + 12, "predicted", "axis");
  canvas.line(left, bottom, right, top, "reference");
  for (const auto& [truth, predicted] : c.figures.true_and_predicted)
    canvas.dot(x(truth), y(predicted), 2.6, fmt::format("fold {}", colour_class(c.family)),
               fmt::format("true {}, predicted {}", number(truth), number(predicted)));
  const auto metric = metric_of(result);
  const auto told = fmt::format("{} {}", metric.name, score(metric, interval_of(result, c).mean));
  return element(
      "figure", "",
      element("figcaption", "",
              family_icon(c.family) + element("b", "", escaped(c.name)) + " " + muted(escaped(told))) +
          canvas.svg());
}

}  // namespace

std::string predictions_section(const StudyResult& result) {
  std::vector<const ContenderResult*> shown;
  for (const auto family : {Family::quantum, Family::classical, Family::quantum_inspired})
    if (const auto* best = best_of(result, family); best && !best->figures.true_and_predicted.empty())
      shown.push_back(best);
  if (shown.empty()) return "";
  const auto range = range_of(shown);
  std::string panels;
  for (const auto* c : shown) panels += panel(result, *c, range);
  return paragraph("lead",
                   "A dot is a test row: on the dashed line it was predicted exactly, above it too high. The "
                   "best of each family; of many rows a part is drawn.") +
         element("div", "class=\"panels\"", panels);
}

}  // namespace qupel::report
