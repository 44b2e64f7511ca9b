#pragma once
#include <algorithm>
#include <cmath>
#include <span>

namespace qupel {

inline bool all_finite(std::span<const double> values) {
  return std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
}

}  // namespace qupel
