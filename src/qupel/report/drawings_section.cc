#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "qupel/report/answer_words.h"
#include "qupel/report/chart.h"
#include "qupel/report/format.h"
#include "qupel/report/html.h"
#include "qupel/report/ranked_table.h"
#include "qupel/report/sections.h"
#include "qupel/report/selection.h"

// What a problem draws of its answers: charts of numbers, and places joined by edges.
namespace qupel::report {
namespace {

constexpr int drawing_width = 420, drawing_height = 320;
constexpr double drawing_left = 64, drawing_right = drawing_width - 14, drawing_top = 14,
                 drawing_bottom = drawing_height - 48;

/// The smallest and the largest of finite numbers that the scale can show.
class Range {
 public:
  explicit Range(bool logarithmic) : logarithmic_(logarithmic) {}
  void take(double value) {
    if (!std::isfinite(value) || (logarithmic_ && value <= 0)) return;
    low_ = std::min(low_, value), high_ = std::max(high_, value);
  }
  Scale scale(double from, double to) const { return {low_, high_, from, to, logarithmic_}; }

 private:
  bool logarithmic_;
  double low_ = std::numeric_limits<double>::infinity(), high_ = -low_;
};

std::string figure(const std::string& caption, const std::string& drawing) {
  return element("figure", "", element("figcaption", "", caption) + drawing);
}

/// The colour of the n-th of several; the page has five.
std::string colour(std::size_t n) { return fmt::format("series-{}", n % 5 + 1); }

/// A group of nodes: the first is filled, the second is a ring, so that colour is not the only sign.
std::string look_of(int group) {
  const auto n = static_cast<std::size_t>(std::max(group, 0));
  return (n % 2 == 0 ? "fill " : "mark hollow ") + colour(n);
}

std::string derived_markup(const DerivedEnergies& derived) {
  if (derived.rows.empty()) return "";
  auto rows = derived.rows;
  for (auto& row : rows)
    for (auto& cell : row) cell = escaped(cell);
  return paragraph("lead", derived.title) + table(derived.title, derived.header, rows);
}

/// Where names of series stand, so that none lies on another: moved downwards from where they belong.
class Labels {
 public:
  double place(double y) {
    constexpr double height_of_a_name = 11;
    std::ranges::sort(taken_);
    for (const double taken : taken_)  // downwards, so that each is passed once
      if (std::abs(taken - y) < height_of_a_name) y = taken + height_of_a_name;
    taken_.push_back(y);
    return y;
  }

