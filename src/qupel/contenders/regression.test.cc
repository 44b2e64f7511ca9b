#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>
#include <string>
#include <vector>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/contend/row_model.h"
#include "qupel/contenders/contenders.h"

// Properties that every contender for regression has, whatever its family.
namespace qupel {
namespace {

struct Table {
  Matrix<double> x;
  std::vector<double> y;

  Samples samples() const { return Samples(x, std::span<const double>(y)); }
};

/// Columns in [-1, 1]; a smooth function of the first two with a little noise.
Table smooth(std::size_t rows, std::size_t columns, std::uint64_t seed) {
  Table table{Matrix<double>(rows, columns), std::vector<double>(rows)};
  Random random(seed);
  for (std::size_t r = 0; r < rows; ++r) {
    for (double& value : table.x.row(r)) value = random.uniform(-1, 1);
    table.y[r] = 7 + 2 * table.x(r, 0) + 0.1 * random.normal();
    if (columns > 1) table.y[r] += std::sin(3 * table.x(r, 1));
  }
  return table;
}

double rmse(const std::vector<double>& values, std::span<const double> expected) {
  double square = 0;
  for (std::size_t r = 0; r < expected.size(); ++r) square += std::pow(values[r] - expected[r], 2);
  return std::sqrt(square / static_cast<double>(expected.size()));
}

double spread(std::span<const double> values) {
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  return rmse(std::vector(values.size(), mean), values);
}

class EveryRegressor : public testing::TestWithParam<Catalogue::Record> {
 protected:
  const Contender& spec() const { return *GetParam(); }
  bool learns() const { return !spec().floor; }
  FitContext context(double effort = 0.3) { return {.seed = 11, .executor = &executor_, .effort = effort}; }

  static std::vector<double> numbers(Answer answer) { return std::get<Numbers>(std::move(answer)).values; }

  std::vector<double> fit_and_predict(const Table& train, const Matrix<double>& x,
                                      const Settings& settings = {}, double effort = 0.3) {
    const auto model = spec().fit(train.samples(), settings, context(effort));
    return numbers(model->answer(Samples(x), context(effort)));
  }

  static void expect_finite(const std::vector<double>& values, std::size_t rows) {
    ASSERT_EQ(values.size(), rows);
    for (const double value : values) EXPECT_TRUE(std::isfinite(value));
  }

