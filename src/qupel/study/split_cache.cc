#include "qupel/study/split_cache.h"

namespace qupel {

SplitCache::SplitCache(const Problem& problem, const Splitting& splitting, const std::vector<Split>& splits,
                       const std::vector<std::size_t>& uses)
    : problem_(problem), splitting_(splitting), splits_(splits), slots_(splits.size()) {
  for (std::size_t i = 0; i < uses.size(); ++i) slots_[i].uses_left = uses[i];
}

std::shared_ptr<const Work> SplitCache::take(std::size_t split) {
  auto& slot = slots_[split];
  const std::scoped_lock lock(slot.mutex);
  if (!slot.work) slot.work = std::make_shared<const Work>(problem_.prepare(splitting_, splits_[split]));
  auto work = slot.work;
  if (--slot.uses_left == 0) slot.work.reset();
  return work;
}

}  // namespace qupel