 private:
  std::vector<double> taken_;
};

constexpr int ticks = 5;

/// Each series has its name at its last point.
std::string drawn(const Plot& plot, const std::string& caption, int wide = drawing_width,
                  int high = drawing_height) {
  const double to_right = wide - 14, to_bottom = high - 48;
  Labels labels;
  Range xs(plot.logarithmic_x), ys(plot.logarithmic_y);
  for (const auto& series : plot.series)
    for (const auto& [x, y] : series.points) xs.take(x), ys.take(y);
  const auto x = xs.scale(drawing_left, to_right);
  const auto y = ys.scale(to_bottom, drawing_top);
  auto canvas = Canvas::fixed(wide, high, plot.title);
  canvas.x_grid(x, drawing_top, to_bottom, ticks);
  canvas.x_labels(x, to_bottom + 16, tick_labels(x, ticks), ticks);
  canvas.y_axis(y, drawing_left, to_right, tick_labels(y, ticks), ticks);
  canvas.text(to_right, to_bottom + 38, plot.x_label, "axis", "end");
  canvas.text(drawing_left + 6, drawing_top + 12, plot.y_label, "axis");
  for (std::size_t s = 0; s < plot.series.size(); ++s) {
    const auto& series = plot.series[s];
    const auto css = colour(s);
    std::vector<std::pair<double, double>> path;
    for (const auto& [px, py] : series.points) {
      path.emplace_back(x(px), y(py));
      canvas.dot(x(px), y(py), 2.6, "fill " + css,
                 fmt::format("{}: {} {}, {} {}", series.name, plot.x_label, number(px, x.resolution()),
                             plot.y_label, number(py, y.resolution())));
    }
    if (series.line) canvas.path(path, "curve " + css, series.name);
    if (path.empty()) continue;
    const bool at_the_left =
        path.back().first < (drawing_left + to_right) / 2;  // the name has its room on the other side
    canvas.text(path.back().first + (at_the_left ? 6 : -4), labels.place(path.back().second - 6), series.name,
                "axis", at_the_left ? "start" : "end");
  }
  return figure(caption + muted(escaped(plot.title)), canvas.svg());
}

std::string drawn(const NetworkDrawing& network, const std::string& caption) {
  constexpr std::size_t labelled = 60;  // more labels would hide the drawing
  Range xs(false), ys(false);
  for (const auto& node : network.nodes) xs.take(node.x), ys.take(node.y);
  const auto x = xs.scale(drawing_left / 2, drawing_right - 10);
  const auto y = ys.scale(drawing_bottom + 20, drawing_top + 10);
  auto canvas = Canvas::fixed(drawing_width, drawing_height, network.title);
  for (const bool strong : {false, true})  // the answer lies above the rest
    for (const auto& edge : network.edges)
      if (edge.strong == strong)
        canvas.line(x(network.nodes[edge.from].x), y(network.nodes[edge.from].y), x(network.nodes[edge.to].x),
                    y(network.nodes[edge.to].y), strong ? "edge strong" : "edge");
  for (const auto& node : network.nodes) {
    canvas.dot(x(node.x), y(node.y), 4, look_of(node.group), node.label);
    if (network.nodes.size() <= labelled) canvas.text(x(node.x) + 6, y(node.y) - 5, node.label, "axis");
  }
  return figure(caption + muted(escaped(network.title)), canvas.svg());
}

std::string energies_markup(const EnergyTable& energies) {
  if (energies.rows.empty()) return "";
  if (energies.rows.size() == 1) {
    std::vector<std::vector<std::string>> rows;
    for (std::size_t k = 0; k < energies.contenders.size(); ++k)
      rows.push_back({escaped(energies.contenders[k]), escaped(energies.rows[0].energies[k])});
    return table("Energies in hartree", {"contender", "energy in hartree"}, rows);
  }
  std::vector<std::string> header{"molecule", "active electrons in orbitals"};
  for (const auto& contender : energies.contenders) header.push_back(escaped(contender));
  std::vector<std::vector<std::string>> rows;
  for (const auto& row : energies.rows) {
    rows.push_back({escaped(row.name), escaped(row.active)});
    for (const auto& energy : row.energies) rows.back().push_back(escaped(energy));
  }
  const std::string_view order = energies.ranked ? "Energies in hartree, lowest first"
                                                 : "Energies in hartree by basis set and active space";
  return paragraph("lead", order) + table(order, header, rows);
}

}  // namespace

std::string drawings_section(const StudyResult& result) {
  std::string panels;
  for (const auto family : {Family::quantum, Family::classical, Family::quantum_inspired}) {
    const auto* best = best_of(result, family);
    if (!best) continue;
    const auto caption = family_icon(best->family) + element("b", "", escaped(best->name)) + " ";
    for (const auto& network : best->figures.networks) panels += drawn(network, caption);
    for (const auto& plot : best->figures.plots) panels += drawn(plot, caption);
  }
  if (!panels.empty())
    panels = paragraph("lead", "The best of each family.") + element("div", "class=\"panels\"", panels);
  return panels + answers_table(result);
}

std::string overview_section(const StudyResult& result) {
  constexpr int wide = 860, high = 460;
  auto panels = energies_markup(energy_table(result)) + derived_markup(derived_energies(result));
  for (const auto& plot : result.overview)
    if (!plot.series.empty()) panels += drawn(plot, "", wide, high);
  return panels;
}

}  // namespace qupel::report
