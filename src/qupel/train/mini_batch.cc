#include "qupel/train/mini_batch.h"

#include <algorithm>

namespace qupel {

MiniBatches::MiniBatches(std::size_t rows, std::size_t size, std::uint64_t seed)
    : random_(derive(seed, {key_of("mini-batches")})),
      rows_(rows),
      order_(random_.permutation(rows)),
      batch_(std::min(rows, size)) {}

std::span<const std::size_t> MiniBatches::next() {
  for (auto& row : batch_) {
    if (used_ == rows_) {
      random_.shuffle(std::span(order_));
      used_ = 0;
    }
    row = order_[used_++];
  }
  return batch_;
}

}  // namespace qupel
