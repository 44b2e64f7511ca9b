#include <fmt/format.h>

#include <limits>

#include "qupel/report/chart.h"
#include "qupel/report/html.h"
#include "qupel/report/score_chart.h"
#include "qupel/report/sections.h"
#include "qupel/report/selection.h"

namespace qupel::report {

std::string scores_section(const StudyResult& result) {
  if (result.contenders.empty()) return "";
  std::vector<Scored> scored;
  for (const auto* c : by_score(result)) scored.push_back({c, ""});
  const auto* classical = best_of(result, Family::classical);
  const double reference =
      classical ? interval_of(result, *classical).mean : std::numeric_limits<double>::quiet_NaN();
  auto lead = fmt::format(
      "Every contender on the same splits. Each faint dot is the {} of one test fold; the mark is the mean, "
      "the bar its 95% "
      "interval.",
      escaped(result.metric));
  if (classical)
    lead += fmt::format(" The dashed line runs through <b>{}</b>, the classical contender chosen most often.",
                        escaped(classical->name));
  lead +=
      " Names that end in @reduced are classical contenders on the few columns that the quantum ones see.";
  return paragraph("lead", lead) + family_legend() + score_chart(result, scored, reference);
}

}  // namespace qupel::report
