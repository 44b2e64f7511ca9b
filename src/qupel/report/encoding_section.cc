#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "qupel/report/chart.h"
#include "qupel/report/format.h"
#include "qupel/report/growth.h"
#include "qupel/report/html.h"
#include "qupel/report/sections.h"
#include "qupel/report/selection.h"

namespace qupel::report {
namespace {

constexpr double a_million = 1e6;
constexpr int encoding_width = 380, encoding_height = 270;
constexpr double encoding_left = 44, encoding_right = 264, encoding_top = 14,
                 encoding_bottom = encoding_height - 44;

struct Series {
  std::string_view name, css;
  std::vector<long> EncodingGrowth::*values;
};
constexpr std::array all_series{Series{"gates", "series-5", &EncodingGrowth::gates},
                                Series{"two-qubit gates", "series-2", &EncodingGrowth::two_qubit},
                                Series{"depth", "series-3", &EncodingGrowth::depth},
                                Series{"qubits", "series-1", &EncodingGrowth::qubits}};

/// An encoding's growth and what it is called here.
struct Named {
  std::string name;
  const EncodingGrowth* growth;
};

/// Encodings by name, each once, in the order of the contenders. A twin's circuit has the entanglers left
/// out: without a quantum contender it is shown under the twin's name, else not at all.
std::vector<Named> growths(const StudyResult& result) {
  std::vector<Named> found;
  std::set<std::string> seen;
  for (const bool quantum : {true, false}) {
    for (const auto& c : result.contenders)
      for (const auto& growth : c.growth)
        if ((c.family == Family::quantum) == quantum && !growth.features.empty() &&
            seen.insert(growth.encoding).second)
          found.push_back({quantum
                               ? growth.encoding
                               : fmt::format("{} in {}, without entangling gates", growth.encoding, c.name),
                           &growth});
    if (!found.empty()) break;
  }
  return found;
}

std::string power_of_ten(double value) {
  constexpr std::array names{"1",   "10",   "100", "1k",   "10k",   "100k", "1M",
                             "10M", "100M", "1bn", "10bn", "100bn", "1tn",  "10tn"};
  const auto exponent = static_cast<std::size_t>(std::max(0.0, std::round(std::log10(value))));
  return exponent < names.size() ? names[exponent] : fmt::format("1e{}", exponent);
}

void draw(Canvas& canvas, const Scale& x, const Scale& y, const EncodingGrowth& growth,
          const Series& series) {
  const auto& values = growth.*series.values;
  std::vector<std::pair<double, double>> points;
  for (std::size_t i = 0; i < std::min(values.size(), growth.features.size()); ++i)
    if (values[i] > 0) points.emplace_back(x(growth.features[i]), y(static_cast<double>(values[i])));
  if (points.empty()) return;
  const double last = growth.features.back(), at_million = growth_at(growth, values, a_million);
  canvas.path(points, fmt::format("curve {}", series.css),
              fmt::format("{}: {} at {} features", series.name, count(static_cast<double>(values.back())),
                          count(last)));
  std::vector<std::pair<double, double>> onwards{points.back()};
  for (double features = 2 * last; features < a_million; features *= 2)
    onwards.emplace_back(x(features), y(growth_at(growth, values, features)));
  onwards.emplace_back(x(a_million), y(at_million));
  canvas.path(
      onwards, fmt::format("curve dotted {}", series.css),
      fmt::format("{}: about {} at a million features, extrapolated", series.name, count(at_million)));
}

/// Names at the right end of the lines, kept apart. Lines that nearly meet share a place, so each name has
/// its colour.
void draw_names(Canvas& canvas, const Scale& y, const EncodingGrowth& growth) {
  std::vector<const Series*> named;
  std::vector<double> places;
  for (const auto& series : all_series)
    if (const double end = growth_at(growth, growth.*series.values, a_million); end > 0) {
      named.push_back(&series);
      places.push_back(y(end) + 4);
    }
  spread(places, 14, encoding_bottom);
  for (std::size_t i = 0; i < named.size(); ++i)
    canvas.text(encoding_right + 8, places[i], named[i]->name, fmt::format("name {}", named[i]->css));
}

std::string panel(const std::string& name, const EncodingGrowth& growth) {
  double most = 100;
  for (const auto& series : all_series)
    most = std::max(most, growth_at(growth, growth.*series.values, a_million));
  const Scale x(1, a_million, encoding_left, encoding_right, true),
      y(1, most, encoding_bottom, encoding_top, true);
  auto canvas = Canvas::fixed(encoding_width, encoding_height,
                              fmt::format("cost of {} by the number of features", name));
  canvas.x_grid(x, encoding_top, encoding_bottom, 3);
  canvas.x_labels(x, encoding_bottom + 16, power_of_ten, 3);
  canvas.y_axis(y, encoding_left, encoding_right, power_of_ten, 5);
  canvas.text(encoding_right, encoding_bottom + 34, "features in a row", "axis", "end");
  for (const auto& series : all_series) draw(canvas, x, y, growth, series);
  draw_names(canvas, y, growth);
  return element("figure", "", element("figcaption", "", element("b", "", escaped(name))) + canvas.svg());
}

std::string million_values(const std::vector<Named>& found) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& [name, growth] : found) {
    std::vector<std::string> row{escaped(name)};
    for (const auto& series : {all_series[3], all_series[0], all_series[1], all_series[2]})
      row.push_back(count(growth_at(*growth, growth->*series.values, a_million)));
    rows.push_back(std::move(row));
  }
  return element("h3", "", "A million values in one circuit") +
         table("cost of loading one row with a million features",
               {"encoding", "qubits", "gates", "two-qubit gates", "depth"}, rows, "numbers stacked");
}

std::string million_rows(const StudyResult& result) {
  std::vector<std::vector<std::string>> rows;
  for (const auto* c : by_score(result)) {
    if (!has_circuit(*c)) continue;
    const auto gates =
        static_cast<double>(c->circuit_cost.one_qubit + c->circuit_cost.two_qubit + c->circuit_cost.larger);
    const auto shots = static_cast<double>(result.shots);
    rows.push_back({family_icon(c->family) + escaped(c->name), count(gates),
                    count(static_cast<double>(c->circuit_cost.depth)), count(a_million),
                    count(a_million * gates), shots > 0 ? count(a_million * shots) : muted("–"),
                    c->predict_seconds_per_1000 > 0 ? duration(c->predict_seconds_per_1000 * a_million / 1000)
                                                    : muted("not measured")});
  }
  if (rows.empty()) return "";
  return element("h3", "", "A million rows, one circuit each") +
         paragraph("lead",
                   "Predicting a million rows with the fitted models as they are. A kernel on a device runs "
                   "a circuit for every pair "
                   "of row and support vector instead: many times this.") +
         table("cost of predicting a million rows",
               {"contender", "gates a circuit", "depth", "circuits", "gates in all", "executions with shots",
                "simulated here"},
               rows, "numbers stacked");
}

}  // namespace

std::string encoding_section(const StudyResult& result) {
  if (!is_table(result)) return "";
  const auto found = growths(result);
  const auto rows = million_rows(result);
  if (found.empty() && rows.empty()) return "";
  std::string panels;
  for (const auto& [name, growth] : found) panels += panel(name, *growth);
  return paragraph("lead",
                   "Classical data must enter the circuit gate by gate, again for every row and every shot. "
                   "The cost follows from "
                   "formulas before anything runs; both axes are logarithmic, dotted lines extrapolate to "
                   "one million.") +
         (found.empty() ? "" : element("div", "class=\"panels\"", panels) + million_values(found)) + rows;
}

}  // namespace qupel::report
