#include <fmt/format.h>

#include "qupel/report/chart.h"
#include "qupel/report/format.h"
#include "qupel/report/html.h"
#include "qupel/report/sections.h"
#include "qupel/report/selection.h"

namespace qupel::report {
namespace {

constexpr int roc_width = 400, roc_height = 370;
constexpr double roc_left = 54, roc_right = roc_width - 22, roc_top = 14, roc_bottom = roc_height - 44;

std::string legend_entry(const StudyResult& result, const ContenderResult& c) {
  const auto auc = c.metrics.find("roc-auc");
  return element("span", "",
                 family_icon(c.family) + escaped(c.name) +
                     (auc == c.metrics.end()
                          ? ""
                          : " " + muted("AUC " + score(metric_of(result, "roc-auc"), auc->second.mean))));
}

}  // namespace

std::string roc_section(const StudyResult& result) {
  const Scale x(0, 1, roc_left, roc_right), y(0, 1, roc_bottom, roc_top);
  auto canvas = Canvas::fixed(roc_width, roc_height, "true against false positive rate, best of each family");
  canvas.x_grid(x, roc_top, roc_bottom, 4);
  canvas.x_labels(x, roc_bottom + 16, whole_percent, 4);
  canvas.y_axis(y, roc_left, roc_right, whole_percent, 4);
  canvas.text(roc_right, roc_bottom + 36, "false alarms: share of the other class", "axis", "end");
  canvas.line(x(0), y(0), x(1), y(1), "reference", "guessing");
  std::string names;
  for (const auto family : {Family::quantum, Family::classical, Family::quantum_inspired}) {
    const auto* best = best_of(result, family);
    if (!best || best->figures.roc.size() < 2) continue;
    std::vector<std::pair<double, double>> places;
    for (const auto& [alarms, found] : best->figures.roc) places.emplace_back(x(alarms), y(found));
    canvas.path(places, fmt::format("curve {}", colour_class(family)), best->name);
    names += legend_entry(result, *best);
  }
  if (names.empty()) return "";
  const auto found = result.classes.size() > 1 ? fmt::format(" \"{}\"", result.classes[1]) : "";
  return paragraph(
             "lead",
             fmt::format("Up: the share of{} that is found; to the right: the share of false alarms, as the "
                         "threshold falls. The dashed line is guessing. The best of each family, over the "
                         "test rows of all repeats.",
                         escaped(found))) +
         paragraph("legend", names) + element("figure", "", canvas.svg());
}

}  // namespace qupel::report
