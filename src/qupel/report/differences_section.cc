#include <fmt/format.h>

#include <algorithm>

#include "qupel/report/forest.h"
#include "qupel/report/format.h"
#include "qupel/report/html.h"
#include "qupel/report/sections.h"
#include "qupel/report/selection.h"
#include "qupel/report/wording.h"

namespace qupel::report {
namespace {

using Comparisons = std::vector<const Comparison*>;

std::string group(const StudyResult& result, std::string_view title, std::string_view text,
                  const Comparisons& comparisons) {
  if (comparisons.empty()) return "";
  return element("h3", "", title) + paragraph("lead", text) + forest(result, comparisons, false);
}

/// What would decide a comparison: "12 more repeats or some 900 rows"; "" if nothing would.
std::string remedy(const Comparison& c) {
  const auto repeats =
      c.repeats_needed > 0 ? plural(static_cast<double>(c.repeats_needed), "more repeat") : "";
  const auto rows =
      c.rows_needed > 0 ? "some " + number(static_cast<double>(c.rows_needed)) + " rows" : std::string();
  return repeats + (repeats.empty() || rows.empty() ? "" : " or ") + rows;
}

std::string needed(const Comparisons& comparisons) {
  std::string text;
  for (const auto* c : comparisons)
    if (const auto needs = remedy(*c); !needs.empty())
      text += fmt::format("{}<b>{}</b> by {}", text.empty() ? "" : "; ", escaped(c->contender), needs);
  if (text.empty()) return "";
  const bool repeats = std::ranges::any_of(comparisons, [](auto* c) { return c->repeats_needed > 0; });
  return paragraph("note",
                   "At the differences seen, these would be decided: " + text + "." +
                       (repeats ? " More repeats are a continued look at the same rows, and what is claimed "
                                  "allows for it; more rows are new evidence."
                                : ""));
}

/// Comparisons whose probability alone would make a claim.
std::string held_back(const Comparisons& comparisons) {
  constexpr double certain = 0.95;
  std::string text;
  for (const auto* c : comparisons)
    if (c->p_better >= certain && outcome(*c) == "undecided")
      text += fmt::format("{}<b>{}</b> ({}, adjusted {})", text.empty() ? "" : ", ", escaped(c->contender),
                          probability(c->p_better), escaped(p_value(c->p_holm)));
  if (text.empty()) return "";
  return paragraph("note",
                   "Probably better, but undecided, as the test that allows for several contenders does "
                   "not confirm it: " +
                       text + ".");
}

std::string of_the_sides(const StudyResult& result) {
  const auto among =
      result.sides.empty()
          ? std::string()
          : fmt::format(
                ", among all contenders that are not quantum{}; best quantum likewise among the quantum ones",
                on_which_columns(result));
  auto text = fmt::format(
      "The quantum contenders decide, best quantum stands beside them. Best classical is "
      "chosen anew inside every training set{}.",
      among);
  if (result.sides.empty()) return text;
  for (const auto& c : result.contenders)
    if (c.family == Family::quantum && !c.entangled)
      text += fmt::format(
          " <b>{}</b> chose circuits without entangling gates in most splits and counts as classical.",
          escaped(c.name));
  return text;
}

/// What a positive number says where it is not a difference of shares.
std::string meaning_of_lead(const Metric& metric) {
  if (metric.share && metric.higher_is_better) return "";
  return fmt::format(" A lead is how much {} the {} is: a positive one is better.",
                     metric.higher_is_better ? "higher" : "lower", escaped(metric.name));
}

}  // namespace

std::string differences_section(const StudyResult& result) {
  Comparisons sides, deciding, inspired, floor;
  for (const auto& c : result.comparisons) {
    if (c.against_floor)
      floor.push_back(&c);
    else if (c.against != best_classical)
      continue;
    else if (c.contender == best_quantum)
      sides.push_back(&c);
    else if (c.decides)
      deciding.push_back(&c);
    else if (family_of(result, c.contender) == Family::quantum_inspired)
      inspired.push_back(&c);
  }
  if (sides.empty() && deciding.empty() && inspired.empty()) return "";
  auto quantum = sides;
  quantum.insert(quantum.end(), deciding.begin(), deciding.end());
  const auto metric = metric_of(result);
  const auto lead = fmt::format(
      "On identical splits, what matters is the difference. Inside the shaded band, ±{}, two models count "
      "as equal.{} The small bar beside each difference splits the probability: on the left that it is "
      "worse, <i class=\"key same\"></i>in the middle equal, on the right better.",
      escaped(lead_size(metric, result.rope)), meaning_of_lead(metric));
  return paragraph("lead", lead) +
         group(result, "Quantum against the best classical", of_the_sides(result), quantum) +
         held_back(deciding) + needed(deciding) +
         group(result, "Quantum-inspired against the best classical",
               "The idea of a quantum model, without a quantum computer.", inspired) +
         group(result, "Against " + escaped(floor_words(result)),
               "Whether anything was learned. A model that is not shown to be better than this may have "
               "learned nothing, or there may be too few rows to tell.",
               floor);
}

}  // namespace qupel::report
