#include "qupel/engine/turn.h"

#include <cmath>

namespace qupel {

ReducedAngle reduced_angle(double angle) {
  const double turns = std::nearbyint(angle * turns_per_radian);
  const double half = 0.5 * turns;
  return {std::fma(-turns, full_turn_low, std::fma(-turns, full_turn, angle)), half != std::nearbyint(half)};
}

}  // namespace qupel
