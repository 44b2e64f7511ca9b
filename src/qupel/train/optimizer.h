#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace qupel {

/// Loss at `parameters`; fills `gradient` (same size). For stochastic optimisers `step` keys the mini-batch.
using Objective =
    std::function<double(std::span<const double> parameters, std::span<double> gradient, std::size_t step)>;

struct Optimum {
  std::vector<double> parameters{};
  std::vector<double> losses{};  ///< one a step
  std::size_t steps = 0;
  bool converged = false;
  std::string reason{};  ///< the rule that ended it, in words
};

struct AdamOptions {
  double learning_rate = 0.05, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
  std::size_t max_steps = 1000;
  /// Stop when |mean of the last `window` losses - mean of the window before| <= sd / (2 sqrt(window)), sd of
  /// the last window (Bowles et al. 2024, arXiv:2403.07059). 0: never.
  std::size_t window = 100;
  /// Steps an epoch. Stop when the mean loss of `patience` epochs in a row is not lower by `improvement` than
  /// that of the best epoch before (the rule of scikit-learn's MLPClassifier). 0: never.
  std::size_t epoch = 0;
  std::size_t patience = 10;
  double improvement = 1e-4;
};
/// Kingma and Ba 2015, arXiv:1412.6980. Calls check_interrupt() every step. A loss that is not finite ends
/// it, unconverged, at the last finite parameters.
Optimum adam(const Objective& objective, std::vector<double> start, const AdamOptions& options);

struct LbfgsOptions {
  std::size_t max_steps = 200, memory = 10;
  double gradient_tolerance = 1e-5;  ///< on the largest absolute component
  double relative_tolerance = 1e-9;  ///< on the decrease of the loss over a step
};
/// Limited-memory BFGS with a strong-Wolfe line search (Nocedal and Wright, algorithms 7.5 and 3.5).
Optimum lbfgs(const Objective& objective, std::vector<double> start, const LbfgsOptions& options);

}  // namespace qupel
