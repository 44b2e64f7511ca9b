#include "qupel/learn/svr.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/learn/targets.h"

namespace qupel {
namespace {

struct Curve {
  Matrix<double> x;
  std::vector<double> y;

  explicit Curve(std::size_t rows) : x(rows, 1), y(rows) {
    Random random(3);
    for (std::size_t r = 0; r < rows; ++r) {
      x(r, 0) = random.uniform(-2, 2);
      y[r] = 50 + 10 * std::sin(2 * x(r, 0)) + random.normal();
    }
  }
};

std::vector<double> fitted(const Svr& svr, const Curve& curve, double gamma) {
  return svr.predict(rbf_kernel(curve.x, take_rows(curve.x, svr.support()), gamma)).values;
}

// Karush-Kuhn-Tucker: rows that are no support vectors lie inside the tube, whose width is told in standard
// deviations of the targets.
TEST(Svr, RowsInsideTheTubeAreNoSupport) {
  const Curve curve(80);
  const double epsilon = 0.2, width = epsilon * target_scale(curve.y).deviation;
  const Svr svr(SvmRows::rbf(curve.x, 0.5), curve.y, 1000, epsilon);
  const auto values = fitted(svr, curve, 0.5);
  ASSERT_LT(svr.support().size(), 40u);
  for (std::size_t r = 0; r < 80; ++r) {
    const double error = std::abs(curve.y[r] - values[r]);
    if (std::ranges::binary_search(svr.support(), r))
      EXPECT_GT(error, 0.9 * width) << r;
    else
      EXPECT_LT(error, 1.1 * width) << r;
  }
}

TEST(Svr, PrecomputedEqualsRbf) {
  const Curve curve(40);
  const auto kernel = rbf_kernel(curve.x, curve.x, 0.5);
  const Svr a(SvmRows::rbf(curve.x, 0.5), curve.y, 1, 0.1), b(SvmRows::precomputed(kernel), curve.y, 1, 0.1);
  const auto left = fitted(a, curve, 0.5), right = fitted(b, curve, 0.5);
  for (std::size_t r = 0; r < 40; ++r) EXPECT_NEAR(left[r], right[r], 1e-6);
}

TEST(Svr, TubeThatHoldsEverythingNeedsNoSupport) {
  const Curve curve(20);
  const Svr svr(SvmRows::rbf(curve.x, 0.5), curve.y, 1, 100);
  EXPECT_TRUE(svr.support().empty());
  const auto [low, high] = std::ranges::minmax(curve.y);
  EXPECT_THAT(svr.predict(Matrix<double>(1, 0)).values,
              testing::ElementsAre(testing::AllOf(testing::Ge(low), testing::Le(high))));
}

TEST(Svr, RefusesImpossibleSettings) {
  const Curve curve(10);
  EXPECT_THROW(Svr(SvmRows::rbf(curve.x, 1), curve.y, 0, 0.1), InputError);
  EXPECT_THROW(Svr(SvmRows::rbf(curve.x, 1), curve.y, 1, -0.1), InputError);
}

}  // namespace
}  // namespace qupel
