#include "qupel/baseline/optimization/thermal.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace qupel {
namespace {

/// A cut of a ring: flipping a node changes it by -2, 0 or 2.
Qubo ring(std::size_t nodes) {
  QuboBuilder builder(std::vector<std::string>(nodes, "x"));
  for (std::size_t i = 0; i < nodes; ++i) {
    builder.add(i, -1);
    builder.add((i + 1) % nodes, -1);
    builder.add(i, (i + 1) % nodes, 2);
  }
  return std::move(builder).build();
}

TEST(Thermal, TemperaturesAreByWhatAFlipChanges) {
  const auto qubo = ring(10);
  const auto range = temperatures_of(qubo, neighbours_of(qubo));
  EXPECT_DOUBLE_EQ(range.hot, std::log(2) / 2);  // two edges
  EXPECT_DOUBLE_EQ(range.cold, std::log(100));   // half the weight of a coupling
}

TEST(Thermal, CoolingRisesByEqualStepsWhereWeightsAreAlike) {
  const auto qubo = ring(10);
  const auto betas = cooling(qubo, neighbours_of(qubo), 100);
  ASSERT_EQ(betas.size(), 100U);
  for (std::size_t k = 1; k < betas.size(); ++k)
    EXPECT_NEAR(betas[k] - betas[k - 1], betas[1] - betas[0], 1e-12);
  EXPECT_NEAR(betas.back(), std::log(100), 1e-12);
}

TEST(Thermal, CoolingGoesOnToWhereTheSmallestWeightFreezes) {
  auto qubo = ring(10);
  qubo.couplings[0].weight = 0.002;
  const auto betas = cooling(qubo, neighbours_of(qubo), 100);
  ASSERT_EQ(betas.size(), 100U);
  EXPECT_TRUE(std::ranges::is_sorted(betas));
  EXPECT_NEAR(betas.back(), std::log(100) / 0.001, 1e-6);
}

TEST(Thermal, CoolsWithoutTermsToo) {
  const Qubo none{.names = {"x"}, .constant = 0, .linear = {0}, .couplings = {}};
  EXPECT_EQ(cooling(none, neighbours_of(none), 3).size(), 3U);
}

}  // namespace
}  // namespace qupel
