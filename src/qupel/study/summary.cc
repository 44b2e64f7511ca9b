#include "qupel/study/summary.h"

#include <fmt/format.h>

#include <algorithm>

#include "qupel/base/hash.h"
#include "qupel/base/parallel.h"
#include "qupel/study/checks.h"
#include "qupel/study/comparisons.h"
#include "qupel/study/plan.h"
#include "qupel/study/verdict.h"

namespace qupel {
namespace {

std::string protocol_sentence(const StudySpec& spec, const Problem& problem) {
  if (spec.protocol == Protocol::fixed)
    return fmt::format(
        "one fixed split of the data set's own; tuning of {} configurations by {}-fold cross-validation "
        "inside the training rows",
        spec.configurations, spec.inner_folds);
  const auto words = problem.split_words(splitting_of(spec));
  if (problem.dependence() != Dependence::resampled)
    return fmt::format("{}, the same for all; {} configurations a contender are tried in each", words,
                       spec.configurations);
  return fmt::format(
      "{}, the same splits for all; in every training set {} configurations a contender are tried by "
      "stratified {}-fold cross-validation",
      words, spec.configurations, spec.inner_folds);
}

void describe_problem(const Problem& problem, const StudySpec& spec, StudyResult& result) {
  const auto& facts = problem.facts();
  result.task = problem.kind();
  result.metrics = problem.metrics();
  result.floor_words = problem.floor_words();
  result.source = facts.source;
  result.target = facts.target;
  result.problem_summary = facts.summary;
  result.problem_description = problem.description();
  result.row_noun = problem.row_noun();
  result.left_out = spec.left_out;
  result.rows = facts.rows;
  result.rows_read = facts.rows_read;
  result.columns = facts.columns;
  result.classes = facts.classes;
  result.class_counts = facts.class_counts;
  result.target_range = facts.target_range;
  result.columns_seen = facts.columns_seen;
  result.findings = facts.findings;
  result.data_hash = facts.data_hash;
  result.prepared_columns = facts.prepared_columns;
  result.features = facts.features;
  result.rope = spec.rope * problem.metric(spec.metric).spread;
}

void describe_study(const StudySpec& spec, const Problem& problem, StudyResult& result) {
  result.protocol = protocol_sentence(spec, problem);
  result.name = spec.name;
  result.study_toml = to_toml(spec);
  result.study_hash = study_hash(spec, result.data_hash);
  result.seed = spec.seed;

  result.metric = spec.metric;
  result.look = spec.look;
  result.outer_folds = spec.protocol == Protocol::fixed ? 1 : spec.outer_folds;
  result.repeats = spec.protocol == Protocol::fixed ? 1 : spec.repeats;
  result.inner_folds = spec.inner_folds;
  result.configurations = spec.configurations;
  result.shots = spec.shots;
}

/// What a report needs to know of the program that made the run.
void describe_program(const StudySpec& spec, StudyResult& result) {
  for (const auto& entry : spec.entries)
    if (const auto& rules = entry.contender().training) result.circuit_training = *rules;
  result.noise = "none";
}

std::string hash_of(const std::vector<Trial>& trials) {
  std::string all;
  for (const auto& trial : trials) all += to_json(trial, false) + "\n";
  return sha256(all);
}

}  // namespace

StudyResult summarise(const StudySpec& spec, const Problem& problem, const std::vector<Trial>& trials,
                      int threads) {
  std::vector<EntryTrials> by_entry(spec.entries.size());
  for (std::size_t i = 0; i < trials.size(); ++i) by_entry[i % spec.entries.size()].push_back(&trials[i]);

  StudyResult result;
  describe_problem(problem, spec, result);
  describe_study(spec, problem, result);
  describe_program(spec, result);
  result.contenders.resize(spec.entries.size());
  parallel_for(spec.entries.size(), threads, [&](std::size_t e) {
    result.contenders[e] = summarise_contender(spec, problem, spec.entries[e], by_entry[e]);
  });
  std::vector<ContenderAnswers> given;
  for (std::size_t e = 0; e < spec.entries.size(); ++e)
    given.push_back(answers_of(spec.entries[e], by_entry[e]));
  result.overview = problem.overview(given);
  const Contest contest(spec, problem, by_entry);
  for (const auto e : contest.quantum()) result.contenders[e].entangled = true;
  result.plan = planned_power(spec, problem, quantum_entries(spec));
  result.comparisons = compare_all(contest);
  result.with_shots = compare_with_shots(contest);
  result.devices = device_verdicts(contest, result.contenders);
  result.lead_by_rows = lead_by_rows(contest);
  result.verdicts_by_seed = verdicts_by_seed(contest, overall_verdict(result.comparisons));
  result.checks = integrity_checks(spec, problem, trials);
  for (auto& check : claim_checks(contest, result.comparisons, result.with_shots))
    result.checks.push_back(std::move(check));
  conclude(contest, result);
  result.results_hash = hash_of(trials);
  return result;
}

}  // namespace qupel
