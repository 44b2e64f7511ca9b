#include "qupel/circuit/standard_error.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace qupel {

double missed_probability(double draws) { return 1.36 / draws; }

double value_range(const Observable& observable) {
  double sum = 0;
  for (const auto& term : observable.terms) {
    if (!term.pauli.identity()) sum += std::abs(term.weight);
  }
  return 2 * sum;
}

double standard_error(const Draws& draws) {
  const double n = draws.count, mean = draws.mean();
  if (n <= 1) return std::numeric_limits<double>::infinity();
  // Rounding may leave less than 0.
  const double variance = std::max(draws.sum_of_squares / n - mean * mean, 0.0);
  return std::hypot(std::sqrt(variance / (n - 1)),
                    draws.range * std::min(draws.untaken, missed_probability(n)));
}

}  // namespace qupel
