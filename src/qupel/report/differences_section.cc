#include <fmt/format.h>

#include "qupel/baseline/contenders.h"
#include "qupel/report/forest.h"
#include "qupel/report/format.h"
#include "qupel/report/html.h"
#include "qupel/report/sections.h"
#include "qupel/report/selection.h"

namespace qupel::report {
namespace {

std::string group(const StudyResult& result, std::string_view title, std::string_view text,
                  const std::vector<const Comparison*>& comparisons) {
  if (comparisons.empty()) return "";
  return element("h3", "", title) + paragraph("lead", text) + forest(result, comparisons, false);
}

std::string repeats_needed(const std::vector<const Comparison*>& comparisons) {
  std::string text;
  for (const auto* c : comparisons)
    if (c->repeats_needed > 0)
      text += fmt::format("{}<b>{}</b> with {}", text.empty() ? "" : ", ", escaped(c->contender),
                          plural(static_cast<double>(c->repeats_needed), "more repeat"));
  return text.empty() ? ""
                      : paragraph("note", "At the differences seen, these would be decided: " + text + ".");
}

}  // namespace

std::string differences_section(const StudyResult& result) {
  std::vector<const Comparison*> deciding, inspired, floor;
  for (const auto& c : result.comparisons) {
    if (c.decides)
      deciding.push_back(&c);
    else if (c.against == floor_contender().name)
      floor.push_back(&c);
    else if (c.against == best_classical && family_of(result, c.contender) == Family::quantum_inspired)
      inspired.push_back(&c);
  }
  if (deciding.empty() && inspired.empty()) return "";
  const auto lead = fmt::format(
      "On identical splits, what matters is the difference. Inside the shaded band, ±{} points, two models "
      "count as equal. The "
      "thin bar beside each difference splits the probability: worse, <i class=\"key same\"></i>equal, "
      "better.",
      number(100 * result.rope));
  return paragraph("lead", lead) +
         group(result, "Quantum against the best classical",
               "These comparisons decide. The best classical contender is chosen anew inside every training "
               "set, on all columns.",
               deciding) +
         repeats_needed(deciding) +
         group(result, "Quantum-inspired against the best classical",
               "What the idea is worth without the machine.", inspired) +
         group(result, "Against always predicting the most frequent class",
               "What was learned at all. Where neither side is better than this, there is no verdict.",
               floor);
}

}  // namespace qupel::report
