#pragma once
#include <span>
#include <utility>
#include <vector>

#include "qupel/circuit/circuit.h"

namespace qupel::rotations {

/// constant + sum of coefficient * value(slot), in radians.
struct LinearAngle {
  double constant = 0;
  std::vector<std::pair<Slot, double>> terms;

  LinearAngle() = default;
  explicit LinearAngle(double value) : constant(value) {}
  explicit LinearAngle(const Angle& angle);

  LinearAngle& add(const LinearAngle& other, double factor);
  LinearAngle times(double factor) const;

  bool zero() const;    ///< the constant 0, up to rounding
  bool varies() const;  ///< differs between samples: a feature takes part
  bool trains() const { return !terms.empty(); }
  /// The part that is the same for all samples.
  double uniform_part(std::span<const double> parameters) const;
  double value(std::span<const double> features, std::span<const double> parameters) const;

  friend bool operator==(const LinearAngle&, const LinearAngle&) = default;
};

}  // namespace qupel::rotations
