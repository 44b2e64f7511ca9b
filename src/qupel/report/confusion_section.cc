#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "qupel/report/chart.h"
#include "qupel/report/format.h"
#include "qupel/report/html.h"
#include "qupel/report/sections.h"
#include "qupel/report/selection.h"

namespace qupel::report {
namespace {

std::string class_name(const StudyResult& result, std::size_t index) {
  return index < result.classes.size() ? result.classes[index] : fmt::format("class {}", index + 1);
}

/// Long names are cut by the style sheet and whole in the tip.
std::string short_name(const std::string& name) {
  return element("span", "class=\"class-name\" " + attribute("data-tip", name), escaped(name));
}

std::string cell(const StudyResult& result, const std::vector<int>& row, std::size_t truth,
                 std::size_t predicted) {
  const double total = std::accumulate(row.begin(), row.end(), 0.0);
  const double share = total > 0 ? row[predicted] / total : 0;
  return fmt::format(
      "<span class=\"cell {}\" style=\"--share:{:.3f}\" {}>{}</span>", truth == predicted ? "right" : "wrong",
      share,
      attribute("data-tip", fmt::format("{} of {} that are \"{}\" were predicted as \"{}\" ({})",
                                        count(row[predicted]), count(total), class_name(result, truth),
                                        class_name(result, predicted), percent(share))),
      row[predicted] == 0 ? "·" : count(row[predicted]));
}

std::string matrix(const StudyResult& result, const ContenderResult& c) {
  std::vector<std::string> header{element("span", "class=\"muted\"", "true ↓ predicted →")};
  std::vector<std::vector<std::string>> rows;
  for (std::size_t truth = 0; truth < c.figures.confusion.size(); ++truth) {
    header.push_back(short_name(class_name(result, truth)));
    rows.push_back({short_name(class_name(result, truth))});
    for (std::size_t predicted = 0; predicted < c.figures.confusion[truth].size(); ++predicted)
      rows.back().push_back(cell(result, c.figures.confusion[truth], truth, predicted));
  }
  return element("figure", "",
                 element("figcaption", "", family_icon(c.family) + element("b", "", escaped(c.name))) +
                     table("confusion matrix of " + c.name, header, rows, "confusion"));
}

/// Up to three classes the matrices stand side by side; large ones have a row each, and small cells.
std::string room_for(std::size_t classes) {
  constexpr std::size_t few = 3, many = 6;
  return classes <= few ? "panels" : classes <= many ? "panels single" : "panels single dense";
}

}  // namespace

std::string confusion_section(const StudyResult& result) {
  std::string matrices;
  for (const auto family : {Family::quantum, Family::classical, Family::quantum_inspired})
    if (const auto* best = best_of(result, family); best && !best->figures.confusion.empty())
      matrices += matrix(result, *best);
  if (matrices.empty()) return "";
  return paragraph("lead",
                   "The best of each family, over the test rows of all repeats; shaded by the share of the "
                   "true class.") +
         element("div", attribute("class", room_for(result.classes.size())), matrices);
}

}  // namespace qupel::report
