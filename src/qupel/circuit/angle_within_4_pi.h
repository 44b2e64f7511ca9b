#pragma once
#include <cmath>
#include <numbers>

namespace qupel {

/// The angle that differs from this one by a multiple of 4 pi, which is a period of every gate, and lies
/// between -2 pi and 2 pi. Exact to the last place for angles of any size, because the library's sine and
/// cosine are. Angles up to 4 pi stay as they are, to the bit.
inline double reduced_angle(double angle) {
  constexpr double large = 4 * std::numbers::pi;
  return std::abs(angle) <= large ? angle : 2 * std::atan2(std::sin(angle / 2), std::cos(angle / 2));
}

}  // namespace qupel
