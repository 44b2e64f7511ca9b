#pragma once
#include <cmath>
#include <numbers>

namespace qupel {

/// The angle itself if its size is at most 4 pi; otherwise the one between -2 pi and 2 pi that differs from
/// it by a multiple of 4 pi, which is a period of every gate. Exact to the last place for angles of any size,
/// because the library's sine and cosine are.
inline double angle_within_4_pi(double angle) {
  constexpr double large = 4 * std::numbers::pi;
  return std::abs(angle) <= large ? angle : 2 * std::atan2(std::sin(angle / 2), std::cos(angle / 2));
}

}  // namespace qupel
