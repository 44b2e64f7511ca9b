#include <algorithm>
#include <cmath>
#include <deque>
#include <functional>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "qupel/base/interrupt.h"
#include "qupel/train/line_search.h"
#include "qupel/train/numbers.h"
#include "qupel/train/optimizer.h"

namespace qupel {
namespace {

double dot(std::span<const double> a, std::span<const double> b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

double largest(std::span<const double> values) {
  double size = 0;
  for (const double value : values) size = std::max(size, std::abs(value));
  return size;
}

void add_scaled(double factor, std::span<const double> from, std::span<double> to) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += factor * from[i];
}

/// The inverse Hessian as the last pairs of steps s and gradient changes y (Nocedal and Wright,
/// algorithm 7.4).
class InverseHessian {
 public:
  explicit InverseHessian(std::size_t memory) : memory_(memory) {}

  /// Pairs without positive curvature are left out.
  void add(std::vector<double> s, std::vector<double> y) {
    const double curvature = dot(s, y);
    if (curvature <= 1e-12 * dot(y, y)) return;
    if (pairs_.size() == memory_) pairs_.pop_front();
    pairs_.push_back({std::move(s), std::move(y), 1 / curvature});
  }
  bool empty() const { return pairs_.empty(); }
  void clear() { pairs_.clear(); }

  /// Minus the inverse Hessian times the gradient.
  std::vector<double> descent(std::span<const double> gradient) const {
    std::vector<double> direction(gradient.begin(), gradient.end()), alpha(pairs_.size());
    for (std::size_t k = pairs_.size(); k-- > 0;) {
      alpha[k] = pairs_[k].rho * dot(pairs_[k].s, direction);
      add_scaled(-alpha[k], pairs_[k].y, direction);
    }
    const double scale = pairs_.empty() ? 1 : 1 / (pairs_.back().rho * dot(pairs_.back().y, pairs_.back().y));
    for (double& value : direction) value *= scale;
    for (std::size_t k = 0; k < pairs_.size(); ++k)
      add_scaled(alpha[k] - pairs_[k].rho * dot(pairs_[k].y, direction), pairs_[k].s, direction);
    for (double& value : direction) value = -value;
    return direction;
  }

 private:
  struct Pair {
    std::vector<double> s, y;
    double rho;
  };
  std::size_t memory_;
  std::deque<Pair> pairs_;
};

/// phi(t) = f(x + t p), and where it was evaluated last.
struct Line {
  const Objective& objective;
  std::size_t& evaluations;
  std::span<const double> origin, direction;
  double t = 0;
  std::vector<double> point = std::vector<double>(origin.size()), gradient = point;

  LinePoint operator()(double step) {
    t = step;
    for (std::size_t i = 0; i < point.size(); ++i) point[i] = origin[i] + t * direction[i];
    const double value = objective(point, gradient, evaluations++);
    return {t, value, dot(gradient, direction)};
  }
};

std::vector<double> difference(std::span<const double> a, std::span<const double> b) {
  std::vector<double> result(a.begin(), a.end());
  add_scaled(-1, b, result);
  return result;
}

Optimum finish(Optimum optimum, bool converged, std::string reason) {
  optimum.converged = converged;
  optimum.reason = std::move(reason);
  return optimum;
}

}  // namespace

Optimum lbfgs(const Objective& objective, std::vector<double> start, const LbfgsOptions& options) {
  Optimum optimum{.parameters = std::move(start)};
  std::size_t evaluations = 0;
  std::vector<double> gradient(optimum.parameters.size());
  double loss = objective(optimum.parameters, gradient, evaluations++);
  if (!std::isfinite(loss) || !all_finite(gradient))
    return finish(std::move(optimum), false, "the loss or its gradient was not finite at the start");
  InverseHessian hessian(options.memory);
  while (optimum.steps < options.max_steps) {
    check_interrupt();
    if (largest(gradient) <= options.gradient_tolerance)
      return finish(std::move(optimum), true,
                    fmt::format("the gradient fell below {:g}", options.gradient_tolerance));
    const auto direction = hessian.descent(gradient);
    Line line{objective, evaluations, optimum.parameters, direction};
    const double first = hessian.empty() ? std::min(1.0, 1 / std::sqrt(dot(gradient, gradient))) : 1.0;
    const auto found = strong_wolfe(std::ref(line), loss, dot(gradient, direction), first);
    if (!found) {
      if (hessian.empty())
        return finish(std::move(optimum), true, "no step along the gradient lowers the loss any more");
      hessian.clear();
      continue;
    }
    if (line.t != found->t) line(found->t);
    hessian.add(difference(line.point, optimum.parameters), difference(line.gradient, gradient));
    const double decrease = loss - found->value;
    optimum.parameters = std::move(line.point);
    gradient = std::move(line.gradient);
    loss = found->value;
    optimum.losses.push_back(loss);
    ++optimum.steps;
    if (decrease <= options.relative_tolerance * std::max(std::abs(loss), 1.0))
      return finish(std::move(optimum), true,
                    fmt::format("a step lowered the loss by less than {:g}", options.relative_tolerance));
  }
  return finish(std::move(optimum), false, fmt::format("step limit of {}", options.max_steps));
}

}  // namespace qupel
