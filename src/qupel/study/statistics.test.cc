#include "qupel/study/statistics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/study/sample.h"

namespace qupel {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::Pointwise;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

std::vector<double> minus(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> difference(a.size());
  std::transform(a.begin(), a.end(), b.begin(), difference.begin(), std::minus<>());
  return difference;
}

std::vector<double> normal_draws(std::size_t n, double mean, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> draws(n);
  for (auto& draw : draws) draw = mean + random.normal();
  return draws;
}

// ---- t-tests on resampled differences

TEST(CorrectedResampledT, IsTheStudentTestWithoutOverlap) {
  // Student 1908, extra hours of sleep: t = 4.0621, df 9, p = 0.002833, interval [0.7001, 2.4599] (R: sleep).
  const std::vector<double> sleep{1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4};
  const auto t = corrected_resampled_t(sleep, 0);
  EXPECT_NEAR(t.statistic, 4.0621, 5e-5);
  EXPECT_NEAR(t.p_value, 0.002833, 5e-7);
  EXPECT_NEAR(t.low, 0.7001142, 5e-7);
  EXPECT_NEAR(t.high, 2.4598858, 5e-7);
  EXPECT_EQ(t.degrees, 9u);
}

TEST(CorrectedResampledT, AddsTheOverlapToTheVariance) {
  const std::vector<double> differences{1, 5, -3};  // mean 1, variance 16
  const auto t = corrected_resampled_t(differences, 0.5);
  EXPECT_DOUBLE_EQ(t.mean, 1);
  EXPECT_NEAR(t.statistic, 1 / std::sqrt(16 * (1.0 / 3 + 0.5)), 1e-15);
}

TEST(CorrectedResampledT, ZeroVarianceIsCertain) {
  const auto none = corrected_resampled_t(std::vector{0.0, 0.0, 0.0}, 0.25);
  EXPECT_EQ(none.p_value, 1);
  const auto constant = corrected_resampled_t(std::vector{0.1, 0.1, 0.1}, 0.25);
  EXPECT_EQ(constant.p_value, 0);
  EXPECT_EQ(constant.low, 0.1);
  EXPECT_EQ(constant.high, 0.1);
}

TEST(CorrectedResampledT, OneDifferenceSaysNothing) {
  const auto t = corrected_resampled_t(std::vector{0.3}, 0.25);
  EXPECT_EQ(t.mean, 0.3);
  EXPECT_EQ(t.p_value, 1);
  EXPECT_EQ(t.low, -infinity);
  EXPECT_EQ(t.high, infinity);
}

TEST(Statistics, RefuseNaN) {
  const std::vector<double> differences{0.1, nan, 0.2};
  EXPECT_THROW(corrected_resampled_t(differences, 0.25), InputError);
  EXPECT_THROW(bayesian_signed_rank(differences, 0.01, 1), InputError);
  EXPECT_THROW(wilcoxon(differences), InputError);
  EXPECT_THROW(holm(differences), InputError);
  EXPECT_THROW(friedman(Matrix<double>(3, 3, nan)), InputError);
}

/// Corani and Benavoli's correlation between folds is runs / n.
Posterior bayesian_correlated_t(const std::vector<double>& differences, std::size_t runs) {
  const auto [mean, variance] = sample(differences);
  const auto n = static_cast<double>(differences.size()), rho = static_cast<double>(runs) / n;
  return mean_of_resplits(mean, variance, n, rho / (1 - rho));
}

TEST(BayesianCorrelatedT, PublishedVectors) {
  const auto one = bayesian_correlated_t(minus({5, 7, 3}, {4, 2, 6}), 1);
  EXPECT_DOUBLE_EQ(one.location, 1);
  EXPECT_NEAR(one.scale2, 13.3333, 5e-5);
  EXPECT_EQ(one.degrees, 2);
  const auto two = bayesian_correlated_t(minus({5, 7, 3, 5}, {4, 2, 6, 4}), 2);
  EXPECT_DOUBLE_EQ(two.location, 1);
  EXPECT_NEAR(two.scale2, 13.3333, 5e-5);
  EXPECT_EQ(two.degrees, 3);
}

TEST(BayesianCorrelatedT, AgreesWithTheCorrectedResampledT) {
  const auto differences = normal_draws(20, 0.3, 5);
  const auto posterior = bayesian_correlated_t(differences, 4);
  const auto t = corrected_resampled_t(differences, 0.25);
  EXPECT_NEAR(2 * posterior.below(0), t.p_value, 1e-12);
  EXPECT_NEAR(posterior.quantile(0.025), t.low, 1e-12);
  EXPECT_NEAR(posterior.quantile(0.975), t.high, 1e-12);
}

TEST(BayesianCorrelatedT, ZeroVarianceGivesNoughtHalfOrOne) {
  const auto posterior = bayesian_correlated_t(std::vector{0.2, 0.2, 0.2, 0.2}, 1);
  EXPECT_EQ(posterior.below(0.1), 0);
  EXPECT_EQ(posterior.below(0.2), 0.5);
  EXPECT_EQ(posterior.below(0.3), 1);
  EXPECT_EQ(posterior.quantile(0.025), 0.2);
}

TEST(RegionProbabilities, SumToOneAndMirror) {
  const auto differences = normal_draws(10, 0.5, 9);
  std::vector<double> mirrored(differences);
  for (auto& d : mirrored) d = -d;
  const auto p = region_probabilities(bayesian_correlated_t(differences, 2), 0.1);
  const auto q = region_probabilities(bayesian_correlated_t(mirrored, 2), 0.1);
  EXPECT_NEAR(p.worse + p.equivalent + p.better, 1, 1e-12);
  EXPECT_NEAR(p.better, q.worse, 1e-12);
  EXPECT_NEAR(p.equivalent, q.equivalent, 1e-12);
}

// ---- Bayesian tests over data sets

TEST(BayesianSignedRank, ClearCasesAreClear) {
  EXPECT_GT(bayesian_signed_rank(std::vector<double>(20, 1.0), 0.1, 1).better, 0.999);
  EXPECT_GT(bayesian_signed_rank(std::vector<double>(20, -1.0), 0.1, 1).worse, 0.999);
  EXPECT_GT(bayesian_signed_rank(std::vector<double>(20, 0.01), 0.1, 1).equivalent, 0.999);
}

TEST(BayesianSignedRank, SymmetricDifferencesFavourNoSide) {
  const auto p = bayesian_signed_rank(std::vector{-3.0, -2.0, -1.0, 1.0, 2.0, 3.0}, 0.1, 3);
  EXPECT_NEAR(p.better, p.worse, 0.02);
}

TEST(BayesianSignedRank, OneDifferenceAgainstThePrior) {
  // Weights a ~ Gamma(1/2) of the pseudo-observation 0 and b ~ Gamma(1) of d = 1, rope 0.6: the pairs (0,0)
  // and (0,1) sum to at most 1.2, so the right has the mass b^2 and the rope a^2 + 2ab. The right wins if b >
  // (1 + sqrt 2) a, and a / (a + b) ~ Beta(1/2, 1): P = sqrt(1 / (2 + sqrt 2)).
  const auto p = bayesian_signed_rank(std::vector{1.0}, 0.6, 11, 200000);
  EXPECT_NEAR(p.better, std::sqrt(1 / (2 + std::sqrt(2.0))), 0.004);
  EXPECT_EQ(p.worse, 0);
}

TEST(BayesianSignedRank, ReplaysBySeed) {
  const std::vector<double> differences{-1, 1, 1, 0};
  const auto better = [&](std::uint64_t seed) { return bayesian_signed_rank(differences, 0.1, seed).better; };
  EXPECT_EQ(better(7), better(7));
  EXPECT_NE(better(7), better(8));
}

// ---- families of tests

TEST(Holm, WorkedExample) {
  EXPECT_THAT(holm(std::vector{0.01, 0.04, 0.03, 0.005}),
              Pointwise(DoubleNear(1e-12), {0.03, 0.06, 0.06, 0.02}));
}

TEST(Holm, IsCappedMonotoneAndAtLeastTheRawValue) {
  EXPECT_THAT(holm(std::vector{0.6, 0.7}), ElementsAre(1, 1));
  EXPECT_THAT(holm(std::vector{0.02}), ElementsAre(0.02));
  EXPECT_TRUE(holm({}).empty());
}

TEST(Friedman, Demsar2006) {
  const auto result = friedman_from_ranks(std::vector{3.143, 2.000, 2.893, 1.964}, 14);
  EXPECT_NEAR(result.chi2, 9.28, 0.005);
  EXPECT_NEAR(result.f, 3.69, 0.005);
  EXPECT_NEAR(result.critical_difference, 1.25, 0.005);
  EXPECT_NEAR(result.p_f, 0.0196, 5e-4);  // F(3, 39); its 5 % point is 2.85
}

TEST(Friedman, HighestScoreHasRankOneAndTiesShare) {
  Matrix<double> scores(2, 3);
  scores.row(0)[0] = 0.9, scores.row(0)[1] = 0.7, scores.row(0)[2] = 0.8;  // ranks 1, 3, 2
  scores.row(1)[0] = 0.8, scores.row(1)[1] = 0.6, scores.row(1)[2] = 0.8;  // ranks 1.5, 3, 1.5
  EXPECT_THAT(friedman(scores).mean_ranks, ElementsAre(1.25, 3, 1.75));
}

TEST(Friedman, PublishedBenchmark) {
  // 79 data sets, 12 models: ranks in equal steps that give the published chi2 must give its F and distance.
  const double step = std::sqrt(496.1 * 12 * 13 / (12.0 * 79 * 143));
  std::vector<double> ranks(12);
  for (std::size_t i = 0; i < ranks.size(); ++i) ranks[i] = 6.5 + step * (static_cast<double>(i) - 5.5);
  const auto result = friedman_from_ranks(ranks, 79);
  EXPECT_NEAR(result.chi2, 496.1, 1e-9);
  EXPECT_NEAR(result.f, 103.8, 0.05);
  EXPECT_NEAR(result.critical_difference, 1.875, 5e-4);
}

TEST(Friedman, PulseRates) {
  // SciPy's example (friedmanchisquare): 10.5714, p 0.0050634.
  const std::vector<double> before{72, 96, 88, 92, 74, 76, 82}, at_once{120, 120, 132, 120, 101, 96, 112},
      later{76, 95, 104, 96, 84, 72, 76};
  Matrix<double> scores(7, 3);
  for (std::size_t i = 0; i < 7; ++i)
    scores(i, 0) = before[i], scores(i, 1) = at_once[i], scores(i, 2) = later[i];
  const auto result = friedman(scores);
  EXPECT_NEAR(result.chi2, 10.57142857142857, 1e-12);
  EXPECT_NEAR(result.p_chi2, 0.005063414171757498, 1e-12);
}

TEST(Friedman, FullAgreementHasInfiniteF) {
  const auto result = friedman_from_ranks(std::vector{1.0, 2.0, 3.0}, 5);
  EXPECT_EQ(result.f, infinity);
  EXPECT_EQ(result.p_f, 0);
}

TEST(Friedman, EqualModelsDoNotDiffer) {
  const auto result = friedman(Matrix<double>(6, 3, 0.5));
  EXPECT_THAT(result.mean_ranks, ElementsAre(2, 2, 2));
  EXPECT_EQ(result.chi2, 0);
  EXPECT_EQ(result.p_chi2, 1);
}

TEST(Friedman, NeedsTwoOfEach) {
  EXPECT_THROW(friedman_from_ranks(std::vector{1.0}, 5), InputError);
  EXPECT_THROW(friedman_from_ranks(std::vector{1.0, 2.0}, 1), InputError);
}

TEST(Nemenyi, PublishedQuantiles) {
  const std::vector<double> published{1.960, 2.343, 2.569, 2.728, 2.850, 2.949, 3.031, 3.102, 3.164};
  for (std::size_t i = 0; i < published.size(); ++i)
    EXPECT_NEAR(nemenyi_q(i + 2), published[i], 1e-3) << i + 2;
  EXPECT_NEAR(nemenyi_q(2), 1.959963984540054, 1e-9);  // two models: the normal quantile
  EXPECT_THROW(nemenyi_q(1), InputError);
}

// ---- two models over data sets or on one split

TEST(Wilcoxon, Demsar2006) {
  const auto result =
      wilcoxon(minus({.768, .591, .971, .661, .888, .931, .668, .583, .838, 1.000, .962, .666, .981, .978},
                     {.763, .599, .954, .628, .882, .936, .661, .583, .775, 1.000, .940, .619, .972, .957}));
  EXPECT_DOUBLE_EQ(result.plus, 93);
  EXPECT_DOUBLE_EQ(result.minus, 12);
  EXPECT_LT(result.p_value, 0.05);  // 12 is below the critical value 21
  EXPECT_DOUBLE_EQ(result.rank_biserial, 81.0 / 105);
}

TEST(Wilcoxon, DarwinsPlants) {
  // Fisher 1935 after Darwin 1876; SciPy's example: statistic 24, exact p 0.041259765625.
  const auto result =
      wilcoxon(std::vector<double>{6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75});
  EXPECT_EQ(result.minus, 24);
  EXPECT_DOUBLE_EQ(result.p_value, 0.041259765625);
}

TEST(Wilcoxon, MirrorsWithItsSign) {
  const auto a = wilcoxon(std::vector{1.0, -2.0, 3.0, 4.0}), b = wilcoxon(std::vector{-1.0, 2.0, -3.0, -4.0});
  EXPECT_EQ(a.plus, b.minus);
  EXPECT_EQ(a.p_value, b.p_value);
  EXPECT_EQ(a.rank_biserial, -b.rank_biserial);
  EXPECT_GT(a.rank_biserial, 0);
}

TEST(Wilcoxon, AnOddZeroIsLeftOut) {
  const auto with = wilcoxon(std::vector{1.0, -2.0, 0.0, 3.0}),
             without = wilcoxon(std::vector{1.0, -2.0, 3.0});
  EXPECT_EQ(with.plus, without.plus);
  EXPECT_EQ(with.p_value, without.p_value);
}

TEST(Wilcoxon, NothingToRankSaysNothing) {
  EXPECT_EQ(wilcoxon(std::vector{0.0}).p_value, 1);
  EXPECT_EQ(wilcoxon({}).p_value, 1);
  const auto zeros = wilcoxon(std::vector{0.0, 0.0});
  EXPECT_EQ(zeros.plus, zeros.minus);
  EXPECT_EQ(zeros.p_value, 1);
}

TEST(Wilcoxon, NormalAndExactAgreeWhereBothHold) {
  auto differences = normal_draws(25, 0.3, 4);
  const double exact = wilcoxon(differences).p_value;
  differences.push_back(1e-9);  // the smallest rank: little evidence, but now the normal form
  EXPECT_NEAR(wilcoxon(differences).p_value, exact, 0.02);
}

TEST(Wilson, PublishedIntervals) {
  // The first of the reference benchmark; the others of Newcombe 1998, table I.
  const auto benchmark = wilson(51, 60);
  EXPECT_NEAR(benchmark.low, 0.739, 5e-4);
  EXPECT_NEAR(benchmark.high, 0.919, 5e-4);
  const auto many = wilson(81, 263);
  EXPECT_NEAR(many.low, 0.2553, 5e-5);
  EXPECT_NEAR(many.high, 0.3662, 5e-5);
  const auto rare = wilson(1, 29);
  EXPECT_NEAR(rare.low, 0.0061, 5e-5);
  EXPECT_NEAR(rare.high, 0.1718, 5e-5);
  const auto none = wilson(0, 20);
  EXPECT_EQ(none.low, 0);
  EXPECT_NEAR(none.high, 0.1611, 5e-5);
  EXPECT_EQ(wilson(0, 0).high, 1);
}

// ---- bootstrap

TEST(Bca, SpatialTestData) {
  // Efron and Tibshirani 1993, table 14.1 and 14.2: variance of 26 children's
  // scores, 171.5, 90 % BCa [115.8, 259.6].
  const std::vector<double> scores{48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6,
                                   0,  33, 28, 34, 4,  32, 24, 47, 41, 24, 26, 30, 41};
  const auto variance = [&](std::span<const std::size_t> rows) {
    double mean = 0, squares = 0;
    for (const auto row : rows) mean += scores[row] / static_cast<double>(rows.size());
    for (const auto row : rows) squares += (scores[row] - mean) * (scores[row] - mean);
    return squares / static_cast<double>(rows.size());
  };
  std::vector<std::size_t> all(26);
  std::iota(all.begin(), all.end(), std::size_t{0});
  EXPECT_NEAR(variance(all), 171.5, 0.05);
  const auto bounds = bca(scores.size(), variance, 1, 20000, 0.9);
  EXPECT_NEAR(bounds.low, 115.8, 3);
  EXPECT_NEAR(bounds.high, 259.6, 5);
}

TEST(Bca, OfAMeanIsCloseToTheNormalInterval) {
  const auto draws = normal_draws(400, 2, 8);
  const auto mean = [&](std::span<const std::size_t> rows) {
    double sum = 0;
    for (const auto row : rows) sum += draws[row];
    return sum / static_cast<double>(rows.size());
  };
  const auto t = corrected_resampled_t(draws, 0);
  const auto bounds = bca(draws.size(), mean, 1);
  EXPECT_NEAR(bounds.low, t.low, 0.01);
  EXPECT_NEAR(bounds.high, t.high, 0.01);
}

TEST(Bca, DegenerateStatisticsGiveAPoint) {
  const auto first = [](std::span<const std::size_t> rows) { return static_cast<double>(rows[0]); };
  const auto constant = [](std::span<const std::size_t>) { return 0.7; };
  const auto undefined = [](std::span<const std::size_t>) { return nan; };
  EXPECT_EQ(bca(1, first, 1).high, 0);
  EXPECT_EQ(bca(10, constant, 1).low, 0.7);
  EXPECT_EQ(bca(10, constant, 1).high, 0.7);
  EXPECT_TRUE(std::isnan(bca(10, undefined, 1).low));
  EXPECT_THROW(bca(0, constant, 1), InputError);
}

TEST(Bca, LeavesOutUndefinedResamples) {
  // Recall of a class with two members: undefined where neither is drawn.
  const auto recall = [](std::span<const std::size_t> rows) {
    double right = 0, count = 0;
    for (const auto row : rows)
      if (row < 2) count += 1, right += row == 0 ? 1 : 0;
    return right / count;
  };
  const auto bounds = bca(6, recall, 1);
  EXPECT_GE(bounds.low, 0);
  EXPECT_LE(bounds.high, 1);
  EXPECT_LT(bounds.low, bounds.high);
}

TEST(Bca, ReplaysBySeed) {
  const auto draws = normal_draws(30, 0, 2);
  const auto mean = [&](std::span<const std::size_t> rows) {
    double sum = 0;
    for (const auto row : rows) sum += draws[row];
    return sum;
  };
  EXPECT_EQ(bca(30, mean, 5).low, bca(30, mean, 5).low);
  EXPECT_NE(bca(30, mean, 5).low, bca(30, mean, 6).low);
}

}  // namespace
}  // namespace qupel
