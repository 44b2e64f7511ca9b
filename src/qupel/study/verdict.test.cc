#include "qupel/study/verdict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "qupel/base/error.h"
#include "qupel/study/statistics.h"

namespace qupel {
namespace {

constexpr double rope = 0.01;

/// Differences with exactly this mean and standard deviation.
std::vector<double> differences(std::size_t n, double mean, double deviation) {
  std::vector<double> d(n);
  const double unit = std::sqrt(static_cast<double>(n - 1) / static_cast<double>(n));
  for (std::size_t i = 0; i < n; ++i) d[i] = mean + (i % 2 ? 1 : -1) * deviation * unit;
  return d;
}

Comparison decided(std::vector<double> d, int repeats, bool decides = true) {
  auto comparison = compare("qnn", "svm", "accuracy", std::move(d), repeats, rope);
  comparison.decides = decides;
  decide(std::span(&comparison, 1), rope);
  return comparison;
}

TEST(Compare, ReportsThePosteriorAndTheTest) {
  const auto d = differences(10, 0.03, 0.02);
  const auto c = compare("qnn", "svm", "accuracy", d, 2, rope);
  const auto posterior = bayesian_correlated_t(d, 2);
  EXPECT_NEAR(c.difference, 0.03, 1e-12);
  EXPECT_DOUBLE_EQ(c.low, posterior.quantile(0.025));
  EXPECT_DOUBLE_EQ(c.high, posterior.quantile(0.975));
  EXPECT_NEAR(c.p_better + c.p_equivalent + c.p_worse, 1, 1e-12);
  EXPECT_DOUBLE_EQ(c.p_value, corrected_resampled_t(d, 0.25 + overlap_allowance).p_value);
  EXPECT_EQ(c.contender, "qnn");
  EXPECT_EQ(c.against, "svm");
  EXPECT_EQ(c.metric, "accuracy");
  EXPECT_EQ(c.differences, d);
}

TEST(Compare, AFixedSplitSaysNothing) {
  auto c = decided({0.4}, 1);
  EXPECT_EQ(c.difference, 0.4);
  EXPECT_EQ(c.low, -1);
  EXPECT_EQ(c.high, 1);
  EXPECT_EQ(c.p_value, 1);
  EXPECT_DOUBLE_EQ(c.p_better, 1.0 / 3);
  EXPECT_DOUBLE_EQ(c.p_equivalent, 1.0 / 3);
  EXPECT_DOUBLE_EQ(c.p_worse, 1.0 / 3);
  EXPECT_EQ(c.verdict, Verdict::inconclusive);
  EXPECT_EQ(c.repeats_needed, 0u);
}

TEST(Compare, IntervalStaysWithinPossibleScores) {
  const auto c = compare("qnn", "svm", "accuracy", {0.9, -0.5}, 1, rope);
  EXPECT_EQ(c.low, -1);
  EXPECT_EQ(c.high, 1);
}

TEST(Compare, RefusesWhatIsNoCrossValidation) {
  EXPECT_THROW(compare("qnn", "svm", "accuracy", {0.1, 0.2, 0.3}, 2, rope), InputError);
  EXPECT_THROW(compare("qnn", "svm", "accuracy", {}, 1, rope), InputError);
  EXPECT_THROW(compare("qnn", "svm", "accuracy", {0.1, std::nan("")}, 1, rope), InputError);
}

TEST(Decide, FindsEachVerdict) {
  EXPECT_EQ(decided(differences(10, 0.10, 0.02), 2).verdict, Verdict::quantum_better);
  EXPECT_EQ(decided(differences(10, -0.10, 0.02), 2).verdict, Verdict::classical_better);
  EXPECT_EQ(decided(differences(10, 0.0, 0.005), 2).verdict, Verdict::equivalent);
  EXPECT_EQ(decided(differences(10, 0.03, 0.05), 2).verdict, Verdict::inconclusive);
}

TEST(Learned, MeansBetterThanTheFloorByTheSameRule) {
  std::vector<Comparison> all;
  all.push_back(compare("qnn", "majority", "accuracy", differences(10, 0.10, 0.02), 2, rope));
  all.push_back(compare("svm", "majority", "accuracy", differences(10, 0.03, 0.05), 2, rope));
  all.push_back(compare("tree", "svm", "accuracy", differences(10, -0.3, 0.05), 2, rope));
  decide(all, rope);
  EXPECT_TRUE(learned(all, "qnn"));
  EXPECT_FALSE(learned(all, "svm"));
  EXPECT_TRUE(learned(all, "tree"));  // not compared with the floor
}

TEST(Decide, EqualDifferencesAreCertain) {
  EXPECT_EQ(decided(std::vector<double>(10, 0.0), 2).verdict, Verdict::equivalent);
  EXPECT_EQ(decided(std::vector<double>(10, 0.02), 2).verdict, Verdict::quantum_better);
  EXPECT_EQ(decided(std::vector<double>(10, -0.02), 2).verdict, Verdict::classical_better);
}

TEST(Decide, ALeadWithinTheRopeIsNotBetter) {
  // Significant, but practically nothing.
  const auto c = decided(differences(100, 0.005, 0.002), 10);
  EXPECT_LT(c.p_holm, 0.05);
  EXPECT_EQ(c.verdict, Verdict::equivalent);
}

TEST(Decide, HolmCountsTheDecidingComparisonsOnly) {
  const auto d = differences(10, 0.054, 0.03);
  const auto raw = compare("a", "svm", "accuracy", d, 2, rope);
  ASSERT_GT(raw.p_better, 0.95);
  ASSERT_LT(raw.p_value, 0.05);
  ASSERT_GT(3 * raw.p_value, 0.05);
  std::vector<Comparison> family;
  for (const auto* name : {"a", "b", "c", "twin"})
    family.push_back(compare(name, "svm", "accuracy", d, 2, rope));
  for (std::size_t i = 0; i < 3; ++i) family[i].decides = true;
  decide(family, rope);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_DOUBLE_EQ(family[i].p_holm, 3 * raw.p_value);
    EXPECT_EQ(family[i].verdict, Verdict::inconclusive);
  }
  EXPECT_DOUBLE_EQ(family[3].p_holm, raw.p_value);
  EXPECT_EQ(family[3].verdict, Verdict::quantum_better);
}

/// n differences with the mean and variance of `c`, as after more repeats.
Comparison after_repeats(const Comparison& c, std::size_t more) {
  const auto n = c.differences.size() + more * (c.differences.size() / static_cast<std::size_t>(c.repeats));
  double variance = 0;
  for (const double d : c.differences) variance += (d - c.difference) * (d - c.difference);
  variance /= static_cast<double>(c.differences.size() - 1);
  return decided(differences(n, c.difference, std::sqrt(variance)), c.repeats + static_cast<int>(more));
}

TEST(RepeatsNeeded, IsTheFirstNumberThatDecides) {
  const auto c = decided(differences(10, 0.06, 0.057), 1);
  ASSERT_EQ(c.verdict, Verdict::inconclusive);
  ASSERT_GT(c.repeats_needed, 1u);
  EXPECT_EQ(after_repeats(c, c.repeats_needed).verdict, Verdict::quantum_better);
  EXPECT_EQ(after_repeats(c, c.repeats_needed - 1).verdict, Verdict::inconclusive);
}

TEST(RepeatsNeeded, IsZeroBelowTheFloorOfTheFoldsCorrelation) {
  // With infinitely many repeats of 5 folds the scale is still half the deviation.
  EXPECT_EQ(decided(differences(10, 0.03, 0.05), 2).repeats_needed, 0u);
}

TEST(RepeatsNeeded, IsZeroWhenDecided) {
  EXPECT_EQ(decided(differences(10, 0.10, 0.02), 2).repeats_needed, 0u);
  EXPECT_EQ(decided(differences(10, 0.0, 0.005), 2).repeats_needed, 0u);
}

TEST(RepeatsNeeded, CountsTheFamily) {
  const auto d = differences(10, 0.06, 0.045);
  std::vector<Comparison> family(3, compare("a", "svm", "accuracy", d, 1, rope));
  for (auto& c : family) c.decides = true;
  const auto alone = decided(d, 1);
  decide(family, rope);
  EXPECT_GT(family[0].repeats_needed, alone.repeats_needed);
}

}  // namespace
}  // namespace qupel
