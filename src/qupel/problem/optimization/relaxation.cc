#include "qupel/problem/optimization/relaxation.h"

#include <algorithm>
#include <cmath>

#include "qupel/base/random.h"

namespace qupel {

std::vector<double> relaxed_bits(const Qubo& qubo, std::uint64_t seed) {
  const auto neighbours = neighbours_of(qubo);
  Random random(derive(seed, {key_of("relaxed bits")}));
  std::vector<double> x(qubo.size());
  const auto nudge = [&] { return 0.02 * (random.uniform() - 0.5); };
  for (double& value : x) value = 0.5 + nudge();
  double largest = 0;
  for (std::size_t i = 0; i < qubo.size(); ++i) {
    double most = std::abs(qubo.linear[i]);
    for (auto k = neighbours.first[i]; k < neighbours.first[i + 1]; ++k)
      most += std::abs(neighbours.weight[k]);
    largest = std::max(largest, most);
  }
  if (largest == 0) return std::vector<double>(qubo.size(), 0.5);
  constexpr int steps = 60;
  for (int step = 0; step < steps; ++step) {
    const double temperature = largest * std::pow(0.02, static_cast<double>(step) / (steps - 1));
    for (std::size_t i = 0; i < qubo.size(); ++i) {
      double field = qubo.linear[i];
      for (auto k = neighbours.first[i]; k < neighbours.first[i + 1]; ++k)
        field += neighbours.weight[k] * x[neighbours.other[k]];
      x[i] = std::clamp(1 / (1 + std::exp(field / temperature)) + nudge(), 0.0, 1.0);
    }
  }
  return x;
}

std::vector<double> softened(std::vector<double> probabilities, double margin) {
  for (double& p : probabilities) p = std::clamp(p, margin, 1 - margin);
  return probabilities;
}

}  // namespace qupel
