#include "qupel/mitigate/extrapolation.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <optional>

#include "qupel/base/decompositions.h"

namespace qupel::mitigate {
namespace {

Eigen::Index degree(std::size_t factors, const Extrapolation& method) {
  return method.family == Extrapolation::Family::richardson ? static_cast<Eigen::Index>(factors) - 1
                                                            : method.degree;
}

double dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

/// Of a sum of values with these weights. @param errors none: 0
double error_of_sum(std::span<const double> by_value, std::span<const double> errors) {
  double variance = 0;
  for (std::size_t i = 0; i < errors.size(); ++i)
    variance += by_value[i] * by_value[i] * errors[i] * errors[i];
  return std::sqrt(variance);
}

/// Nothing where a value is 0 or signs differ.
std::optional<std::pair<double, double>> by_logarithms(std::span<const double> by_value,
                                                       std::span<const double> values,
                                                       std::span<const double> errors) {
  std::vector<double> logarithms, relative;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!(values[i] * values[0] > 0)) return std::nullopt;
    logarithms.push_back(std::log(std::abs(values[i])));
    if (!errors.empty()) relative.push_back(errors[i] / std::abs(values[i]));
  }
  const double value = std::copysign(std::exp(dot(by_value, logarithms)), values[0]);
  return std::pair(value, std::abs(value) * error_of_sum(by_value, relative));
}

std::optional<std::pair<double, double>> fitted(std::span<const double> factors,
                                                std::span<const double> values,
                                                std::span<const double> errors, const Extrapolation& method) {
  const auto by_value = weights(factors, method);
  if (method.family == Extrapolation::Family::exponential) return by_logarithms(by_value, values, errors);
  return std::pair(dot(by_value, values), error_of_sum(by_value, errors));
}

}  // namespace

std::size_t least_factors(const Extrapolation& method) {
  return std::max<std::size_t>(2, static_cast<std::size_t>(degree(0, method) + 1));
}

// The first row of the pseudo-inverse of the Vandermonde matrix: the value of the fitted polynomial at 0.
std::vector<double> weights(std::span<const double> factors, const Extrapolation& method) {
  const auto rows = static_cast<Eigen::Index>(factors.size());
  const auto columns = std::min(degree(factors.size(), method) + 1, rows);
  Eigen::MatrixXd powers(rows, columns);
  for (Eigen::Index i = 0; i < rows; ++i)
    for (Eigen::Index j = 0; j < columns; ++j)
      powers(i, j) = std::pow(factors[static_cast<std::size_t>(i)], static_cast<double>(j));
  const Eigen::MatrixXd inverse = pseudo_inverse(powers);
  std::vector<double> found(factors.size());
  for (Eigen::Index i = 0; i < rows; ++i) found[static_cast<std::size_t>(i)] = inverse(0, i);
  return found;
}

Range range_of(const Observable& observable) {
  Range range{0, 0};
  for (const auto& [weight, pauli] : observable.terms) {
    range.low += pauli.identity() ? weight : -std::abs(weight);
    range.high += pauli.identity() ? weight : std::abs(weight);
  }
  return range;
}

bool believed(double value, double error, const Range& range) {
  constexpr double rounding = 1e-9;
  if (!std::isfinite(value) || !std::isfinite(error)) return false;
  const double slack = 3 * error + rounding * (1 + range.high - range.low);
  return error <= std::max(1.0, (range.high - range.low) / 2) && value >= range.low - slack &&
         value <= range.high + slack;
}

std::pair<double, double> extrapolated(std::span<const double> factors, std::span<const double> values,
                                       std::span<const double> errors, const Extrapolation& method,
                                       const Range& range) {
  for (const auto& each : {method, linear_fit})
    if (const auto found = fitted(factors, values, errors, each))
      if (believed(found->first, found->second, range)) return *found;
  return {values.front(), errors.empty() ? 0 : errors.front()};
}

}  // namespace qupel::mitigate
