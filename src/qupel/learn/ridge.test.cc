#include "qupel/learn/ridge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "qupel/base/error.h"
#include "qupel/base/random.h"

namespace qupel {
namespace {

Matrix<double> random_rows(std::size_t rows, std::size_t columns, std::uint64_t seed) {
  Matrix<double> x(rows, columns);
  Random random(seed);
  for (double& value : x.values()) value = 3 + random.normal();
  return x;
}

std::vector<double> random_targets(std::size_t rows) {
  std::vector<double> targets(rows);
  Random random(7);
  for (double& target : targets) target = 100 + 20 * random.normal();
  return targets;
}

double dot(std::span<const double> a, std::span<const double> b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

Matrix<double> inner_products(const Matrix<double>& a, const Matrix<double>& b) {
  Matrix<double> kernel(a.rows(), b.rows());
  for (std::size_t i = 0; i < a.rows(); ++i)
    for (std::size_t j = 0; j < b.rows(); ++j) kernel(i, j) = dot(a.row(i), b.row(j));
  return kernel;
}

// By hand: targets 0 and 2 at -1 and 1 give the slope 2 / (2 + penalty) around the mean 1.
TEST(RidgeRegression, SolvesATinyCaseExactly) {
  Matrix<double> x(2, 1);
  x(0, 0) = -1;
  x(1, 0) = 1;
  const std::vector<double> y{0, 2};
  EXPECT_THAT(RidgeRegression(x, y, 2).predict(x).values,
              testing::ElementsAre(testing::DoubleNear(0.5, 1e-14), testing::DoubleNear(1.5, 1e-14)));
}

// At the least squares the slopes of the objective vanish: the errors sum to 0, and columns . errors =
// penalty * weights.
TEST(RidgeRegression, ErrorsAreOrthogonalToTheColumnsUpToThePenalty) {
  for (const auto& [rows, columns] : {std::pair(30u, 4u), {5u, 9u}}) {
    const auto x = random_rows(rows, columns, 1);
    const auto y = random_targets(rows);
    const double penalty = 0.7;
    const RidgeRegression regression(x, y, penalty);
    auto errors = regression.predict(x).values;
    for (std::size_t r = 0; r < rows; ++r) errors[r] = y[r] - errors[r];
    EXPECT_NEAR(std::accumulate(errors.begin(), errors.end(), 0.0), 0, 1e-9);
    Matrix<double> units(columns + 1, columns);
    for (std::size_t c = 0; c < columns; ++c) units(c, c) = 1;
    const auto at_units = regression.predict(units).values;
    for (std::size_t c = 0; c < columns; ++c) {
      double slope = 0;
      for (std::size_t r = 0; r < rows; ++r) slope += x(r, c) * errors[r];
      EXPECT_NEAR(slope, penalty * (at_units[c] - at_units[columns]), 1e-8);
    }
  }
}

TEST(RidgeRegression, RefusesAPenaltyThatIsNotPositive) {
  const auto x = random_rows(4, 2, 1);
  EXPECT_THROW(RidgeRegression(x, random_targets(4), 0), InputError);
}

TEST(KernelRidge, WithInnerProductsIsRidgeRegression) {
  const auto x = random_rows(20, 3, 1), test = random_rows(10, 3, 2);
  const auto y = random_targets(20);
  const KernelRidge kernel(inner_products(x, x), y, 0.3);
  const auto expected = RidgeRegression(x, y, 0.3).predict(test).values;
  const auto values = kernel.predict(inner_products(test, x)).values;
  for (std::size_t r = 0; r < 10; ++r) EXPECT_NEAR(values[r], expected[r], 1e-8);
  const auto a = kernel.coefficients();
  EXPECT_NEAR(std::accumulate(a.begin(), a.end(), 0.0), 0, 1e-9);
  EXPECT_EQ(kernel.support().size(), 20u);
}

TEST(KernelRidge, SaysWhenThePenaltyIsTooSmallForItsKernel) {
  Matrix<double> negative(2, 2);
  negative(0, 0) = negative(1, 1) = -1;
  EXPECT_THAT([&] { KernelRidge(negative, random_targets(2), 0.1); },
              testing::ThrowsMessage<InputError>(testing::HasSubstr("a ridge penalty of 0.1 is lost")));
}

}  // namespace
}  // namespace qupel
