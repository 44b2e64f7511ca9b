#pragma once
#include <functional>
#include <optional>

namespace qupel {

/// A point of phi(t) = f(x + t p) with its slope phi'(t).
struct LinePoint {
  double t = 0, value = 0, slope = 0;
};

/// A step that satisfies the strong Wolfe conditions with c1 = 1e-4 and c2 = 0.9: enough decrease, and a
/// slope at most c2 times as steep as at 0 (Nocedal and Wright, Numerical Optimization, 2nd edition,
/// algorithms 3.5 and 3.6, with cubic interpolation). Values that are not finite count as too high. Where
/// rounding hides the slope's zero, a step with enough decrease is taken as it is; empty if there is none.
/// @param value, slope at t = 0; slope must be negative
/// @param first the first step to try
std::optional<LinePoint> strong_wolfe(const std::function<LinePoint(double)>& phi, double value, double slope,
                                      double first);

}  // namespace qupel
