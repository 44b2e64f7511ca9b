#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "qupel/base/error.h"
#include "qupel/base/interrupt.h"
#include "qupel/train/numbers.h"
#include "qupel/train/optimizer.h"

namespace qupel {
namespace {

struct Moments {
  double mean, deviation;
};

Moments moments(std::span<const double> losses) {
  const double n = static_cast<double>(losses.size());
  double mean = 0, square = 0;
  for (const double loss : losses) mean += loss / n;
  for (const double loss : losses) square += (loss - mean) * (loss - mean) / n;
  return {mean, std::sqrt(square)};
}

bool stands_still(std::span<const double> losses, std::size_t window) {
  if (window == 0 || losses.size() < 2 * window) return false;
  const auto last = moments(losses.last(window));
  const auto before = moments(losses.last(2 * window).first(window));
  return std::abs(last.mean - before.mean) <= last.deviation / (2 * std::sqrt(static_cast<double>(window)));
}

/// Counts the epochs in a row that brought no lower loss.
class Patience {
 public:
  explicit Patience(const AdamOptions& options) : options_(options) {}

  /// Takes the losses of all steps so far. @return whether patience has run out
  bool ends(std::span<const double> losses) {
    if (options_.epoch == 0 || losses.size() % options_.epoch != 0) return false;
    const double mean = moments(losses.last(options_.epoch)).mean;
    waited_ = mean > best_ - options_.improvement ? waited_ + 1 : 0;
    best_ = std::min(best_, mean);
    return waited_ >= options_.patience;
  }

 private:
  const AdamOptions& options_;
  double best_ = std::numeric_limits<double>::infinity();
  std::size_t waited_ = 0;
};

/// The running averages of a component of the gradient and of its square.
struct Average {
  double gradient = 0, square = 0;
};

class AdamStep {
 public:
  AdamStep(std::size_t size, const AdamOptions& options) : options_(options), averages_(size) {}

  void apply(std::span<const double> gradient, std::span<double> parameters) {
    decay1_ *= options_.beta1;
    decay2_ *= options_.beta2;
    const double rate = options_.learning_rate / (1 - decay1_), correction = 1 / (1 - decay2_);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      Average& average = averages_[i];
      average.gradient += (1 - options_.beta1) * (gradient[i] - average.gradient);
      average.square += (1 - options_.beta2) * (gradient[i] * gradient[i] - average.square);
      parameters[i] -= rate * average.gradient / (std::sqrt(average.square * correction) + options_.epsilon);
    }
  }

 private:
  const AdamOptions& options_;
  std::vector<Average> averages_;
  double decay1_ = 1, decay2_ = 1;  // beta to the power of the step
};

void check(const AdamOptions& options) {
  if (!(options.learning_rate > 0) || !std::isfinite(options.learning_rate))
    throw InputError(
        fmt::format("Adam's learning rate must be above 0 and finite, not {}", options.learning_rate));
}

}  // namespace

Optimum adam(const Objective& objective, std::vector<double> start, const AdamOptions& options) {
  check(options);
  Optimum optimum{.parameters = std::move(start),
                  .reason = fmt::format("step limit of {}", options.max_steps)};
  std::vector<double> gradient(optimum.parameters.size()), previous = optimum.parameters;
  optimum.losses.reserve(options.max_steps);
  AdamStep step(gradient.size(), options);
  Patience patience(options);
  while (optimum.steps < options.max_steps) {
    check_interrupt();
    const double loss = objective(optimum.parameters, gradient, optimum.steps);
    if (!std::isfinite(loss) || !all_finite(gradient)) {
      optimum.parameters = std::move(previous);
      optimum.reason = fmt::format("the loss or its gradient was not finite at step {}", optimum.steps);
      return optimum;
    }
    optimum.losses.push_back(loss);
    ++optimum.steps;
    if (stands_still(optimum.losses, options.window)) {
      optimum.converged = true;
      optimum.reason = fmt::format("the mean loss of the last {} steps no longer differs from the {} before",
                                   options.window, options.window);
      return optimum;
    }
    if (patience.ends(optimum.losses)) {
      optimum.converged = true;
      optimum.reason = fmt::format("no epoch of {} in a row lowered the mean loss by {:g}", options.patience,
                                   options.improvement);
      return optimum;
    }
    previous = optimum.parameters;
    step.apply(gradient, optimum.parameters);
  }
  return optimum;
}

}  // namespace qupel
