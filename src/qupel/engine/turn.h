#pragma once

// Reduction of angles by whole turns.
namespace qupel {

/// 2 pi as the sum of two doubles (Cody and Waite).
inline constexpr double full_turn = 6.283185307179586, full_turn_low = 2.4492935982947064e-16;
inline constexpr double turns_per_radian = 0.15915494309189535;

/// An angle reduced to [-pi, pi], and whether an odd number of turns was taken off (then a rotation by half
/// of the angle changes sign).
struct ReducedAngle {
  double angle;
  bool odd_turns;
};
ReducedAngle reduced_angle(double angle);

}  // namespace qupel
