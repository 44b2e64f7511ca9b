#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <utility>

#include "qupel/report/chart.h"
#include "qupel/report/format.h"
#include "qupel/report/html.h"
#include "qupel/report/sections.h"
#include "qupel/report/selection.h"

namespace qupel::report {
namespace {

constexpr int training_width = 320, training_height = 190;
constexpr double training_left = 46, training_right = training_width - 12, training_top = 14,
                 training_bottom = training_height - 30;
constexpr int training_ticks = 4;

bool has_curve(const ContenderResult* c) {
  return c && std::count_if(c->learning_curve.begin(), c->learning_curve.end(),
                            [](double l) { return std::isfinite(l); }) > 1;
}

void draw_curve(Canvas& canvas, const Scale& y, const ContenderResult& c, std::string_view css) {
  std::vector<std::pair<double, double>> points;
  const Scale x(0, static_cast<double>(c.learning_curve.size() - 1), training_left, training_right);
  for (std::size_t i = 0; i < c.learning_curve.size(); ++i)
    points.emplace_back(x(static_cast<double>(i)), y(c.learning_curve[i]));
  canvas.path(points, fmt::format("curve {} {}", colour_class(c.family), css),
              fmt::format("{}: training loss {} at the start, {} at the end", c.name,
                          number(c.learning_curve.front(), y.resolution()),
                          number(c.learning_curve.back(), y.resolution())));
}

/// Where the axis of these curves begins and ends. Losses that cannot be negative are seen against 0.
std::pair<double, double> range_of(std::initializer_list<const ContenderResult*> drawn) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const auto* c : drawn)
    for (const double loss : c ? c->learning_curve : std::vector<double>{})
      if (std::isfinite(loss)) low = std::min(low, loss), high = std::max(high, loss);
  return {low > 0 ? 0 : low, high};
}

/// A contender's curve, with that of its separable twin behind it.
std::string panel(const ContenderResult& c, const ContenderResult* twin) {
  const auto [low, high] = range_of({&c, twin});
  const Scale y(low, high, training_bottom, training_top);
  auto canvas = Canvas::fixed(training_width, training_height,
                              fmt::format("training loss of {} from the first to the last step", c.name));
  canvas.y_axis(y, training_left, training_right, tick_labels(y, training_ticks), training_ticks);
  canvas.text(training_left, training_height - 10, "first step", "tick");
  canvas.text(training_right, training_height - 10, "last step", "tick", "end");
  if (twin) draw_curve(canvas, y, *twin, "dashed");
  draw_curve(canvas, y, c, "");
  const auto told = fmt::format("loss {} → {}{}", number(c.learning_curve.front(), y.resolution()),
                                number(c.learning_curve.back(), y.resolution()),
                                twin ? fmt::format("; dashed: {}", escaped(twin->name)) : "");
  return element("figure", "",
                 element("figcaption", "",
                         family_icon(c.family) + element("b", "", escaped(c.name)) + " " + muted(told)) +
                     canvas.svg());
}

}  // namespace

std::string training_section(const StudyResult& result) {
  std::string panels;
  std::vector<const ContenderResult*> twins;
  const auto twin_of = [&](const ContenderResult& c) -> const ContenderResult* {
    const auto* comparison = c.family == Family::quantum ? twin_comparison(result, c.name) : nullptr;
    const auto* twin = comparison ? find_contender(result, comparison->against) : nullptr;
    return has_curve(twin) ? twin : nullptr;
  };
  for (const auto& c : result.contenders)
    if (const auto* twin = twin_of(c); twin && has_curve(&c)) twins.push_back(twin);
  for (const auto& c : result.contenders)
    if (has_curve(&c) && std::ranges::find(twins, &c) == twins.end()) panels += panel(c, twin_of(c));
  if (panels.empty()) return "";
  return paragraph("lead",
                   "Training loss during the final fit of the first fold. Losses of different contenders are "
                   "not the same "
                   "quantity: compare shapes, not heights.") +
         element("div", "class=\"panels\"", panels);
}

}  // namespace qupel::report
