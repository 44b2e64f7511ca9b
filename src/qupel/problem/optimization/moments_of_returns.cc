#include "qupel/problem/optimization/moments_of_returns.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace qupel {
namespace {

/// X'X / denominator of the centred returns.
Matrix<double> products(const Matrix<double>& returns, double denominator) {
  const auto mean = mean_returns(returns);
  Matrix<double> sums(returns.columns(), returns.columns());
  for (std::size_t t = 0; t < returns.rows(); ++t)
    for (std::size_t a = 0; a < returns.columns(); ++a)
      for (std::size_t b = 0; b <= a; ++b)
        sums(a, b) += (returns(t, a) - mean[a]) * (returns(t, b) - mean[b]);
  for (std::size_t a = 0; a < returns.columns(); ++a)
    for (std::size_t b = 0; b <= a; ++b) sums(b, a) = sums(a, b) = sums(a, b) / denominator;
  return sums;
}

std::size_t worst_days(std::vector<double>& returns, double share) {
  std::ranges::sort(returns);
  const auto days = static_cast<std::size_t>(std::ceil(share * static_cast<double>(returns.size()) - 1e-9));
  return std::clamp<std::size_t>(days, 1, returns.size());
}

}  // namespace

std::vector<double> mean_returns(const Matrix<double>& returns) {
  std::vector<double> mean(returns.columns());
  for (std::size_t t = 0; t < returns.rows(); ++t)
    for (std::size_t a = 0; a < mean.size(); ++a) mean[a] += returns(t, a);
  for (double& m : mean) m /= static_cast<double>(returns.rows());
  return mean;
}

Matrix<double> sample_covariance(const Matrix<double>& returns) {
  return products(returns, static_cast<double>(returns.rows()) - 1);
}

Matrix<double> ledoit_wolf_covariance(const Matrix<double>& returns) {
  const auto days = static_cast<double>(returns.rows()), assets = static_cast<double>(returns.columns());
  const auto mean = mean_returns(returns);
  auto covariance = products(returns, days);
  double trace = 0, squares = 0, fourth = 0;
  for (std::size_t a = 0; a < returns.columns(); ++a) trace += covariance(a, a);
  for (const double c : covariance.values()) squares += c * c;
  for (std::size_t t = 0; t < returns.rows(); ++t) {
    double length = 0;
    for (std::size_t a = 0; a < returns.columns(); ++a) length += std::pow(returns(t, a) - mean[a], 2);
    fourth += length * length;
  }
  const double middle = trace / assets;
  const double distance = (squares - 2 * middle * trace + assets * middle * middle) / assets;
  const double error = std::min(distance, (fourth / days - squares) / (assets * days));
  const double share = distance == 0 ? 0 : std::max(0.0, error / distance);
  for (double& c : covariance.values()) c *= 1 - share;
  for (std::size_t a = 0; a < returns.columns(); ++a) covariance(a, a) += share * middle;
  return covariance;
}

double value_at_risk(std::vector<double> returns, double share) {
  return -returns[worst_days(returns, share) - 1];
}

double conditional_value_at_risk(std::vector<double> returns, double share) {
  const auto days = worst_days(returns, share);
  return -std::accumulate(returns.begin(), returns.begin() + static_cast<std::ptrdiff_t>(days), 0.0) /
         static_cast<double>(days);
}

}  // namespace qupel
