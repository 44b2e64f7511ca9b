#include "qupel/contenders/contenders.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>

#include "qupel/base/error.h"
#include "qupel/base/interrupt.h"
#include "qupel/base/random.h"
#include "qupel/contend/row_model.h"
#include "qupel/contenders/solving.test.h"

// Properties that every contender has, whatever its family; those of regression stand in regression.test.cc.
namespace qupel {
namespace {

struct Data {
  Matrix<double> x;
  std::vector<int> y;
  int classes;

  Samples samples() const { return Samples(x, y, classes); }
};

/// Columns in [-1, 1]; the sector of the first two columns' angle decides the class.
Data sectors(std::size_t rows, std::size_t columns, int classes, std::uint64_t seed) {
  Data data{Matrix<double>(rows, columns), std::vector<int>(rows), classes};
  Random random(seed);
  for (std::size_t r = 0; r < rows; ++r) {
    for (double& value : data.x.row(r)) value = random.uniform(-0.3, 0.3);
    data.y[r] = static_cast<int>(r) % classes;
    const double angle = 6.283 * data.y[r] / classes;
    data.x(r, 0) += 0.6 * std::cos(angle);
    if (columns > 1) data.x(r, 1) += 0.6 * std::sin(angle);
  }
  return data;
}

class EveryClassifier : public testing::TestWithParam<Catalogue::Record> {
 protected:
  const Contender& spec() const { return *GetParam(); }
  bool learns() const { return !spec().floor; }
  FitContext context(std::uint64_t seed = 11) {
    return {.seed = seed, .executor = &executor_, .effort = 0.3};
  }

  Classes fit_and_predict(const Data& train, const Matrix<double>& x, const Settings& settings = {}) {
    return classes_for(*spec().fit(train.samples(), settings, context()), x, context());
  }

  static void expect_valid(const Classes& prediction, std::size_t rows, int classes) {
    ASSERT_EQ(prediction.labels.size(), rows);
    ASSERT_EQ(prediction.probabilities.rows(), rows);
    ASSERT_EQ(prediction.probabilities.columns(), static_cast<std::size_t>(classes));
    for (std::size_t r = 0; r < rows; ++r) {
      double total = 0;
      for (const double p : prediction.probabilities.row(r)) {
        EXPECT_TRUE(p >= 0 && p <= 1) << p;
        total += p;
      }
      EXPECT_NEAR(total, 1, 1e-9);
      EXPECT_TRUE(prediction.labels[r] >= 0 && prediction.labels[r] < classes);
    }
  }

  static double accuracy(const Classes& prediction, std::span<const int> labels) {
    double right = 0;
    for (std::size_t r = 0; r < labels.size(); ++r) right += prediction.labels[r] == labels[r] ? 1 : 0;
    return right / static_cast<double>(labels.size());
  }

