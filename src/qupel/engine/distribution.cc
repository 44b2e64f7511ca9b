#include "qupel/engine/distribution.h"

#include <numeric>

namespace qupel {

Distribution::Distribution(std::vector<double> weights, std::uint64_t draws)
    : cumulative_(std::move(weights)) {
  std::partial_sum(cumulative_.begin(), cumulative_.end(), cumulative_.begin());
  const double sum = cumulative_.back();
  last_possible_ = static_cast<std::size_t>(std::ranges::lower_bound(cumulative_, sum) - cumulative_.begin());
  const auto size = cumulative_.size();
  if (draws < size / 4) return;
  // The size is a power of two, so that a number in [0, 1) is at least k / size exactly if its product with
  // the size is at least k.
  const double share = 1 / static_cast<double>(size);
  starts_.resize(size);
  std::size_t at = 0;
  for (std::size_t k = 0; k < size; ++k) {
    while (at < last_possible_ && cumulative_[at] <= static_cast<double>(k) * share * sum) ++at;
    starts_[k] = static_cast<std::uint32_t>(at);
  }
}

}  // namespace qupel
