#include <fmt/format.h>

#include <limits>

#include "qupel/report/chart.h"
#include "qupel/report/html.h"
#include "qupel/report/score_chart.h"
#include "qupel/report/sections.h"
#include "qupel/report/selection.h"

namespace qupel::report {
namespace {

constexpr std::string_view of_sides =
    " <b>best quantum</b> and <b>best classical</b> are the two sides of the verdict: in every training set "
    "the contender with the best validation score there; best classical is the best of all that are not "
    "quantum. The dashed line runs through best classical.";

}  // namespace

std::string scores_section(const StudyResult& result) {
  if (result.contenders.empty()) return "";
  std::vector<Scored> rows;
  for (const auto& side : result.sides) rows.push_back(scored(side));
  for (const auto* c : by_score(result)) rows.push_back(scored(result, *c));
  auto lead = fmt::format(
      "Every contender on the same splits. Each faint dot is the {} of one test fold; the mark is the mean, "
      "the bar its 95\u00A0% interval for the test rows drawn.",
      escaped(result.metric));
  double reference = std::numeric_limits<double>::quiet_NaN();
  if (const auto* rival = side_of(result, best_classical)) {
    lead += of_sides;
    reference = rival->score.mean;
  } else if (const auto* classical = best_of(result, Family::classical)) {
    lead += fmt::format(" The dashed line runs through <b>{}</b>, the classical contender chosen most often.",
                        escaped(classical->name));
    reference = interval_of(result, *classical).mean;
  }
  if (is_table(result))
    lead +=
        " Names that end in @reduced are classical contenders on the few columns that the quantum ones see.";
  return paragraph("lead", lead) + family_legend() + score_chart(result, rows, reference);
}

}  // namespace qupel::report
