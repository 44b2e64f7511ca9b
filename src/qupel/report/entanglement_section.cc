#include <fmt/format.h>

#include <algorithm>

#include "qupel/report/forest.h"
#include "qupel/report/html.h"
#include "qupel/report/sections.h"
#include "qupel/report/selection.h"

namespace qupel::report {

std::string entanglement_section(const StudyResult& result) {
  std::vector<const Comparison*> twins;
  for (const auto& c : result.contenders)
    if (c.family == Family::quantum)
      if (const auto* twin = twin_comparison(result, c.name)) twins.push_back(twin);
  if (twins.empty()) return "";
  const auto better =
      std::count_if(twins.begin(), twins.end(), [](auto* c) { return outcome(*c) == "better"; });
  const auto lead = fmt::format(
      "Each quantum contender against its separable twin: the same kind of circuit without entangling gates, "
      "tuned by itself, which "
      "any laptop runs at any "
      "size. Entanglement helps <b>{} of {}</b>{}",
      better, twins.size(),
      better == 0 ? "; where it does not, the quantum computer is not what does the work." : ".");
  return paragraph("lead", lead) + forest(result, twins, true);
}

}  // namespace qupel::report
