#include "qupel/study/gates.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "qupel/base/random.h"
#include "qupel/study/comparisons.h"
#include "qupel/study/runner.h"

namespace qupel {
namespace {

using Severity = Gate::Severity;
using testing::HasSubstr;

Column numeric(std::string name, std::vector<double> numbers) {
  Column column;
  column.name = std::move(name);
  column.numbers = std::move(numbers);
  return column;
}

/// Two classes by turns, one weak and one useless column, all rows different.
TabularProblem plain_problem(std::size_t rows = 100) {
  Random random(5);
  TabularProblem problem;
  problem.classes = {"no", "yes"};
  std::vector<double> weak(rows), noise(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    problem.labels.push_back(static_cast<int>(i % 2));
    weak[i] = problem.labels[i] + 1.5 * random.normal();
    noise[i] = random.normal();
  }
  problem.table.columns = {numeric("weak", weak), numeric("noise", noise)};
  problem.table.rows = rows;
  return problem;
}

StudySpec plain_study() {
  StudySpec spec;
  spec.repeats = 2;
  spec.configurations = 4;
  spec.entries = {{"majority", "majority", Inputs::all, {}},
                  {"logistic", "logistic", Inputs::all, {{"c", {0.1, 1.0, 10.0, 100.0}}}},
                  {"quantum-kernel", "quantum-kernel", Inputs::reduced, {}}};
  return spec;
}

/// A prediction that is right but for `wrong` rows.
Prediction prediction_of(const std::vector<int>& truth, std::size_t wrong) {
  Prediction made{truth, Matrix<double>(truth.size(), 2)};
  for (std::size_t i = 0; i < truth.size(); ++i) {
    if (i < wrong) made.labels[i] = 1 - truth[i];
    made.probabilities(i, static_cast<std::size_t>(made.labels[i])) = 0.9;
    made.probabilities(i, static_cast<std::size_t>(1 - made.labels[i])) = 0.1;
  }
  return made;
}

Trial trial_on(const TabularProblem& problem, const TrialKey& key, std::vector<std::size_t> test_rows,
               std::size_t wrong) {
  Trial trial;
  trial.key = key;
  trial.test_rows = std::move(test_rows);
  std::vector<int> truth;
  for (const auto row : trial.test_rows) truth.push_back(problem.labels[row]);
  trial.prediction = prediction_of(truth, wrong);
  trial.metrics = score(trial.prediction, truth, 2);
  trial.validations = {0.7, 0.75, 0.7, 0.7};
  trial.validation = 0.75;
  return trial;
}

/// All trials of the study, four to six of twenty test rows wrong.
std::vector<Trial> plain_trials(const StudySpec& spec, const TabularProblem& problem) {
  std::vector<Trial> trials;
  const auto rows = problem.labels.size(), folds = static_cast<std::size_t>(spec.outer_folds);
  for (const auto& entry : spec.entries)
    for (int repeat = 0; repeat < spec.repeats; ++repeat)
      for (std::size_t fold = 0; fold < folds; ++fold) {
        std::vector<std::size_t> test;
        for (std::size_t i = fold * rows / folds; i < (fold + 1) * rows / folds; ++i) test.push_back(i);
        trials.push_back(trial_on(problem, {entry.name, repeat, static_cast<int>(fold)}, test, 4 + fold % 3));
      }
  return trials;
}

struct Case {
  StudySpec spec = plain_study();
  TabularProblem problem = plain_problem();
  std::vector<Trial> trials = plain_trials(spec, problem);

