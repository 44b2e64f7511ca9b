#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <limits>
#include <numeric>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/study/statistics.h"

namespace qupel {
namespace {

using Statistic = std::function<double(std::span<const std::size_t>)>;

/// The statistic on resamples with replacement, sorted, without NaN.
std::vector<double> resampled(std::size_t n, const Statistic& statistic, std::uint64_t seed,
                              std::size_t resamples) {
  Random random(seed);
  std::vector<double> values;
  std::vector<std::size_t> rows(n);
  for (std::size_t b = 0; b < resamples; ++b) {
    for (auto& row : rows) row = random.below(n);
    if (const double value = statistic(rows); !std::isnan(value)) values.push_back(value);
  }
  std::sort(values.begin(), values.end());
  return values;
}

/// Efron 1987, equation 6.6: sum u^3 / (6 (sum u^2)^1.5) with u = mean
/// - value over all leave-one-out samples.
double acceleration(std::size_t n, const Statistic& statistic) {
  std::vector<std::size_t> rows(n - 1);
  std::iota(rows.begin(), rows.end(), std::size_t{1});
  std::vector<double> values;
  for (std::size_t left_out = 0; left_out < n; ++left_out) {
    if (left_out > 0) rows[left_out - 1] = left_out - 1;
    if (const double value = statistic(rows); !std::isnan(value)) values.push_back(value);
  }
  double mean = 0, squares = 0, cubes = 0;
  for (const double value : values) mean += value / static_cast<double>(values.size());
  for (const double value : values) {
    const double u = mean - value;
    squares += u * u;
    cubes += u * u * u;
  }
  return squares > 0 ? cubes / (6 * std::pow(squares, 1.5)) : 0;
}

/// Normal quantile of the share of resamples below the estimate, ties counting half; never infinite.
double bias(const std::vector<double>& sorted, double estimate) {
  const auto [first, last] = std::equal_range(sorted.begin(), sorted.end(), estimate);
  const auto count = static_cast<double>(sorted.size());
  const double below = static_cast<double>(first - sorted.begin()) + 0.5 * static_cast<double>(last - first);
  const double share = std::clamp(below / count, 0.5 / count, 1 - 0.5 / count);
  return quantile(boost::math::normal(), share);
}

/// Linear interpolation between order statistics.
double percentile(const std::vector<double>& sorted, double p) {
  const double at = p * static_cast<double>(sorted.size() - 1);
  const auto i = static_cast<std::size_t>(at);
  if (i + 1 >= sorted.size()) return sorted.back();
  return sorted[i] + (at - static_cast<double>(i)) * (sorted[i + 1] - sorted[i]);
}

}  // namespace

Bounds bca(std::size_t n, const Statistic& statistic, std::uint64_t seed, std::size_t resamples,
           double level) {
  if (n == 0) throw InputError("a bootstrap of 0 rows has no interval; give at least 1 row");
  std::vector<std::size_t> rows(n);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  const double estimate = statistic(rows);
  if (n == 1 || std::isnan(estimate)) return {estimate, estimate};
  const auto sorted = resampled(n, statistic, seed, resamples);
  if (sorted.empty() || sorted.front() == sorted.back()) return {estimate, estimate};

  const boost::math::normal normal;
  const double z0 = bias(sorted, estimate), a = acceleration(n, statistic);
  const auto bound = [&](double p) {
    const double z = z0 + quantile(normal, p);
    const double scale = 1 - a * z;
    // Beyond the pole of the acceleration the adjusted percentile is its limit.
    const double adjusted = scale > 0 ? cdf(normal, z0 + z / scale) : (z > 0 ? 1.0 : 0.0);
    return percentile(sorted, adjusted);
  };
  return {bound((1 - level) / 2), bound((1 + level) / 2)};
}

}  // namespace qupel
