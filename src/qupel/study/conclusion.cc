#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "qupel/problem/wording.h"
#include "qupel/study/checks.h"
#include "qupel/study/comparisons.h"
#include "qupel/study/summary.h"
#include "qupel/study/wording.h"

// The verdict in words: a headline and a reason, both from the same comparisons.
namespace qupel {
namespace {

Side side_of(const Contest& contest, std::string_view name, const std::vector<std::size_t>& chosen) {
  Side side{.name = std::string(name), .score = {}, .scores = {}, .chosen = {}};
  const auto scores = contest.scores(chosen, contest.on_test_rows());
  for (const auto e : chosen) ++side.chosen[contest.name(e)];
  if (chosen.empty()) return side;
  side.scores = scores.by_fold;
  const Readings nothing{std::vector<double>(scores.by_fold.size()),
                         std::vector<const Answer*>(scores.by_fold.size())};
  std::vector<Comparison> against_nothing;
  contest.add(against_nothing, name, scores, "nothing", nothing);
  const auto& lead = against_nothing.front();
  const auto& metric = contest.metric();
  const double one = metric.oriented(lead.low), two = metric.oriented(lead.high);
  const double low = std::min(one, two), high = std::max(one, two);
  side.score = {metric.oriented(lead.difference), std::max(low, metric.low), std::min(high, metric.high)};
  return side;
}

std::string most_often(const Side& side) {
  const auto most = std::ranges::max_element(side.chosen, {}, [](const auto& pair) { return pair.second; });
  return most == side.chosen.end() ? "" : most->first;
}

std::string measured(const StudyResult& result, const Metric& metric, const Comparison& c) {
  if (c.low == c.high)  // nothing is sampled
    return fmt::format("the quantum contender {} scores {} against the best that is not quantum ({})",
                       c.contender, lead_text(metric, c.difference), result.best_classical);
  return fmt::format(
      "the quantum contender {} scores {} against the best that is not quantum (chosen in each "
      "training set, most "
      "often {}), 95 % interval {} to {}; the chance that it is better by more than {} is {:.1f} %",
      c.contender, lead_text(metric, c.difference), result.best_classical, lead_number(metric, c.low),
      lead_number(metric, c.high), size_text(metric, result.rope), 100 * c.p_better);
}

/// Rounded up to two digits: the number is an estimate.
std::size_t two_digits(std::size_t number) {
  std::size_t unit = 1;
  while (number / unit >= 100) unit *= 10;
  return (number + unit - 1) / unit * unit;
}

std::string deciding_more(const StudyResult& result, const Comparison& c) {
  std::string text;
  if (c.repeats_needed > 0)
    text += fmt::format(
        "; {} would decide it if the difference stays (set repeats = {} and look = {}: a "
        "continued look is judged more strictly)",
        counted(c.repeats_needed, "more repeat"), static_cast<std::size_t>(c.repeats) + c.repeats_needed,
        result.look + 1);
  if (c.rows_needed > 0)
    text += fmt::format("; {} about {} rows would",
                        c.repeats_needed > 0 ? "or" : "more repeats would not decide it,",
                        two_digits(c.rows_needed));
  return text.empty() ? "; neither more repeats nor ten times the rows would decide it at the seen difference"
                      : text;
}

/// Why P(better) alone was not enough, where it would have been.
std::string after_holm(const Comparison& c, const Levels& levels) {
  if (c.p_better < 1 - levels.claim || c.p_holm < levels.test) return "";
  return fmt::format(
      "; as one of several quantum contenders it needs p below {:g} after Holm's correction, "
      "and has {:.3g}",
      levels.test, c.p_holm);
}

struct Words {
  std::string headline, reason;
};

Words nothing_was_learned(const StudyResult& result, const Metric& metric) {
  const auto& c = result.comparisons;
  const auto* found = &c.front();
  for (const auto& x : c)
    if (x.contender == best_classical && x.against != best_quantum) found = &x;
  const bool ruled_out =
      learning(c, best_quantum) == Learning::ruled_out && learning(c, best_classical) == Learning::ruled_out;
  const auto lead =
      fmt::format("the best contender that is not quantum scores {} against {}, 95 % interval {} to {}",
                  lead_text(metric, found->difference), result.floor_words, lead_number(metric, found->low),
                  lead_number(metric, found->high));
  if (ruled_out)
    return {fmt::format("{}: neither side beats {} by more than {}.",
                        result.problem_summary.empty() ? "Nothing was learned" : "Nothing to gain",
                        result.floor_words, size_text(metric, result.rope)),
            lead + "; the quantum side is no better"};
  if (result.outer_folds < 2)
    return {"Undecided. One fixed split cannot tell whether anything was learned.", lead};
  return {"Undecided. There are not enough rows to tell whether anything was learned.",
          lead + deciding_more(result, *found)};
}

Words in_words(const StudyResult& result, const Metric& metric, const Comparison& c) {
  const auto what = measured(result, metric, c);
  const auto worse = std::ranges::count_if(result.comparisons, [](const Comparison& x) {
    return x.decides && x.verdict == Verdict::classical_better;
  });
  const auto all = std::ranges::count_if(result.comparisons, &Comparison::decides);
  switch (result.verdict) {
    case Verdict::quantum_better:
      return {"Yes. A quantum model is better here, simulated without noise.", what};
    case Verdict::classical_better:
      return {"No. A classical model is better here.",
              fmt::format("each of {} is worse; of the closest: {}",
                          counted(static_cast<std::size_t>(all), "quantum contender"), what)};
    case Verdict::equivalent:
      return {"No need. Quantum and classical are practically equal here: take the cheaper.",
              fmt::format("each of {} is within {}; of the best: {}",
                          counted(static_cast<std::size_t>(all), "quantum contender"),
                          size_text(metric, result.rope), what)};
    case Verdict::no_advantage:
      return {fmt::format("No case for a quantum model here: a lead of more than {} is ruled out.",
                          size_text(metric, result.rope)),
              fmt::format("none of {} leads{}; of the closest: {}",
                          counted(static_cast<std::size_t>(all), "quantum contender"),
                          worse > 0 ? fmt::format(" ({} shown to be worse)", worse) : "", what)};
    case Verdict::inconclusive:
      break;
  }
  return {"Undecided. These data do not settle it.",
          what + after_holm(c, levels_of(result.look)) + deciding_more(result, c)};
}

/// The verdict on the first device that the study names, with the ideal one as its upper bound.
Words on_device(const StudyResult& result, const Metric& metric, const Words& ideal) {
  const auto& there = result.devices.front();
  const auto* c = decisive(there.comparisons);
  if (c == nullptr)
    return {fmt::format("No verdict on {}: no quantum contender answered there.", there.device),
            ideal.reason};
  const auto reason = fmt::format("on {}, {}; on a perfect quantum computer: {}", there.device,
                                  measured(result, metric, *c), to_string(result.ideal_verdict));
  switch (there.verdict) {
    case Verdict::quantum_better:
      return {fmt::format("Yes. On {} a quantum model is better here.", there.device), reason};
    case Verdict::classical_better:
      return {fmt::format("No. On {} a classical model is better here.", there.device), reason};
    case Verdict::equivalent:
      return {fmt::format("No need. On {} quantum and classical are practically equal: take the cheaper.",
                          there.device),
              reason};
    case Verdict::no_advantage:
      return {fmt::format("No case for a quantum model on {}: a lead of more than {} is ruled out.",
                          there.device, size_text(metric, result.rope)),
              reason};
    case Verdict::inconclusive:
      break;
  }
  return {fmt::format("Undecided on {}. These data do not settle it.", there.device),
          reason + deciding_more(result, *c)};
}

Words refused(const Check& check) {
  if (check.code == "lost-with-shots")
    return {"No. The lead of an ideal quantum computer is lost when it is read with finite shots.",
            check.message};
  if (check.code == "weak-baselines")
    return {"No verdict: a lead over these rivals does not count.", check.message};
  if (check.code == "no-entanglement") return {"No verdict: no contender here is quantum.", check.message};
  return {"No verdict: an integrity check refuses this comparison.", check.message};
}

}  // namespace

void conclude(const Contest& contest, StudyResult& result) {
  const auto quantum = side_of(contest, best_quantum, contest.chosen(contest.quantum()));
  const auto others = side_of(contest, best_classical, contest.chosen(contest.others()));
  result.best_quantum = most_often(quantum);
  result.best_classical = most_often(others);
  for (const auto& side : {quantum, others})
    if (!side.scores.empty()) result.sides.push_back(side);
  result.verdict = Verdict::inconclusive;
  Words words;
  const auto refusal = std::ranges::find(result.checks, Check::Severity::refused, &Check::severity);
  const auto* c = decisive(result.comparisons);
  if (refusal != result.checks.end()) {
    words = refused(*refusal);
    words.reason = fmt::format("refused by the {} check: {}", refusal->code, words.reason);
  } else if (!c) {
    words = {"No verdict: nothing was compared.", "no quantum contender was compared with another"};
  } else {
    result.verdict = overall_verdict(result.comparisons);
    const auto is_shown = [&](std::string_view side) {
      return learning(result.comparisons, side) == Learning::shown;
    };
    const bool learned = best_validated_learned(contest, result.comparisons) || is_shown(c->contender) ||
                         is_shown(best_classical);
    words = learned ? in_words(result, contest.metric(), *c) : nothing_was_learned(result, contest.metric());
    result.ideal_verdict = result.verdict;
    if (learned && !result.devices.empty()) {
      words = on_device(result, contest.metric(), words);
      result.verdict = result.devices.front().verdict;
    }
  }
  result.headline = std::move(words.headline);
  result.reason = std::move(words.reason);
}

}  // namespace qupel
