#pragma once
#include <memory>
#include <mutex>
#include <vector>

#include "qupel/problem/problem.h"

namespace qupel {

/// Hands out a split's work to the trials that need it: made once, dropped after the last.
class SplitCache {
 public:
  SplitCache(const Problem& problem, const Splitting& splitting, const std::vector<Split>& splits,
             const std::vector<std::size_t>& uses);
  std::shared_ptr<const Work> take(std::size_t split);

 private:
  struct Slot {
    std::mutex mutex;
    std::shared_ptr<const Work> work;
    std::size_t uses_left = 0;
  };
  const Problem& problem_;
  Splitting splitting_;
  const std::vector<Split>& splits_;
  std::vector<Slot> slots_;
};

}  // namespace qupel
