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

constexpr int panel_width = 460, height = 260;
constexpr double left = 70, right = 440, top = 40, bottom = 205;
constexpr std::string_view style =
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
  const Scale x(first->at / 1.2, last->at * 1.2, left, right, true), y(low, high, bottom, top);
  auto canvas = Canvas::fixed(panel_width, height, title);
  canvas.text(left, 20, title, "title");
  canvas.x_grid(x, top, bottom);
  for (const double end : {first->at, last->at})
    canvas.text(x(end), bottom + 18, fmt::format("{:.3g}", end), "tick", "middle");
  canvas.text(right, bottom + 40, axis, "axis", "end");
  canvas.y_axis(y, left, right, [&](double value) { return lead_number(metric, metric.oriented(value)); });
  canvas.line(left, y(0), right, y(0), "zero");
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
    drawn += element("g", fmt::format("transform=\"translate({} 0)\"", static_cast<int>(p) * panel_width),
                     panels[p].marks());
  const auto width = static_cast<int>(panels.size()) * panel_width;
  return element("svg",
                 fmt::format("xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" width=\"{}\" "
                             "height=\"{}\" role=\"img\" {}",
                             width, height, width, height, attribute("aria-label", found.reason)),
                 element("style", "", style) + "\n" + drawn) +
         "\n";
}

}  // namespace qupel::report
