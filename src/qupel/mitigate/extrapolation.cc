#include "qupel/mitigate/extrapolation.h"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <cmath>
#include <string>

#include "qupel/base/error.h"

namespace qupel::mitigate {
namespace {

constexpr std::pair<Extrapolation, std::string_view> names[] = {{Extrapolation::linear, "linear"},
                                                                {Extrapolation::quadratic, "quadratic"},
                                                                {Extrapolation::richardson, "richardson"},
                                                                {Extrapolation::exponential, "exponential"}};

Eigen::Index degree(std::size_t factors, Extrapolation method) {
  switch (method) {
    case Extrapolation::quadratic:
      return 2;
    case Extrapolation::richardson:
      return static_cast<Eigen::Index>(factors) - 1;
    case Extrapolation::linear:
    case Extrapolation::exponential:
      break;
  }
  return 1;
}

double dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

}  // namespace

Extrapolation extrapolation(std::string_view name) {
  std::vector<std::string> known;
  for (const auto& [method, its_name] : names) {
    if (its_name == name) return method;
    known.emplace_back(its_name);
  }
  throw InputError(unknown_name(name, "an extrapolation", known));
}

void require_enough(std::size_t factors, Extrapolation method) {
  const auto least = static_cast<std::size_t>(degree(factors, method)) + 1;
  if (factors < std::max<std::size_t>(2, least))
    throw InputError(fmt::format("zne: {} noise factors, and this extrapolation needs {}", factors,
                                 std::max<std::size_t>(2, least)));
}

// The first row of the pseudo-inverse of the Vandermonde matrix: the value of the fitted polynomial at 0.
std::vector<double> weights(std::span<const double> factors, Extrapolation method) {
  const auto rows = static_cast<Eigen::Index>(factors.size());
  const auto columns = std::min(degree(factors.size(), method) + 1, rows);
  Eigen::MatrixXd powers(rows, columns);
  for (Eigen::Index i = 0; i < rows; ++i)
    for (Eigen::Index j = 0; j < columns; ++j)
      powers(i, j) = std::pow(factors[static_cast<std::size_t>(i)], static_cast<double>(j));
  const Eigen::MatrixXd inverse = powers.completeOrthogonalDecomposition().pseudoInverse();
  std::vector<double> found(factors.size());
  for (Eigen::Index i = 0; i < rows; ++i) found[static_cast<std::size_t>(i)] = inverse(0, i);
  return found;
}

std::pair<double, double> extrapolated(std::span<const double> factors, std::span<const double> values,
                                       std::span<const double> errors, Extrapolation method) {
  const auto by_value = weights(factors, method);
  const auto error_of = [&](double scale, std::span<const double> each) {
    double variance = 0;
    for (std::size_t i = 0; i < each.size(); ++i) variance += by_value[i] * by_value[i] * each[i] * each[i];
    return scale * std::sqrt(variance);
  };
  if (method == Extrapolation::exponential) {
    std::vector<double> logarithms, relative;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (values[i] * values[0] <= 0) break;
      logarithms.push_back(std::log(std::abs(values[i])));
      if (!errors.empty()) relative.push_back(errors[i] / std::abs(values[i]));
    }
    if (logarithms.size() == values.size()) {
      const double value = std::copysign(std::exp(dot(by_value, logarithms)), values[0]);
      return {value, error_of(std::abs(value), relative)};
    }
  }
  return {dot(by_value, values), error_of(1, errors)};
}

}  // namespace qupel::mitigate
