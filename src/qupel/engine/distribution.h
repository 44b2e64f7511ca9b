#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "qupel/base/random.h"

namespace qupel {

/// Draws indices of a list of weights, each as often as its share of their sum, by inverting the cumulative
/// distribution. Many draws find their index with a table of starting points (indexed search: Chen and Asau,
/// "On generating random variates from an empirical distribution", AIIE Transactions 6, 1974), few by
/// bisection; the indices are the same.
class Distribution {
 public:
  /// @param weights none below 0, their sum above 0; their number is a power of two
  /// @param draws that are to come; it decides whether the table is worth it
  Distribution(std::vector<double> weights, std::uint64_t draws);

  std::size_t draw(Random& random) const {
    const double chance = random.uniform(), target = chance * cumulative_.back();
    if (starts_.empty())
      return std::min(last_possible_, static_cast<std::size_t>(std::ranges::upper_bound(cumulative_, target) -
                                                               cumulative_.begin()));
    std::size_t at = starts_[static_cast<std::size_t>(chance * static_cast<double>(starts_.size()))];
    while (at < last_possible_ && cumulative_[at] <= target) ++at;
    return at;
  }

 private:
  std::vector<double> cumulative_;
  std::size_t last_possible_;  // the weights beyond it are 0
  // Of k: the first index above k / size of the sum.
  std::vector<std::uint32_t> starts_;
};

}  // namespace qupel
