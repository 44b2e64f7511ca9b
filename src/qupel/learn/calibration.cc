#include "qupel/learn/calibration.h"

#include <algorithm>
#include <cmath>

namespace qupel {
namespace {

/// Minus the log-likelihood of targets t in [0, 1] under a sigmoid, with its derivatives.
struct Likelihood {
  double value = 0, slope = 0, offset = 0, slope2 = 0, mixed = 0, offset2 = 0;
};

struct SmoothedTargets {
  double first, second;
  double of(const DecisionValue& decision) const { return decision.first ? first : second; }
};

/// Platt's targets: a class's frequency as if one more row of each were seen.
SmoothedTargets smoothed_targets(double firsts, double seconds) {
  return {(firsts + 1) / (firsts + 2), 1 / (seconds + 2)};
}

Likelihood likelihood(std::span<const DecisionValue> decisions, const SmoothedTargets& targets,
                      const Sigmoid& sigmoid) {
  Likelihood sum;
  for (const auto& decision : decisions) {
    const double t = targets.of(decision), z = sigmoid.slope * decision.value + sigmoid.offset;
    const double p = sigmoid(decision.value), spread = p * (1 - p);
    sum.value += t * z + std::max(-z, 0.0) + std::log1p(std::exp(-std::abs(z)));
    sum.slope += decision.value * (t - p);
    sum.offset += t - p;
    sum.slope2 += decision.value * decision.value * spread;
    sum.mixed += decision.value * spread;
    sum.offset2 += spread;
  }
  return sum;
}

Sigmoid newton_direction(const Likelihood& at) {
  constexpr double ridge = 1e-12;
  const double slope2 = at.slope2 + ridge, offset2 = at.offset2 + ridge;
  const double determinant = slope2 * offset2 - at.mixed * at.mixed;
  return {-(offset2 * at.slope - at.mixed * at.offset) / determinant,
          -(slope2 * at.offset - at.mixed * at.slope) / determinant};
}

}  // namespace

double Sigmoid::operator()(double decision) const { return 1 / (1 + std::exp(slope * decision + offset)); }

Sigmoid fit_sigmoid(std::span<const DecisionValue> decisions) {
  if (decisions.empty()) return {};
  const auto firsts = static_cast<double>(
      std::count_if(decisions.begin(), decisions.end(), [](const DecisionValue& d) { return d.first; }));
  const double seconds = static_cast<double>(decisions.size()) - firsts;
  const auto targets = smoothed_targets(firsts, seconds);
  constexpr int newton_steps = 100;
  constexpr double gradient_tolerance = 1e-5, smallest_step = 1e-10, sufficient_decrease = 1e-4;

  Sigmoid sigmoid{0, std::log((seconds + 1) / (firsts + 1))};
  Likelihood at = likelihood(decisions, targets, sigmoid);
  for (int i = 0; i < newton_steps; ++i) {
    if (std::abs(at.slope) < gradient_tolerance && std::abs(at.offset) < gradient_tolerance) break;
    const Sigmoid direction = newton_direction(at);
    const double descent = at.slope * direction.slope + at.offset * direction.offset;
    double step = 1;
    for (; step >= smallest_step; step /= 2) {
      const Sigmoid next{sigmoid.slope + step * direction.slope, sigmoid.offset + step * direction.offset};
      const Likelihood there = likelihood(decisions, targets, next);
      if (there.value >= at.value + sufficient_decrease * step * descent) continue;
      sigmoid = next;
      at = there;
      break;
    }
    if (step < smallest_step) break;
  }
  return sigmoid;
}

std::vector<double> couple(const Matrix<double>& pairwise) {
  const std::size_t n = pairwise.rows();
  Matrix<double> q(n, n);  // equation 12 of the paper
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) {
      if (i == j) continue;
      q(i, i) += pairwise(j, i) * pairwise(j, i);
      q(i, j) = -pairwise(j, i) * pairwise(i, j);
    }
  std::vector<double> p(n, 1 / static_cast<double>(n)), qp(n);
  const auto iterations = std::max<std::size_t>(100, n);
  const double tolerance = 0.005 / static_cast<double>(n);
  for (std::size_t iteration = 0; iteration < iterations; ++iteration) {
    double pqp = 0, error = 0;
    for (std::size_t i = 0; i < n; ++i) {
      qp[i] = 0;
      for (std::size_t j = 0; j < n; ++j) qp[i] += q(i, j) * p[j];
      pqp += p[i] * qp[i];
    }
    for (const double value : qp) error = std::max(error, std::abs(value - pqp));
    if (error < tolerance) break;
    for (std::size_t i = 0; i < n; ++i) {  // algorithm 2: one component, then the norm
      const double change = (pqp - qp[i]) / q(i, i), norm = 1 + change;
      p[i] += change;
      pqp = (pqp + change * (change * q(i, i) + 2 * qp[i])) / norm / norm;
      for (std::size_t j = 0; j < n; ++j) {
        qp[j] = (qp[j] + change * q(i, j)) / norm;
        p[j] /= norm;
      }
    }
  }
  return p;
}

}  // namespace qupel
