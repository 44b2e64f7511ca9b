#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "qupel/report/chart.h"
#include "qupel/report/format.h"
#include "qupel/report/html.h"
#include "qupel/report/sections.h"
#include "qupel/report/selection.h"

namespace qupel::report {
namespace {

/// " Of log loss and calibration error, less is better."
std::string less_is_better(const StudyResult& result, const std::vector<std::string>& shown) {
  std::vector<std::string> found;
  for (const auto& metric : metrics_of(result))
    if (!metric.higher_is_better && std::ranges::find(shown, metric.name) != shown.end()) {
      found.push_back(escaped(metric.name));
      std::ranges::replace(found.back(), '-', ' ');
    }
  if (found.empty()) return "";
  const auto last = found.back();
  found.pop_back();
  return fmt::format(" Of {}{}{}, less is better.", fmt::join(found, ", "), found.empty() ? "" : " and ",
                     last);
}

}  // namespace

std::string metrics_section(const StudyResult& result) {
  std::vector<std::string> names;
  for (const auto& c : result.contenders) {
    for (const auto& [name, interval] : c.metrics) {
      if (std::ranges::find(names, name) == names.end()) names.push_back(name);
    }
  }
  if (names.size() < 2) return "";
  std::vector<std::string> header{"contender"};
  for (const auto& name : names) header.push_back(escaped(name));
  std::vector<std::vector<std::string>> rows;
  for (const auto* c : by_score(result)) {
    auto& row = rows.emplace_back(std::vector{family_icon(c->family) + escaped(c->name)});
    for (const auto& name : names) {
      const auto found = c->metrics.find(name);
      row.push_back(
          found == c->metrics.end()
              ? muted("none")
              : element("span", "class=\"nowrap\"", score(metric_of(result, name), found->second.mean)) +
                    " " +
                    element("span", "class=\"muted nowrap\"",
                            score_range(metric_of(result, name), found->second)));
    }
  }
  return paragraph("lead", "On the test rows, with 95\u00A0% intervals." + less_is_better(result, names)) +
         table("all measures by contender", header, rows, "numbers measures");
}

}  // namespace qupel::report
