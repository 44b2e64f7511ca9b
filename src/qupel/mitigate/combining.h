#pragma once
#include <span>
#include <vector>

#include "qupel/mitigate/extrapolation.h"
#include "qupel/mitigate/mitigation.h"

// What techniques share that make one value of several results.
namespace qupel::mitigate {

inline std::vector<Range> ranges_of(std::span<const Observable> observables) {
  std::vector<Range> ranges;
  for (const auto& observable : observables) ranges.push_back(range_of(observable));
  return ranges;
}

/// Observable by observable: make(values, errors, range) of one's value in each result and the standard
/// errors of those (none: exact) gives its value and standard error.
template <typename Make>
Estimate combined(std::span<const Estimate> results, std::span<const Range> ranges, Make&& make) {
  Estimate estimate;
  for (std::size_t o = 0; o < ranges.size(); ++o) {
    std::vector<double> values, errors;
    for (const auto& result : results) {
      values.push_back(result.values[o]);
      if (!result.errors.empty()) errors.push_back(result.errors[o]);
    }
    const auto [value, error] =
        make(std::span<const double>(values), std::span<const double>(errors), ranges[o]);
    estimate.values.push_back(value);
    if (!errors.empty()) estimate.errors.push_back(error);
  }
  return estimate;
}

}  // namespace qupel::mitigate
