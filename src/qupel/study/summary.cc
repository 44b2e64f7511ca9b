#include "qupel/study/summary.h"

#include <fmt/format.h>

#include <algorithm>

#include "qupel/base/hash.h"
#include "qupel/base/parallel.h"
#include "qupel/baseline/contenders.h"
#include "qupel/study/gates.h"
#include "qupel/study/verdict.h"

namespace qupel {
namespace {

std::string protocol_sentence(const StudySpec& spec) {
  if (spec.protocol == Protocol::fixed)
    return fmt::format(
        "one fixed split of the data set's own; tuning of {} configurations by {}-fold cross-validation "
        "inside the training rows",
        spec.configurations, spec.inner_folds);
  return fmt::format(
      "{} repeat{} of stratified {}-fold cross-validation, the same splits for all; in every training set "
      "{} configurations a contender are tried by stratified {}-fold cross-validation",
      spec.repeats, spec.repeats == 1 ? "" : "s", spec.outer_folds, spec.configurations, spec.inner_folds);
}

/// The entry that had the best validation score in most splits.
std::string most_often_best(const StudySpec& spec, const std::vector<EntryTrials>& by_entry, Family family,
                            bool all_inputs_only) {
  std::map<std::string, int> wins;
  const auto splits = by_entry.empty() ? 0 : by_entry.front().size();
  for (std::size_t s = 0; s < splits; ++s) {
    const Trial* best = nullptr;
    for (std::size_t e = 0; e < spec.entries.size(); ++e) {
      const auto& entry = spec.entries[e];
      if (contender(entry.contender).family != family || (all_inputs_only && entry.inputs != Inputs::all))
        continue;
      if (!best || by_entry[e][s]->validation > best->validation) best = by_entry[e][s];
    }
    if (best) ++wins[best->key.entry];
  }
  const auto most =
      std::max_element(wins.begin(), wins.end(), [](auto& a, auto& b) { return a.second < b.second; });
  return most == wins.end() ? "" : most->first;
}

std::string points(double difference) { return fmt::format("{:+.1f}", 100 * difference); }

std::string sentence(const Comparison& c, const std::string& quantum, const std::string& classical,
                     double rope) {
  const auto what = fmt::format(
      "the best quantum contender (most often {}) scores {} points against the best classical one (most "
      "often {}), "
      "95 % interval {} to {}; the chance that it is better by more than {:g} point{} is {:.1f} %",
      quantum, points(c.difference), classical, points(c.low), points(c.high), 100 * rope,
      rope == 0.01 ? "" : "s", 100 * c.p_better);
  if (c.verdict != Verdict::inconclusive)
    return what + (c.verdict == Verdict::equivalent ? ": take the cheaper" : "");
  if (c.repeats_needed == 0)
    return what + "; more repeats on these rows would not decide it, more rows might";
  return what + fmt::format("; {} more repeat{} would decide it", c.repeats_needed,
                            c.repeats_needed == 1 ? "" : "s");
}

/// Why there is no verdict where neither side beats the floor.
std::string against_the_floor(const StudyResult& result) {
  std::string lead;
  for (const auto side : {best_quantum, best_classical})
    for (const auto& c : result.comparisons)
      if (c.contender == side && c.against == floor_contender().name)
        lead += fmt::format("{}{} scores {} points (95 % interval {} to {})", lead.empty() ? "" : ", ", side,
                            points(c.difference), points(c.low), points(c.high));
  return fmt::format(
      "nothing was learned: neither side is shown to beat always predicting the most frequent class; against "
      "it {}",
      lead);
}

/// The overall verdict: the best quantum contender against the best classical one, both chosen inside the
/// training sets; a single quantum contender that holds after Holm's correction suffices for "quantum
/// better". None where neither side learned anything.
void conclude(StudyResult& result) {
  for (const auto& gate : result.gates) {
    if (gate.severity != Gate::Severity::refused) continue;
    result.verdict = Verdict::inconclusive;
    result.reason = fmt::format("refused by the {} gate: {}", gate.code, gate.message);
    return;
  }
  const Comparison* overall = nullptr;
  for (const auto& c : result.comparisons) {
    if (!c.decides) continue;
    if (!overall || (c.verdict == Verdict::quantum_better && overall->verdict != Verdict::quantum_better))
      overall = &c;
  }
  if (!overall) {
    result.reason = "no quantum contender was compared with a classical one";
    return;
  }
  result.verdict = overall->verdict;
  if (nothing_learned(result.comparisons, *overall)) {
    result.reason = against_the_floor(result);
    return;
  }
  const bool best = overall == &*std::find_if(result.comparisons.begin(), result.comparisons.end(),
                                              [](auto& c) { return c.decides; });
  result.reason =
      sentence(*overall, best ? result.best_quantum : overall->contender, result.best_classical, result.rope);
}

void describe_problem(const TabularProblem& problem, const StudySpec& spec, StudyResult& result) {
  result.source = problem.source;
  result.target = problem.target;
  result.rows = problem.labels.size();
  result.rows_read = problem.rows_read;
  result.columns = problem.table.columns.size();
  result.classes = problem.classes;
  result.class_counts.assign(problem.classes.size(), 0);
  for (const int label : problem.labels) ++result.class_counts[static_cast<std::size_t>(label)];
  for (const auto& column : problem.table.columns)
    result.columns_seen.push_back({column.name, column.type, {}, {}, {}, column.missing, column.used});
  result.findings = problem.table.findings;
  result.data_hash = problem.data_hash;
  std::vector<std::size_t> rows(result.rows);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = i;
  result.prepared_columns = Preparation::fit(problem, rows).names().size();
  result.features = spec.reduction == Reduction::none
                        ? result.prepared_columns
                        : std::min(static_cast<std::size_t>(spec.features), result.prepared_columns);
}

void describe_study(const StudySpec& spec, StudyResult& result) {
  result.name = spec.name;
  result.study_toml = to_toml(spec);
  result.study_hash = study_hash(spec, result.data_hash);
  result.seed = spec.seed;
  result.protocol = protocol_sentence(spec);
  result.metric = spec.metric;
  result.rope = spec.rope;
  result.outer_folds = spec.protocol == Protocol::fixed ? 1 : spec.outer_folds;
  result.repeats = spec.protocol == Protocol::fixed ? 1 : spec.repeats;
  result.inner_folds = spec.inner_folds;
  result.configurations = spec.configurations;
  result.shots = spec.shots;
}

std::string hash_of(const std::vector<Trial>& trials) {
  std::string all;
  for (const auto& trial : trials) all += to_json(trial, false) + "\n";
  return sha256(all);
}

}  // namespace

StudyResult summarise(const StudySpec& spec, const TabularProblem& problem, const std::vector<Trial>& trials,
                      int threads) {
  std::vector<EntryTrials> by_entry(spec.entries.size());
  for (std::size_t i = 0; i < trials.size(); ++i) by_entry[i % spec.entries.size()].push_back(&trials[i]);

  StudyResult result;
  describe_problem(problem, spec, result);
  describe_study(spec, result);
  result.contenders.resize(spec.entries.size());
  parallel_for(spec.entries.size(), threads, [&](std::size_t e) {
    result.contenders[e] =
        summarise_contender(spec, problem, spec.entries[e], by_entry[e], static_cast<int>(result.features));
  });
  result.comparisons = compare_all(spec, by_entry);
  result.gates = check_gates(spec, problem, trials);
  result.best_classical = most_often_best(spec, by_entry, Family::classical, true);
  result.best_quantum = most_often_best(spec, by_entry, Family::quantum, false);
  conclude(result);
  result.results_hash = hash_of(trials);
  return result;
}

}  // namespace qupel
