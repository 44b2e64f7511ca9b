#include "qupel/learn/targets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "qupel/base/error.h"
#include "qupel/learn/softmax.h"

namespace qupel {
namespace {

TEST(TargetScale, IsMeanAndStandardDeviation) {
  const std::vector<double> y{1, 3, 5, 11};
  const auto scale = target_scale(y);
  EXPECT_DOUBLE_EQ(scale.mean, 5);
  EXPECT_DOUBLE_EQ(scale.deviation, std::sqrt(14.0));
  EXPECT_DOUBLE_EQ(scale.original(scale.standardised(11)), 11);
}

TEST(TargetScale, StaysFiniteAtTheEndsOfTheRange) {
  for (const double unit : {1e-300, 1e300}) {
    const std::vector<double> y{-1.5 * unit, 0, 1.5 * unit};
    const auto scale = target_scale(y);
    EXPECT_NEAR(scale.mean / unit, 0, 1e-15);
    EXPECT_NEAR(scale.deviation / unit, std::sqrt(1.5), 1e-12);
  }
}

TEST(TargetScale, OfEqualTargetsGivesThemBack) {
  const std::vector<double> y(7, 0.1);
  const auto scale = target_scale(y);
  EXPECT_EQ(scale.standardised(0.1), 0);
  EXPECT_EQ(scale.original(123), 0.1);
}

TEST(Targets, LossOfANumberIsHalfTheSquaredError) {
  const std::vector<double> y{-1, 1};
  const Targets targets(Samples(Matrix<double>(2, 1), std::span<const double>(y)));
  EXPECT_EQ(targets.outputs(), 1u);
  std::vector<double> scores{0.25};
  EXPECT_DOUBLE_EQ(targets.loss(scores, 1), 0.75 * 0.75 / 2);
  EXPECT_DOUBLE_EQ(scores[0], -0.75);
}

TEST(Targets, LossOfAClassIsTheCrossEntropy) {
  const std::vector<int> y{2, 0};
  const Targets targets(Samples(Matrix<double>(2, 1), y, 3));
  EXPECT_EQ(targets.outputs(), 3u);
  std::vector<double> scores{0.1, 0.2, 0.4}, expected = scores;
  EXPECT_EQ(targets.loss(scores, 1), cross_entropy(expected, 0));
  EXPECT_EQ(scores, expected);
}

TEST(Targets, OfSomeRowsKeepTheScaleOfAll) {
  const std::vector<double> y{10, 20, 60};
  const Targets all(Samples(Matrix<double>(3, 1), std::span<const double>(y)));
  const std::vector<std::size_t> rows{2};
  std::vector<double> scores{0}, expected{0};
  EXPECT_EQ(all.of(rows).loss(scores, 0), all.loss(expected, 2));
  EXPECT_EQ(all.of(rows).scale()->mean, 30);
}

TEST(Targets, NeedANumberForEveryRow) {
  const std::vector<double> y{1, 2};
  EXPECT_THAT([&] { Targets(Samples(Matrix<double>(3, 1), std::span<const double>(y))); },
              testing::ThrowsMessage<InputError>(testing::HasSubstr("3 rows, 2 numbers")));
}

}  // namespace
}  // namespace qupel
