#include "qupel/study/statistics.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <numeric>

#include "qupel/study/sample.h"

namespace qupel {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

using StudentT = boost::math::students_t;

/// Standard error of the mean of differences over resplits, and its degrees of freedom.
struct CorrectedMean {
  double mean, error;
  std::size_t degrees;
};

CorrectedMean corrected_mean(std::span<const double> differences, double test_train_ratio) {
  const auto [mean, variance] = sample(differences);
  const auto n = static_cast<double>(differences.size());
  return {mean, std::sqrt((1 / n + test_train_ratio) * variance), differences.size() - 1};
}

/// What a distribution function of zero width says at distance `x` from its place.
double step(double x) { return x < 0 ? 0 : x > 0 ? 1 : 0.5; }

}  // namespace

TTest corrected_resampled_t(std::span<const double> differences, double test_train_ratio) {
  if (differences.size() < 2)
    return {
        .mean = sample(differences).mean, .statistic = 0, .p_value = 1, .low = -infinity, .high = infinity};
  const auto [mean, error, degrees] = corrected_mean(differences, test_train_ratio);
  if (error == 0) {
    const double statistic = mean == 0 ? 0 : std::copysign(infinity, mean);
    return {mean, statistic, mean == 0 ? 1.0 : 0.0, mean, mean, degrees};
  }
  const StudentT t(static_cast<double>(degrees));
  const double statistic = mean / error;
  const double p = 2 * cdf(complement(t, std::abs(statistic)));
  const double half = error * quantile(t, 0.975);
  return {mean, statistic, p, mean - half, mean + half, degrees};
}

Posterior mean_of_resplits(double mean, double variance, double n, double ratio) {
  return {.location = mean, .scale2 = variance * (1 / n + ratio), .degrees = n - 1};
}

double shared_variance(double correlation) { return correlation / (1 - correlation); }

double Posterior::below(double x) const {
  if (degrees == 0) return 0.5;
  if (scale2 == 0) return step(x - location);
  return cdf(StudentT(degrees), (x - location) / std::sqrt(scale2));
}

double Posterior::quantile(double p) const {
  if (degrees == 0) return p == 0.5 ? location : std::copysign(infinity, p - 0.5);
  if (scale2 == 0) return location;
  return location + std::sqrt(scale2) * boost::math::quantile(StudentT(degrees), p);
}

Probabilities region_probabilities(const Posterior& posterior, double rope) {
  if (posterior.degrees == 0) return {1.0 / 3, 1.0 / 3, 1.0 / 3};
  const double worse = posterior.below(-rope), better = 1 - posterior.below(rope);
  return {worse, std::max(0.0, 1 - worse - better), better};
}

std::vector<double> holm(std::span<const double> p_values) {
  require_finite(p_values, "p value");
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return p_values[a] < p_values[b]; });
  std::vector<double> adjusted(p_values.size());
  double largest = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto left = static_cast<double>(order.size() - i);
    largest = std::max(largest, std::min(1.0, left * p_values[order[i]]));
    adjusted[order[i]] = largest;
  }
  return adjusted;
}

Bounds wilson(std::size_t successes, std::size_t n, double level) {
  if (n == 0) return {0, 1};
  const auto count = static_cast<double>(n);
  const double z = quantile(boost::math::normal(), (1 + level) / 2);
  const double p = static_cast<double>(successes) / count;
  const double centre = p + z * z / (2 * count);
  const double half = z * std::sqrt(p * (1 - p) / count + z * z / (4 * count * count));
  const double scale = 1 + z * z / count;
  return {std::max(0.0, (centre - half) / scale), std::min(1.0, (centre + half) / scale)};
}

}  // namespace qupel
