#pragma once
#include <cstdint>

#include "qupel/train/optimizer.h"

namespace qupel {

/// A loss that is only known with an error, such as one estimated from shots: two calls differ.
using NoisyObjective = std::function<double(std::span<const double> parameters)>;

struct SpsaOptions {
  std::size_t steps = 100;
  double perturbation = 0.1;     ///< of every parameter at the first step
  double first_step = 0.1;       ///< how far a parameter moves at the first step, about
  std::size_t calibration = 10;  ///< pairs of losses that tell how steep the loss is
  std::uint64_t seed = 0;
};
/// Simultaneous perturbation stochastic approximation: two losses a step, whatever the number of parameters,
/// along a random direction of signs; gains fall with the powers 0.602 and 0.101 of the step (Spall, IEEE
/// Trans. Aerosp. Electron. Syst. 34, 817, 1998), and the first is chosen by the slopes at the start (Kandala
/// et al., Nature 549, 242, 2017). The parameters are the mean of those of the last quarter of the steps,
/// which removes chance; Optimum::losses has the mean of both losses of a step. Calls check_interrupt() every
/// step.
Optimum spsa(const NoisyObjective& objective, std::vector<double> start, const SpsaOptions& options);

}  // namespace qupel
