#include "qupel/study/summary.h"

#include <fmt/format.h>

#include <algorithm>

#include "qupel/base/hash.h"
#include "qupel/base/parallel.h"
#include "qupel/contenders/contenders.h"
#include "qupel/study/comparisons.h"
#include "qupel/study/gates.h"
#include "qupel/study/plan.h"
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
  result.look = spec.look;
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
        summarise_contender(spec, problem, spec.entries[e], by_entry[e], result.prepared_columns);
  });
  const Contest contest(spec, problem, by_entry, result.prepared_columns);
  for (const auto e : contest.quantum()) result.contenders[e].entangled = true;
  result.plan = planned_power(spec, problem, quantum_entries(spec));
  result.comparisons = compare_all(contest);
  result.with_shots = compare_with_shots(contest);
  result.lead_by_rows = lead_by_rows(contest);
  result.verdicts_by_seed = verdicts_by_seed(contest, overall_verdict(result.comparisons));
  result.gates = check_gates(spec, problem, trials);
  for (auto& gate : check_claim(contest, result.comparisons, result.with_shots))
    result.gates.push_back(std::move(gate));
  conclude(contest, result);
  result.results_hash = hash_of(trials);
  return result;
}

}  // namespace qupel