  Executor executor_{
      Precision::double_};  // in single precision the rounding of a unit may lead training elsewhere
};

TEST_P(EveryRegressor, LearnsASmoothFunctionOfTwoColumns) {
  const auto train = smooth(100, 3, 1), test = smooth(200, 3, 2);
  const double error = rmse(fit_and_predict(train, test.x), test.y);
  if (learns())
    EXPECT_LT(error, 0.9 * spread(test.y));
  else
    EXPECT_NEAR(error, spread(test.y), 0.1);
}

TEST_P(EveryRegressor, IsTheSameForTheSameSeed) {
  const auto train = smooth(40, 3, 1), test = smooth(20, 3, 2);
  EXPECT_EQ(fit_and_predict(train, test.x), fit_and_predict(train, test.x));
}

TEST_P(EveryRegressor, TakesOneColumn) {
  const auto train = smooth(40, 1, 1);
  expect_finite(fit_and_predict(train, train.x), 40);
}

TEST_P(EveryRegressor, TakesFewRows) {
  for (const std::size_t rows : {1u, 2u, 5u}) {
    const auto train = smooth(rows, 2, 1);
    expect_finite(fit_and_predict(train, train.x), rows);
  }
}

TEST_P(EveryRegressor, TakesMoreColumnsThanRows) {
  const auto train = smooth(5, 8, 1);
  expect_finite(fit_and_predict(train, train.x, {}, 0.02), 5);
}

TEST_P(EveryRegressor, TakesConstantColumns) {
  auto train = smooth(30, 3, 1);
  for (std::size_t r = 0; r < 30; ++r) train.x(r, 2) = 0.5;
  expect_finite(fit_and_predict(train, train.x), 30);
  for (double& value : train.x.values()) value = 0;
  const auto values = fit_and_predict(train, train.x);
  expect_finite(values, 30);
  for (const double value : values) EXPECT_NEAR(value, values.front(), 1e-9);
}

TEST_P(EveryRegressor, AnswersAConstantTarget) {
  auto train = smooth(30, 2, 1);
  for (const double constant : {0.0, 0.1, -3e9}) {
    std::ranges::fill(train.y, constant);
    for (const double value : fit_and_predict(train, train.x))
      EXPECT_NEAR(value, constant, 1e-9 * std::abs(constant));
  }
}

// A unit is a convention: another one gives the same answers in that unit.
// (Rows for which no fit is between two minima: there a last bit decides in which of them a circuit's
// training ends.)
TEST_P(EveryRegressor, AnswersInTheUnitOfTheTarget) {
  const auto train = smooth(60, 2, 4), test = smooth(40, 2, 2);
  const auto values = fit_and_predict(train, test.x);
  for (const double unit : {1000.0, 1e-12, 1e12}) {
    auto other = train;
    for (double& y : other.y) y *= unit;
    const auto scaled = fit_and_predict(other, test.x);
    ASSERT_EQ(scaled.size(), values.size());
    double furthest = 0;
    for (std::size_t r = 0; r < values.size(); ++r)
      furthest = std::max(furthest, std::abs(scaled[r] / unit - values[r]));
    EXPECT_LT(furthest, 0.05 * spread(train.y)) << unit;
  }
}

TEST_P(EveryRegressor, AnswersFiniteNumbersWithOutliers) {
  auto train = smooth(50, 2, 1);
  train.y[3] = 1e9;
  train.y[7] = -1e7;
  expect_finite(fit_and_predict(train, train.x), 50);
}

TEST_P(EveryRegressor, AnswersFarFromTheTrainingRows) {
  const auto train = smooth(50, 2, 1);
  expect_finite(fit_and_predict(train, Matrix<double>(1, 2, 1e6)), 1);
}

TEST_P(EveryRegressor, AnswersNoRows) {
  const auto train = smooth(20, 2, 1);
  expect_finite(fit_and_predict(train, Matrix<double>(0, 2)), 0);
}

TEST_P(EveryRegressor, RefusesRowsWithoutNumbers) {
  EXPECT_THAT([&] { spec().fit(Samples(Matrix<double>(4, 2)), {}, context()); },
              testing::ThrowsMessage<InputError>(testing::HasSubstr("a number for every row")));
}

TEST_P(EveryRegressor, FitsWithEveryValueOfEveryHyperparameter) {
  const auto train = smooth(16, 2, 1);
  for (const auto& parameter : spec().hyperparameters)
    for (const auto& value : parameter.values)
      expect_finite(fit_and_predict(train, train.x, {{parameter.name, value}}, 0.02), 16);
}

TEST_P(EveryRegressor, TellsHowTheFitEnded) {
  const auto train = smooth(60, 2, 1);
  const auto info = spec().fit(train.samples(), {}, context())->info();
  EXPECT_FALSE(info.reason.empty());
  EXPECT_GT(info.parameters, 0);
  EXPECT_LE(info.losses.size(), 200u);
  for (const double loss : info.losses) EXPECT_TRUE(std::isfinite(loss));
}

TEST_P(EveryRegressor, AnswersWithShotsIfItRunsCircuits) {
  const auto train = smooth(60, 2, 1);
  const auto model = spec().fit(train.samples(), {}, context());
  EXPECT_EQ(executor_.ledger().circuits > 0, spec().circuit_cost != nullptr);
  const auto exact = numbers(model->answer(Samples(train.x), context()));
  if (!spec().circuit_cost) return;
  Executor shots({.shots = 100000, .seed = 3});
  auto with = context();
  with.executor = &shots;
  EXPECT_LT(rmse(numbers(model->answer(Samples(train.x), with)), exact), 0.3 * spread(train.y));
  EXPECT_GT(shots.ledger().shots, 0);
}

TEST_P(EveryRegressor, ConvergesWithoutALimitedBudget) {
  const auto train = smooth(120, 4, 5);
  const auto info = spec().fit(train.samples(), {}, context(1))->info();
  EXPECT_TRUE(info.converged) << info.reason;
}

std::vector<Catalogue::Record> regressors() {
  std::vector<Catalogue::Record> records;
  std::ranges::copy_if(contenders().all(), std::back_inserter(records),
                       [](const auto& record) { return solves(*record, "regression"); });
  return records;
}

INSTANTIATE_TEST_SUITE_P(Registry, EveryRegressor, testing::ValuesIn(regressors()), [](const auto& test) {
  std::string name(test.param->name);
  std::ranges::replace(name, '-', '_');
  return name;
});

}  // namespace
}  // namespace qupel
