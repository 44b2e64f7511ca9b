#include "qupel/model/qaoa/qaoa_training.h"

#include <algorithm>

#include "qupel/learn/fitting.h"
#include "qupel/model/qaoa/angles.h"
#include "qupel/train/optimizer.h"

namespace qupel {
namespace {

std::vector<double> packed(const QaoaAngles& angles, double scale) {
  std::vector<double> all;
  for (const double gamma : angles.gammas) all.push_back(gamma * scale);
  all.insert(all.end(), angles.betas.begin(), angles.betas.end());
  return all;
}

QaoaAngles unpacked(std::span<const double> all, double scale) {
  QaoaAngles angles;
  const auto layers = all.size() / 2;
  for (std::size_t l = 0; l < layers; ++l) angles.gammas.push_back(all[l] / scale);
  angles.betas.assign(all.begin() + static_cast<std::ptrdiff_t>(layers), all.end());
  return angles;
}

}  // namespace

TrainedAngles train_angles(QaoaRuns& runs, const QaoaAngles& start, double scale,
                           const QaoaTraining& training) {
  const Objective mean = [&](std::span<const double> parameters, std::span<double> gradient, std::size_t) {
    const auto angles = unpacked(parameters, scale);
    const auto found =
        training.share < 1 ? runs.tail_gradient(angles, training.share) : runs.gradient(angles);
    const auto layers = angles.gammas.size();
    for (std::size_t l = 0; l < layers; ++l) {
      gradient[l] = found.gradient.gammas[l] / (scale * scale);
      gradient[layers + l] = found.gradient.betas[l] / scale;
    }
    return found.objective / scale;
  };
  const auto optimum =
      lbfgs(mean, packed(start, scale),
            {.max_steps = training.steps, .gradient_tolerance = 1e-4, .relative_tolerance = 1e-6});
  return {unpacked(optimum.parameters, scale), fit_info(optimum)};
}

TrainedAngles train_ramp(QaoaRuns& runs, std::size_t layers, double scale, const QaoaTraining& training) {
  const auto unit = ramp_angles(layers, 1);
  const auto sloped = [&](std::span<const double> slopes) {
    auto angles = unit;
    for (double& gamma : angles.gammas) gamma *= slopes[0] / scale;
    for (double& beta : angles.betas) beta *= slopes[1];
    return angles;
  };
  const Objective mean = [&](std::span<const double> slopes, std::span<double> gradient, std::size_t) {
    const auto angles = sloped(slopes);
    const auto found =
        training.share < 1 ? runs.tail_gradient(angles, training.share) : runs.gradient(angles);
    gradient[0] = gradient[1] = 0;
    for (std::size_t l = 0; l < layers; ++l) {
      gradient[0] += unit.gammas[l] * found.gradient.gammas[l] / (scale * scale);
      gradient[1] += unit.betas[l] * found.gradient.betas[l] / scale;
    }
    return found.objective / scale;
  };
  const auto optimum =
      lbfgs(mean, {0.75, 0.75},
            {.max_steps = training.steps, .gradient_tolerance = 1e-4, .relative_tolerance = 1e-6});
  return {sloped(optimum.parameters), fit_info(optimum)};
}

std::vector<TrainedAngles> train_layer_by_layer(QaoaRuns& runs, const QaoaAngles& first, std::size_t layers,
                                                double scale, const QaoaTraining& training) {
  std::vector<TrainedAngles> all{train_angles(runs, first, scale, training)};
  for (std::size_t p = 2; p <= layers; ++p)
    all.push_back(train_angles(runs, interpolated(all.back().angles, p), scale, training));
  return all;
}

}  // namespace qupel
