#include "qupel/study/gates.h"
#include "qupel/contenders/contenders.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "qupel/base/random.h"
#include "qupel/study/gates_example.test.h"
#include "qupel/study/runner.h"

namespace qupel {
namespace {

using Severity = Gate::Severity;
using testing::HasSubstr;

TEST(Gates, NineInFixedOrderAndAllPassOnACleanStudy) {
  const Case clean;
  std::vector<std::string> codes;
  for (const auto& gate : check_gates(clean.spec, *table_problem(clean.data, {}), clean.trials)) {
    codes.push_back(gate.code);
    EXPECT_EQ(gate.severity, Severity::passed) << gate.code << ": " << gate.message;
    EXPECT_FALSE(gate.message.empty()) << gate.code;
  }
  EXPECT_THAT(codes,
              testing::ElementsAre("leak", "duplicate", "granularity", "train-is-test", "above-validation",
                                   "failed-fit", "unequal-budget", "imbalance", "too-small"));
}

TEST(LeakGate, RefusesACopyOfTheTarget) {
  Case copied;
  std::vector<double> numbers(copied.data.labels.begin(), copied.data.labels.end());
  for (auto& number : numbers) number = 7 - 3 * number;
  copied.data.table.columns.push_back(numeric("outcome code", numbers));
  const auto gate = copied.gate("leak");
  EXPECT_EQ(gate.severity, Severity::refused);
  EXPECT_THAT(gate.message, HasSubstr("\"outcome code\" (100.0 %) is a copy of the target"));
}

TEST(LeakGate, RefusesANoisyCopyInWords) {
  Case copied;
  copied.data = plain_data(400);
  Column words;
  words.name = "result";
  words.type = ColumnType::categorical;
  words.levels = {"healthy", "ill"};
  words.codes = copied.data.labels;
  words.codes[0] = 1 - words.codes[0];  // 0.25 % differ
  copied.data.table.columns.push_back(words);
  copied.trials = plain_trials(copied.spec, copied.data);
  EXPECT_EQ(copied.gate("leak").severity, Severity::refused);
}

TEST(LeakGate, WarnsOfAThresholdOnOneContinuousColumn) {
  Case tree;
  Random random(8);
  std::vector<double> numbers;
  for (const int label : tree.data.labels) numbers.push_back(label + random.uniform(0.1, 0.9));
  tree.data.table.columns.push_back(numeric("dose", numbers));
  const auto gate = tree.gate("leak");
  EXPECT_EQ(gate.severity, Severity::warning);
  EXPECT_THAT(gate.message, HasSubstr("\"dose\""));
}

TEST(LeakGate, WarnsOfANoisyCopyThatStandsOut) {
  Case noisy;
  Random random(8);
  std::vector<double> numbers;
  for (const int label : noisy.data.labels) numbers.push_back(label + 0.25 * random.normal());
  noisy.data.table.columns.push_back(numeric("score", numbers));
  const auto gate = noisy.gate("leak");
  EXPECT_EQ(gate.severity, Severity::warning);
  EXPECT_THAT(gate.message, HasSubstr("\"score\""));
}

/// Three classes by turns, with a 0/1 column for each of the first `columns`.
Case one_hot(int columns) {
  Case made;
  made.data.classes = {"a", "b", "c"};
  for (std::size_t i = 0; i < made.data.labels.size(); ++i) made.data.labels[i] = static_cast<int>(i % 3);
  made.data.table.columns.erase(made.data.table.columns.begin());
  for (int k = 0; k < columns; ++k) {
    std::vector<double> flags;
    for (const int label : made.data.labels) flags.push_back(label == k);
    made.data.table.columns.push_back(
        numeric(fmt::format("is {}", made.data.classes[static_cast<std::size_t>(k)]), flags));
  }
  made.trials.clear();
  return made;
}

TEST(LeakGate, RefusesACopyInSeveralColumnsAndWarnsOfAPart) {
  for (const int columns : {2, 3}) {
    const auto gate = one_hot(columns).gate("leak");
    EXPECT_EQ(gate.severity, Severity::refused) << columns;
    EXPECT_THAT(gate.message, HasSubstr("\"is a\", \"is b\""));
    EXPECT_THAT(gate.message, HasSubstr("together are a copy of the target"));
  }
  const auto part = one_hot(1).gate("leak");
  EXPECT_EQ(part.severity, Severity::warning);
  EXPECT_THAT(part.message, HasSubstr("\"is a\" alone predicts a class of the target exactly"));
}

TEST(LeakGate, RarePositivesDoNotMakeEveryColumnSuspicious) {
  Case rare;
  rare.data = plain_data(1000);
  for (std::size_t i = 0; i < rare.data.labels.size(); ++i) rare.data.labels[i] = i % 200 == 0;
  rare.trials.clear();
  EXPECT_EQ(rare.gate("leak").severity, Severity::passed);
}

TEST(LeakGate, PassesRealTables) {
  for (const auto* name : {"iris", "wine", "breast-cancer"}) {
    Case real;
    real.data = load_data_set(name, {});
    real.trials.clear();
    EXPECT_EQ(real.gate("leak").severity, Severity::passed) << name << ": " << real.gate("leak").message;
  }
}

TEST(DuplicateGate, CountsEqualRowsAndContradictions) {
  Case repeated;
  for (auto& column : repeated.data.table.columns)
    for (const std::size_t row : {2u, 4u, 7u}) column.numbers[row] = column.numbers[0];
  const auto gate = repeated.gate("duplicate");
  EXPECT_EQ(gate.severity, Severity::warning);
  EXPECT_THAT(gate.message,
              HasSubstr("4 of 100 rows (4.0 %) have the same features as another row, in 1 set"));
  EXPECT_THAT(gate.message, HasSubstr("4 of them have different targets"));
}

TEST(GranularityGate, RefusesAScoreFromOtherRows) {
  Case strange;
  strange.trials[3].evaluations[exact_execution].metrics["accuracy"] = 181.0 / 240;
  const auto gate = strange.gate("granularity");
  EXPECT_EQ(gate.severity, Severity::refused);
  EXPECT_THAT(gate.message,
              HasSubstr("majority (repeat 1, fold 4): accuracy 0.754167 is no multiple of 1/20"));
}

TEST(GranularityGate, RefusesAScoreThatThePredictionsDoNotGive) {
  Case strange;
  strange.trials[0].evaluations[exact_execution].metrics["accuracy"] = 19.0 / 20;
  EXPECT_EQ(strange.gate("granularity").severity, Severity::refused);
  EXPECT_THAT(strange.gate("granularity").message,
              HasSubstr("stored as 0.95, but the stored predictions give 0.8"));
}

TEST(GranularityGate, ChecksTheScoresWithShotsToo) {
  Case strange;
  auto& evaluations = strange.trials[0].evaluations;
  evaluations[shots_execution] = evaluations[exact_execution];
  EXPECT_EQ(strange.gate("granularity").severity, Severity::passed);
  evaluations[shots_execution].metrics["roc-auc"] += 0.01;
  EXPECT_EQ(strange.gate("granularity").severity, Severity::refused);
}

TEST(GranularityGate, RefusesMissingPredictions) {
  Case cut;
  std::get<Classes>(cut.trials[0].evaluations[exact_execution].answer).labels.pop_back();
  EXPECT_EQ(cut.gate("granularity").severity, Severity::refused);
  EXPECT_THAT(cut.gate("granularity").message,
              HasSubstr("19 labels and 20 x 2 probabilities for 20 test rows"));
}

Case fixed_protocol() {
  Case fixed;
  fixed.spec.protocol = Protocol::fixed;
  for (std::size_t row = 80; row < 100; ++row) fixed.data.test_rows.push_back(row);
  fixed.trials = {trial_on(fixed.data, {"logistic", 0, 0}, fixed.data.test_rows, 4)};
  return fixed;
}

void make_equal(DataSet& data, std::size_t row, std::size_t other) {
  for (auto& column : data.table.columns) column.numbers[row] = column.numbers[other];
}

TEST(TrainIsTestGate, WarnsOfSomeEqualRows) {
  auto fixed = fixed_protocol();
  EXPECT_EQ(fixed.gate("train-is-test").severity, Severity::passed);
  make_equal(fixed.data, 85, 5);
  const auto gate = fixed.gate("train-is-test");
  EXPECT_EQ(gate.severity, Severity::warning);
  EXPECT_THAT(gate.message, HasSubstr("1 of 20 rows in a test set equal rows trained on (5.0 %)"));
}

TEST(TrainIsTestGate, EqualRowsWithDifferentLabelsAreNoCopies) {
  auto fixed = fixed_protocol();
  make_equal(fixed.data, 85, 6);  // labels alternate
  EXPECT_EQ(fixed.gate("train-is-test").severity, Severity::passed);
}

TEST(TrainIsTestGate, RefusesATestSetThatWasTrainedOn) {
  auto fixed = fixed_protocol();
  for (std::size_t row = 80; row < 100; ++row) make_equal(fixed.data, row, row - 80);
  EXPECT_EQ(fixed.gate("train-is-test").severity, Severity::refused);
}

TEST(AboveValidationGate, WarnsOfAClearExcess) {
  Case lucky;
  for (auto* trial : lucky.of("quantum-kernel"))
    trial->validation = trial->exact().metrics.at("accuracy") - 0.25;
  const auto gate = lucky.gate("above-validation");
  EXPECT_EQ(gate.severity, Severity::warning);
  EXPECT_THAT(gate.message, HasSubstr("quantum-kernel (+25.0 points"));
  EXPECT_THAT(gate.message, testing::Not(HasSubstr("logistic")));
}

TEST(AboveValidationGate, AllowsWhatChanceAllows) {
  Case noisy;
  double sign = 1;
  for (auto* trial : noisy.of("quantum-kernel"))
    trial->validation = trial->exact().metrics.at("accuracy") - 0.06 + (sign = -sign) * 0.1;
  EXPECT_EQ(noisy.gate("above-validation").severity, Severity::passed);
}

// Two folds of 12 rows that lie above validation by one and the same step once had p = 9e-16.
TEST(AboveValidationGate, TwoEqualStepsOfCoarseScoresAreChance) {
  for (const std::size_t rows : {24u, 40u}) {
    Case coarse;
    coarse.data = plain_data(rows);
    coarse.spec.outer_folds = 2;
    coarse.spec.repeats = 1;
    coarse.trials = plain_trials(coarse.spec, coarse.data);
    for (auto& trial : coarse.trials) {
      const auto truth = truth_of(coarse.data, trial);
      answer(trial, coarse.data, prediction_of(truth, truth.size() / 4));
      trial.validation = 0.75 - 0.071;
    }
    EXPECT_EQ(coarse.gate("above-validation").severity, Severity::passed) << rows;
  }
}

TEST(AboveValidationGate, SaysNothingOfOneSplit) {
  auto fixed = fixed_protocol();
  fixed.trials[0].validation = 0.1;
  EXPECT_EQ(fixed.gate("above-validation").severity, Severity::passed);
}

TEST(FailedFitGate, WarnsOfSomeFailures) {
  Case failing;
  failing.of("quantum-kernel")[1]->failure = "the kernel matrix is singular";
  const auto gate = failing.gate("failed-fit");
  EXPECT_EQ(gate.severity, Severity::warning);
  EXPECT_THAT(gate.message, HasSubstr("quantum-kernel in 1 of 10 (the kernel matrix is singular)"));
}

TEST(FailedFitGate, RefusesWhenMostFitsOfAContenderFail) {
  Case failing;
  for (std::size_t i = 0; i < 6; ++i) failing.of("quantum-kernel")[i]->failure = "no";
  EXPECT_EQ(failing.gate("failed-fit").severity, Severity::refused);
  failing.spec.entries[2].record =
      contenders().at("quantum-kernel-separable");  // twins stand on the other side
  EXPECT_EQ(failing.gate("failed-fit").severity, Severity::refused);
}

TEST(FailedFitGate, WarnsOfSettingsThatCannotBeFitted) {
  Case failing;
  for (auto* trial : failing.of("quantum-kernel")) {
    trial->fits = 7;
    trial->failed_in_tuning = 2;
    trial->failure_in_tuning = "more columns than qubits";
  }
  const auto gate = failing.gate("failed-fit");
  EXPECT_EQ(gate.severity, Severity::warning);
  EXPECT_THAT(gate.message, HasSubstr("quantum-kernel in 20 of 70 fits (more columns than qubits)"));
}

TEST(FailedFitGate, NamesWhoMetALimitOfTime) {
  Case slow;
  slow.of("quantum-kernel")[3]->timed_out = 2;
  const auto gate = slow.gate("failed-fit");
  EXPECT_EQ(gate.severity, Severity::warning);
  EXPECT_THAT(gate.message, HasSubstr("a limit of time was met by quantum-kernel in 2 fits"));
}

TEST(FailedFitGate, WarnsOfUnconvergedFinalFits) {
  Case slow;
  for (auto* trial : slow.of("quantum-kernel")) trial->fit.converged = false;
  const auto gate = slow.gate("failed-fit");
  EXPECT_EQ(gate.severity, Severity::warning);
  EXPECT_THAT(gate.message, HasSubstr("quantum-kernel in 10 of 10"));
}

TEST(UnequalBudgetGate, WarnsOfDifferentNumbersOfConfigurations) {
  Case unequal;
  for (auto* trial : unequal.of("quantum-kernel")) trial->validations.assign(108, 0.7);
  const auto gate = unequal.gate("unequal-budget");
  EXPECT_EQ(gate.severity, Severity::warning);
  EXPECT_THAT(gate.message, HasSubstr("logistic 4, quantum-kernel 108"));
}

TEST(UnequalBudgetGate, AllowsContendersWithFewerSettings) {
  Case fewer;
  for (auto* trial : fewer.of("majority")) trial->validations = {0.5};
  const auto gate = fewer.gate("unequal-budget");
  EXPECT_EQ(gate.severity, Severity::passed);
  EXPECT_THAT(gate.message, HasSubstr("every contender tried 4 configurations a training set; fewer "
                                      "settings exist for majority (1)"));
}

/// Labels with this share of class 1 in a hundred.
Gate imbalance_of(std::vector<int> counts, const std::string& metric = "accuracy") {
  Case skewed;
  skewed.spec.metric = metric;
  skewed.trials.clear();
  skewed.data.labels.clear();
  skewed.data.classes.clear();
  for (std::size_t c = 0; c < counts.size(); ++c) {
    skewed.data.classes.push_back(fmt::format("c{}", c));
    skewed.data.labels.insert(skewed.data.labels.end(), static_cast<std::size_t>(counts[c]),
                              static_cast<int>(c));
  }
  return skewed.gate("imbalance");
}

TEST(ImbalanceGate, WarnsBelowAFifthOfTheRows) {
  EXPECT_EQ(imbalance_of({80, 20}).severity, Severity::passed);
  const auto gate = imbalance_of({81, 19});
  EXPECT_EQ(gate.severity, Severity::warning);
  EXPECT_THAT(gate.message, HasSubstr("\"c1\", has 19 of 100 rows (19.0 %)"));
  EXPECT_THAT(gate.message, HasSubstr("balanced-accuracy"));
  EXPECT_THAT(imbalance_of({81, 19}, "roc-auc").message, testing::Not(HasSubstr("balanced-accuracy")));
  EXPECT_EQ(imbalance_of({45, 40, 15}).severity, Severity::warning);
}

TEST(ImbalanceGate, PassesManyEqualClasses) {
  EXPECT_EQ(imbalance_of({10, 10, 10, 10, 10, 10, 10, 10, 10, 10}).severity, Severity::passed);
  EXPECT_EQ(imbalance_of({15, 15, 10, 10, 10, 10, 10, 10, 5, 5}).severity, Severity::warning);
}

TEST(TooSmallGate, CountsRowsAndTestRows) {
  Case small;
  small.data = plain_data(40);
  small.trials = plain_trials(small.spec, small.data);
  const auto gate = small.gate("too-small");
  EXPECT_EQ(gate.severity, Severity::warning);
  EXPECT_THAT(gate.message, HasSubstr("40 rows, 8 in the smallest test set"));
  Case many_folds;
  many_folds.spec.outer_folds = 20;
  many_folds.trials = plain_trials(many_folds.spec, many_folds.data);
  EXPECT_THAT(many_folds.gate("too-small").message, HasSubstr("use fewer outer folds"));
}

TEST(AboveValidation, IsNotForTheFloorNorForSteepLearningCurves) {
  Case made;
  for (auto& trial : made.trials) trial.validation = trial.exact().metrics.at("accuracy") - 0.25;
  EXPECT_EQ(made.gate("above-validation").severity, Severity::warning);
  for (auto& trial : made.trials)  // still rising: inner models see 2/3 of the rows
    trial.smaller = {{0.5, {}}, {trial.exact().metrics.at("accuracy") - 0.4, {}}};
  EXPECT_EQ(made.gate("above-validation").severity, Severity::passed);
  Case floor;
  for (auto* trial : floor.of("majority")) trial->validation = trial->exact().metrics.at("accuracy") - 0.25;
  EXPECT_EQ(floor.gate("above-validation").severity, Severity::passed);
}

}  // namespace
}  // namespace qupel
