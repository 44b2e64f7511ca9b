#include <algorithm>

#include "qupel/report/chart.h"
#include "qupel/report/format.h"
#include "qupel/report/html.h"
#include "qupel/report/sections.h"
#include "qupel/report/selection.h"

namespace qupel::report {

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
      row.push_back(found == c->metrics.end()
                        ? muted("none")
                        : element("span", "class=\"nowrap\"", score(name, found->second.mean)) + " " +
                              element("span", "class=\"muted nowrap\"", score_range(name, found->second)));
    }
  }
  return paragraph("lead",
                   "On the test rows, with 95\u00A0% intervals. Of log loss and calibration error, less is "
                   "better.") +
         table("all measures by contender", header, rows, "numbers measures");
}

}  // namespace qupel::report
