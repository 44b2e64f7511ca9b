#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "qupel/base/matrix.h"

// Statistics for comparing models on shared splits. Formulas and sources: docs/statistics.md.
// Rules for all: a NaN or infinite input throws InputError (a failed fit is scored, never left out); fewer
// than two differences say nothing (p 1, interval without bounds).
namespace qupel {

struct TTest {
  double mean = 0, statistic = 0, p_value = 1;  ///< two-sided
  double low = 0, high = 0;                     ///< 95 % interval of the mean
  std::size_t degrees = 0;
};
/// Nadeau and Bengio 2003: the variance of the mean of paired differences over resplits is (1/n + ratio)
/// var(d), ratio = n_test / n_train. Zero variance: p 1 for mean 0, else 0.
TTest corrected_resampled_t(std::span<const double> differences, double test_train_ratio);
/// The posterior of the mean difference (Corani and Benavoli 2015) is Student t: location, scale, degrees.
struct Posterior {
  double location = 0, scale2 = 0;
  double degrees = 0;               ///< 0: nothing is known
  double below(double x) const;     ///< P(mean <= x); zero variance gives 0, 0.5 or 1; nothing known 0.5
  double quantile(double p) const;  ///< @param p in (0, 1); infinite (p != 0.5) if nothing is known
};
/// The mean of n differences over resplits whose variance is (1/n + ratio) var(d). With ratio = 1/(k-1) for k
/// folds it is both the Bayesian correlated t-test of Corani and Benavoli 2015 (rho / (1 - rho), rho = 1/k)
/// and the corrected resampled t-test.
Posterior mean_of_resplits(double mean, double variance, double n, double ratio);
/// The ratio for values of which any two correlate by rho: rho / (1 - rho).
double shared_variance(double correlation);

struct Probabilities {
  double worse = 0, equivalent = 0, better = 0;
};
/// P(mean < -rope), P(within), P(mean > rope); a third each if nothing is known.
Probabilities region_probabilities(const Posterior& posterior, double rope);

/// Benavoli et al. 2014; prior pseudo-observation 0 with weight 0.5.
Probabilities bayesian_signed_rank(std::span<const double> differences, double rope, std::uint64_t seed,
                                   std::size_t draws = 50000);

/// Holm's step-down adjusted p values, in the given order.
std::vector<double> holm(std::span<const double> p_values);

struct Friedman {
  std::vector<double> mean_ranks;               ///< 1 = best (highest score)
  double chi2 = 0, p_chi2 = 1, f = 0, p_f = 1;  ///< f: Iman and Davenport; infinite if all sets agree
  double critical_difference = 0;               ///< Nemenyi at 0.05
};
/// Ranks of scores, 1 = the highest; scores that follow each other within 1e-12 of the largest are ties and
/// share their mean rank.
std::vector<double> score_ranks(std::span<const double> scores);
/// @param scores data sets x models (two or more of each), higher is better, ranked by score_ranks()
Friedman friedman(const Matrix<double>& scores);
Friedman friedman_from_ranks(std::span<const double> mean_ranks, std::size_t data_sets);
/// q_0.05 of the studentised range over sqrt(2), for k = 2 .. (by numerical integration, not a table)
double nemenyi_q(std::size_t models);

struct SignedRank {
  double plus = 0, minus = 0, p_value = 1;
  double rank_biserial = 0;  ///< (plus - minus) / (plus + minus), sign kept
};
/// Wilcoxon signed rank, zeros split evenly, one left out if they are odd (Demsar 2006); magnitudes within
/// 1e-12 of the largest are ties; exact p for n <= 25 without ties, else normal with the variance corrected
/// for ties.
SignedRank wilcoxon(std::span<const double> differences);

struct Bounds {
  double low = 0, high = 0;
};
/// Wilson 1927, score interval of a proportion; nothing tried gives [0, 1].
Bounds wilson(std::size_t successes, std::size_t n, double level = 0.95);
/// Bias-corrected and accelerated bootstrap (Efron 1987) of a statistic of row indices 0 .. n-1; acceleration
/// from the jackknife. Resamples on which the statistic is NaN are left out; n = 1 and constant statistics
/// give a point; a NaN statistic of all rows gives NaN. @throws InputError for n = 0
Bounds bca(std::size_t n, const std::function<double(std::span<const std::size_t>)>& statistic,
           std::uint64_t seed, std::size_t resamples = 2000, double level = 0.95);

}  // namespace qupel
