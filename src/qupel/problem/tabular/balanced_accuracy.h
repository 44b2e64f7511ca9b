#pragma once
#include <algorithm>
#include <cstddef>
#include <span>

namespace qupel {

/// Mean recall on the scale of all K classes, where some may not occur among the test rows:
///     1/K + (1 - 1/K) (r - 1/p) / (1 - 1/p)
/// for the mean recall r over the p classes that occur. It is 1 where all rows are right, 1/K where one class
/// that occurs is always predicted, and r where p = K. Rows of one class alone say nothing: 1/K. Not below 0.
/// @param right rows predicted right, by class
/// @param count rows, by class: 0 does not occur
inline double balanced_accuracy(std::span<const double> right, std::span<const double> count) {
  const auto classes = static_cast<double>(count.size());
  double recalls = 0, present = 0;
  for (std::size_t c = 0; c < count.size(); ++c)
    if (count[c] > 0) recalls += right[c] / count[c], present += 1;
  const double recall = recalls / present, chance = 1 / classes;
  if (present == classes) return recall;
  if (present < 2) return chance;
  return std::max(0.0, chance + (1 - chance) * (recall - 1 / present) / (1 - 1 / present));
}

}  // namespace qupel
