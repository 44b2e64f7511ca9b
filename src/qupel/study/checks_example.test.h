#pragma once
#include <algorithm>
#include <string>
#include <vector>

#include "qupel/base/random.h"
#include "qupel/contenders/contenders.h"
#include "qupel/problem/tabular/class_scores.h"
#include "qupel/problem/tabular/table_problem.h"
#include "qupel/study/checks.h"
#include "qupel/study/comparisons.h"
#include "qupel/study/runner.h"

// A small study with its trials, written by hand, whose parts the tests of the checks spoil one by one.
namespace qupel {

inline Column numeric(std::string name, std::vector<double> numbers) {
  Column column;
  column.name = std::move(name);
  column.numbers = std::move(numbers);
  return column;
}

/// Two classes by turns, one weak and one useless column, all rows different.
inline DataSet plain_data(std::size_t rows = 100) {
  Random random(5);
  DataSet data;
  data.classes = {"no", "yes"};
  std::vector<double> weak(rows), noise(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    data.labels.push_back(static_cast<int>(i % 2));
    weak[i] = data.labels[i] + 1.5 * random.normal();
    noise[i] = random.normal();
  }
  data.table.columns = {numeric("weak", weak), numeric("noise", noise)};
  data.table.rows = rows;
  return data;
}

inline StudySpec plain_study() {
  StudySpec spec;
  spec.repeats = 2;
  spec.configurations = 4;
  spec.entries = {{"majority", contenders().at("majority"), Inputs::all, {}},
                  {"logistic", contenders().at("logistic"), Inputs::all, {{"c", {0.1, 1.0, 10.0, 100.0}}}},
                  {"quantum-kernel", contenders().at("quantum-kernel"), Inputs::reduced, {}}};
  return spec;
}

/// A prediction that is right but for `wrong` rows.
inline Classes prediction_of(const std::vector<int>& truth, std::size_t wrong) {
  Classes made{truth, Matrix<double>(truth.size(), 2)};
  for (std::size_t i = 0; i < truth.size(); ++i) {
    if (i < wrong) made.labels[i] = 1 - truth[i];
    made.probabilities(i, static_cast<std::size_t>(made.labels[i])) = 0.9;
    made.probabilities(i, static_cast<std::size_t>(1 - made.labels[i])) = 0.1;
  }
  return made;
}

/// The labels of a trial's test rows.
inline std::vector<int> truth_of(const DataSet& data, const Trial& trial) {
  std::vector<int> truth;
  for (const auto row : trial.test_rows) truth.push_back(data.labels[row]);
  return truth;
}

/// Sets what a trial answers, exactly, and its scores.
inline void answer(Trial& trial, const DataSet& data, Classes classes) {
  trial.evaluations[exact_execution] = {classes, score(classes, truth_of(data, trial), 2)};
}

inline Trial trial_on(const DataSet& data, const TrialKey& key, std::vector<std::size_t> test_rows,
                      std::size_t wrong) {
  Trial trial;
  trial.key = key;
  trial.test_rows = std::move(test_rows);
  answer(trial, data, prediction_of(truth_of(data, trial), wrong));
  trial.validations = {0.7, 0.75, 0.7, 0.7};
  trial.validation = 0.75;
  return trial;
}

/// All trials of the study, four to six of twenty test rows wrong.
inline std::vector<Trial> plain_trials(const StudySpec& spec, const DataSet& data) {
  std::vector<Trial> trials;
  const auto rows = data.labels.size(), folds = static_cast<std::size_t>(spec.outer_folds);
  for (const auto& entry : spec.entries)
    for (int repeat = 0; repeat < spec.repeats; ++repeat)
      for (std::size_t fold = 0; fold < folds; ++fold) {
        std::vector<std::size_t> test;
        for (std::size_t i = fold * rows / folds; i < (fold + 1) * rows / folds; ++i) test.push_back(i);
        trials.push_back(trial_on(data, {entry.name, repeat, static_cast<int>(fold)}, test, 4 + fold % 3));
      }
  return trials;
}

struct Case {
  StudySpec spec = plain_study();
  DataSet data = plain_data();
  std::vector<Trial> trials = plain_trials(spec, data);

  /// A check of a claim, with the given comparisons read with shots.
  Check claim(const std::string& code, const std::vector<Comparison>& shots = {}) const {
    std::vector<EntryTrials> by_entry(spec.entries.size());
    for (std::size_t e = 0; e < spec.entries.size(); ++e)
      for (const auto& trial : trials)
        if (trial.key.entry == spec.entries[e].name) by_entry[e].push_back(&trial);
    const auto posed = table_problem(data, table_inputs(spec));
    const Contest contest(spec, *posed, by_entry);
    for (const auto& found : claim_checks(contest, compare_all(contest), shots))
      if (found.code == code) return found;
    return {};
  }
  Check check(const std::string& code) const {
    for (const auto& found : integrity_checks(spec, *table_problem(data, table_inputs(spec)), trials))
      if (found.code == code) return found;
    return {};
  }
  std::vector<Trial*> of(const std::string& entry) {
    std::vector<Trial*> found;
    for (auto& trial : trials)
      if (trial.key.entry == entry) found.push_back(&trial);
    return found;
  }
};

}  // namespace qupel
