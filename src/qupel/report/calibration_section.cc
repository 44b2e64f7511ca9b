#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "qupel/report/chart.h"
#include "qupel/report/format.h"
#include "qupel/report/html.h"
#include "qupel/report/sections.h"
#include "qupel/report/selection.h"

namespace qupel::report {
namespace {

constexpr int calibration_width = 300, calibration_height = 270;
constexpr double calibration_left = 50, calibration_right = calibration_width - 14, calibration_top = 12,
                 calibration_bottom = calibration_height - 46;

std::string error_of(const ContenderResult& c) {
  const auto found = c.metrics.find("calibration-error");
  return found == c.metrics.end() ? "" : muted("expected calibration error " + percent(found->second.mean));
}

/// The part of both axes that holds every point, from a tenth: with k classes no predicted class has a
/// probability below 1/k.
double lowest_tenth(const std::vector<const ContenderResult*>& shown) {
  double low = 0.9;
  for (const auto* c : shown)
    for (const auto& [said, right_share] : c->figures.calibration)
      for (const double value : {said, right_share})
        if (std::isfinite(value)) low = std::min(low, value);
  return std::max(0.0, std::floor(10 * low + 1e-9) / 10);
}

std::string panel(const ContenderResult& c, double low) {
  const Scale x(low, 1, calibration_left, calibration_right), y(low, 1, calibration_bottom, calibration_top);
  auto canvas = Canvas::fixed(
      calibration_width, calibration_height,
      fmt::format("calibration of {}: stated probability against how often it was right", c.name));
  canvas.x_grid(x, calibration_top, calibration_bottom, 4);
  canvas.x_labels(x, calibration_bottom + 16, whole_percent, 4);
  canvas.y_axis(y, calibration_left, calibration_right, whole_percent, 4);
  canvas.text(calibration_right, calibration_bottom + 36, "stated probability", "axis", "end");
  canvas.text(calibration_left + 6, calibration_top + 12, "share right", "axis");
  canvas.line(x(low), y(low), x(1), y(1), "reference");
  std::vector<std::pair<double, double>> points;
  for (const auto& [said, right_share] : c.figures.calibration) points.emplace_back(x(said), y(right_share));
  canvas.path(points, fmt::format("curve {}", colour_class(c.family)));
  for (const auto& [said, right_share] : c.figures.calibration)
    canvas.mark(x(said), y(right_share), c.family, "",
                fmt::format("{} says {} and is right in {}", c.name, percent(said), percent(right_share)));
  return element("figure", "",
                 element("figcaption", "",
                         family_icon(c.family) + element("b", "", escaped(c.name)) + " " + error_of(c)) +
                     canvas.svg());
}

}  // namespace

std::string calibration_section(const StudyResult& result) {
  std::vector<const ContenderResult*> shown;
  for (const auto family : {Family::quantum, Family::classical, Family::quantum_inspired})
    if (const auto* best = best_of(result, family); best && !best->figures.calibration.empty())
      shown.push_back(best);
  if (shown.empty()) return "";
  const double low = lowest_tenth(shown);
  std::string panels;
  for (const auto* c : shown) panels += panel(*c, low);
  return paragraph(
             "lead",
             "When a model says 80\u00A0%, is it right in 80 of 100 cases? Probability of the predicted "
             "class in ten bins; below the dashed line a model is too sure of itself. A bin may hold few "
             "rows, and then jumps.") +
         element("div", "class=\"panels\"", panels);
}

}  // namespace qupel::report
