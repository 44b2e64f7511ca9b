#include <fmt/format.h>

#include "qupel/report/forest.h"
#include "qupel/report/html.h"
#include "qupel/report/sections.h"
#include "qupel/report/selection.h"
#include "qupel/report/wording.h"

namespace qupel::report {

std::string entanglement_section(const StudyResult& result) {
  std::vector<const Comparison*> twins;
  for (const auto& c : result.contenders)
    if (c.family == Family::quantum)
      if (const auto* twin = twin_comparison(result, c.name)) twins.push_back(twin);
  if (twins.empty()) return "";
  const auto lead = fmt::format(
      "Each quantum contender against its separable twin: the same kind of circuit without entangling "
      "gates, tuned by itself, which any laptop runs at any size. With entanglement, <b>{}</b>. Where it is "
      "undecided, these data show neither that entanglement helps nor that it does not.",
      tally(twins));
  return paragraph("lead", lead) + forest(result, twins, true);
}

}  // namespace qupel::report