  Executor executor_;
};

TEST_P(EveryClassifier, LearnsTwoClasses) {
  const auto train = sectors(80, 3, 2, 1), test = sectors(100, 3, 2, 2);
  const auto prediction = fit_and_predict(train, test.x);
  expect_valid(prediction, 100, 2);
  if (learns()) {
    EXPECT_GT(accuracy(prediction, test.y), 0.9);
  }
}

TEST_P(EveryClassifier, LearnsThreeClasses) {
  const auto train = sectors(90, 2, 3, 1), test = sectors(90, 2, 3, 2);
  const auto prediction = fit_and_predict(train, test.x);
  expect_valid(prediction, 90, 3);
  if (learns()) {
    EXPECT_GT(accuracy(prediction, test.y), 0.8);
  }
}

TEST_P(EveryClassifier, IsTheSameForTheSameSeed) {
  const auto train = sectors(40, 3, 3, 1), test = sectors(20, 3, 3, 2);
  const auto a = fit_and_predict(train, test.x), b = fit_and_predict(train, test.x);
  EXPECT_EQ(a.labels, b.labels);
  EXPECT_EQ(a.probabilities, b.probabilities);
}

TEST_P(EveryClassifier, TakesOneFeature) {
  const auto train = sectors(40, 1, 2, 1);
  expect_valid(fit_and_predict(train, train.x), 40, 2);
  const auto three = sectors(40, 1, 3, 1);
  expect_valid(fit_and_predict(three, three.x), 40, 3);
}

TEST_P(EveryClassifier, TakesTwoRowsAClass) {
  const auto train = sectors(6, 2, 3, 1);
  expect_valid(fit_and_predict(train, train.x), 6, 3);
}

TEST_P(EveryClassifier, TakesConstantColumns) {
  auto train = sectors(30, 3, 2, 1);
  for (std::size_t r = 0; r < 30; ++r) train.x(r, 2) = 0.5;
  expect_valid(fit_and_predict(train, train.x), 30, 2);
  for (double& value : train.x.values()) value = 0;
  expect_valid(fit_and_predict(train, train.x), 30, 2);
}

TEST_P(EveryClassifier, TakesALabelThatTheTrainingRowsMiss) {
  auto train = sectors(30, 2, 2, 1);
  train.classes = 4;
  for (int& label : train.y) label += 1;
  const auto prediction = fit_and_predict(train, train.x);
  expect_valid(prediction, 30, 4);
  if (learns()) {
    EXPECT_GT(accuracy(prediction, train.y), 0.8);
  }
}

TEST_P(EveryClassifier, TakesRowsOfOneClassOnly) {
  auto train = sectors(12, 2, 2, 1);
  std::ranges::fill(train.y, 1);
  const auto prediction = fit_and_predict(train, train.x);
  expect_valid(prediction, 12, 2);
  EXPECT_EQ(accuracy(prediction, train.y), 1);
}

TEST_P(EveryClassifier, PredictsNoRows) {
  const auto train = sectors(20, 2, 2, 1);
  expect_valid(fit_and_predict(train, Matrix<double>(0, 2)), 0, 2);
}

TEST_P(EveryClassifier, FitsWithEveryValueOfEveryHyperparameter) {
  const auto train = sectors(16, 2, 2, 1);
  for (const auto& parameter : spec().hyperparameters)
    for (const auto& value : parameter.values) {
      const FitContext quick{.seed = 1, .executor = &executor_, .effort = 0.02};
      const auto model = spec().fit(train.samples(), {{parameter.name, value}}, quick);
      expect_valid(classes_for(*model, train.x, quick), 16, 2);
    }
}

TEST_P(EveryClassifier, TellsHowTheFitEnded) {
  const auto train = sectors(60, 2, 2, 1);
  const auto info = spec().fit(train.samples(), {}, context())->info();
  EXPECT_FALSE(info.reason.empty());
  EXPECT_GT(info.parameters, 0);
  EXPECT_LE(info.losses.size(), 200u);
  for (const double loss : info.losses) EXPECT_TRUE(std::isfinite(loss));
}

TEST_P(EveryClassifier, ChargesTheLedgerForCircuitsOnlyIfItRunsThem) {
  const auto train = sectors(20, 2, 2, 1);
  fit_and_predict(train, train.x);
  EXPECT_EQ(executor_.ledger().circuits > 0, spec().circuit_cost != nullptr);
}

// Exact, with shots, with noise, with both: the same fitted model.
TEST_P(EveryClassifier, AnswersUnderEveryExecution) {
  const auto train = sectors(60, 2, 2, 1);
  const auto model = spec().fit(train.samples(), {}, context());
  const auto exact = classes_for(*model, train.x, context());
  const auto noise = parse_noise("depolarizing(0.002) after one-qubit");
  const std::vector<Execution> executions{{.shots = 4000},
                                          {.noise = noise},
                                          {.noise = noise, .shots = 1000},
                                          {.noise = noise, .trajectories = 500}};
  for (const auto& execution : executions) {
    const auto under = [&] {
      Executor executor(execution);
      auto with = context();
      with.executor = &executor;
      auto answer = classes_for(*model, train.x, with);
      EXPECT_EQ(executor.ledger().circuits > 0, spec().circuit_cost != nullptr);
      EXPECT_EQ(executor.ledger().shots > 0, spec().circuit_cost != nullptr && execution.shots > 0);
      return answer;
    };
    const auto answer = under();
    expect_valid(answer, 60, 2);
    EXPECT_GT(accuracy(answer, exact.labels), 0.9);
    if (spec().circuit_cost) {
      EXPECT_NE(answer.probabilities, exact.probabilities);
    }
    EXPECT_EQ(answer.probabilities, under().probabilities);
  }
}

// Whatever the executor, a fit is a fit: with shots gradients come from shift rules and kernels from counts.
TEST_P(EveryClassifier, IsFittedWithShots) {
  if (!spec().circuit_cost) return;
  const auto train = sectors(40, 2, 2, 1);
  Executor executor({.shots = 500, .seed = 4});
  auto with = context();
  with.executor = &executor;
  with.effort = 0.01;
  with.for_search = true;
  const auto model = spec().fit(train.samples(), {}, with);
  expect_valid(classes_for(*model, train.x, context()), 40, 2);
  EXPECT_GT(executor.ledger().shots, 0);
}

// A warning that a fit did not converge must mean something: on a plain table none ends at its step limit.
TEST_P(EveryClassifier, ConvergesWithoutALimitedBudget) {
  const auto train = sectors(120, 4, 2, 5);
  const FitContext full{.seed = 5, .executor = &executor_};
  const auto info = spec().fit(train.samples(), {}, full)->info();
  EXPECT_TRUE(info.converged) << info.reason;
}

class EveryRecord : public testing::TestWithParam<Catalogue::Record> {
 protected:
  const Contender& spec() const { return *GetParam(); }
};

TEST_P(EveryRecord, SaysWhatItIs) {
  EXPECT_FALSE(spec().name.empty());
  EXPECT_GT(spec().summary.size(), 20u);
  EXPECT_FALSE(spec().solves.empty());
  if (!spec().floor) {
    EXPECT_FALSE(spec().source.empty());
  }
  for (const auto& parameter : spec().hyperparameters) {
    EXPECT_FALSE(parameter.values.empty()) << parameter.name;
    EXPECT_FALSE(parameter.summary.empty()) << parameter.name;
    const std::set<Setting> distinct(parameter.values.begin(), parameter.values.end());
    EXPECT_EQ(distinct.size(), parameter.values.size()) << parameter.name;
    for (const auto& value : parameter.values) EXPECT_EQ(value.index(), parameter.values.front().index());
  }
}

TEST_P(EveryRecord, HasASeparableTwinIfItIsQuantum) {
  if (spec().instance_circuit) return;  // of those that learn from tables alone
  // Electrons without entanglers are the mean field, a contender of its own.
  EXPECT_EQ(spec().family == Family::quantum && !solves(spec(), "molecule"), !spec().twin.empty());
  if (spec().twin.empty()) return;
  const auto& twin = *contenders().at(spec().twin);
  EXPECT_EQ(twin.family, Family::quantum_inspired);
  EXPECT_EQ(twin.solves, spec().solves);
  ASSERT_GE(twin.hyperparameters.size(), spec().hyperparameters.size());
  for (std::size_t i = 0; i < spec().hyperparameters.size(); ++i) {
    const auto& own = spec().hyperparameters[i];
    EXPECT_EQ(twin.hyperparameters[i].name, own.name);
    EXPECT_EQ(twin.hyperparameters[i].values, own.values);
    EXPECT_EQ(twin.hyperparameters[i].cover, own.cover);
    if (!twin.circuit_cost) continue;  // the same kernel without a circuit
    for (const auto& value : own.values) {
      const auto cost = twin.circuit_cost(4, 2, {{own.name, value}});
      EXPECT_EQ(cost.two_qubit + cost.larger, 0) << own.name << " = " << to_string(value);
    }
  }
  EXPECT_GT(spec().circuit_cost(4, 2, {}).two_qubit, 0);
}

std::string test_name(const testing::TestParamInfo<Catalogue::Record>& test) {
  std::string name(test.param->name);
  std::ranges::replace(name, '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Registry, EveryRecord, testing::ValuesIn(contenders().all()), test_name);
INSTANTIATE_TEST_SUITE_P(Registry, EveryClassifier, testing::ValuesIn(solving("classification")), test_name);

TEST(Contenders, HaveDistinctNames) {
  std::set<std::string> names;
  for (const auto& spec : contenders().all()) EXPECT_TRUE(names.insert(spec->name).second) << spec->name;
}

// Stored studies name these, and the default study of a table of classes is made of them in this order.
TEST(Contenders, ThatSolveClassification) {
  std::vector<std::string> names;
  for (const auto& record : solving("classification")) names.push_back(record->name);
  EXPECT_THAT(names,
              testing::ElementsAre("variational", "reuploading", "quantum-kernel", "projected-kernel",
                                   "amplitude-kernel", "variational-separable", "reuploading-separable",
                                   "quantum-kernel-separable", "projected-kernel-separable",
                                   "fourier-features", "polynomial-kernel", "majority", "logistic", "svm-rbf",
                                   "gradient-boosting", "random-forest", "mlp"));
}

TEST(Contenders, OneOfEachKindIsTheFloor) {
  for (const auto* kind :
       {"classification", "regression", "maxcut", "qubo", "tsp", "cvrp", "portfolio", "mip"})
    EXPECT_EQ(std::ranges::count_if(solving(kind), [](const auto& record) { return record->floor; }), 1);
}

TEST(Contenders, TakeEncodingsThatTheyDoNotTry) {
  for (const auto* name : {"variational", "quantum-kernel", "projected-kernel-svr"}) {
    const auto& parameters = contenders().at(name)->hyperparameters;
    const auto found = std::ranges::find(parameters, "encoding", &HyperParameter::name);
    EXPECT_THAT(found->names(), testing::IsSupersetOf({"iqp-full", "angle-x", "heisenberg"})) << name;
  }
}

TEST(Contenders, AreFoundByName) {
  EXPECT_EQ(contenders().at("svm-rbf")->name, "svm-rbf");
  EXPECT_THAT([] { contenders().at("svn-rbf"); },
              testing::ThrowsMessage<InputError>(testing::HasSubstr("did you mean \"svm-rbf\"?")));
}

TEST(Settings, DefaultIsTheFirstValue) {
  EXPECT_EQ(number(*contenders().at("logistic"), {}, "C"), 1);
  EXPECT_EQ(number(*contenders().at("logistic"), {{"C", 7.0}}, "C"), 7);
  EXPECT_EQ(text(*contenders().at("mlp"), {}, "activation"), "relu");
}

TEST(Settings, RefuseTheWrongTypeAndUnknownNames) {
  const auto& mlp = *contenders().at("mlp");
  EXPECT_THAT(
      [&] {
        number(mlp, {{"hidden", std::string("many")}}, "hidden");
      },
      testing::ThrowsMessage<InputError>("hidden of mlp must be a number, not many"));
  EXPECT_THAT(
      [&] {
        text(mlp, {{"activation", 2.0}}, "activation");
      },
      testing::ThrowsMessage<InputError>("activation of mlp must be a name, not 2"));
  EXPECT_THAT(
      [&] {
        count(mlp, {{"hidden", 2.5}}, "hidden");
      },
      testing::ThrowsMessage<InputError>(testing::HasSubstr("whole number")));
  EXPECT_THAT([&] { number(mlp, {}, "hiden"); },
              testing::ThrowsMessage<InputError>(testing::HasSubstr("did you mean \"hidden\"?")));
}

}  // namespace
}  // namespace qupel
