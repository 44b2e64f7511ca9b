#include "qupel/problem/tabular/adjustments.h"

#include "qupel/problem/tabular/prior_shift.h"

namespace qupel {

void adjust_answer(const Adjustment& adjustment, std::span<const double> shares, Answer& answer) {
  const auto power = adjustment.find(prior_power), width = adjustment.find(interval_half_width);
  if (auto* classes = std::get_if<Classes>(&answer); classes && power != adjustment.end())
    shift_labels(*classes, shares, power->second);
  if (auto* numbers = std::get_if<Numbers>(&answer); numbers && width != adjustment.end())
    numbers->half_width = width->second;
}

}  // namespace qupel
