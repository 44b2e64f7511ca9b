#include "qupel/study/sample.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "qupel/base/error.h"

namespace qupel {

void require_finite(std::span<const double> values, std::string_view what) {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isfinite(values[i]))
      throw InputError(
          fmt::format("{} {} of {} is {}, which has no place in a test; score a failed fit, never "
                      "leave it out",
                      what, i + 1, values.size(), values[i]));
}

Sample sample(std::span<const double> values) {
  require_finite(values, "difference");
  if (values.empty()) return {};
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  if (*low == *high) return {.mean = *low, .variance = 0};
  const auto n = static_cast<double>(values.size());
  double mean = 0, squares = 0;
  for (const double value : values) mean += value / n;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return {.mean = mean, .variance = squares / (n - 1)};
}

}  // namespace qupel
