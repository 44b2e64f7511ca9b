#pragma once
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace qupel::mitigate {

/// How values at several noise factors are continued to a factor of 0.
enum class Extrapolation {
  linear,       ///< least squares through all
  quadratic,    ///< least squares
  richardson,   ///< the polynomial through all
  exponential,  ///< a exp(-b factor): least squares of the logarithms; linear where signs differ
};
Extrapolation extrapolation(std::string_view name);  ///< @throws InputError naming the nearest

/// @throws InputError if so many factors are too few
void require_enough(std::size_t factors, Extrapolation method);

/// The result is the sum of weights times values, for all that are linear in the values; for exponential
/// those of linear.
std::vector<double> weights(std::span<const double> factors, Extrapolation method);

/// Value at 0 and its standard error. @param errors of the values; none: they are exact
std::pair<double, double> extrapolated(std::span<const double> factors, std::span<const double> values,
                                       std::span<const double> errors, Extrapolation method);

}  // namespace qupel::mitigate
