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

constexpr int rows_width = 400, rows_height = 260;
constexpr double rows_left = 54, rows_right = rows_width - 22, rows_top = 14, rows_bottom = rows_height - 44;

/// Whole numbers of rows below their points.
void rows_axis(Canvas& canvas, const Scale& x, const std::vector<double>& rows) {
  for (const double r : rows) canvas.text(x(r), rows_bottom + 16, count(std::round(r)), "tick", "middle");
  canvas.text(rows_right, rows_bottom + 36, "training rows", "axis", "end");
}

Scale rows_scale(const std::vector<double>& rows) {
  return {rows.front() * 0.9, rows.back() * 1.1, rows_left, rows_right, true};
}

std::string lead_panel(const StudyResult& result, const std::vector<double>& rows) {
  const auto metric = metric_of(result);
  double low = -2 * result.rope, high = 2 * result.rope;
  for (const auto& at : result.lead_by_rows) low = std::min(low, at.low), high = std::max(high, at.high);
  const auto x = rows_scale(rows);
  const Scale y(low, high, rows_bottom, rows_top);
  auto canvas =
      Canvas::fixed(rows_width, rows_height, "best quantum against best classical by training rows");
  canvas.rect(
      rows_left, y(result.rope), rows_right - rows_left, y(-result.rope) - y(result.rope), "rope",
      fmt::format("differences within ±{} count as practically none", lead_size(metric, result.rope)));
  canvas.y_axis(y, rows_left, rows_right, [&](double value) { return lead(metric, value); });
  canvas.line(rows_left, y(0), rows_right, y(0), "zero");
  std::vector<std::pair<double, double>> means;
  for (const auto& at : result.lead_by_rows) means.emplace_back(x(at.rows), y(at.difference));
  canvas.path(means, "curve quantum");
  for (const auto& at : result.lead_by_rows) {
    const auto tip = fmt::format("{} training rows: {}", count(std::round(at.rows)),
                                 told_lead(metric, at.difference, at.low, at.high));
    canvas.line(x(at.rows), y(at.low), x(at.rows), y(at.high), "interval thin quantum", tip);
    canvas.mark(x(at.rows), y(at.difference), Family::quantum, "", tip);
  }
  rows_axis(canvas, x, rows);
  return element(
      "figure", "",
      element("figcaption", "",
              element("b", "", "The difference") + " " +
                  muted(fmt::format("best quantum against best classical, {} with 95\u00A0% intervals",
                                    escaped(lead_name(metric))))) +
          canvas.svg());
}

struct Curve {
  const ContenderResult* contender;
  std::vector<std::pair<double, double>> points;
};

std::vector<Curve> curves_of(const StudyResult& result) {
  std::vector<Curve> curves;
  for (const auto family : {Family::quantum_inspired, Family::classical, Family::quantum})
    if (const auto* best = best_of(result, family); best && best->score_by_rows.size() > 1)
      curves.push_back({best, best->score_by_rows});
  return curves;
}

std::string scores_panel(const StudyResult& result, const std::vector<Curve>& curves) {
  const auto metric = metric_of(result);
  double low = std::numeric_limits<double>::infinity(), high = -low, least = 1;
  for (const auto& curve : curves)
    for (const auto& [share, score] : curve.points)
      low = std::min(low, score), high = std::max(high, score), least = std::min(least, share);
  const double margin = 0.01 * metric.spread;
  const Scale x(0.9 * least, 1.1, rows_left, rows_right, true),
      y(low - margin, high + margin, metric.higher_is_better ? rows_bottom : rows_top,
        metric.higher_is_better ? rows_top : rows_bottom);
  auto canvas = Canvas::fixed(rows_width, rows_height, "scores by share of the training rows");
  canvas.y_axis(y, rows_left, rows_right, [&](double value) { return axis_score(metric, value); });
  const auto direction =
      metric.higher_is_better ? "" : " " + muted(escaped(metric.name) + ", less is better, upwards");
  std::string names;
  for (const auto& [contender, by_share] : curves) {
    std::vector<std::pair<double, double>> places;
    for (const auto& [share, value] : by_share) places.emplace_back(x(share), y(value));
    canvas.path(places, fmt::format("curve {}", colour_class(contender->family)));
    for (const auto& [share, value] : by_share)
      canvas.mark(x(share), y(value), contender->family, "",
                  fmt::format("{} on {} of the training rows: {}", contender->name, whole_percent(share),
                              score(metric, value)));
    names = element("span", "", family_icon(contender->family) + escaped(contender->name)) + names;
  }
  for (const auto& [share, value] : curves.front().points)
    canvas.text(x(share), rows_bottom + 16, whole_percent(share), "tick", "middle");
  canvas.text(rows_right, rows_bottom + 36, "of the training rows", "axis", "end");
  return element(
      "figure", "",
      element("figcaption", "", element("b", "", "The scores") + direction + paragraph("legend", names)) +
          canvas.svg());
}

std::string growth_in_words(const StudyResult& result) {
  const auto metric = metric_of(result);
  const auto &few = result.lead_by_rows.front(), &many = result.lead_by_rows.back();
  const auto text = fmt::format(
      "The same models fitted on fewer training rows. From {} to {} rows the difference goes from {} to {}. ",
      count(std::round(few.rows)), count(std::round(many.rows)),
      escaped(told_lead(metric, few.difference, few.low, few.high)),
      escaped(told_lead(metric, many.difference, many.low, many.high)));
  if (few.high < many.low) return text + "It grows in favour of the quantum side.";
  if (many.high < few.low) return text + "It grows in favour of the classical side.";
  return text + "The intervals overlap: that it grows with rows is not shown.";
}

}  // namespace

std::string rows_section(const StudyResult& result) {
  std::string panels;
  std::vector<double> rows;
  for (const auto& at : result.lead_by_rows) rows.push_back(at.rows);
  if (rows.size() > 1) panels += lead_panel(result, rows);
  if (const auto curves = curves_of(result); !curves.empty()) panels += scores_panel(result, curves);
  if (panels.empty()) return "";
  return paragraph("lead", rows.size() > 1 ? growth_in_words(result)
                                           : "The same models fitted on fewer of the training rows.") +
         element("div", "class=\"panels\"", panels);
}

}  // namespace qupel::report
