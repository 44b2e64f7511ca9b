#include <fmt/format.h>

#include "qupel/report/chart.h"
#include "qupel/report/format.h"
#include "qupel/report/html.h"
#include "qupel/report/sections.h"
#include "qupel/report/selection.h"

namespace qupel::report {
namespace {

constexpr int width = 300, height = 270;
constexpr double left = 50, right = width - 14, top = 12, bottom = height - 46;

std::string error_of(const ContenderResult& c) {
  const auto found = c.metrics.find("calibration-error");
  return found == c.metrics.end() ? "" : muted("expected calibration error " + percent(found->second.mean));
}

std::string panel(const ContenderResult& c) {
  const Scale x(0, 1, left, right), y(0, 1, bottom, top);
  const auto whole = [](double share) { return fmt::format("{:.0f}%", 100 * share); };
  auto canvas = Canvas::fixed(
      width, height,
      fmt::format("calibration of {}: stated probability against how often it was right", c.name));
  canvas.x_grid(x, top, bottom, 4);
  canvas.x_labels(x, bottom + 16, whole, 4);
  canvas.y_axis(y, left, right, whole, 4);
  canvas.text(right, bottom + 36, "says →   ↑ is right", "axis", "end");
  canvas.line(x(0), y(0), x(1), y(1), "reference");
  std::vector<std::pair<double, double>> points;
  for (const auto& [said, right_share] : c.calibration) points.emplace_back(x(said), y(right_share));
  canvas.path(points, fmt::format("curve {}", colour_class(c.family)));
  for (const auto& [said, right_share] : c.calibration)
    canvas.mark(x(said), y(right_share), c.family, "",
                fmt::format("{} says {} and is right in {}", c.name, percent(said), percent(right_share)));
  return element("figure", "",
                 element("figcaption", "",
                         family_icon(c.family) + element("b", "", escaped(c.name)) + " " + error_of(c)) +
                     canvas.svg());
}

}  // namespace

std::string calibration_section(const StudyResult& result) {
  std::string panels;
  for (const auto family : {Family::quantum, Family::classical, Family::quantum_inspired})
    if (const auto* best = best_of(result, family); best && !best->calibration.empty())
      panels += panel(*best);
  if (panels.empty()) return "";
  return paragraph("lead",
                   "When a model says 80%, is it right in 80 of 100 cases? Probability of the predicted "
                   "class in ten bins; below the "
                   "dashed line a model is too sure of itself.") +
         element("div", "class=\"panels\"", panels);
}

}  // namespace qupel::report
