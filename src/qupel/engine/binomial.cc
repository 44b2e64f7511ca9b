#include "qupel/engine/binomial.h"

#include <cmath>
#include <numbers>

namespace qupel {
namespace {

// log k!: by definition for small k, else Stirling's series (error below 1e-13 from k = 16 on). std::lgamma
// is no choice: it writes a global.
double log_factorial(double k) {
  if (k < 16) {
    double product = 1;
    for (double i = 2; i <= k; ++i) product *= i;
    return std::log(product);
  }
  const double inverse = 1 / k, square = inverse * inverse;
  return (k + 0.5) * std::log(k) - k + 0.5 * std::log(2 * std::numbers::pi) +
         inverse * (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square / 1680)));
}

std::uint64_t by_inversion(Random& random, double n, double p) {
  const double odds = p / (1 - p);
  double probability = std::exp(n * std::log1p(-p));
  double u = random.uniform(), k = 0;
  while (u >= probability && k < n) {
    u -= probability;
    ++k;
    probability *= odds * (n - k + 1) / k;
  }
  return static_cast<std::uint64_t>(k);
}

std::uint64_t by_rejection(Random& random, double n, double p) {
  const double deviation = std::sqrt(n * p * (1 - p));
  const double b = 1.15 + 2.53 * deviation, a = -0.0873 + 0.0248 * b + 0.01 * p, c = n * p + 0.5;
  const double squeeze = 0.92 - 4.2 / b, alpha = (2.83 + 5.1 / b) * deviation;
  const double log_odds = std::log(p / (1 - p)), mode = std::floor((n + 1) * p);
  const double at_mode = log_factorial(mode) + log_factorial(n - mode);
  for (;;) {
    const double u = random.uniform() - 0.5, v = random.uniform(), us = 0.5 - std::abs(u);
    const double k = std::floor((2 * a / us + b) * u + c);
    if (!(k >= 0 && k <= n)) continue;
    if (us >= 0.07 && v <= squeeze) return static_cast<std::uint64_t>(k);
    const double bound = at_mode - log_factorial(k) - log_factorial(n - k) + (k - mode) * log_odds;
    if (std::log(v * alpha / (a / (us * us) + b)) <= bound) return static_cast<std::uint64_t>(k);
  }
}

}  // namespace

std::uint64_t binomial(Random& random, std::uint64_t trials, double p) {
  if (!(p > 0) || trials == 0) return 0;
  if (p >= 1) return trials;
  if (p > 0.5) return trials - binomial(random, trials, 1 - p);
  const auto n = static_cast<double>(trials);
  return n * p < 10 ? by_inversion(random, n, p) : by_rejection(random, n, p);
}

}  // namespace qupel
