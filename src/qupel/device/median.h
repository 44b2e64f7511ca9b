#pragma once
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace qupel {

/// Of the values that are no NaN, the mean of the middle two of an even number; NaN if there is none.
inline double median_of_known(std::vector<double> values) {
  std::erase_if(values, [](double value) { return std::isnan(value); });
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::sort(values.begin(), values.end());
  const auto half = values.size() / 2;
  if (values.size() % 2 == 1 || values[half - 1] == values[half]) return values[half];
  return (values[half - 1] + values[half]) / 2;
}

}  // namespace qupel
