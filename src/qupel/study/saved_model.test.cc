#include "qupel/study/saved_model.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "qupel/base/error.h"
#include "qupel/base/hash.h"
#include "qupel/base/random.h"
#include "qupel/contend/row_model.h"
#include "qupel/contenders/contenders.h"
#include "qupel/problem/tabular/prior_shift.h"
#include "qupel/study/runner.h"

namespace qupel {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Two classes by length; colours, numbers with a decimal comma, dates, missing cells.
std::string table(std::size_t rows, std::uint64_t seed = 1) {
  Random random(seed);
  std::string text = "length;colour;day;open;label\n";
  for (std::size_t r = 0; r < rows; ++r) {
    const bool long_one = r % 3 == 0;
    const auto length = (long_one ? 200 : 100) + random.below(60);
    text += r % 7 == 3 ? ";" : fmt::format("{},{};", length, random.below(100));
    text += random.below(2) ? "red;" : long_one ? "blue;" : "green;";
    text += fmt::format("{}.{}.2024;{};{}\n", 13 + random.below(15), 1 + random.below(12),
                        random.below(2) ? "yes" : "no", long_one ? "long" : "short");
  }
  return text;
}

struct Example {
  DataSet table_of_classes = data_set_from_bytes(table(90), "t.csv", {.target = "label", .drop = {}});
  StudySpec spec;
  explicit Example(const std::string& entries, const std::string& more = "") {
    spec = parse_study(
        "[data]\nfile = \"t.csv\"\ntarget = \"label\"\n[protocol]\ninner_folds = 2\nconfigurations = "
        "4\n[inputs]\nfeatures = 3\n[execution]\neffort = 0.2\n" +
            more + entries,
        "s.toml", contenders());
  }
  SavedModel fit(const std::optional<ChosenSettings>& choice = std::nullopt) const {
    const auto problem = table_problem(table_of_classes, table_inputs(spec));
    return SavedModel::fit(spec, *problem, spec.entries.front(), choice, "test");
  }
};

SavedModel reloaded(const SavedModel& model) {
  return SavedModel::from_bytes(model.bytes(), "m", contenders());
}

void expect_same(const Prediction& a, const Prediction& b) {
  const auto &left = std::get<Classes>(a.answer), &right = std::get<Classes>(b.answer);
  EXPECT_EQ(left.labels, right.labels);
  EXPECT_EQ(left.probabilities, right.probabilities);
}

TEST(SavedModel, AnswersWithTheSameBitsAfterLoading) {
  for (const auto* entry :
       {"logistic", "svm-rbf@reduced", "quantum-kernel", "variational", "random-forest"}) {
    const Example example(fmt::format("[[contender]]\nname = \"{}\"\n", entry));
    const auto model = example.fit();
    expect_same(model.predict(table(40, 5), "n"), reloaded(model).predict(table(40, 5), "n"));
    EXPECT_EQ(reloaded(model).bytes(), model.bytes());
  }
}

TEST(SavedModel, KeepsEveryWayOfPreparingColumns) {
  for (const std::string scaling : {"range", "robust", "angle"})
    for (const std::string reduction : {"pca", "select", "none"}) {
      const Example example(
          fmt::format("[[contender]]\nname = \"quantum-kernel\"\n[contender.space]\ninput-scaling = "
                      "\"{}\"\ninput-columns = 2\n",
                      scaling));
      auto other = example;
      other.spec.reduction = qupel::reduction(reduction);
      const auto model = other.fit();
      expect_same(model.predict(table(40, 5), "n"), reloaded(model).predict(table(40, 5), "n"));
    }
}

// The same fit by hand: preparation, model and prediction on the same rows.
TEST(SavedModel, AnswersAsTheFittedModelDoes) {
  const Example example("[[contender]]\nname = \"logistic\"\n");
  const auto model = example.fit(ChosenSettings{{{"C", 3.0}}});
  std::vector<std::size_t> rows(90);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  const auto& table_read = example.table_of_classes;
  const auto data = RowPreparation::fit(table_inputs(example.spec), table_read, rows).apply(table_read, rows);
  Executor executor;
  const FitContext context{.seed = 1, .executor = &executor, .effort = 0.2};
  const auto fitted =
      contenders().at("logistic")->fit(Samples(data.all, table_read.labels, 2), {{"C", 3.0}}, context);
  const auto expected = classes_for(*fitted, data.all, context);
  const auto found = std::get<Classes>(model.predict(table(90), "t").answer);
  EXPECT_EQ(found.labels, expected.labels);
  EXPECT_EQ(found.probabilities, expected.probabilities);
}

TEST(SavedModel, ShiftsLabelsWhereClassesCountAlike) {
  const Example example("[[contender]]\nname = \"logistic\"\n", "");
  const auto plain = example.fit(ChosenSettings{{{"C", 0.001}}}),
             shifted = example.fit(ChosenSettings{{{"C", 0.001}}, 0, {{"prior-power", 1}}});
  auto expected = std::get<Classes>(plain.predict(table(60, 3), "t").answer);
  shift_labels(expected, class_shares(example.table_of_classes.labels, 2), 1);
  EXPECT_EQ(std::get<Classes>(reloaded(shifted).predict(table(60, 3), "t").answer).labels, expected.labels);
  EXPECT_NE(std::get<Classes>(plain.predict(table(60, 3), "t").answer).labels, expected.labels);
}

TEST(SavedModel, ReadsCellsAsInTraining) {
  const Example example("[[contender]]\nname = \"logistic\"\n");
  const auto model = reloaded(example.fit());
  const auto same = [&](const std::string& a, const std::string& b) {
    const std::string head = "length;colour;day;open\n";
    expect_same(model.predict(head + a, "n"), model.predict(head + b, "n"));
  };
  same("150,5;red;14.2.2024;yes\n", "150,50;red;14/02/2024;TRUE\n");
  same("NA;red;14.2.2024;yes\n", ";red;14.2.2024;y\n");
  EXPECT_THAT([&] { model.predict("length;colour;day;open\n150.5;red;14.2.2024;yes\n", "n.csv"); },
              testing::ThrowsMessage<InputError>(HasSubstr(
                  "n.csv:2: column \"length\" holds \"150.5\", but held numbers with a decimal comma")));
  EXPECT_THAT([&] { model.predict("length;colour;day;open\n1;red;2.14.2024;yes\n", "n.csv"); },
              testing::ThrowsMessage<InputError>(HasSubstr("held dates (day, month, year)")));
  EXPECT_THAT([&] { model.predict("length;colour;day;open\n1;red;14.2.2024;maybe\n", "n.csv"); },
              testing::ThrowsMessage<InputError>(HasSubstr("held true and false")));
}

TEST(SavedModel, NotesWhatItDidNotKnow) {
  const Example example("[[contender]]\nname = \"logistic\"\n");
  const auto notes =
      example.fit()
          .predict(
              "open;label;day;length;colour;more\nno;long;14.2.2024;;grey;1\nno;long;14.2.2024;1;grey;1\n",
              "n")
          .notes;
  EXPECT_THAT(notes,
              ElementsAre(HasSubstr("\"label\" is what is predicted"), HasSubstr("not looked at: \"more\""),
                          HasSubstr("\"length\": 1 cell is missing"),
                          HasSubstr("a category never seen in training in 2 rows")));
}

// An unknown category is as the preparation of training makes it: 0 in every one of the column's 0/1 columns.
TEST(SavedModel, TakesUnknownCategoriesAsNoneOfTheKnownOnes) {
  const Example example("[[contender]]\nname = \"logistic\"\n");
  const auto model = example.fit();
  expect_same(model.predict("length;colour;day;open\n150;grey;14.2.2024;yes\n", "n"),
              model.predict("length;colour;day;open\n150;;14.2.2024;yes\n", "n"));
}

/// A number that depends on a length, a colour and a little noise.
std::string table_of_numbers(std::size_t rows, std::uint64_t seed = 1) {
  Random random(seed);
  std::string text = "length,colour,price\n";
  for (std::size_t r = 0; r < rows; ++r) {
    const double length = random.uniform(1, 3);
    const bool red = random.below(2) == 1;
    text += fmt::format("{},{},{}\n", length, red ? "red" : "blue",
                        100 * length + (red ? 30 : 0) + random.normal());
  }
  return text;
}

struct NumbersExample {
  StudySpec spec;
  std::unique_ptr<TableProblem> problem;
  explicit NumbersExample(const std::string& entry) {
    spec = parse_study(
        fmt::format("[data]\nfile = \"t.csv\"\ntarget = \"price\"\n[protocol]\nouter_folds = 3\nrepeats = "
                    "1\ninner_folds = 2\nconfigurations = 4\nmetric = \"rmse\"\n[inputs]\nfeatures = "
                    "2\n[execution]\neffort = 0.2\nshots = 0\n[[contender]]\nname = \"{}\"\n",
                    entry),
        "s.toml", contenders());
    problem =
        table_problem(data_set_from_bytes(table_of_numbers(60), "t.csv", {.target = "price", .drop = {}}),
                      table_inputs(spec));
  }
  SavedModel fit(const std::optional<ChosenSettings>& choice = std::nullopt) const {
    return SavedModel::fit(spec, *problem, spec.entries.front(), choice, "test");
  }
};

TEST(SavedModel, AnswersNumbersWithTheSameBitsAndTheirInterval) {
  for (const auto* entry :
       {"mean", "ridge", "svr-rbf@reduced", "k-nearest-neighbours", "quantum-kernel-ridge",
        "projected-kernel-svr", "variational", "gradient-boosting"}) {
    const NumbersExample example(entry);
    const auto model = example.fit();
    EXPECT_EQ(model.task(), "regression");
    EXPECT_TRUE(model.classes().empty());
    const auto loaded = reloaded(model);
    EXPECT_EQ(loaded.bytes(), model.bytes());
    const auto answers = [](const SavedModel& of) {
      return std::get<Numbers>(of.predict(table_of_numbers(30, 7), "n").answer);
    };
    const auto a = answers(model), b = answers(loaded);
    EXPECT_EQ(a.values, b.values) << entry;
    EXPECT_EQ(a.half_width, b.half_width);
    EXPECT_GT(a.half_width, 0) << entry;
  }
}

// Tuned on all rows: the half width is that of the held-out rows of the inner folds.
TEST(SavedModel, HoldsNineOfTenNewRowsInItsIntervals) {
  const auto model = NumbersExample("ridge").fit();
  const auto text = table_of_numbers(500, 9);
  const auto truth = data_set_from_bytes(text, "n", {.target = "price", .drop = {}}).targets;
  const auto found = std::get<Numbers>(model.predict(text, "n").answer);
  double within = 0;
  for (std::size_t r = 0; r < truth.size(); ++r)
    within += std::abs(truth[r] - found.values[r]) <= found.half_width ? 1 : 0;
  EXPECT_NEAR(within / 500, 0.9, 0.07);
}

TEST(SavedModel, TakesSettingsAndIntervalOfARun) {
  const NumbersExample example("ridge");
  MemoryStore store;
  Progress silent;
  run_study(example.spec, *example.problem, store, 1, silent);
  std::vector<Trial> trials;
  std::vector<double> widths;
  for (const auto& [key, trial] : store.trials()) {
    trials.push_back(trial);
    widths.push_back(trial.adjustment.at("interval-half-width"));
  }
  const auto choice = most_frequent_settings(trials, example.problem->metric("rmse"));
  const auto found = std::get<Numbers>(example.fit(choice).predict(table_of_numbers(3, 2), "n").answer);
  EXPECT_EQ(found.half_width, choice.adjustment.at("interval-half-width"));
  EXPECT_TRUE(std::ranges::find(widths, found.half_width) != widths.end());
}

TEST(SavedModel, SurvivesForgedFiles) {
  const Example example("[[contender]]\nname = \"svm-rbf@reduced\"\n[contender.space]\ninput-columns = 2\n");
  const auto bytes = example.fit().bytes();
  const auto body = bytes.substr(0, bytes.size() - 64);
  Random random(5);
  int loaded = 0;
  for (int i = 0; i < 2000; ++i) {
    auto forged = body;
    forged[30 + random.below(body.size() - 30)] =
        static_cast<char>(random.below(2) ? random.below(4) : random.below(256));
    try {
      SavedModel::from_bytes(forged + sha256(forged), "m", contenders()).predict(table(20), "n");
      ++loaded;
    } catch (const InputError&) {
    }
  }
  EXPECT_GT(loaded, 0);
}

const Metric more_is_better{.name = "accuracy", .unit = {}},
    less_is_better{.name = "rmse", .unit = {}, .higher_is_better = false};

Trial trial(double C, double validation, double power = 0, std::string failure = "") {
  Trial made;
  made.settings = {{"C", C}};
  made.validation = validation;
  made.adjustment = {{"prior-power", power}};
  made.failure = std::move(failure);
  return made;
}

TEST(MostFrequentSettings, IsTheSettingsOfMostTrials) {
  const auto choice = most_frequent_settings(
      {trial(1, 0.9), trial(2, 0.5, 1), trial(2, 0.6, 1), trial(2, 0.7)}, more_is_better);
  EXPECT_EQ(choice.settings, (Settings{{"C", 2.0}}));
  EXPECT_DOUBLE_EQ(choice.validation, 0.6);
  EXPECT_EQ(choice.adjustment, (Adjustment{{"prior-power", 1}}));
}

TEST(MostFrequentSettings, IsTheBetterAndThenTheEarlierOfEquallyFrequentOnes) {
  EXPECT_EQ(most_frequent_settings({trial(1, 0.5), trial(2, 0.6)}, more_is_better).settings.at("C"),
            Setting(2.0));
  EXPECT_EQ(most_frequent_settings({trial(2, 0.5), trial(1, 0.5)}, more_is_better).settings.at("C"),
            Setting(2.0));
}

TEST(MostFrequentSettings, HaveTheSmallestErrorWhereLessIsBetter) {
  EXPECT_EQ(most_frequent_settings({trial(1, 0.5), trial(2, 0.6)}, less_is_better).settings.at("C"),
            Setting(1.0));
}

TEST(MostFrequentSettings, TakeTheMiddleOfWhatEveryTrialAdjustsInItsOwnWay) {
  const auto adjusted = [](const std::vector<double>& powers) {
    std::vector<Trial> trials;
    for (const double power : powers) trials.push_back(trial(1, 0.5, power));
    return most_frequent_settings(trials, less_is_better).adjustment.at("prior-power");
  };
  EXPECT_EQ(adjusted({5, 1, 3}), 3);
  EXPECT_EQ(adjusted({5, 1}), 1);
  EXPECT_EQ(adjusted({5, 1, 3, 1, 5}), 1);
  EXPECT_EQ(adjusted({5, 1, 3, 5}), 5);
}

TEST(MostFrequentSettings, LooksAtFailedTrialsOnlyIfThereAreNoOthers) {
  EXPECT_EQ(most_frequent_settings({trial(1, 0, 0, "x"), trial(1, 0, 0, "x"), trial(2, 0.1)}, more_is_better)
                .settings.at("C"),
            Setting(2.0));
  EXPECT_EQ(most_frequent_settings({trial(1, 0, 0, "x")}, more_is_better).settings.at("C"), Setting(1.0));
}

}  // namespace
}  // namespace qupel
