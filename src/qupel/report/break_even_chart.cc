#include "qupel/report/break_even_chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "qupel/base/error.h"
#include "qupel/report/chart.h"
#include "qupel/report/html.h"
#include "qupel/study/wording.h"

namespace qupel::report {
namespace {

constexpr int break_even_panel_width = 460, break_even_height = 260;
constexpr double break_even_left = 70, break_even_right = 440, break_even_top = 40, break_even_bottom = 205;
constexpr std::string_view break_even_style =
    "text { font: 12px sans-serif; fill: #333; } .title { font-weight: bold; } .grid { stroke: #ddd; } "
    ".zero { stroke: #333; } .interval { stroke: #7a3fb5; stroke-width: 2; } .leads { fill: #7a3fb5; } "
    ".behind { fill: #fff; stroke: #7a3fb5; stroke-width: 2; }";

/// A lead as the chart counts it: larger is better.
struct Lead {
  double at, low, mean, high;
  bool shown;
  std::string tip;
};

std::vector<Lead> leads_of(const std::vector<BreakEvenPoint>& points, const Metric& metric,
                           const std::function<double(const BreakEvenPoint&)>& at) {
  std::vector<Lead> leads;
  for (const auto& point : points) {
    const double a = metric.oriented(point.low), b = metric.oriented(point.high);
    leads.push_back(
        {at(point), std::min(a, b), metric.oriented(point.difference), std::max(a, b),
         point.verdict == Verdict::quantum_better,
         fmt::format("two-qubit error {:.2g}, {} shots: {} ({})", point.two_qubit_error, point.shots,
                     lead_text(metric, point.difference), to_string(point.verdict))});
  }
  return leads;
}

Canvas panel(const std::vector<Lead>& leads, const Metric& metric, std::string_view title,
             std::string_view axis) {
  const auto [first, last] = std::ranges::minmax_element(leads, {}, &Lead::at);
  double low = 0, high = 0;
  for (const auto& lead : leads) low = std::min(low, lead.low), high = std::max(high, lead.high);
  const Scale x(first->at / 1.2, last->at * 1.2, break_even_left, break_even_right, true),
      y(low, high, break_even_bottom, break_even_top);
  auto canvas = Canvas::fixed(break_even_panel_width, break_even_height, title);
  canvas.text(break_even_left, 20, title, "title");
  canvas.x_grid(x, break_even_top, break_even_bottom);
  for (const double end : {first->at, last->at})
    canvas.text(x(end), break_even_bottom + 18, fmt::format("{:.3g}", end), "tick", "middle");
  canvas.text(break_even_right, break_even_bottom + 40, axis, "axis", "end");
  canvas.y_axis(y, break_even_left, break_even_right,
                [&](double value) { return lead_number(metric, metric.oriented(value)); });
  canvas.line(break_even_left, y(0), break_even_right, y(0), "zero");
  for (const auto& lead : leads) {
    canvas.line(x(lead.at), y(lead.low), x(lead.at), y(lead.high), "interval");
    canvas.dot(x(lead.at), y(lead.mean), 5, lead.shown ? "leads" : "behind", lead.tip);
  }
  return canvas;
}

}  // namespace

std::string break_even_chart(const BreakEven& found, const Metric& metric) {
  if (found.points.empty())
    throw InputError(
        fmt::format("there is nothing to draw, as no other device had to be tried: {}", found.reason));
  std::vector<Canvas> panels;
  panels.push_back(
      panel(leads_of(found.points, metric, [](const BreakEvenPoint& point) { return point.two_qubit_error; }),
            metric, fmt::format("lead of the quantum side, in {}", unit_text(metric)),
            "two-qubit error, as all errors are scaled"));
  if (!found.shot_points.empty())
    panels.push_back(
        panel(leads_of(found.shot_points, metric,
                       [](const BreakEvenPoint& point) { return static_cast<double>(point.shots); }),
              metric, "the same with other shots", "shots of every circuit"));
  std::string drawn;
  for (std::size_t p = 0; p < panels.size(); ++p)
    drawn += element(
        "g", fmt::format("transform=\"translate({} 0)\"", static_cast<int>(p) * break_even_panel_width),
        panels[p].marks());
  const auto width = static_cast<int>(panels.size()) * break_even_panel_width;
  return element("svg",
                 fmt::format("xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" width=\"{}\" "
                             "height=\"{}\" role=\"img\" {}",
                             width, break_even_height, width, break_even_height,
                             attribute("aria-label", found.reason)),
                 element("style", "", break_even_style) + "\n" + drawn) +
         "\n";
}

}  // namespace qupel::report