  /// A gate of a claim, with the given comparisons read with shots.
  Gate claim(const std::string& code, const std::vector<Comparison>& shots = {}) const {
    std::vector<EntryTrials> by_entry(spec.entries.size());
    for (std::size_t e = 0; e < spec.entries.size(); ++e)
      for (const auto& trial : trials)
        if (trial.key.entry == spec.entries[e].name) by_entry[e].push_back(&trial);
    const Contest contest(spec, problem, by_entry, 2);
    for (const auto& found : check_claim(contest, compare_all(contest), shots))
      if (found.code == code) return found;
    return {};
  }
  Gate gate(const std::string& code) const {
    for (const auto& found : check_gates(spec, problem, trials))
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

TEST(Gates, NineInFixedOrderAndAllPassOnACleanStudy) {
  const Case clean;
  std::vector<std::string> codes;
  for (const auto& gate : check_gates(clean.spec, clean.problem, clean.trials)) {
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
  std::vector<double> numbers(copied.problem.labels.begin(), copied.problem.labels.end());
  for (auto& number : numbers) number = 7 - 3 * number;
  copied.problem.table.columns.push_back(numeric("outcome code", numbers));
  const auto gate = copied.gate("leak");
  EXPECT_EQ(gate.severity, Severity::refused);
  EXPECT_THAT(gate.message, HasSubstr("\"outcome code\" (100.0 %) is a copy of the target"));
}

TEST(LeakGate, RefusesANoisyCopyInWords) {
  Case copied;
  copied.problem = plain_problem(400);
  Column words;
  words.name = "result";
  words.type = ColumnType::categorical;
  words.levels = {"healthy", "ill"};
  words.codes = copied.problem.labels;
  words.codes[0] = 1 - words.codes[0];  // 0.25 % differ
  copied.problem.table.columns.push_back(words);
  copied.trials = plain_trials(copied.spec, copied.problem);
  EXPECT_EQ(copied.gate("leak").severity, Severity::refused);
}

TEST(LeakGate, WarnsOfAThresholdOnOneContinuousColumn) {
  Case tree;
  Random random(8);
  std::vector<double> numbers;
  for (const int label : tree.problem.labels) numbers.push_back(label + random.uniform(0.1, 0.9));
  tree.problem.table.columns.push_back(numeric("dose", numbers));
  const auto gate = tree.gate("leak");
  EXPECT_EQ(gate.severity, Severity::warning);
  EXPECT_THAT(gate.message, HasSubstr("\"dose\""));
}

TEST(LeakGate, WarnsOfANoisyCopyThatStandsOut) {
  Case noisy;
  Random random(8);
  std::vector<double> numbers;
  for (const int label : noisy.problem.labels) numbers.push_back(label + 0.25 * random.normal());
  noisy.problem.table.columns.push_back(numeric("score", numbers));
  const auto gate = noisy.gate("leak");
  EXPECT_EQ(gate.severity, Severity::warning);
  EXPECT_THAT(gate.message, HasSubstr("\"score\""));
}

/// Three classes by turns, with a 0/1 column for each of the first `columns`.
Case one_hot(int columns) {
  Case made;
  made.problem.classes = {"a", "b", "c"};
  for (std::size_t i = 0; i < made.problem.labels.size(); ++i)
    made.problem.labels[i] = static_cast<int>(i % 3);
  made.problem.table.columns.erase(made.problem.table.columns.begin());
  for (int k = 0; k < columns; ++k) {
    std::vector<double> flags;
    for (const int label : made.problem.labels) flags.push_back(label == k);
    made.problem.table.columns.push_back(
        numeric(fmt::format("is {}", made.problem.classes[static_cast<std::size_t>(k)]), flags));
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
  rare.problem = plain_problem(1000);
  for (std::size_t i = 0; i < rare.problem.labels.size(); ++i) rare.problem.labels[i] = i % 200 == 0;
  rare.trials.clear();
  EXPECT_EQ(rare.gate("leak").severity, Severity::passed);
}

TEST(LeakGate, PassesRealTables) {
  for (const auto* name : {"iris", "wine", "breast-cancer"}) {
    Case real;
    real.problem = load_data_set(name, {});
    real.trials.clear();
    EXPECT_EQ(real.gate("leak").severity, Severity::passed) << name << ": " << real.gate("leak").message;
  }
}

TEST(DuplicateGate, CountsEqualRowsAndContradictions) {
  Case repeated;
  for (auto& column : repeated.problem.table.columns)
    for (const std::size_t row : {2u, 4u, 7u}) column.numbers[row] = column.numbers[0];
  const auto gate = repeated.gate("duplicate");
  EXPECT_EQ(gate.severity, Severity::warning);
  EXPECT_THAT(gate.message,
              HasSubstr("4 of 100 rows (4.0 %) have the same features as another row, in 1 set"));
  EXPECT_THAT(gate.message, HasSubstr("4 of them have different targets"));
}

TEST(GranularityGate, RefusesAScoreFromOtherRows) {
  Case strange;
  strange.trials[3].metrics["accuracy"] = 181.0 / 240;
  const auto gate = strange.gate("granularity");
  EXPECT_EQ(gate.severity, Severity::refused);
  EXPECT_THAT(gate.message,
              HasSubstr("majority (repeat 1, fold 4): accuracy 0.754167 is no multiple of 1/20"));
}

TEST(GranularityGate, RefusesAScoreThatThePredictionsDoNotGive) {
  Case strange;
  strange.trials[0].metrics["accuracy"] = 19.0 / 20;
  EXPECT_EQ(strange.gate("granularity").severity, Severity::refused);
  EXPECT_THAT(strange.gate("granularity").message,
              HasSubstr("stored as 0.95, but the stored predictions give 0.8"));
}

TEST(GranularityGate, ChecksTheScoresWithShotsToo) {
  Case strange;
  strange.trials[0].with_shots = strange.trials[0].prediction;
  strange.trials[0].shot_metrics = strange.trials[0].metrics;
  EXPECT_EQ(strange.gate("granularity").severity, Severity::passed);
  strange.trials[0].shot_metrics["roc-auc"] += 0.01;
  EXPECT_EQ(strange.gate("granularity").severity, Severity::refused);
}

TEST(GranularityGate, RefusesMissingPredictions) {
  Case cut;
  cut.trials[0].prediction.labels.pop_back();
  EXPECT_EQ(cut.gate("granularity").severity, Severity::refused);
  EXPECT_THAT(cut.gate("granularity").message,
              HasSubstr("19 labels and 20 x 2 probabilities for 20 test rows"));
}

Case fixed_protocol() {
  Case fixed;
  fixed.spec.protocol = Protocol::fixed;
  for (std::size_t row = 80; row < 100; ++row) fixed.problem.test_rows.push_back(row);
  fixed.trials = {trial_on(fixed.problem, {"logistic", 0, 0}, fixed.problem.test_rows, 4)};
  return fixed;
}

void make_equal(TabularProblem& problem, std::size_t row, std::size_t other) {
  for (auto& column : problem.table.columns) column.numbers[row] = column.numbers[other];
}

TEST(TrainIsTestGate, WarnsOfSomeEqualRows) {
  auto fixed = fixed_protocol();
  EXPECT_EQ(fixed.gate("train-is-test").severity, Severity::passed);
  make_equal(fixed.problem, 85, 5);
  const auto gate = fixed.gate("train-is-test");
  EXPECT_EQ(gate.severity, Severity::warning);
  EXPECT_THAT(gate.message, HasSubstr("1 of 20 rows in a test set equal rows trained on (5.0 %)"));
}

TEST(TrainIsTestGate, EqualRowsWithDifferentLabelsAreNoCopies) {
  auto fixed = fixed_protocol();
  make_equal(fixed.problem, 85, 6);  // labels alternate
  EXPECT_EQ(fixed.gate("train-is-test").severity, Severity::passed);
}

TEST(TrainIsTestGate, RefusesATestSetThatWasTrainedOn) {
  auto fixed = fixed_protocol();
  for (std::size_t row = 80; row < 100; ++row) make_equal(fixed.problem, row, row - 80);
  EXPECT_EQ(fixed.gate("train-is-test").severity, Severity::refused);
}

TEST(AboveValidationGate, WarnsOfAClearExcess) {
  Case lucky;
  for (auto* trial : lucky.of("quantum-kernel")) trial->validation = trial->metrics["accuracy"] - 0.25;
  const auto gate = lucky.gate("above-validation");
  EXPECT_EQ(gate.severity, Severity::warning);
  EXPECT_THAT(gate.message, HasSubstr("quantum-kernel (+25.0 points"));
  EXPECT_THAT(gate.message, testing::Not(HasSubstr("logistic")));
}

TEST(AboveValidationGate, AllowsWhatChanceAllows) {
  Case noisy;
  double sign = 1;
  for (auto* trial : noisy.of("quantum-kernel"))
    trial->validation = trial->metrics["accuracy"] - 0.06 + (sign = -sign) * 0.1;
  EXPECT_EQ(noisy.gate("above-validation").severity, Severity::passed);
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
  failing.spec.entries[2].contender = "quantum-kernel-separable";  // twins stand on the other side
  EXPECT_EQ(failing.gate("failed-fit").severity, Severity::refused);
}

TEST(FailedFitGate, WarnsOfSettingsThatCannotBeFitted) {
  Case failing;
  for (auto* trial : failing.of("quantum-kernel")) {
    trial->fits = 7;
    trial->failed_in_tuning = 2;
  }
  const auto gate = failing.gate("failed-fit");
  EXPECT_EQ(gate.severity, Severity::warning);
  EXPECT_THAT(gate.message, HasSubstr("quantum-kernel in 20 of 70 fits"));
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
  EXPECT_THAT(gate.message,
              HasSubstr("every contender tried 4 configurations a training set; fewer settings exist for "
                        "majority (1)"));
}

/// Labels with this share of class 1 in a hundred.
Gate imbalance_of(std::vector<int> counts, const std::string& metric = "accuracy") {
  Case skewed;
  skewed.spec.metric = metric;
  skewed.trials.clear();
  skewed.problem.labels.clear();
  skewed.problem.classes.clear();
  for (std::size_t c = 0; c < counts.size(); ++c) {
    skewed.problem.classes.push_back(fmt::format("c{}", c));
    skewed.problem.labels.insert(skewed.problem.labels.end(), static_cast<std::size_t>(counts[c]),
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
  small.problem = plain_problem(40);
  small.trials = plain_trials(small.spec, small.problem);
  const auto gate = small.gate("too-small");
  EXPECT_EQ(gate.severity, Severity::warning);
  EXPECT_THAT(gate.message, HasSubstr("40 rows, 8 in the smallest test set"));
  Case many_folds;
  many_folds.spec.outer_folds = 20;
  many_folds.trials = plain_trials(many_folds.spec, many_folds.problem);
  EXPECT_THAT(many_folds.gate("too-small").message, HasSubstr("use fewer outer folds"));
}

/// A study in which the quantum kernel leads by thirty points.
Case leading(const std::vector<std::string>& classical, const std::string& encoding = "iqp-full") {
  Case made;
  made.spec.entries = {{"quantum-kernel", "quantum-kernel", Inputs::reduced, {}}};
  for (const auto& name : classical) made.spec.entries.push_back({name, name, Inputs::all, {}});
  made.spec.entries.push_back({"quantum-kernel-separable", "quantum-kernel-separable", Inputs::reduced, {}});
  made.trials = plain_trials(made.spec, made.problem);
  for (auto& trial : made.trials) {
    const bool quantum = trial.key.entry == "quantum-kernel";
    std::vector<int> truth;
    for (const auto row : trial.test_rows) truth.push_back(made.problem.labels[row]);
    trial.prediction =
        prediction_of(truth, (quantum ? 0u : 6u) + static_cast<std::size_t>(trial.key.fold % 2));
    trial.metrics = score(trial.prediction, truth, 2);
    trial.train_score = 0.7;
    trial.settings = quantum ? Settings{{"encoding", encoding}} : Settings{};
  }
  return made;
}

TEST(ClaimGates, ALeadNeedsThreeClassicalFamiliesThatLearned) {
  EXPECT_EQ(leading({"logistic"}).claim("weak-baselines").severity, Severity::refused);
  EXPECT_EQ(leading({"logistic", "svm-rbf"}).claim("weak-baselines").severity, Severity::refused);
  EXPECT_EQ(leading({"logistic", "svm-rbf", "mlp"}).claim("weak-baselines").severity, Severity::passed);
  // The same family twice is one.
  auto twice = leading({"logistic", "svm-rbf"});
  twice.spec.entries.push_back({"svm-rbf@reduced", "svm-rbf", Inputs::reduced, {}});
  for (const auto trials = twice.trials; const auto& trial : trials)
    if (trial.key.entry == "svm-rbf")
      twice.trials.push_back(trial), twice.trials.back().key.entry = "svm-rbf@reduced";
  EXPECT_EQ(twice.claim("weak-baselines").severity, Severity::refused);
  // Families that only guess do not count, unless they learned their training rows.
  auto guessing = leading({"logistic", "svm-rbf", "mlp"});
  for (const auto* name : {"logistic", "svm-rbf", "mlp"})
    for (auto* trial : guessing.of(name)) {
      std::vector<int> truth;
      for (const auto row : trial->test_rows) truth.push_back(guessing.problem.labels[row]);
      trial->prediction = prediction_of(truth, truth.size() / 2);
      trial->metrics = score(trial->prediction, truth, 2);
    }
  EXPECT_EQ(guessing.claim("weak-baselines").severity, Severity::refused);
  for (auto& trial : guessing.trials) trial.train_score = 0.95;
  EXPECT_EQ(guessing.claim("weak-baselines").severity, Severity::passed);
}

TEST(ClaimGates, ALeadCountsBesideItsTwinAndBeyondEverybodyElse) {
  auto alone = leading({"logistic", "svm-rbf", "mlp"});
  alone.spec.entries.pop_back();
  std::erase_if(alone.trials, [](const Trial& t) { return t.key.entry == "quantum-kernel-separable"; });
  EXPECT_EQ(alone.claim("weak-baselines").severity, Severity::refused);
  EXPECT_THAT(alone.claim("weak-baselines").message, HasSubstr("quantum-kernel-separable"));
  // Somebody whom validation never chose scores as much on the test rows.
  auto hidden = leading({"logistic", "svm-rbf", "mlp"});
  for (auto* trial : hidden.of("mlp")) {
    std::vector<int> truth;
    for (const auto row : trial->test_rows) truth.push_back(hidden.problem.labels[row]);
    trial->prediction = prediction_of(truth, 0);
    trial->metrics = score(trial->prediction, truth, 2);
    trial->validation = 0.1;
  }
  EXPECT_EQ(hidden.claim("weak-baselines").severity, Severity::refused);
  EXPECT_THAT(hidden.claim("weak-baselines").message, HasSubstr("mlp scores 100.0 %"));
}

TEST(ClaimGates, ACircuitWithoutEntanglersIsNotQuantum) {
  const auto gate = leading({"logistic", "svm-rbf", "mlp"}, "angle-y").claim("no-entanglement");
  EXPECT_EQ(gate.severity, Severity::refused);
  EXPECT_THAT(gate.message, HasSubstr("quantum-kernel"));
  EXPECT_EQ(leading({"logistic", "svm-rbf", "mlp"}).claim("no-entanglement").severity, Severity::passed);
}

TEST(ClaimGates, ALeadMustBeThereWithShots) {
  const auto made = leading({"logistic", "svm-rbf", "mlp"});
  Comparison kept, lost;
  kept.contender = lost.contender = "quantum-kernel";
  kept.verdict = Verdict::quantum_better;
  lost.verdict = Verdict::inconclusive;
  kept.decides = lost.decides = true;
  EXPECT_EQ(made.claim("lost-with-shots", {kept, lost}).severity, Severity::passed);
  EXPECT_EQ(made.claim("lost-with-shots", {lost}).severity, Severity::refused);
  Comparison another = kept;  // leads with shots, but never led exactly
  another.contender = "variational";
  EXPECT_EQ(made.claim("lost-with-shots", {another, lost}).severity, Severity::refused);
  EXPECT_EQ(made.claim("lost-with-shots").severity, Severity::refused);
  auto exact = made;
  exact.spec.shots = 0;
  EXPECT_EQ(exact.claim("lost-with-shots").severity, Severity::warning);
}

TEST(AboveValidation, IsNotForTheFloorNorForSteepLearningCurves) {
  Case made;
  for (auto& trial : made.trials) trial.validation = trial.metrics.at("accuracy") - 0.25;
  EXPECT_EQ(made.gate("above-validation").severity, Severity::warning);
  for (auto& trial : made.trials)  // still rising: inner models see 2/3 of the rows
    trial.smaller = {{0.5, {}}, {trial.metrics.at("accuracy") - 0.4, {}}};
  EXPECT_EQ(made.gate("above-validation").severity, Severity::passed);
  Case floor;
  for (auto* trial : floor.of("majority")) trial->validation = trial->metrics.at("accuracy") - 0.25;
  EXPECT_EQ(floor.gate("above-validation").severity, Severity::passed);
}

}  // namespace
}  // namespace qupel
