#include <fmt/format.h>

#include <algorithm>

#include "qupel/report/chart.h"
#include "qupel/report/format.h"
#include "qupel/report/html.h"
#include "qupel/report/sections.h"

namespace qupel::report {
namespace {

/// "encoding: angle-y 12, iqp-full 3" as chips that are darker the more folds chose the value.
std::string choices(const std::string& name, const std::map<std::string, int>& values) {
  std::vector<std::pair<std::string, int>> sorted(values.begin(), values.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  int folds = 0;
  for (const auto& [value, chosen] : sorted) folds += chosen;
  std::string chips;
  for (const auto& [value, chosen] : sorted)
    chips += fmt::format(
        "<span class=\"chip\" style=\"--share:{:.2f}\" {}>{}</span>",
        folds > 0 ? static_cast<double>(chosen) / folds : 0.0,
        attribute("data-tip", fmt::format("{} = {} in {} of {} folds", name, value, chosen, folds)),
        fmt::format("{} <i>{}</i>", escaped(value), chosen));
  return element("div", "class=\"choice\"", element("span", "class=\"muted\"", escaped(name)) + chips);
}

}  // namespace

std::string settings_section(const StudyResult& result) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& c : result.contenders) {
    std::string chosen;
    for (const auto& [name, values] : c.chosen) chosen += choices(name, values);
    const auto fits = fmt::format("{}{}{}", count(c.fits),
                                  c.unconverged ? fmt::format(", {} unconverged", c.unconverged) : "",
                                  c.failed ? fmt::format(", {} failed", c.failed) : "");
    rows.push_back({family_icon(c.family) + escaped(c.name), count(static_cast<double>(c.parameters)), fits,
                    score(metric_of(result), c.train_score), score(metric_of(result), c.validation),
                    chosen.empty() ? muted("nothing to choose") : chosen});
  }
  if (rows.empty()) return "";
  const auto lead = fmt::format(
      "In every training set each contender tried {}, judged by {}-fold cross-validation inside it. Numbers "
      "beside the values "
      "count the folds that chose them. A training score far {} the validation score means overfitting.",
      plural(result.configurations, "configuration"), result.inner_folds,
      metric_of(result).higher_is_better ? "above" : "below");
  return paragraph("lead", lead) +
         table("settings chosen by tuning",
               {"contender", "parameters", "fits", "training", "validation", "chosen values × folds"}, rows,
               "numbers settings stacked");
}

}  // namespace qupel::report
