#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "qupel/problem/wording.h"
#include "qupel/study/checks.h"
#include "qupel/study/wording.h"

namespace qupel {
namespace {

using Severity = Check::Severity;

constexpr std::size_t enough_families = 3;

std::vector<std::string> names_of(const Contest& contest, const std::vector<std::size_t>& entries) {
  std::vector<std::string> names;
  for (const auto e : entries) names.push_back(contest.name(e));
  return names;
}

Check no_entanglement(const Contest& contest) {
  const auto product_states = names_of(contest, contest.unentangled());
  const auto entangled = names_of(contest, contest.quantum());
  const auto what = fmt::format(
      "{} chose circuits without entangling gates in most splits, which a "
      "classical computer runs qubit by qubit",
      fmt::join(product_states, ", "));
  if (entangled.empty())
    return {"no-entanglement", Severity::refused,
            product_states.empty() ? "no quantum contender took part"
                                   : what + "; no quantum contender is left to judge"};
  if (!product_states.empty())
    return {"no-entanglement", Severity::warning, what + ": counted on the classical side"};
  return {"no-entanglement", Severity::passed,
          fmt::format("{} {} entangled circuits", fmt::join(entangled, ", "),
                      entangled.size() == 1 ? "has" : "have")};
}

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

enum class Learned { on_test_rows, on_training_rows, nothing };

/// Classical families, and what the best of each learned.
std::map<std::string, Learned> classical_families(const Contest& contest) {
  constexpr double most_of_the_way = 0.5;
  const auto& floor = contest.floor();
  std::map<std::string, Learned> families;
  for (const auto e : contest.others()) {
    const auto& record = contest.record(e);
    if (record.family != Family::classical || record.floor) continue;
    std::vector<Comparison> on_test;
    contest.add(on_test, contest.name(e), contest.scores(e, contest.on_test_rows()), "floor", floor);
    decide(on_test, contest.design());
    const double trained =
        mean(contest.scores(e,
                            [](const Trial& t) {
                              return Reading{t.train_score, nullptr};
                            })
                 .by_fold);
    const auto& metric = contest.metric();
    const double perfect = metric.higher_is_better ? metric.high : metric.low, lowest = mean(floor.by_fold);
    const bool fits = metric.oriented(trained - lowest) > most_of_the_way * metric.oriented(perfect - lowest);
    auto& best = families.emplace(record.name, Learned::nothing).first->second;
    if (on_test.front().verdict == Verdict::quantum_better) best = Learned::on_test_rows;
    if (best == Learned::nothing && fits) best = Learned::on_training_rows;
  }
  return families;
}

std::string family_words(const std::map<std::string, Learned>& families) {
  const std::pair<Learned, std::string_view> parts[] = {
      {Learned::on_test_rows, "better than the floor"},
      {Learned::on_training_rows, "fitting their training rows only"},
      {Learned::nothing, "learning nothing"}};
  std::vector<std::string> words;
  for (const auto& [learned, what] : parts) {
    std::vector<std::string> names;
    for (const auto& [family, did] : families)
      if (did == learned) names.push_back(family);
    if (!names.empty()) words.push_back(fmt::format("{}: {}", what, fmt::join(names, ", ")));
  }
  return words.empty() ? "no classical contender took part" : fmt::format("{}", fmt::join(words, "; "));
}

/// What else stands against a lead: a winner without its twin, or somebody else who scores as much on the
/// test rows, whom validation chose too seldom for the rival. "" if nothing does.
std::string stronger_rival(const Contest& contest, const std::vector<Comparison>& comparisons) {
  std::string found;
  for (const auto& c : comparisons) {
    if (!c.decides || c.verdict != Verdict::quantum_better) continue;
    const auto winner =
        *std::ranges::find_if(contest.quantum(), [&](auto e) { return contest.name(e) == c.contender; });
    const auto twin = contest.record(winner).twin;
    const auto is_twin = [&](std::size_t e) { return contest.record(e).name == twin; };
    const double score = mean(contest.scores(winner, contest.on_test_rows()).by_fold);
    std::string against;
    if (!twin.empty() && std::ranges::none_of(contest.others(), is_twin))
      against = fmt::format("{} leads, but {}, which does the same without a quantum computer, took no part",
                            c.contender, twin);
    for (const auto e : contest.others())
      if (const double other = mean(contest.scores(e, contest.on_test_rows()).by_fold);
          against.empty() && contest.metric().oriented(other - score) >= -contest.design().rope)
        against = fmt::format(
            "{} leads the rival that validation chose, but {} scores {} on the test rows beside its {}",
            c.contender, contest.name(e), score_text(contest.metric(), other),
            score_text(contest.metric(), score));
    if (against.empty()) return "";
    found = against;
  }
  return found;
}

Check weak_baselines(const Contest& contest, const std::vector<Comparison>& comparisons, bool claimed) {
  const auto families = classical_families(contest);
  const auto learned = static_cast<std::size_t>(
      std::ranges::count_if(families, [](const auto& f) { return f.second != Learned::nothing; }));
  auto message = family_words(families);
  if (claimed)
    if (const auto stronger = stronger_rival(contest, comparisons); !stronger.empty())
      return {"weak-baselines", Severity::refused, stronger};
  if (learned >= enough_families) return {"weak-baselines", Severity::passed, message};
  message += fmt::format("; a lead of a quantum contender counts against {} classical families or more",
                         enough_families);
  if (claimed)
    return {"weak-baselines", Severity::refused,
            message + ": add contenders or give them more configurations"};
  return {"weak-baselines", families.size() < enough_families ? Severity::warning : Severity::passed,
          message};
}

bool leads(const std::vector<Comparison>& comparisons, const std::string& contender) {
  return std::ranges::any_of(comparisons, [&](const Comparison& c) {
    return c.decides && c.contender == contender && c.verdict == Verdict::quantum_better;
  });
}

Check lost_with_shots(const Contest& contest, const std::vector<Comparison>& comparisons, bool claimed,
                      const std::vector<Comparison>& with_shots) {
  const auto shots = contest.spec().shots;
  if (shots == 0)
    return {"lost-with-shots", claimed ? Severity::warning : Severity::passed,
            "not measured: the study reads exact expectation values only (shots = 0)"};
  if (!claimed) return {"lost-with-shots", Severity::passed, "there is no lead to lose"};
  const auto kept = std::ranges::find_if(with_shots, [&](const Comparison& c) {
    return c.verdict == Verdict::quantum_better && leads(comparisons, c.contender);
  });
  if (kept != with_shots.end())
    return {"lost-with-shots", Severity::passed,
            fmt::format("with {} a circuit {} still leads by {}", counted(shots, "shot"), kept->contender,
                        lead_text(contest.metric(), kept->difference))};
  if (with_shots.empty())
    return {"lost-with-shots", Severity::refused, "no contender that leads was read with finite shots"};
  const auto& best = *std::ranges::max_element(with_shots, {}, &Comparison::difference);
  return {"lost-with-shots", Severity::refused,
          fmt::format("with {} a circuit the lead is gone: {} then scores {} against the best classical "
                      "contender (95 % interval {} to {}); more shots may bring it back",
                      counted(shots, "shot"), best.contender, lead_text(contest.metric(), best.difference),
                      lead_number(contest.metric(), best.low), lead_number(contest.metric(), best.high))};
}

}  // namespace

std::vector<Check> claim_checks(const Contest& contest, const std::vector<Comparison>& comparisons,
                                const std::vector<Comparison>& with_shots) {
  const bool claimed = overall_verdict(comparisons) == Verdict::quantum_better;
  return {no_entanglement(contest), weak_baselines(contest, comparisons, claimed),
          lost_with_shots(contest, comparisons, claimed, with_shots)};
}

}  // namespace qupel
