#include "qupel/problem/optimization/tries.h"

namespace qupel {

void Tries::add(Values values, std::int64_t count) {
  answer_.tries += count;
  if (!decision_.violation(values).empty()) return;
  const double objective = decision_.objective(values);
  const bool better = counts_.empty() || (decision_.maximised() ? objective > best_ : objective < best_);
  counts_[objective] += count;
  if (!better) return;
  best_ = objective;
  answer_.values = std::move(values);
}

Assignment Tries::take() && {
  answer_.tried.assign(counts_.begin(), counts_.end());
  return std::move(answer_);
}

}  // namespace qupel
