#pragma once

namespace qupel::rotations {

/// How a rotation of the pair (a, b) is computed from coefficients f and g, with t = angle/2. The first two
/// forms take two fused multiply-adds a pair, and leave a factor to the scale of the whole state.
enum class Form {
  tangent,    ///< (a - f b, b + f a) with f = tan t; leaves cos t
  cotangent,  ///< (f a - b, f b + a) with f = cot t, where the cosine is small; leaves sin t
  /// Three shears, by f = tan(t/2), g = sin t and f again; leaves nothing, so every lane may have its own
  /// angle.
  shear,
};

}  // namespace qupel::rotations
