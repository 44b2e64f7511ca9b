#include "qupel/study/verdict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
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

Comparison decided(std::vector<double> d, const Design& design) {
  auto comparison = compare("qnn", "svm", "accuracy", std::move(d), design);
  comparison.decides = true;
  decide(std::span(&comparison, 1), design);
  return comparison;
}
Comparison decided(std::vector<double> d, int repeats) {
  return decided(std::move(d), Design{.repeats = repeats});
}

TEST(Compare, IntervalProbabilitiesAndTestAreOfOneDistribution) {
  const auto d = differences(10, 0.03, 0.02);
  const auto c = compare("qnn", "svm", "accuracy", d, {.repeats = 2});
  const auto test = corrected_resampled_t(d, 0.25 + overlap_allowance);
  EXPECT_NEAR(c.difference, 0.03, 1e-12);
  EXPECT_NEAR(c.low, test.low, 1e-12);
  EXPECT_NEAR(c.high, test.high, 1e-12);
  EXPECT_NEAR(c.p_value, test.p_value, 1e-12);
  const auto mean = mean_difference(c, {.repeats = 2});
  EXPECT_DOUBLE_EQ(c.p_better, 1 - mean.below(rope));
  EXPECT_DOUBLE_EQ(c.p_worse, mean.below(-rope));
  EXPECT_NEAR(c.p_better + c.p_equivalent + c.p_worse, 1, 1e-12);
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

// One molecule whose energies are what they are: nothing is sampled.
TEST(Decide, KnowsTheDifferenceWhereNothingIsSampled) {
  const Design complete{.repeats = 1, .rope = 0.01, .complete = true};
  const auto verdict = [&](double difference) {
    auto c = compare("vqe", "ccsd", "error", {difference}, complete);
    EXPECT_EQ(c.low, difference);
    EXPECT_EQ(c.high, difference);
    c.decides = true;
    decide({&c, 1}, complete);
    return c.verdict;
  };
  EXPECT_EQ(verdict(0.02), Verdict::quantum_better);
  EXPECT_EQ(verdict(0.005), Verdict::equivalent);
  EXPECT_EQ(verdict(0), Verdict::equivalent);
  EXPECT_EQ(verdict(-0.02), Verdict::classical_better);
}

TEST(Compare, IntervalStaysWithinPossibleScores) {
  const auto c = compare("qnn", "svm", "accuracy", {0.9, -0.5}, {});
  EXPECT_EQ(c.low, -1);
  EXPECT_EQ(c.high, 1);
}

TEST(Compare, RefusesWhatIsNoCrossValidation) {
  EXPECT_THROW(compare("qnn", "svm", "accuracy", {0.1, 0.2, 0.3}, {.repeats = 2}), InputError);
  EXPECT_THROW(compare("qnn", "svm", "accuracy", {}, {}), InputError);
  EXPECT_THROW(compare("qnn", "svm", "accuracy", {0.1, std::nan("")}, {}), InputError);
}

// Two folds of 12 rows, one row apart in each: the tests once called that certain (p = 8e-16).
TEST(Compare, EqualDifferencesOfCoarseScoresAreNotCertain) {
  for (const double one_row : {1.0 / 12, -1.0 / 12}) {
    const auto c = decided({one_row, one_row}, Design{.test_rows = 12});
    EXPECT_EQ(c.verdict, Verdict::inconclusive) << one_row;
    EXPECT_GT(c.p_value, 0.3) << one_row;
    EXPECT_LT(c.low, 0) << one_row;
    EXPECT_GT(c.high, 0) << one_row;
  }
}

/// Two contenders that are right on a row with the same chance, whatever the other does; how often one of
/// them is called better. Scores of folds so small are coarse: differences that are equal by chance are
/// common.
double claims_between_equals(std::size_t rows, std::size_t folds, int repeats, bool by_rows) {
  constexpr int studies = 400;
  const auto columns = static_cast<std::size_t>(repeats);
  int claims = 0;
  for (int study = 0; study < studies; ++study) {
    Random random(derive(7, {rows, folds, columns, static_cast<std::uint64_t>(study)}));
    Matrix<double> right(rows, columns), weights(rows, columns, 1);
    std::vector<double> leads(folds * columns);
    std::vector<std::size_t> equals(rows);
    for (std::size_t row = 0; row < rows; ++row) {
      equals[row] = row;
      for (std::size_t t = 0; t < columns; ++t) {
        right(row, t) = (random.uniform() < 0.75 ? 1.0 : 0.0) - (random.uniform() < 0.75 ? 1.0 : 0.0);
        leads[t * folds + row % folds] +=
            right(row, t) * static_cast<double>(folds) / static_cast<double>(rows);
      }
    }
    const auto spread = by_rows ? spread_of(right, weights, std::vector<int>(rows), equals, leads) : Spread{};
    const Design design{.repeats = repeats,
                        .test_rows = static_cast<double>(rows) / static_cast<double>(folds)};
    std::vector<Comparison> one{compare("qnn", "svm", "accuracy", leads, design, spread)};
    one.front().decides = true;
    decide(one, design);
    claims +=
        one.front().verdict == Verdict::quantum_better || one.front().verdict == Verdict::classical_better;
  }
  return claims / static_cast<double>(studies);
}

TEST(Decide, SmallCoarseStudiesOfEqualsSeldomClaimAnything) {
  for (const std::size_t rows : {12u, 24u, 36u, 60u})
    for (const std::size_t folds : {2u, 3u, 4u})
      for (const int repeats : {1, 2})
        for (const bool by_rows : {true, false})
          EXPECT_LE(claims_between_equals(rows, folds, repeats, by_rows), 0.06)
              << rows << " rows, " << folds << " folds, " << repeats << " repeats, by rows: " << by_rows;
}

double scale2_of(std::vector<double> d, const Design& design) {
  return mean_difference(compare("a", "b", "accuracy", std::move(d), design), design).scale2;
}

TEST(Compare, CountingRowsIsTheLeastVariance) {
  const Design design{.repeats = 2, .test_rows = 40};
  // 200 rows a repeat, half a row a fold apart on average: p = (2.5 + 1) / 202.
  const double p = 3.5 / 202;
  EXPECT_NEAR(scale2_of(std::vector<double>(10, 0.0125), design),
              p * (1 - p) / 40 * (0.1 + 0.25 + overlap_allowance), 1e-15);
  // Differences that vary more than that are taken as they are.
  EXPECT_NEAR(scale2_of(differences(10, 0.0125, 0.05), design), 0.0025 * (0.1 + 0.25 + overlap_allowance),
              1e-12);
}

/// Four rows in two folds, two repeats: the contender alone is right on row 0, the other on row 1 once.
struct SmallStudy {
  Matrix<double> right = Matrix<double>(4, 2), weights = Matrix<double>(4, 2);
  std::vector<int> group = std::vector<int>(4);
  std::vector<std::size_t> equals{0, 1, 2, 3};
  std::vector<double> differences{0.5, 0, 0.5, -0.5};
  SmallStudy() {
    right(0, 0) = right(0, 1) = 1;
    right(1, 1) = -1;
    for (double& w : weights.values()) w = 1;
  }
};

TEST(Spread, IsThatOfItsDefinition) {
  const SmallStudy s;
  const auto spread = spread_of(s.right, s.weights, s.group, s.equals, s.differences);
  // Mean 1/8; e: (7/8, 7/8), (-1/8, -9/8), (-1/8, -1/8) twice. Row means 7/8, -5/8, -1/8, -1/8.
  EXPECT_EQ(spread.count, 4);
  EXPECT_NEAR(spread.rows, std::max(76.0 / 64, 1.0) / 3, 1e-12);
  EXPECT_NEAR(spread.within, 0.5 / 4, 1e-12);  // of row 1: (1)^2 / 2
  const double square = (2 * 49 + 1 + 81 + 4) / 64.0 / 8;
  const double between = (0.125 + 0.5) / 2;
  EXPECT_NEAR(spread.fits, std::max(0.0, between - square * 2 / 4) / 4, 1e-12);
}

TEST(Spread, GivesTheMeanDifferenceItsVarianceAndDegrees) {
  const SmallStudy s;
  const auto spread = spread_of(s.right, s.weights, s.group, s.equals, s.differences);
  const Design design{.repeats = 2};
  const auto mean = mean_difference(compare("a", "b", "accuracy", s.differences, design, spread), design);
  const double a = (spread.rows + 1.5 * spread.within) / 4, all = a + spread.fits;
  EXPECT_NEAR(mean.location, 0.125, 1e-12);
  EXPECT_NEAR(mean.scale2, all, 1e-12);
  EXPECT_NEAR(mean.degrees, all * all / (a * a / 3 + spread.fits * spread.fits / 3), 1e-9);
}

TEST(Spread, EqualPredictionsAreNoCertainty) {
  const Matrix<double> none(12, 1);
  Matrix<double> weights(12, 1);
  for (double& w : weights.values()) w = 1;
  const std::vector<double> d{0, 0};
  const std::vector<std::size_t> alone{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  const auto spread = spread_of(none, weights, std::vector<int>(12), alone, d);
  const Design design;
  const auto c = compare("a", "b", "accuracy", d, design, spread);
  EXPECT_LT(c.p_equivalent, 0.5);
  EXPECT_EQ(c.difference, 0);
}

/// A row copied ten times tells no more than once: sixteen places, not 160 rows.
TEST(Spread, EqualRowsAreNoEvidenceOfTheirOwn) {
  constexpr std::size_t places = 16, copies = 10;
  Matrix<double> once(places, 2), copied(places * copies, 2), ones(places, 2), many(places * copies, 2);
  std::vector<std::size_t> alone, sets;
  for (double& w : ones.values()) w = 1;
  for (double& w : many.values()) w = 1;
  for (std::size_t p = 0; p < places; ++p) {
    alone.push_back(p);
    for (std::size_t t = 0; t < 2; ++t) once(p, t) = p % 4 == 0 ? 1 : p % 7 == t ? -1 : 0;
    for (std::size_t c = 0; c < copies; ++c) {
      sets.push_back(p);
      for (std::size_t t = 0; t < 2; ++t) copied(p * copies + c, t) = once(p, t);
    }
  }
  const std::vector<double> d{0.1, 0.2, 0.1, 0.2};
  const Design design{.repeats = 2};
  const auto scale2 = [&](const Spread& spread) {
    return mean_difference(compare("a", "b", "accuracy", d, design, spread), design).scale2;
  };
  const auto one = spread_of(once, ones, std::vector<int>(places), alone, d);
  const auto ten = spread_of(copied, many, std::vector<int>(places * copies), sets, d);
  EXPECT_EQ(ten.distinct, one.distinct);
  EXPECT_NEAR(scale2(ten), scale2(one), 0.15 * scale2(one));
}

TEST(Spread, MoreRepeatsOnlySharpen) {
  const SmallStudy s;
  const Design design{.repeats = 2};
  const auto c = compare("a", "b", "accuracy", s.differences, design,
                         spread_of(s.right, s.weights, s.group, s.equals, s.differences));
  double before = mean_difference(c, design).scale2;
  for (const std::size_t more : {1u, 2u, 10u, 1000u}) {
    const double now = mean_difference(c, design, more).scale2;
    EXPECT_LT(now, before);
    before = now;
  }
  EXPECT_NEAR(mean_difference(c, design, 0, 4).scale2, mean_difference(c, design).scale2 / 4, 1e-15);
}

TEST(Decide, FindsEachVerdict) {
  EXPECT_EQ(decided(differences(10, 0.10, 0.02), 2).verdict, Verdict::quantum_better);
  EXPECT_EQ(decided(differences(10, -0.10, 0.02), 2).verdict, Verdict::classical_better);
  EXPECT_EQ(decided(differences(10, 0.0, 0.005), 2).verdict, Verdict::equivalent);
  EXPECT_EQ(decided(differences(10, -0.03, 0.025), 2).verdict, Verdict::no_advantage);
  EXPECT_EQ(decided(differences(10, 0.03, 0.05), 2).verdict, Verdict::inconclusive);
}

TEST(Decide, AClaimHasAProbabilityOfNinetyFivePercent) {
  for (double mean = -0.08; mean < 0.08; mean += 0.002)
    for (const double deviation : {0.004, 0.01, 0.03}) {
      const auto c = decided(differences(10, mean, deviation), 2);
      switch (c.verdict) {
        case Verdict::quantum_better:
          EXPECT_GE(c.p_better, 0.95);
          EXPECT_LT(c.p_holm, 0.05);
          break;
        case Verdict::classical_better:
          EXPECT_GE(c.p_worse, 0.95);
          EXPECT_LT(c.high, 0);
          break;
        case Verdict::equivalent:
          EXPECT_GE(c.p_equivalent, 0.95);
          break;
        case Verdict::no_advantage:
          EXPECT_LE(c.p_better, 0.05);
          break;
        case Verdict::inconclusive:
          EXPECT_GT(c.p_better, 0.05);
      }
    }
}

// Breast cancer was once told "a classical model is better" on -1.9 [-5.0, +1.2].
TEST(Decide, AnIntervalOverZeroNeverMakesTheClassicalSideBetter) {
  for (const double mean : {-0.019, -0.022, -0.010}) {
    const auto c = decided(differences(10, mean, 0.03), 2);
    ASSERT_GT(c.high, 0);
    EXPECT_NE(c.verdict, Verdict::classical_better) << mean;
  }
}

TEST(OverallVerdict, ClaimsAgainstTheQuantumSideAreAboutAllOfIt) {
  using enum Verdict;
  const auto of = [](std::vector<Verdict> verdicts) {
    std::vector<Comparison> all(verdicts.size() + 1);  // the last decides nothing
    for (std::size_t i = 0; i < verdicts.size(); ++i) all[i].verdict = verdicts[i], all[i].decides = true;
    all.back().verdict = quantum_better;
    return overall_verdict(all);
  };
  EXPECT_EQ(of({classical_better, quantum_better}), quantum_better);
  EXPECT_EQ(of({classical_better, classical_better}), classical_better);
  EXPECT_EQ(of({classical_better, inconclusive}), inconclusive);
  EXPECT_EQ(of({classical_better, no_advantage}), no_advantage);
  EXPECT_EQ(of({equivalent, equivalent}), equivalent);
  EXPECT_EQ(of({equivalent, classical_better}), no_advantage);
  EXPECT_EQ(of({no_advantage, inconclusive}), inconclusive);
  EXPECT_EQ(of({}), inconclusive);
}

TEST(Decisive, IsTheLargestLeadOfEquallyLikelyOnes) {
  std::vector<Comparison> all(3);
  for (auto& c : all) c.decides = true;
  all[0].contender = "vqe-uccsd", all[0].difference = -0.004;
  all[1].contender = "vqe-adapt", all[1].difference = -0.00004;
  all[2].contender = "vqe-lucj", all[2].difference = -0.008;
  EXPECT_EQ(decisive(all)->contender, "vqe-adapt");
  all[2].p_better = 0.01;
  EXPECT_EQ(decisive(all)->contender, "vqe-lucj");
}

Comparison against_floor(const char* name, double lead, double spread) {
  auto made = compare(name, "majority", "accuracy", differences(10, lead, spread), {.repeats = 2});
  made.against_floor = true;
  return made;
}

TEST(Learning, IsShownRuledOutOrOpen) {
  std::vector<Comparison> all;
  all.push_back(against_floor("qnn", 0.10, 0.02));
  all.push_back(against_floor("svm", 0.03, 0.05));
  all.push_back(against_floor("knn", -0.02, 0.005));
  all.push_back(compare("tree", "svm", "accuracy", differences(10, -0.3, 0.05), {.repeats = 2}));
  decide(all, {.repeats = 2});
  EXPECT_EQ(learning(all, "qnn"), Learning::shown);
  EXPECT_EQ(learning(all, "svm"), Learning::open);
  EXPECT_EQ(learning(all, "knn"), Learning::ruled_out);
  EXPECT_EQ(learning(all, "tree"), Learning::shown);  // not compared with the floor
}

TEST(Decide, ManyEqualDifferencesDecideFewDoNot) {
  EXPECT_EQ(decided(std::vector<double>(10, 0.0), 2).verdict, Verdict::equivalent);
  EXPECT_EQ(decided(std::vector<double>(10, 0.02), 2).verdict, Verdict::quantum_better);
  EXPECT_EQ(decided(std::vector<double>(10, -0.02), 2).verdict, Verdict::classical_better);
  EXPECT_EQ(decided(std::vector<double>(2, 0.3), 1).verdict, Verdict::inconclusive);
  EXPECT_EQ(decided(std::vector<double>(2, -0.3), 1).verdict, Verdict::inconclusive);
  EXPECT_EQ(decided(std::vector<double>(10, 0.0), Design{.repeats = 2, .test_rows = 20}).verdict,
            Verdict::inconclusive);
  EXPECT_EQ(decided(std::vector<double>(10, 0.0), Design{.repeats = 2, .test_rows = 200}).verdict,
            Verdict::equivalent);
}

// Holm of the test of no difference alone lets three contenders that lead by the rope through too often.
TEST(Decide, TheRopeIsHeldByTheWholeFamily) {
  const Design design{.repeats = 2};
  std::vector<Comparison> family(3, compare("a", "svm", "accuracy", differences(10, 0.055, 0.03), design));
  for (auto& c : family) c.decides = true;
  ASSERT_GE(family[0].p_better, 0.95);
  decide(family, design);
  EXPECT_EQ(family[0].verdict, Verdict::inconclusive);
}

TEST(Decide, ALeadWithinTheRopeIsNotBetter) {
  // Significant, but practically nothing.
  const auto c = decided(differences(100, 0.005, 0.002), 10);
  EXPECT_LT(c.p_holm, 0.05);
  EXPECT_EQ(c.verdict, Verdict::equivalent);
}

TEST(Decide, HolmCountsTheDecidingComparisonsOnly) {
  const Design design{.repeats = 2};
  const auto d = differences(10, 0.062, 0.03);
  const auto raw = compare("a", "svm", "accuracy", d, design);
  ASSERT_GT(raw.p_better, 0.95);
  ASSERT_LT(raw.p_value, 0.04);
  ASSERT_GT(3 * raw.p_value, 0.04);
  std::vector<Comparison> family;
  for (const auto* name : {"a", "b", "c", "twin"})
    family.push_back(compare(name, "svm", "accuracy", d, design));
  for (std::size_t i = 0; i < 3; ++i) family[i].decides = true;
  decide(family, design);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_DOUBLE_EQ(family[i].p_holm, 3 * raw.p_value);
    EXPECT_EQ(family[i].verdict, Verdict::inconclusive);
  }
  EXPECT_DOUBLE_EQ(family[3].p_holm, raw.p_value);
  EXPECT_EQ(family[3].verdict, Verdict::quantum_better);
}

TEST(Looks, AContinuedOneIsJudgedMoreStrictly) {
  const auto d = differences(10, 0.058, 0.03);
  ASSERT_EQ(decided(d, Design{.repeats = 2}).verdict, Verdict::quantum_better);
  EXPECT_EQ(decided(d, Design{.repeats = 2, .look = 2}).verdict, Verdict::inconclusive);
}

/// What the next look would say after more repeats with the same mean and variance.
Verdict after_repeats(const Comparison& c, std::size_t more) {
  const auto n = c.differences.size() + more * (c.differences.size() / static_cast<std::size_t>(c.repeats));
  double variance = 0;
  for (const double d : c.differences) variance += (d - c.difference) * (d - c.difference);
  variance /= static_cast<double>(c.differences.size() - 1);
  return decided(differences(n, c.difference, std::sqrt(variance)),
                 Design{.repeats = c.repeats + static_cast<int>(more), .look = 2})
      .verdict;
}

TEST(RepeatsNeeded, IsTheFirstNumberThatDecidesAsTheNextLook) {
  const auto c = decided(differences(6, 0.10, 0.06), 1);
  ASSERT_EQ(c.verdict, Verdict::inconclusive);
  ASSERT_GT(c.repeats_needed, 1u);
  EXPECT_EQ(after_repeats(c, c.repeats_needed), Verdict::quantum_better);
  EXPECT_EQ(after_repeats(c, c.repeats_needed - 1), Verdict::inconclusive);
}

TEST(RepeatsNeeded, IsZeroBelowTheFloorOfTheFoldsCorrelation) {
  // With infinitely many repeats of 5 folds the scale is still 0.63 of the deviation.
  EXPECT_EQ(decided(differences(10, 0.03, 0.05), 2).repeats_needed, 0u);
}

TEST(RepeatsNeeded, IsZeroWhenDecided) {
  EXPECT_EQ(decided(differences(10, 0.10, 0.02), 2).repeats_needed, 0u);
  EXPECT_EQ(decided(differences(10, 0.0, 0.005), 2).repeats_needed, 0u);
}

TEST(RepeatsNeeded, CountsTheFamily) {
  const Design design;
  std::vector<Comparison> family(3, compare("a", "svm", "accuracy", differences(6, 0.10, 0.055), design));
  for (auto& c : family) c.decides = true;
  const auto alone = decided(family.front().differences, design);
  decide(family, design);
  EXPECT_GT(family[0].repeats_needed, alone.repeats_needed);
}

TEST(RowsNeeded, AreThoseWhoseVarianceDecides) {
  const Design design{.repeats = 2, .rows = 400};
  const auto d = differences(10, 0.04, 0.05);
  const auto c = decided(d, design);
  ASSERT_EQ(c.verdict, Verdict::inconclusive);
  ASSERT_GT(c.rows_needed, 400u);
  const auto with = [&](double rows) {
    return decided(differences(10, 0.04, 0.05 / std::sqrt(rows / 400)), design).verdict;
  };
  EXPECT_EQ(with(static_cast<double>(c.rows_needed)), Verdict::quantum_better);
  EXPECT_EQ(with(0.98 * static_cast<double>(c.rows_needed)), Verdict::inconclusive);
  EXPECT_EQ(decided(differences(10, 0.10, 0.02), design).rows_needed, 0u);
  EXPECT_EQ(decided(differences(10, 0.015, 0.05), design).rows_needed, 0u);  // more than ten times the rows
}

}  // namespace
}  // namespace qupel
