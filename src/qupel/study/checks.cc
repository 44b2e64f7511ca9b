#include "qupel/study/checks.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "qupel/problem/wording.h"
#include "qupel/study/runner.h"
#include "qupel/study/search.h"
#include "qupel/study/statistics.h"
#include "qupel/study/verdict.h"
#include "qupel/study/wording.h"

namespace qupel {
namespace {

using Severity = Check::Severity;

std::string name_of(const TrialKey& key) {
  return fmt::format("{} (repeat {}, fold {})", key.entry, key.repeat + 1, key.fold + 1);
}

/// What the checks look at, and what several of them need.
struct Evidence {
  Evidence(const StudySpec& s, const Problem& p, const std::vector<Trial>& t)
      : spec(s), problem(p), metric(p.metric(s.metric)), trials(t) {
    for (const auto& entry : spec.entries) by_entry.push_back({&entry, {}});
    for (const auto& trial : trials)
      for (auto& [entry, found] : by_entry)
        if (entry->name == trial.key.entry) found.push_back(&trial);
  }

  const StudySpec& spec;
  const Problem& problem;
  const Metric& metric;
  const std::vector<Trial>& trials;
  std::vector<std::pair<const Entry*, std::vector<const Trial*>>> by_entry;  ///< in the study's order
};

// ---- the sizes

/// Of units that are no rows of one table.
Check too_few_units(const Evidence& evidence) {
  constexpr std::size_t enough = 10;
  const auto rows = evidence.problem.rows();
  const auto noun = std::string(evidence.problem.row_noun());
  if (evidence.problem.dependence() == Dependence::complete || rows == 1)
    return {"too-small", Severity::passed,
            fmt::format("{} {} asked about, and nothing is said of others", counted(rows, noun),
                        rows == 1 ? "is" : "are")};
  return {"too-small", rows < enough ? Severity::warning : Severity::passed,
          fmt::format("{}{}", counted(rows, noun),
                      rows < enough ? fmt::format("; fewer than {} say little of others", enough) : "")};
}

Check too_small(const Evidence& evidence) {
  if (evidence.problem.dependence() != Dependence::resampled) return too_few_units(evidence);
  constexpr std::size_t enough_rows = 50, enough_test_rows = 10;
  const auto rows = evidence.problem.rows();
  const bool fixed = evidence.spec.protocol == Protocol::fixed;
  std::size_t smallest = fixed ? evidence.problem.fixed_test_rows()
                               : rows / static_cast<std::size_t>(std::max(1, evidence.spec.outer_folds));
  for (const auto& trial : evidence.trials) smallest = std::min(smallest, trial.test_rows.size());
  auto message = fmt::format("{}, {} in the smallest test set", counted(rows, "row"), smallest);
  if (rows >= enough_rows && smallest >= enough_test_rows) return {"too-small", Severity::passed, message};
  message += fmt::format(
      "; below {} rows or {} test rows a single row moves the score by more than most models differ",
      enough_rows, enough_test_rows);
  if (rows >= enough_rows && !fixed) message += ": use fewer outer folds";
  return {"too-small", Severity::warning, message};
}

std::vector<std::vector<std::size_t>> test_sets(const Evidence& evidence) {
  std::set<std::vector<std::size_t>> sets;
  for (const auto& trial : evidence.trials) sets.insert(trial.test_rows);
  return {sets.begin(), sets.end()};
}

// ---- the scores

/// Why scores cannot come from the stored answer, or "".
std::string contradiction(const Evidence& evidence, const Trial& trial, const Evaluation& evaluation) {
  auto found = evidence.problem.contradiction(evaluation.answer, trial.test_rows, evaluation.metrics);
  if (!found.empty()) return found;
  const auto again = evidence.problem.score(evaluation.answer, trial.test_rows);
  for (const auto& [name, value] : evaluation.metrics)
    if (const auto scored = again.find(name);
        scored != again.end() && !(std::abs(scored->second - value) <= 1e-9 * std::max(1.0, std::abs(value))))
      return fmt::format("{} is stored as {:.6g}, but the stored predictions give {:.6g}", name, value,
                         scored->second);
  return "";
}

Check granularity(const Evidence& evidence) {
  std::vector<std::string> found;
  for (const auto& trial : evidence.trials) {
    std::string reason;
    for (const auto& [execution, evaluation] : trial.evaluations)
      if (reason.empty()) reason = contradiction(evidence, trial, evaluation);
    if (!reason.empty()) found.push_back(fmt::format("{}: {}", name_of(trial.key), reason));
  }
  if (found.empty())
    return {"granularity", Severity::passed,
            fmt::format("the scores of {} follow from their stored predictions",
                        counted(evidence.trials.size(), "trial"))};
  return {
      "granularity", Severity::refused,
      fmt::format("{} of {} have scores that cannot come from their predictions, first {}; delete the run "
                  "and run the study again",
                  found.size(), counted(evidence.trials.size(), "trial"), found.front())};
}

/// How much the score still rises from the rows of the inner folds to all training rows, by the learning
/// curve's last step, which doubles the rows.
double gain_by_rows(const std::vector<const Trial*>& trials, const StudySpec& spec, const Metric& metric) {
  constexpr std::size_t half = 1;
  static_assert(curve_shares[half] == 0.5);
  double gain = 0;
  for (const auto* trial : trials) {
    if (trial->smaller.size() <= half) return 0;
    gain += metric.oriented(trial->exact().metrics.at(spec.metric) - trial->smaller[half].score) /
            static_cast<double>(trials.size());
  }
  const double inner = static_cast<double>(spec.inner_folds);
  return std::max(0.0, gain * std::log2(inner / (inner - 1)));
}

/// Test minus validation score by trial, beyond what more training rows explain.
std::vector<double> excess_of(const std::vector<const Trial*>& trials, const StudySpec& spec,
                              const Metric& metric) {
  std::vector<double> excess;
  for (const auto* trial : trials) {
    if (!trial->failure.empty()) continue;
    const auto& scores = trial->exact().metrics;
    if (const auto test = scores.find(spec.metric);
        test != scores.end() && std::isfinite(test->second - trial->validation))
      excess.push_back(metric.oriented(test->second - trial->validation));
  }
  if (excess.empty()) return excess;
  const double gain = gain_by_rows(trials, spec, metric);
  for (double& e : excess) e -= gain;
  return excess;
}

Check above_validation(const Evidence& evidence) {
  const double far = 0.05 * evidence.metric.spread;
  constexpr double significant = 0.025;
  const Design design{.repeats = resampled_repeats(evidence.spec, evidence.problem),
                      .test_rows = evidence.metric.share ? static_cast<double>(evidence.problem.rows()) /
                                                               std::max(1, evidence.spec.outer_folds)
                                                         : 0,
                      .widest = evidence.metric.widest_difference()};
  std::vector<std::string> found;
  double highest = -std::numeric_limits<double>::infinity();
  for (const auto& [entry, trials] : evidence.by_entry) {
    if (entry->contender().floor) continue;
    const auto excess = excess_of(trials, evidence.spec, evidence.metric);
    if (excess.empty()) continue;
    const auto c = compare(entry->name, "validation", evidence.spec.metric, excess,
                           excess.size() == trials.size() ? design : Design{.test_rows = design.test_rows});
    highest = std::max(highest, c.difference);
    if (c.difference > far && c.p_value < significant)
      found.push_back(
          fmt::format("{} ({}, p {:.2g})", entry->name, lead_text(evidence.metric, c.difference), c.p_value));
  }
  if (!found.empty())
    return {"above-validation", Severity::warning,
            fmt::format("test scores lie above validation scores by more than chance and the larger training "
                        "set explain for {}; look for information about the test rows in the features",
                        fmt::join(found, ", "))};
  return {"above-validation", Severity::passed,
          std::isfinite(highest)
              ? fmt::format("no contender tests above its validation by more than chance and the larger "
                            "training set explain (highest {})",
                            lead_text(evidence.metric, highest))
              : "no contender has both a validation and a test score"};
}

// ---- the fits

Check failed_fit(const Evidence& evidence) {
  std::vector<std::string> failures, unconverged, untuned, cut_off;
  bool refused = false;
  for (const auto& [entry, trials] : evidence.by_entry) {
    const auto failed = static_cast<std::size_t>(
        std::count_if(trials.begin(), trials.end(), [](auto* t) { return !t->failure.empty(); }));
    const auto unfinished = static_cast<std::size_t>(std::count_if(
        trials.begin(), trials.end(), [](auto* t) { return t->failure.empty() && !t->fit.converged; }));
    int in_tuning = 0, fits = 0, timed_out = 0;
    std::string reason;
    for (const auto* trial : trials) {
      in_tuning += trial->failed_in_tuning;
      fits += trial->fits;
      timed_out += trial->timed_out;
      if (reason.empty()) reason = trial->failure_in_tuning;
    }
    if (in_tuning > 0)
      untuned.push_back(fmt::format("{} in {} of {} fits{}", entry->name, in_tuning, fits,
                                    reason.empty() ? "" : " (" + reason + ")"));
    if (timed_out > 0)
      cut_off.push_back(
          fmt::format("{} in {}", entry->name, counted(static_cast<std::size_t>(timed_out), "fit")));
    if (failed > 0) {
      const auto first =
          std::find_if(trials.begin(), trials.end(), [](auto* t) { return !t->failure.empty(); });
      failures.push_back(
          fmt::format("{} in {} of {} ({})", entry->name, failed, trials.size(), (*first)->failure));
      refused |= 2 * failed > trials.size();
    }
    if (unfinished > 0)
      unconverged.push_back(fmt::format("{} in {} of {}", entry->name, unfinished, trials.size()));
  }
  if (failures.empty() && unconverged.empty() && untuned.empty() && cut_off.empty())
    return {"failed-fit", Severity::passed,
            fmt::format("{} converged", counted(evidence.trials.size(), "final fit"))};
  std::vector<std::string> said;
  if (!failures.empty())
    said.push_back(fmt::format("fits failed, and count as {}: {}", evidence.problem.floor_noun(),
                               fmt::join(failures, ", ")));
  if (!untuned.empty())
    said.push_back(fmt::format("settings that cannot be fitted were tried in tuning, and lost: {}",
                               fmt::join(untuned, ", ")));
  if (!cut_off.empty())
    said.push_back(fmt::format(
        "a limit of time was met by {}: that depends on how busy the machine was, so another run, also a "
        "replay, may end differently; raise time_limit under [[contender]]",
        fmt::join(cut_off, ", ")));
  if (!unconverged.empty())
    said.push_back(fmt::format("final fits stopped before they converged: {}; raise effort under [execution]",
                               fmt::join(unconverged, ", ")));
  return {"failed-fit", refused ? Severity::refused : Severity::warning,
          fmt::format("{}", fmt::join(said, "; "))};
}

Check unequal_budget(const Evidence& evidence) {
  const auto wanted = static_cast<std::size_t>(std::max(1, evidence.spec.configurations));
  std::set<std::size_t> budgets;
  std::vector<std::string> told, smaller;
  for (const auto& [entry, trials] : evidence.by_entry) {
    if (const auto size = grid_size(*entry); size < wanted) {
      smaller.push_back(fmt::format("{} ({})", entry->name, size));
      continue;
    }
    std::set<std::size_t> tried;
    for (const auto* trial : trials) tried.insert(trial->validations.size());
    budgets.insert(tried.begin(), tried.end());
    if (!tried.empty()) told.push_back(fmt::format("{} {}", entry->name, fmt::join(tried, " or ")));
  }
  const auto rest =
      smaller.empty() ? "" : fmt::format("; fewer settings exist for {}", fmt::join(smaller, ", "));
  if (budgets.size() > 1)
    return {"unequal-budget", Severity::warning,
            fmt::format("contenders tried different numbers of configurations a training set: "
                        "{}{}; the better tuned is favoured",
                        fmt::join(told, ", "), rest)};
  return {"unequal-budget", Severity::passed,
          fmt::format("every contender tried {} a training set{}",
                      counted(budgets.empty() ? wanted : *budgets.begin(), "configuration"), rest)};
}

}  // namespace

std::vector<Check> integrity_checks(const StudySpec& spec, const Problem& problem,
                                    const std::vector<Trial>& trials) {
  const Evidence evidence(spec, problem, trials);
  auto checks = problem.checks(test_sets(evidence), evidence.metric);
  for (auto& check : {granularity(evidence), above_validation(evidence), failed_fit(evidence),
                      unequal_budget(evidence), too_small(evidence)})
    checks.push_back(check);
  const std::vector<std::string> order{"leak",           "duplicate",        "granularity",
                                       "train-is-test",  "above-validation", "failed-fit",
                                       "unequal-budget", "imbalance",        "too-small"};
  std::ranges::stable_sort(
      checks, {}, [&](const Check& check) { return std::ranges::find(order, check.code) - order.begin(); });
  return checks;
}

}  // namespace qupel
