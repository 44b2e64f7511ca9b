#pragma once

namespace qupel::rotations {

/// How a rotation by angle is computed from two coefficients; t = angle/2.
enum class Form {
  tangent,    ///< cos t (a - f b, b + f a), f = tan t: two fused multiply-adds a pair; cos t is left to the
              ///< scale
  cotangent,  ///< sin t (f a - b, f b + a), f = cot t: the same where the cosine is small
  shear,  ///< three shears by f = tan(t/2), g = sin t, f: nothing is left over, so it serves one angle a lane
};

}  // namespace qupel::rotations
