#include "qupel/train/spsa.h"

#include <fmt/format.h>

#include <cmath>

#include "qupel/base/interrupt.h"
#include "qupel/base/random.h"

namespace qupel {
namespace {

/// Losses on both sides of a point, in a random direction.
class Probe {
 public:
  Probe(const NoisyObjective& objective, std::uint64_t seed)
      : objective_(objective), random_(derive(seed, {key_of("spsa")})) {}

  void measure(std::span<const double> point, double distance) {
    direction_.resize(point.size());
    for (double& sign : direction_) sign = random_.below(2) == 0 ? 1 : -1;
    const double forward = at(point, distance), backward = at(point, -distance);
    slope_ = (forward - backward) / (2 * distance);
    mean_ = (forward + backward) / 2;
  }
  double slope() const { return slope_; }  ///< along the direction
  double mean() const { return mean_; }
  std::span<const double> direction() const { return direction_; }

 private:
  double at(std::span<const double> point, double distance) {
    std::vector<double> moved(point.begin(), point.end());
    for (std::size_t k = 0; k < moved.size(); ++k) moved[k] += distance * direction_[k];
    return objective_(moved);
  }

  const NoisyObjective& objective_;
  Random random_;
  std::vector<double> direction_;
  double slope_ = 0, mean_ = 0;
};

}  // namespace

Optimum spsa(const NoisyObjective& objective, std::vector<double> start, const SpsaOptions& options) {
  constexpr double gain_power = 0.602, perturbation_power = 0.101;
  Probe probe(objective, options.seed);
  double steepness = 0;
  for (std::size_t k = 0; k < options.calibration; ++k) {
    probe.measure(start, options.perturbation);
    steepness += std::abs(probe.slope()) / static_cast<double>(options.calibration);
  }
  const double stability = 0.1 * static_cast<double>(options.steps);
  const double gain = options.first_step * std::pow(1 + stability, gain_power) / std::max(steepness, 1e-6);
  Optimum found;
  found.parameters = std::move(start);
  std::vector<double> sum(found.parameters.size());
  const std::size_t averaged = std::max<std::size_t>(options.steps / 4, 1);
  for (std::size_t step = 0; step < options.steps; ++step) {
    check_interrupt();
    const auto number = static_cast<double>(step + 1);
    probe.measure(found.parameters, options.perturbation / std::pow(number, perturbation_power));
    const double rate = gain / std::pow(number + stability, gain_power);
    for (std::size_t k = 0; k < sum.size(); ++k) {
      found.parameters[k] -= rate * probe.slope() * probe.direction()[k];
      if (step + averaged >= options.steps) sum[k] += found.parameters[k] / static_cast<double>(averaged);
    }
    found.losses.push_back(probe.mean());
  }
  if (options.steps > 0) found.parameters = std::move(sum);
  found.steps = options.steps;
  found.converged = true;
  found.reason = fmt::format("{} steps of simultaneous perturbation", options.steps);
  return found;
}

}  // namespace qupel
