#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "qupel/base/random.h"

namespace qupel {

/// Batches of rows: one random order of all rows after another, cut into equal pieces that may run from one
/// order into the next. The same seed gives the same batches.
class MiniBatches {
 public:
  /// A batch holds `size` rows, or all where there are fewer.
  MiniBatches(std::size_t rows, std::size_t size, std::uint64_t seed);

  /// The next batch; valid until the following call.
  std::span<const std::size_t> next();

 private:
  Random random_;
  std::size_t rows_, used_ = 0;
  std::vector<std::size_t> order_, batch_;
};

}  // namespace qupel
