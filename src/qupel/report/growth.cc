#include "qupel/report/growth.h"

#include <algorithm>
#include <cmath>

namespace qupel::report {
namespace {

double power_law(double x1, double y1, double x2, double y2, double x) {
  if (y1 <= 0 || y2 <= 0) return y1 + (y2 - y1) * (x - x1) / (x2 - x1);
  return y1 * std::pow(x / x1, std::log(y2 / y1) / std::log(x2 / x1));
}

/// The parabola through three points (Lagrange): exact for what grows with the number of pairs.
double parabola(const double (&xs)[3], const double (&ys)[3], double x) {
  double sum = 0;
  for (int i = 0; i < 3; ++i) {
    const double a = xs[(i + 1) % 3], b = xs[(i + 2) % 3];
    sum += ys[i] * (x - a) * (x - b) / ((xs[i] - a) * (xs[i] - b));
  }
  return sum;
}

}  // namespace

double growth_at(const EncodingGrowth& growth, const std::vector<long>& resource, double features) {
  const auto size = std::min(growth.features.size(), resource.size());
  if (size == 0) return 0;
  const auto x = [&](std::size_t i) { return static_cast<double>(growth.features[i]); };
  const auto y = [&](std::size_t i) { return static_cast<double>(resource[i]); };
  if (size == 1 || features <= x(0)) return y(0);
  std::size_t right = 1;
  while (right + 1 < size && x(right) < features) ++right;
  const auto left = right - 1;
  const bool steps_equal = right >= 2 && y(right) - y(left) == y(left) - y(left - 1);
  if (features > x(right) && steps_equal)
    return std::ceil(y(right) +
                     (y(right) - y(left)) * std::log(features / x(right)) / std::log(x(right) / x(left)));
  if (features > x(right) && right >= 2)
    return std::round(parabola({x(left - 1), x(left), x(right)}, {y(left - 1), y(left), y(right)}, features));
  return std::round(power_law(x(left), y(left), x(right), y(right), features));
}

}  // namespace qupel::report
