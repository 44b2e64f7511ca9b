#include "qupel/circuit/shot_estimator.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "qupel/circuit/standard_error.h"

namespace qupel {
namespace {

// Of the observable, from shots of its one group.
double error_of(const Observable& observable, std::vector<std::uint64_t> states) {
  const ShotEstimator estimator(std::span(&observable, 1));
  EXPECT_EQ(estimator.groups().size(), 1U);
  auto sums = estimator.empty();
  estimator.add(0, {.states = states}, sums);
  std::array<double, 1> values{}, errors{};
  estimator.finish(sums, values, errors);
  return errors[0];
}

const auto z0 = parse_observable("Z0");
const auto weighted = parse_observable("0.5 Z0 - 0.3 Z1 + 7");

TEST(ShotEstimators, ErrorsAreThoseOfAMean) {
  EXPECT_DOUBLE_EQ(error_of(z0, {0, 1, 0, 1}), std::sqrt(1.0 / 3));
  EXPECT_DOUBLE_EQ(error_of(weighted, {0, 1, 0, 1}), 0.5 * std::sqrt(1.0 / 3));
  EXPECT_TRUE(std::isinf(error_of(z0, {1})));
}

TEST(ShotEstimators, ShotsThatAgreeMayHaveMissedOthers) {
  EXPECT_DOUBLE_EQ(error_of(z0, {1, 1, 1, 1}), 2 * missed_probability(4));
  EXPECT_DOUBLE_EQ(error_of(weighted, {2, 2}), 2 * 0.8 * missed_probability(2));
  EXPECT_EQ(error_of({{{0, z0.terms[0].pauli}}}, {1, 1}), 0);
}

}  // namespace
}  // namespace qupel
