#include "qupel/study/gates.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "qupel/problem/tabular/features.h"
#include "qupel/problem/tabular/wording.h"
#include "qupel/study/runner.h"
#include "qupel/study/search.h"
#include "qupel/study/statistics.h"
#include "qupel/study/table_gates.h"
#include "qupel/study/verdict.h"

namespace qupel {
namespace {

using Severity = Gate::Severity;

std::string name_of(const TrialKey& key) {
  return fmt::format("{} (repeat {}, fold {})", key.entry, key.repeat + 1, key.fold + 1);
}

/// What the gates look at, and what several of them need.
struct Evidence {
  Evidence(const StudySpec& s, const TabularProblem& p, const std::vector<Trial>& t)
      : spec(s), problem(p), trials(t), groups(duplicate_groups(p)) {
    for (const auto& entry : spec.entries) by_entry.push_back({&entry, {}});
    for (const auto& trial : trials)
      for (auto& [entry, found] : by_entry)
        if (entry->name == trial.key.entry) found.push_back(&trial);
  }

  const StudySpec& spec;
  const TabularProblem& problem;
  const std::vector<Trial>& trials;
  std::vector<std::size_t> groups;  ///< rows of one number have equal features
  std::vector<std::pair<const Entry*, std::vector<const Trial*>>> by_entry;  ///< in the study's order
};

// ---- the sizes

Gate too_small(const Evidence& evidence) {
  constexpr std::size_t enough_rows = 50, enough_test_rows = 10;
  const auto rows = evidence.problem.labels.size();
  const bool fixed = evidence.spec.protocol == Protocol::fixed;
  std::size_t smallest = fixed ? evidence.problem.test_rows.size()
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

// ---- the splits

/// Test rows of a split that have an equal row outside it. Sets of equal rows whose labels differ are no
/// copies of one record: no label can be remembered there.
std::size_t shared_rows(const Evidence& evidence, const std::vector<std::size_t>& test_rows) {
  const std::set<std::size_t> test(test_rows.begin(), test_rows.end());
  std::set<std::size_t> trained;
  std::map<std::size_t, std::set<int>> labels;  // of a set of equal rows
  for (std::size_t row = 0; row < evidence.groups.size(); ++row) {
    labels[evidence.groups[row]].insert(evidence.problem.labels[row]);
    if (!test.contains(row)) trained.insert(evidence.groups[row]);
  }
  return static_cast<std::size_t>(std::ranges::count_if(test, [&](std::size_t row) {
    const auto set = evidence.groups[row];
    return trained.contains(set) && labels[set].size() == 1;
  }));
}

std::set<std::vector<std::size_t>> test_sets(const Evidence& evidence) {
  std::set<std::vector<std::size_t>> sets;
  for (const auto& trial : evidence.trials) sets.insert(trial.test_rows);
  if (sets.empty() && !evidence.problem.test_rows.empty()) sets.insert(evidence.problem.test_rows);
  return sets;
}

Gate train_is_test(const Evidence& evidence) {
  std::size_t worst_shared = 0, worst_size = 0;
  const auto sets = test_sets(evidence);
  for (const auto& set : sets) {
    const auto shared = shared_rows(evidence, set);
    // Compares shares: shared / size > worst_shared / worst_size.
    if (worst_size == 0 || shared * worst_size > worst_shared * set.size())
      worst_shared = shared, worst_size = set.size();
  }
  if (worst_shared == 0)
    return {"train-is-test", Severity::passed,
            fmt::format("no row of {} equals a row trained on", counted(sets.size(), "test set"))};
  const auto message = fmt::format("{} of {} in a test set equal rows trained on ({:.1f} %)", worst_shared,
                                   counted(worst_size, "row"), percent(worst_shared, worst_size));
  if (worst_shared == worst_size)
    return {"train-is-test", Severity::refused, message + "; test on rows that were not trained on"};
  return {"train-is-test", Severity::warning, message + "; scores are too high by up to that share"};
}

// ---- the scores

/// Why a score cannot come from the stored predictions, or "".
std::string contradiction(const Evidence& evidence, const Trial& trial, const Classes& prediction,
                          const std::map<std::string, double>& metrics) {
  const auto rows = trial.test_rows.size();
  std::vector<int> truth;
  for (const auto row : trial.test_rows)
    if (row < evidence.problem.labels.size()) truth.push_back(evidence.problem.labels[row]);
  const auto classes = evidence.problem.classes.size();
  const auto& p = prediction.probabilities;
  if (rows == 0 || truth.size() != rows || prediction.labels.size() != rows || p.rows() != rows ||
      p.columns() != classes)
    return fmt::format("{} labels and {} x {} probabilities for {} of {} classes", prediction.labels.size(),
                       p.rows(), p.columns(), counted(rows, "test row"), classes);
  if (const auto stored = metrics.find("accuracy"); stored != metrics.end()) {
    const double right = stored->second * static_cast<double>(rows);
    if (!(std::abs(right - std::round(right)) < 1e-6))
      return fmt::format("accuracy {:.6g} is no multiple of 1/{}, so it was not measured on these test rows",
                         stored->second, rows);
  }
  const auto again = score(prediction, truth, static_cast<int>(classes));
  for (const auto& [name, value] : metrics)
    if (const auto found = again.find(name);
        found != again.end() && !(std::abs(found->second - value) < 1e-9))
      return fmt::format("{} is stored as {:.6g}, but the stored predictions give {:.6g}", name, value,
                         found->second);
  return "";
}

Gate granularity(const Evidence& evidence) {
  std::vector<std::string> found;
  for (const auto& trial : evidence.trials) {
    auto reason = contradiction(evidence, trial, trial.prediction, trial.metrics);
    if (reason.empty() && trial.with_shots)
      reason = contradiction(evidence, trial, *trial.with_shots, trial.shot_metrics);
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
double gain_by_rows(const std::vector<const Trial*>& trials, const StudySpec& spec) {
  constexpr std::size_t half = 1;
  static_assert(curve_shares[half] == 0.5);
  double gain = 0;
  for (const auto* trial : trials) {
    if (trial->smaller.size() <= half) return 0;
    gain +=
        (trial->metrics.at(spec.metric) - trial->smaller[half].score) / static_cast<double>(trials.size());
  }
  const double inner = static_cast<double>(spec.inner_folds);
  return std::max(0.0, gain * std::log2(inner / (inner - 1)));
}

/// Test minus validation score by trial, beyond what more training rows explain.
std::vector<double> excess_of(const std::vector<const Trial*>& trials, const StudySpec& spec) {
  std::vector<double> excess;
  for (const auto* trial : trials)
    if (const auto test = trial->metrics.find(spec.metric); trial->failure.empty() &&
                                                            test != trial->metrics.end() &&
                                                            std::isfinite(test->second - trial->validation))
      excess.push_back(test->second - trial->validation);
  if (excess.empty()) return excess;
  const double gain = gain_by_rows(trials, spec);
  for (double& e : excess) e -= gain;
  return excess;
}

Gate above_validation(const Evidence& evidence) {
  constexpr double far = 0.05, significant = 0.025;
  const Design design{.repeats = evidence.spec.protocol == Protocol::nested ? evidence.spec.repeats : 1,
                      .test_rows = static_cast<double>(evidence.problem.labels.size()) /
                                   std::max(1, evidence.spec.outer_folds)};
  std::vector<std::string> found;
  double highest = -std::numeric_limits<double>::infinity();
  for (const auto& [entry, trials] : evidence.by_entry) {
    if (entry->contender().floor) continue;
    const auto excess = excess_of(trials, evidence.spec);
    if (excess.empty()) continue;
    const auto c = compare(entry->name, "validation", evidence.spec.metric, excess,
                           excess.size() == trials.size() ? design : Design{.test_rows = design.test_rows});
    highest = std::max(highest, c.difference);
    if (c.difference > far && c.p_value < significant)
      found.push_back(
          fmt::format("{} ({:+.1f} points, p {:.2g})", entry->name, 100 * c.difference, c.p_value));
  }
  if (!found.empty())
    return {"above-validation", Severity::warning,
            fmt::format("test scores lie above validation scores by more than chance and the larger training "
                        "set explain for {}; look for information about the test rows in the features",
                        fmt::join(found, ", "))};
  return {"above-validation", Severity::passed,
          std::isfinite(highest)
              ? fmt::format("no contender tests above its validation by more than chance and the larger "
                            "training set explain (highest {:+.1f} points)",
                            100 * highest)
              : "no contender has both a validation and a test score"};
}

// ---- the fits

Gate failed_fit(const Evidence& evidence) {
  std::vector<std::string> failures, unconverged, untuned;
  bool refused = false;
  for (const auto& [entry, trials] : evidence.by_entry) {
    const auto failed = static_cast<std::size_t>(
        std::count_if(trials.begin(), trials.end(), [](auto* t) { return !t->failure.empty(); }));
    const auto unfinished = static_cast<std::size_t>(std::count_if(
        trials.begin(), trials.end(), [](auto* t) { return t->failure.empty() && !t->fit.converged; }));
    int in_tuning = 0, fits = 0;
    for (const auto* trial : trials) {
      in_tuning += trial->failed_in_tuning;
      fits += trial->fits;
    }
    if (in_tuning > 0) untuned.push_back(fmt::format("{} in {} of {} fits", entry->name, in_tuning, fits));
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
  if (failures.empty() && unconverged.empty() && untuned.empty())
    return {"failed-fit", Severity::passed,
            fmt::format("{} converged", counted(evidence.trials.size(), "final fit"))};
  std::vector<std::string> said;
  if (!failures.empty())
    said.push_back(
        fmt::format("fits failed, and count as the majority class: {}", fmt::join(failures, ", ")));
  if (!untuned.empty())
    said.push_back(fmt::format("settings that cannot be fitted were tried in tuning, and lost: {}",
                               fmt::join(untuned, ", ")));
  if (!unconverged.empty())
    said.push_back(fmt::format("final fits stopped before they converged: {}; raise effort under [execution]",
                               fmt::join(unconverged, ", ")));
  return {"failed-fit", refused ? Severity::refused : Severity::warning,
          fmt::format("{}", fmt::join(said, "; "))};
}

Gate unequal_budget(const Evidence& evidence) {
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
            fmt::format("contenders tried different numbers of configurations a "
                        "training set: {}{}; the better tuned "
                        "is favoured",
                        fmt::join(told, ", "), rest)};
  return {"unequal-budget", Severity::passed,
          fmt::format("every contender tried {} a training set{}",
                      counted(budgets.empty() ? wanted : *budgets.begin(), "configuration"), rest)};
}

}  // namespace

std::vector<Gate> check_gates(const StudySpec& spec, const TabularProblem& problem,
                              const std::vector<Trial>& trials) {
  const Evidence evidence(spec, problem, trials);
  return {leak_gate(problem),         duplicate_gate(problem, evidence.groups),
          granularity(evidence),      train_is_test(evidence),
          above_validation(evidence), failed_fit(evidence),
          unequal_budget(evidence),   imbalance_gate(problem, spec.metric),
          too_small(evidence)};
}

}  // namespace qupel
