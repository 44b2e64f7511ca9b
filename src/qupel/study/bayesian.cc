#include <algorithm>
#include <array>
#include <cmath>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/study/sample.h"
#include "qupel/study/statistics.h"

// Bayesian tests over data sets, by sampling the weights of observations from a Dirichlet distribution.
namespace qupel {
namespace {

using Masses = std::array<double, 3>;  // left of the rope, inside, right

/// Gamma(shape, 1): Marsaglia and Tsang 2000; below shape 1 by Gamma(shape + 1) U^(1/shape).
double gamma_draw(Random& random, double shape) {
  if (shape < 1) return gamma_draw(random, shape + 1) * std::pow(1 - random.uniform(), 1 / shape);
  const double d = shape - 1.0 / 3, c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = random.normal(), v = std::pow(1 + c * x, 3);
    if (v > 0 && std::log(1 - random.uniform()) < 0.5 * x * x + d * (1 - v + std::log(v))) return d * v;
  }
}

/// How often each region has the most mass, over `draws` calls of `draw`. A Dirichlet draw is gamma draws up
/// to a common factor, which does not change the largest.
template <typename Draw>
Probabilities most_mass(std::size_t draws, Draw draw) {
  if (draws == 0) throw InputError("a Bayesian test needs 1 draw or more; 0 given");
  std::array<std::size_t, 3> wins{};
  for (std::size_t i = 0; i < draws; ++i) {
    const Masses masses = draw();
    ++wins[static_cast<std::size_t>(std::max_element(masses.begin(), masses.end()) - masses.begin())];
  }
  const auto share = [&](std::size_t r) { return static_cast<double>(wins[r]) / static_cast<double>(draws); };
  return {share(0), share(1), share(2)};
}

/// For each sorted value z_i: the sums z_i + z_j are left of -2 rope for j
/// < left, right of 2 rope for j >= right.
struct Reach {
  std::size_t left, right;
};

std::vector<Reach> reaches(const std::vector<double>& sorted, double rope) {
  std::vector<Reach> reach;
  for (const double z : sorted) {
    const auto left =
        std::partition_point(sorted.begin(), sorted.end(), [&](double y) { return z + y < -2 * rope; });
    const auto right = std::partition_point(left, sorted.end(), [&](double y) { return z + y <= 2 * rope; });
    reach.push_back(
        {static_cast<std::size_t>(left - sorted.begin()), static_cast<std::size_t>(right - sorted.begin())});
  }
  return reach;
}

}  // namespace

Probabilities bayesian_signed_rank(std::span<const double> differences, double rope, std::uint64_t seed,
                                   std::size_t draws) {
  require_finite(differences, "difference");
  constexpr double prior_weight = 0.5;
  std::vector<double> sorted(differences.begin(), differences.end());
  std::sort(sorted.begin(), sorted.end());
  const auto zero = std::lower_bound(sorted.begin(), sorted.end(), 0.0);
  const auto prior = static_cast<std::size_t>(zero - sorted.begin());
  sorted.insert(zero, 0.0);

  const auto reach = reaches(sorted, rope);
  std::vector<double> weight(sorted.size()), before(sorted.size() + 1);  // before[j]: sum of weights below j
  Random random(seed);
  return most_mass(draws, [&] {
    for (std::size_t i = 0; i < weight.size(); ++i) {
      weight[i] = gamma_draw(random, i == prior ? prior_weight : 1);
      before[i + 1] = before[i] + weight[i];
    }
    Masses masses{};
    for (std::size_t i = 0; i < weight.size(); ++i) {
      masses[0] += weight[i] * before[reach[i].left];
      masses[1] += weight[i] * (before[reach[i].right] - before[reach[i].left]);
      masses[2] += weight[i] * (before.back() - before[reach[i].right]);
    }
    return masses;
  });
}

}  // namespace qupel
