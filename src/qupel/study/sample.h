#pragma once
#include <span>
#include <string_view>

namespace qupel {

/// Mean and unbiased variance of finite numbers. Equal numbers have exactly their value as mean and variance
/// 0.
struct Sample {
  double mean = 0, variance = 0;
};
/// @throws InputError if one is NaN or infinite
Sample sample(std::span<const double> values);

/// @throws InputError naming the first NaN or infinite value; `what` is its kind, for example "difference"
void require_finite(std::span<const double> values, std::string_view what);

}  // namespace qupel
