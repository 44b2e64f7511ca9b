#include "qupel/report/forest.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "qupel/report/format.h"
#include "qupel/report/html.h"
#include "qupel/report/row_chart.h"
#include "qupel/report/selection.h"
#include "qupel/report/wording.h"

namespace qupel::report {
namespace {

constexpr int forest_height = 46;
constexpr double forest_middle = forest_height / 2.0;

/// Symmetric enough to show on which side of zero everything lies; intervals of studies with one fold fill
/// any scale and are cut off at its ends.
Scale scale_of(const Metric& metric, const std::vector<const Comparison*>& comparisons, double rope) {
  double low = -2.5 * rope, high = 2.5 * rope, widest = 0;
  for (const auto* c : comparisons) widest = std::max(widest, std::abs(c->difference));
  const double cut = std::max({3 * widest, 10 * rope, 0.05 * metric.spread});
  for (const auto* c : comparisons) {
    low = std::min(low, std::max(c->low, -cut));
    high = std::max(high, std::min(c->high, cut));
  }
  const double margin = 0.03 * (high - low);
  return {low - margin, high + margin, 0, 100};
}

std::string tip_of(const Metric& metric, const Comparison& c) {
  return fmt::format("{} against {}: {}; {}, after Holm {}; {}", c.contender, c.against,
                     told_lead(metric, c.difference, c.low, c.high), p_value(c.p_value), p_value(c.p_holm),
                     outcome(c));
}

std::string strip(const Metric& metric, const Comparison& c, const Scale& x, double rope, Family family) {
  const auto tip = tip_of(metric, c);
  auto canvas = Canvas::fluid(forest_height, tip);
  canvas.rect(x(-rope), -row_reach, x(rope) - x(-rope), forest_height + 2 * row_reach, "rope",
              fmt::format("differences within ±{} count as practically none", lead_size(metric, rope)));
  row_grid(canvas, x, forest_height);
  row_line(canvas, x(0), forest_height, "zero");
  if (!std::isfinite(c.difference)) return canvas.svg();
  const auto inside = [&](double value) { return std::clamp(x(value), 0.0, 100.0); };
  canvas.line(inside(c.low), forest_middle, inside(c.high), forest_middle,
              fmt::format("interval {}", colour_class(family)), tip);
  canvas.mark(inside(c.difference), forest_middle, family, "", tip);
  return canvas.svg();
}

std::string probabilities(const Comparison& c, Family contender, Family against) {
  auto canvas = Canvas::fluid(8, fmt::format("worse {}, equal {}, better {}", probability(c.p_worse),
                                             probability(c.p_equivalent), probability(c.p_better)));
  double from = 0;
  const auto part = [&](double p, const std::string& css, std::string_view words) {
    if (!std::isfinite(p)) return;
    canvas.rect(from, 0, 100 * p, 8, "fill " + css, fmt::format("{}: {}", words, probability(p)));
    from += 100 * p;
  };
  part(c.p_worse, fmt::format("{}{}", colour_class(against), contender == against ? " faded" : ""),
       fmt::format("{} is worse than {}", c.contender, c.against));
  part(c.p_equivalent, "same", "practically equal");
  part(c.p_better, std::string(colour_class(contender)),
       fmt::format("{} is better than {}", c.contender, c.against));
  return canvas.svg();
}

std::string value_text(const Metric& metric, const Comparison& c) {
  return fmt::format("<b>{}</b> {} <span class=\"outcome\">{}</span>", lead(metric, c.difference),
                     muted(lead_range(metric, c.low, c.high)), outcome(c));
}

}  // namespace

std::string forest(const StudyResult& result, const std::vector<const Comparison*>& comparisons,
                   bool with_opponent) {
  const auto metric = metric_of(result);
  const auto x = scale_of(metric, comparisons, result.rope);
  std::vector<ChartRow> rows;
  for (const auto* c : comparisons) {
    const auto contender = family_of(result, c->contender), against = family_of(result, c->against);
    rows.push_back({family_label(c->contender, contender, with_opponent ? "against " + c->against : ""),
                    strip(metric, *c, x, result.rope, contender),
                    value_text(metric, *c) + probabilities(*c, contender, against)});
  }
  const auto unit = metric.share ? std::string("percentage points") : lead_name(metric);
  const auto axis = row_axis(
      x, [&](double value) { return lead(metric, value); }, fmt::format("← worse · {} · better →", unit));
  return row_chart("paired differences in " + unit, rows, axis, "rows forest");
}

}  // namespace qupel::report
