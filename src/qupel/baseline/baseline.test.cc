#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <xgboost/c_api.h>

#include <cmath>
#include <numeric>

#include "qupel/base/error.h"
#include "qupel/base/interrupt.h"
#include "qupel/base/random.h"
#include "qupel/baseline/booster.h"
#include "qupel/baseline/forest.h"
#include "qupel/baseline/network.h"
#include "qupel/baseline/records.h"
#include "qupel/baseline/softmax_regression.h"
#include "qupel/model/records.h"

namespace qupel {
namespace {

struct Data {
  Matrix<double> x;
  std::vector<int> y;

  Data(std::size_t rows, std::size_t columns, int classes, std::uint64_t seed) : x(rows, columns), y(rows) {
    Random random(seed);
    for (double& value : x.values()) value = random.normal();
    for (std::size_t r = 0; r < rows; ++r) y[r] = static_cast<int>(r) % classes;
  }
};

/// Largest difference between a gradient and central differences of its loss.
template <typename Loss>
double gradient_error(const Loss& loss, std::vector<double> parameters) {
  std::vector<double> gradient(parameters.size()), scratch(parameters.size());
  loss(parameters, gradient);
  double worst = 0;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    constexpr double h = 1e-5;
    const double at = parameters[i];
    parameters[i] = at + h;
    const double above = loss(parameters, scratch);
    parameters[i] = at - h;
    const double below = loss(parameters, scratch);
    parameters[i] = at;
    worst = std::max(worst, std::abs((above - below) / (2 * h) - gradient[i]));
  }
  return worst;
}

std::vector<double> random_vector(std::size_t size, std::uint64_t seed) {
  std::vector<double> values(size);
  Random random(seed);
  for (double& value : values) value = random.normal();
  return values;
}

TEST(SoftmaxRegression, GradientEqualsFiniteDifferences) {
  const Data data(20, 4, 3, 1);
  const auto loss = [&](std::span<const double> p, std::span<double> g) {
    return softmax_regression_loss(data.x, data.y, 3, 0.7, p, g);
  };
  EXPECT_LT(gradient_error(loss, random_vector(15, 2)), 1e-8);
}

// Two rows at -1 and +1, C = 1: by symmetry the weights are -w and w, and w solves w = 2 / (1 + exp(2 w)),
// the zero of the derivative of log(1 + exp(-2 w)) + w^2 / 2.
TEST(SoftmaxRegression, SolvesATinyCaseExactly) {
  Matrix<double> x(2, 1);
  x(0, 0) = -1;
  x(1, 0) = 1;
  const std::vector<int> y{0, 1};
  double w = 0.5;
  for (int i = 0; i < 200; ++i) w = 0.5 * w + 0.5 * 2 / (1 + std::exp(2 * w));
  const SoftmaxRegression regression(x, y, 2, 1, 100);
  EXPECT_NEAR(regression.predict(x).probabilities(1, 1), 1 / (1 + std::exp(-2 * w)), 1e-4);
}

TEST(SoftmaxRegression, RefusesAPenaltyThatIsNotPositive) {
  const Data data(6, 2, 2, 1);
  EXPECT_THROW(SoftmaxRegression(data.x, data.y, 2, 0, 10), InputError);
}

TEST(Network, GradientEqualsFiniteDifferences) {
  const Data data(12, 3, 3, 4);
  for (const auto activation : {Activation::relu, Activation::tanh})
    for (const auto& hidden : {std::vector<std::size_t>{5}, std::vector<std::size_t>{4, 6}}) {
      std::vector<std::size_t> widths{3};
      widths.insert(widths.end(), hidden.begin(), hidden.end());
      widths.push_back(3);
      const Network network(widths, activation);
      const auto loss = [&](std::span<const double> p, std::span<double> g) {
        return network.loss(data.x, Targets(Samples(data.x, data.y, 3)), 0.1, p, g);
      };
      EXPECT_LT(gradient_error(loss, random_vector(network.parameters(), 5)), 1e-6);
    }
}

TEST(Network, GradientOfTheSquaredErrorEqualsFiniteDifferences) {
  const Data data(12, 3, 3, 4);
  const std::vector<double> numbers(data.x.values().begin(), data.x.values().begin() + 12);
  const Targets targets(Samples(data.x, std::span<const double>(numbers)));
  const Network network({3, 5, 1}, Activation::tanh);
  const auto loss = [&](std::span<const double> p, std::span<double> g) {
    return network.loss(data.x, targets, 0.1, p, g);
  };
  EXPECT_LT(gradient_error(loss, random_vector(network.parameters(), 5)), 1e-6);
}

TEST(Network, PenaltyLeavesBiasesAlone) {
  const Data data(4, 2, 2, 4);
  const Targets targets(Samples(data.x, data.y, 2));
  const Network network({2, 3, 2}, Activation::tanh);
  auto parameters = random_vector(network.parameters(), 6);
  std::vector<double> with(parameters.size()), without(parameters.size());
  network.loss(data.x, targets, 1, parameters, with);
  network.loss(data.x, targets, 0, parameters, without);
  for (const std::size_t weight : {0u, 5u, 9u, 14u})
    EXPECT_NEAR(with[weight] - without[weight], parameters[weight], 1e-12);
  for (const std::size_t bias : {6u, 8u, 15u, 16u}) EXPECT_EQ(with[bias], without[bias]);
}

TEST(Forest, OneDeepTreeOnDistinctRowsKnowsItsBootstrapSample) {
  const Data data(50, 3, 2, 7);
  const Bins bins(data.x);
  std::vector<std::size_t> rows(50);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  const Tree tree(bins, data.y, 2, rows, {.columns = 3}, Random(1));
  for (std::size_t r = 0; r < 50; ++r)
    EXPECT_EQ(tree.leaf(data.x.row(r))[static_cast<std::size_t>(data.y[r])], 1);
}

TEST(Forest, FirstSplitIsTheBestOne) {
  Matrix<double> x(6, 2);
  const double values[] = {0, 1, 0, 2, 1, 3, 1, 4, 0, 5, 1, 6};  // column 1 splits labels at 3.5
  std::copy(std::begin(values), std::end(values), x.values().begin());
  const std::vector<int> y{0, 0, 0, 1, 1, 1};
  std::vector<std::size_t> rows{0, 1, 2, 3, 4, 5};
  const Tree tree(Bins(x), y, 2, rows, {.columns = 2, .max_depth = 1}, Random(1));
  EXPECT_EQ(tree.leaves(), 2u);
  const double left[] = {1, 3.4}, right[] = {0, 3.6};
  EXPECT_EQ(tree.leaf(left)[0], 1);
  EXPECT_EQ(tree.leaf(right)[1], 1);
}

TEST(Forest, LeavesHoldEnoughRows) {
  const Data data(60, 2, 2, 8);
  std::vector<std::size_t> rows(60);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  const Tree tree(Bins(data.x), data.y, 2, rows, {.columns = 2, .leaf_rows = 20}, Random(1));
  EXPECT_LE(tree.leaves(), 3u);
}

TEST(Forest, ConstantColumnsGiveTheClassShares) {
  const Matrix<double> x(40, 2, 5.0);
  std::vector<int> y(40);
  for (std::size_t r = 0; r < 10; ++r) y[r] = 1;
  const Forest forest(x, y, 2, {.trees = 200}, 3);
  EXPECT_NEAR(forest.mean(x)(0, 1), 0.25, 0.02);
}

/// Sum of squared distances from the mean.
double scatter(std::span<const double> values) {
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return sum;
}

// Against every cut of every column.
TEST(Forest, FirstSplitOfNumbersLeavesTheLeastScatter) {
  const Data data(40, 3, 2, 7);
  const auto y = random_vector(40, 8);
  std::vector<std::size_t> rows(40);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  const Tree tree(Bins(data.x), y, rows, {.columns = 3, .max_depth = 1}, Random(1));
  ASSERT_EQ(tree.leaves(), 2u);
  double reached = 0, least = scatter(y);
  for (std::size_t r = 0; r < 40; ++r) reached += std::pow(y[r] - tree.leaf(data.x.row(r))[0], 2);
  for (std::size_t c = 0; c < 3; ++c)
    for (std::size_t cut = 0; cut < 40; ++cut) {
      std::vector<double> left, right;
      for (std::size_t r = 0; r < 40; ++r) (data.x(r, c) <= data.x(cut, c) ? left : right).push_back(y[r]);
      if (!right.empty()) least = std::min(least, scatter(left) + scatter(right));
    }
  EXPECT_NEAR(reached, least, 1e-9);
}

TEST(Forest, DeepTreeOfNumbersKnowsItsRows) {
  const Data data(50, 3, 2, 7);
  const auto y = random_vector(50, 8);
  std::vector<std::size_t> rows(50);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  const Tree tree(Bins(data.x), y, rows, {.columns = 3}, Random(1));
  for (std::size_t r = 0; r < 50; ++r) EXPECT_EQ(tree.leaf(data.x.row(r))[0], y[r]);
}

// Two routes to one kernel: states of a circuit, and a matrix product. They differ by rounding, after which
// the machine may stop elsewhere within its tolerance.
TEST(PolynomialKernel, IsAmplitudeKernelWithoutACircuit) {
  const Data train(60, 5, 2, 9), test(40, 5, 2, 10);
  Executor executor(Precision::double_);
  const FitContext context{.seed = 2, .executor = &executor};
  for (const double bandwidth : {0.3, 1.0, 3.0}) {
    const Settings settings{{"bandwidth", bandwidth}, {"C", 10.0}};
    const auto quantum = amplitude_kernel.fit(Samples(train.x, train.y, 2), settings, context);
    const auto classical = polynomial_kernel.fit(Samples(train.x, train.y, 2), settings, context);
    const auto a = classes_for(*quantum, test.x, context), b = classes_for(*classical, test.x, context);
    EXPECT_EQ(a.labels, b.labels);
    for (std::size_t i = 0; i < a.probabilities.values().size(); ++i)
      EXPECT_NEAR(a.probabilities.values()[i], b.probabilities.values()[i], 2e-3);
  }
}

TEST(AmplitudeKernel, SaysHowManyColumnsItTakes) {
  const Data wide(6, 1024, 2, 1);
  Executor executor;
  EXPECT_THAT([&] { amplitude_kernel.fit(Samples(wide.x, wide.y, 2), {}, {.executor = &executor}); },
              testing::ThrowsMessage<InputError>("amplitude-kernel takes at most 1023 columns, not 1024"));
}

TEST(Booster, NamesTheParameterThatXGBoostRefuses) {
  const Data data(10, 2, 2, 1);
  const std::vector<float> targets(10, 0.5F);
  EXPECT_THAT(
      [&] {
        Booster(data.x, targets, {{"subsample", "-1"}}, 1);
      },
      testing::ThrowsMessage<InputError>(testing::HasSubstr("subsample")));
}

std::string xgboost_settings() {
  const char* json = nullptr;
  EXPECT_EQ(XGBGetGlobalConfig(&json), 0);
  return json;
}

TEST(Booster, LeavesTheSettingsOfItsThreadAsTheyWere) {
  ASSERT_EQ(XGBSetGlobalConfig(R"({"verbosity": 2})"), 0);
  const auto before = xgboost_settings();
  const Data data(10, 2, 2, 1);
  const Booster booster(data.x, std::vector<float>(10, 0.5F), {}, 1);
  EXPECT_EQ(xgboost_settings(), before);
  EXPECT_EQ(booster.predict(data.x).rows(), 10u);
  EXPECT_GT(booster.leaves(), 0);
  EXPECT_EQ(xgboost_settings(), before);
  ASSERT_EQ(XGBSetGlobalConfig(R"({"verbosity": 1})"), 0);
}

TEST(Booster, StopsWhenAskedTo) {
  const Data data(10, 2, 2, 1);
  const std::vector<float> targets(10, 0.5F);
  StopSource source;
  source.request_stop();
  const StopScope scope(source.token());
  EXPECT_THROW(Booster(data.x, targets, {}, 1), Interrupted);
}

}  // namespace
}  // namespace qupel
