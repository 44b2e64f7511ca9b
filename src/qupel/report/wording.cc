#include "qupel/report/wording.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "qupel/report/format.h"
#include "qupel/report/selection.h"

namespace qupel::report {
namespace {

/// Of a claim; less by what numbers lose on their way through a file.
constexpr double certain = 0.95 - 1e-9;

Answer by_verdict(Verdict verdict) {
  switch (verdict) {
    case Verdict::quantum_better:
      return {"quantum-better", "✓", "Yes. A quantum model is better here, simulated without noise."};
    case Verdict::classical_better:
      return {"classical-better", "✕", "No. A classical model is better here."};
    case Verdict::equivalent:
      return {"equivalent", "=",
              "No need. Quantum and classical are practically equal here: take the cheaper."};
    case Verdict::no_advantage:
      return {"no-advantage", "–", "No case for a quantum model here: a lead that matters is ruled out."};
    case Verdict::inconclusive:
      break;
  }
  return {"inconclusive", "?", "Undecided. These data do not settle it."};
}

std::string power_note(const StudyResult& result) {
  const auto& plan = result.plan;
  if (plan.rows == 0 || plan.smallest_lead <= 0) return "";
  if (plan.splits < 2) return "One fixed split cannot show a lead, however large.";
  return fmt::format(
      "This study could show a lead of {} or more: {}, {}. A smaller one is "
      "found in fewer than 4 of 5 such studies.",
      lead_size(metric_of(result), plan.smallest_lead),
      plural(static_cast<double>(plan.rows), result.row_noun), splits_words(result));
}

std::string look_note(const StudyResult& result) {
  if (result.look < 2) return "";
  return fmt::format(
      "This is look {} at these rows, a continued study: what it claims allows for the earlier looks.",
      result.look);
}

std::string seeds_note(const StudyResult& result) {
  const auto& verdicts = result.verdicts_by_seed;
  if (verdicts.size() < 2 || refusal(result)) return "";
  const auto same = std::ranges::count(verdicts, verdicts.front());
  const auto all = static_cast<double>(verdicts.size());
  if (same == static_cast<std::ptrdiff_t>(verdicts.size()))
    return fmt::format("The verdict is the same with {} of {}.", same, plural(all, "random seed"));
  std::string others;
  for (const auto other : {Verdict::quantum_better, Verdict::classical_better, Verdict::equivalent,
                           Verdict::no_advantage, Verdict::inconclusive})
    if (const auto times = std::ranges::count(verdicts, other); times > 0 && other != verdicts.front())
      others += fmt::format("{}{} with {}", others.empty() ? "" : ", ", to_string(other), times);
  return fmt::format("The verdict depends on the random seed: it is the same with {} of {}; {}.", same,
                     plural(all, "random seed"), others);
}

/// The comparison with finite shots that belongs to the one the verdict rests on.
const Comparison* shots_comparison(const StudyResult& result) {
  const auto* exact = overall(result);
  if (!exact) return nullptr;
  const auto found = std::ranges::find_if(result.with_shots, [&](const auto& c) {
    return c.contender == exact->contender && c.against == exact->against;
  });
  return found == result.with_shots.end() ? nullptr : &*found;
}

std::string shots_note(const StudyResult& result) {
  const auto* read = shots_comparison(result);
  if (!read) return "";
  const auto metric = metric_of(result);
  const bool lost =
      shown(*overall(result)) == Verdict::quantum_better && shown(*read) != Verdict::quantum_better;
  return fmt::format("{}With {} a circuit instead of exact values, {} is {} {} {}: {}.",
                     lost ? "Finite shots take the lead away. " : "",
                     plural(static_cast<double>(result.shots), "shot"), read->contender,
                     told_lead(metric, read->difference, read->low, read->high),
                     metric.share ? "from" : "against", read->against, outcome(*read));
}

/// Older versions called a study by a weaker rule.
std::string older_rule_note(const StudyResult& result) {
  const auto* c = overall(result);
  if (!result.headline.empty() || !c || result.verdict == Verdict::inconclusive || shown(*c) == c->verdict)
    return "";
  return fmt::format(
      "An older version of Qupel gave this verdict by a weaker rule. What "
      "the numbers of {} against {} show: {}.",
      c->contender, c->against, outcome(*c));
}

}  // namespace

Verdict shown(const Comparison& c) {
  switch (c.verdict) {
    case Verdict::quantum_better:
      if (c.p_better >= certain) return c.verdict;
      break;
    case Verdict::classical_better:
      if (c.p_worse >= certain) return c.verdict;
      break;
    case Verdict::equivalent:
      if (c.p_equivalent >= certain) return c.verdict;
      break;
    case Verdict::no_advantage:
      break;
    case Verdict::inconclusive:
      return c.verdict;
  }
  return 1 - c.p_better >= certain ? Verdict::no_advantage : Verdict::inconclusive;
}

std::string_view outcome(const Comparison& comparison) {
  switch (shown(comparison)) {
    case Verdict::quantum_better:
      return "better";
    case Verdict::classical_better:
      return "worse";
    case Verdict::equivalent:
      return "practically equal";
    case Verdict::no_advantage:
      return "not better";
    case Verdict::inconclusive:
      break;
  }
  return "undecided";
}

std::string tally(const std::vector<const Comparison*>& comparisons) {
  std::string text;
  for (const std::string_view word : {"better", "worse", "practically equal", "not better", "undecided"}) {
    const auto times = std::ranges::count_if(comparisons, [&](auto* c) { return outcome(*c) == word; });
    if (times == 0) continue;
    text += text.empty() ? fmt::format("{} of {} {}", times, comparisons.size(), word)
                         : fmt::format(", {} {}", times, word);
  }
  return text;
}

std::size_t splits_of(const StudyResult& result) {
  if (result.plan.splits > 0) return result.plan.splits;
  return static_cast<std::size_t>(std::max(1, result.repeats)) *
         static_cast<std::size_t>(std::max(1, result.outer_folds));
}

std::string splits_words(const StudyResult& result) {
  if (is_table(result) && result.outer_folds > 1)
    return fmt::format("{} × {} splits", result.outer_folds, std::max(1, result.repeats));
  return plural(static_cast<double>(splits_of(result)), "split");
}

std::string floor_words(const StudyResult& result) {
  return result.floor_words.empty() ? "always predicting the most frequent class" : result.floor_words;
}

std::string_view on_which_columns(const StudyResult& result) {
  return is_table(result) ? ", on all columns or on the reduced ones" : "";
}

Answer answer_of(const StudyResult& result) {
  auto answer = by_verdict(result.verdict);
  if (refusal(result))
    answer = {"refused", "✕", "No verdict: an integrity check refuses this comparison."};
  else if (!overall(result))
    answer = {"inconclusive", "?", "No verdict: nothing was compared."};
  if (!result.headline.empty()) answer.sentence = as_sentence(result.headline);
  return answer;
}

std::vector<Reach> reach_of(const StudyResult& result) {
  const std::array all{Reach{older_rule_note(result), "differences"}, Reach{look_note(result), "method"},
                       Reach{shots_note(result), "shots"}, Reach{seeds_note(result), "cost"},
                       Reach{power_note(result), "method"}};
  std::vector<Reach> told;
  for (const auto& reach : all)
    if (!reach.text.empty()) told.push_back(reach);
  return told;
}

}  // namespace qupel::report
