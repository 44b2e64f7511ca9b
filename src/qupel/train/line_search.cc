#include "qupel/train/line_search.h"

#include <algorithm>
#include <cmath>

namespace qupel {
namespace {

constexpr double sufficient_decrease = 1e-4, curvature = 0.9, largest_step = 1e10;
constexpr int bracketing_steps = 30, zoom_steps = 30;

bool finite(const LinePoint& point) { return std::isfinite(point.value) && std::isfinite(point.slope); }

/// The minimiser of the cubic through both points (Nocedal and Wright, equation 3.59), kept away from the
/// ends; the middle where there is none.
double interpolate(const LinePoint& a, const LinePoint& b) {
  const double middle = (a.t + b.t) / 2, margin = 0.1 * std::abs(b.t - a.t);
  if (!finite(a) || !finite(b)) return middle;
  const double d1 = a.slope + b.slope - 3 * (a.value - b.value) / (a.t - b.t);
  const double square = d1 * d1 - a.slope * b.slope;
  if (!(square >= 0)) return middle;
  const double d2 = std::copysign(std::sqrt(square), b.t - a.t);
  const double t = b.t - (b.t - a.t) * (b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2);
  if (!std::isfinite(t)) return middle;
  return std::clamp(t, std::min(a.t, b.t) + margin, std::max(a.t, b.t) - margin);
}

struct Search {
  const std::function<LinePoint(double)>& phi;
  LinePoint start;

  bool decreases(const LinePoint& point) const {
    return finite(point) && point.value <= start.value + sufficient_decrease * point.t * start.slope;
  }
  bool flat(const LinePoint& point) const { return std::abs(point.slope) <= -curvature * start.slope; }

  /// Algorithm 3.6: a good step lies between `low`, which decreases enough and
  /// has the lowest value seen, and `high`.
  std::optional<LinePoint> zoom(LinePoint low, LinePoint high) const {
    for (int i = 0; i < zoom_steps; ++i) {
      const LinePoint point = phi(interpolate(low, high));
      if (!decreases(point) || point.value >= low.value) {
        high = point;
      } else {
        if (flat(point)) return point;
        if (point.slope * (high.t - low.t) >= 0) high = low;
        low = point;
      }
    }
    return low.t > 0 ? std::optional(low) : std::nullopt;
  }

  /// Algorithm 3.5: doubles the step until a good one is bracketed.
  std::optional<LinePoint> bracket(double t) const {
    LinePoint previous = start;
    for (int i = 0; i < bracketing_steps && t < largest_step; ++i, t *= 2) {
      const LinePoint point = phi(t);
      if (!decreases(point) || (i > 0 && point.value >= previous.value)) return zoom(previous, point);
      if (flat(point)) return point;
      if (point.slope >= 0) return zoom(point, previous);
      previous = point;
    }
    return previous.t > 0 ? std::optional(previous) : std::nullopt;
  }
};

}  // namespace

std::optional<LinePoint> strong_wolfe(const std::function<LinePoint(double)>& phi, double value, double slope,
                                      double first) {
  if (!(slope < 0)) return std::nullopt;
  return Search{phi, {0, value, slope}}.bracket(first);
}

}  // namespace qupel
