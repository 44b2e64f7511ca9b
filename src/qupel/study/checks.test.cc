#include "qupel/study/checks.h"
#include "qupel/contenders/contenders.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "qupel/base/random.h"
#include "qupel/study/checks_example.test.h"
#include "qupel/study/runner.h"

namespace qupel {
namespace {

using Severity = Check::Severity;
using testing::HasSubstr;

TEST(Checks, NineInFixedOrderAndAllPassOnACleanStudy) {
  const Case clean;
  std::vector<std::string> codes;
  for (const auto& check : integrity_checks(clean.spec, *table_problem(clean.data, {}), clean.trials)) {
    codes.push_back(check.code);
    EXPECT_EQ(check.severity, Severity::passed) << check.code << ": " << check.message;
    EXPECT_FALSE(check.message.empty()) << check.code;
  }
  EXPECT_THAT(codes,
              testing::ElementsAre("leak", "duplicate", "granularity", "train-is-test", "above-validation",
                                   "failed-fit", "unequal-budget", "imbalance", "too-small"));
}

TEST(LeakCheck, RefusesACopyOfTheTarget) {
  Case copied;
  std::vector<double> numbers(copied.data.labels.begin(), copied.data.labels.end());
  for (auto& number : numbers) number = 7 - 3 * number;
  copied.data.table.columns.push_back(numeric("outcome code", numbers));
  const auto check = copied.check("leak");
  EXPECT_EQ(check.severity, Severity::refused);
  EXPECT_THAT(check.message, HasSubstr("\"outcome code\" (100.0 %) is a copy of the target"));
}

TEST(LeakCheck, RefusesANoisyCopyInWords) {
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
  EXPECT_EQ(copied.check("leak").severity, Severity::refused);
}

TEST(LeakCheck, WarnsOfAThresholdOnOneContinuousColumn) {
  Case tree;
  Random random(8);
  std::vector<double> numbers;
  for (const int label : tree.data.labels) numbers.push_back(label + random.uniform(0.1, 0.9));
  tree.data.table.columns.push_back(numeric("dose", numbers));
  const auto check = tree.check("leak");
  EXPECT_EQ(check.severity, Severity::warning);
  EXPECT_THAT(check.message, HasSubstr("\"dose\""));
}

TEST(LeakCheck, WarnsOfANoisyCopyThatStandsOut) {
  Case noisy;
  Random random(8);
  std::vector<double> numbers;
  for (const int label : noisy.data.labels) numbers.push_back(label + 0.25 * random.normal());
  noisy.data.table.columns.push_back(numeric("score", numbers));
  const auto check = noisy.check("leak");
  EXPECT_EQ(check.severity, Severity::warning);
  EXPECT_THAT(check.message, HasSubstr("\"score\""));
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

TEST(LeakCheck, RefusesACopyInSeveralColumnsAndWarnsOfAPart) {
  for (const int columns : {2, 3}) {
    const auto check = one_hot(columns).check("leak");
    EXPECT_EQ(check.severity, Severity::refused) << columns;
    EXPECT_THAT(check.message, HasSubstr("\"is a\", \"is b\""));
    EXPECT_THAT(check.message, HasSubstr("together are a copy of the target"));
  }
  const auto part = one_hot(1).check("leak");
  EXPECT_EQ(part.severity, Severity::warning);
  EXPECT_THAT(part.message, HasSubstr("\"is a\" alone predicts a class of the target exactly"));
}

TEST(LeakCheck, RarePositivesDoNotMakeEveryColumnSuspicious) {
  Case rare;
  rare.data = plain_data(1000);
  for (std::size_t i = 0; i < rare.data.labels.size(); ++i) rare.data.labels[i] = i % 200 == 0;
  rare.trials.clear();
  EXPECT_EQ(rare.check("leak").severity, Severity::passed);
}

TEST(LeakCheck, PassesRealTables) {
  for (const auto* name : {"iris", "wine", "breast-cancer"}) {
    Case real;
    real.data = load_data_set(name, {});
    real.trials.clear();
    EXPECT_EQ(real.check("leak").severity, Severity::passed) << name << ": " << real.check("leak").message;
  }
}

TEST(DuplicateCheck, CountsEqualRowsAndContradictions) {
  Case repeated;
  for (auto& column : repeated.data.table.columns)
    for (const std::size_t row : {2u, 4u, 7u}) column.numbers[row] = column.numbers[0];
  const auto check = repeated.check("duplicate");
  EXPECT_EQ(check.severity, Severity::warning);
  EXPECT_THAT(check.message,
              HasSubstr("4 of 100 rows (4.0 %) have the same features as another row, in 1 set"));
  EXPECT_THAT(check.message, HasSubstr("4 of them have different targets"));
}

TEST(GranularityCheck, RefusesAScoreFromOtherRows) {
  Case strange;
  strange.trials[3].evaluations[exact_execution].metrics["accuracy"] = 181.0 / 240;
  const auto check = strange.check("granularity");
  EXPECT_EQ(check.severity, Severity::refused);
  EXPECT_THAT(check.message,
              HasSubstr("majority (repeat 1, fold 4): accuracy 0.754167 is no multiple of 1/20"));
}

TEST(GranularityCheck, RefusesAScoreThatThePredictionsDoNotGive) {
  Case strange;
  strange.trials[0].evaluations[exact_execution].metrics["accuracy"] = 19.0 / 20;
  EXPECT_EQ(strange.check("granularity").severity, Severity::refused);
  EXPECT_THAT(strange.check("granularity").message,
              HasSubstr("stored as 0.95, but the stored predictions give 0.8"));
}

TEST(GranularityCheck, ChecksTheScoresWithShotsToo) {
  Case strange;
  auto& evaluations = strange.trials[0].evaluations;
  evaluations[shots_execution] = evaluations[exact_execution];
  EXPECT_EQ(strange.check("granularity").severity, Severity::passed);
  evaluations[shots_execution].metrics["roc-auc"] += 0.01;
  EXPECT_EQ(strange.check("granularity").severity, Severity::refused);
}

TEST(GranularityCheck, RefusesMissingPredictions) {
  Case cut;
  std::get<Classes>(cut.trials[0].evaluations[exact_execution].answer).labels.pop_back();
  EXPECT_EQ(cut.check("granularity").severity, Severity::refused);
  EXPECT_THAT(cut.check("granularity").message,
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

TEST(TrainIsTestCheck, WarnsOfSomeEqualRows) {
  auto fixed = fixed_protocol();
  EXPECT_EQ(fixed.check("train-is-test").severity, Severity::passed);
  make_equal(fixed.data, 85, 5);
  const auto check = fixed.check("train-is-test");
  EXPECT_EQ(check.severity, Severity::warning);
  EXPECT_THAT(check.message, HasSubstr("1 of 20 rows in a test set equal rows trained on (5.0 %)"));
}

TEST(TrainIsTestCheck, EqualRowsWithDifferentLabelsAreNoCopies) {
  auto fixed = fixed_protocol();
  make_equal(fixed.data, 85, 6);  // labels alternate
  EXPECT_EQ(fixed.check("train-is-test").severity, Severity::passed);
}

TEST(TrainIsTestCheck, RefusesATestSetThatWasTrainedOn) {
  auto fixed = fixed_protocol();
  for (std::size_t row = 80; row < 100; ++row) make_equal(fixed.data, row, row - 80);
  EXPECT_EQ(fixed.check("train-is-test").severity, Severity::refused);
}

TEST(AboveValidationCheck, WarnsOfAClearExcess) {
  Case lucky;
  for (auto* trial : lucky.of("quantum-kernel"))
    trial->validation = trial->exact().metrics.at("accuracy") - 0.25;
  const auto check = lucky.check("above-validation");
  EXPECT_EQ(check.severity, Severity::warning);
  EXPECT_THAT(check.message, HasSubstr("quantum-kernel (+25.0 points"));
  EXPECT_THAT(check.message, testing::Not(HasSubstr("logistic")));
}

TEST(AboveValidationCheck, AllowsWhatChanceAllows) {
  Case noisy;
  double sign = 1;
  for (auto* trial : noisy.of("quantum-kernel"))
    trial->validation = trial->exact().metrics.at("accuracy") - 0.06 + (sign = -sign) * 0.1;
  EXPECT_EQ(noisy.check("above-validation").severity, Severity::passed);
}

// Two folds of 12 rows that lie above validation by one and the same step once had p = 9e-16.
TEST(AboveValidationCheck, TwoEqualStepsOfCoarseScoresAreChance) {
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
    EXPECT_EQ(coarse.check("above-validation").severity, Severity::passed) << rows;
  }
}

TEST(AboveValidationCheck, SaysNothingOfOneSplit) {
  auto fixed = fixed_protocol();
  fixed.trials[0].validation = 0.1;
  EXPECT_EQ(fixed.check("above-validation").severity, Severity::passed);
}

TEST(FailedFitCheck, WarnsOfSomeFailures) {
  Case failing;
  failing.of("quantum-kernel")[1]->failure = "the kernel matrix is singular";
  const auto check = failing.check("failed-fit");
  EXPECT_EQ(check.severity, Severity::warning);
  EXPECT_THAT(check.message, HasSubstr("quantum-kernel in 1 of 10 (the kernel matrix is singular)"));
}

TEST(FailedFitCheck, RefusesWhenMostFitsOfAContenderFail) {
  Case failing;
  for (std::size_t i = 0; i < 6; ++i) failing.of("quantum-kernel")[i]->failure = "no";
  EXPECT_EQ(failing.check("failed-fit").severity, Severity::refused);
  failing.spec.entries[2].record =
      contenders().at("quantum-kernel-separable");  // twins stand on the other side
  EXPECT_EQ(failing.check("failed-fit").severity, Severity::refused);
}

TEST(FailedFitCheck, WarnsOfSettingsThatCannotBeFitted) {
  Case failing;
  for (auto* trial : failing.of("quantum-kernel")) {
    trial->fits = 7;
    trial->failed_in_tuning = 2;
    trial->failure_in_tuning = "more columns than qubits";
  }
  const auto check = failing.check("failed-fit");
  EXPECT_EQ(check.severity, Severity::warning);
  EXPECT_THAT(check.message, HasSubstr("quantum-kernel in 20 of 70 fits (more columns than qubits)"));
}

TEST(FailedFitCheck, NamesWhoMetALimitOfTime) {
  Case slow;
  slow.of("quantum-kernel")[3]->timed_out = 2;
  const auto check = slow.check("failed-fit");
  EXPECT_EQ(check.severity, Severity::warning);
  EXPECT_THAT(check.message, HasSubstr("a limit of time was met by quantum-kernel in 2 fits"));
}

TEST(FailedFitCheck, WarnsOfUnconvergedFinalFits) {
  Case slow;
  for (auto* trial : slow.of("quantum-kernel")) trial->fit.converged = false;
  const auto check = slow.check("failed-fit");
  EXPECT_EQ(check.severity, Severity::warning);
  EXPECT_THAT(check.message, HasSubstr("quantum-kernel in 10 of 10"));
}

TEST(UnequalBudgetCheck, WarnsOfDifferentNumbersOfConfigurations) {
  Case unequal;
  for (auto* trial : unequal.of("quantum-kernel")) trial->validations.assign(108, 0.7);
  const auto check = unequal.check("unequal-budget");
  EXPECT_EQ(check.severity, Severity::warning);
  EXPECT_THAT(check.message, HasSubstr("logistic 4, quantum-kernel 108"));
}

TEST(UnequalBudgetCheck, AllowsContendersWithFewerSettings) {
  Case fewer;
  for (auto* trial : fewer.of("majority")) trial->validations = {0.5};
  const auto check = fewer.check("unequal-budget");
  EXPECT_EQ(check.severity, Severity::passed);
  EXPECT_THAT(check.message, HasSubstr("every contender tried 4 configurations a training set; fewer "
                                       "settings exist for majority (1)"));
}

/// Labels with this share of class 1 in a hundred.
Check imbalance_of(std::vector<int> counts, const std::string& metric = "accuracy") {
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
  return skewed.check("imbalance");
}

TEST(ImbalanceCheck, WarnsBelowAFifthOfTheRows) {
  EXPECT_EQ(imbalance_of({80, 20}).severity, Severity::passed);
  const auto check = imbalance_of({81, 19});
  EXPECT_EQ(check.severity, Severity::warning);
  EXPECT_THAT(check.message, HasSubstr("\"c1\", has 19 of 100 rows (19.0 %)"));
  EXPECT_THAT(check.message, HasSubstr("balanced-accuracy"));
  EXPECT_THAT(imbalance_of({81, 19}, "roc-auc").message, testing::Not(HasSubstr("balanced-accuracy")));
  EXPECT_EQ(imbalance_of({45, 40, 15}).severity, Severity::warning);
}

TEST(ImbalanceCheck, PassesManyEqualClasses) {
  EXPECT_EQ(imbalance_of({10, 10, 10, 10, 10, 10, 10, 10, 10, 10}).severity, Severity::passed);
  EXPECT_EQ(imbalance_of({15, 15, 10, 10, 10, 10, 10, 10, 5, 5}).severity, Severity::warning);
}

TEST(TooSmallCheck, CountsRowsAndTestRows) {
  Case small;
  small.data = plain_data(40);
  small.trials = plain_trials(small.spec, small.data);
  const auto check = small.check("too-small");
  EXPECT_EQ(check.severity, Severity::warning);
  EXPECT_THAT(check.message, HasSubstr("40 rows, 8 in the smallest test set"));
  Case many_folds;
  many_folds.spec.outer_folds = 20;
  many_folds.trials = plain_trials(many_folds.spec, many_folds.data);
  EXPECT_THAT(many_folds.check("too-small").message, HasSubstr("use fewer outer folds"));
}

TEST(AboveValidation, IsNotForTheFloorNorForSteepLearningCurves) {
  Case made;
  for (auto& trial : made.trials) trial.validation = trial.exact().metrics.at("accuracy") - 0.25;
  EXPECT_EQ(made.check("above-validation").severity, Severity::warning);
  for (auto& trial : made.trials)  // still rising: inner models see 2/3 of the rows
    trial.smaller = {{0.5, {}}, {trial.exact().metrics.at("accuracy") - 0.4, {}}};
  EXPECT_EQ(made.check("above-validation").severity, Severity::passed);
  Case floor;
  for (auto* trial : floor.of("majority")) trial->validation = trial->exact().metrics.at("accuracy") - 0.25;
  EXPECT_EQ(floor.check("above-validation").severity, Severity::passed);
}

}  // namespace
}  // namespace qupel
