#pragma once
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "qupel/circuit/observable.h"

namespace qupel::mitigate {

/// How values at several noise factors are continued to a factor of 0.
struct Extrapolation {
  enum class Family {
    polynomial,   ///< of the degree: least squares
    richardson,   ///< the polynomial through all values
    exponential,  ///< exp(polynomial of the degree): least squares of the logarithms
  };
  Family family = Family::polynomial;
  int degree = 1;
  friend bool operator==(const Extrapolation&, const Extrapolation&) = default;
};
inline constexpr Extrapolation linear_fit{Extrapolation::Family::polynomial, 1};
inline constexpr Extrapolation richardson{Extrapolation::Family::richardson, 0};
inline constexpr Extrapolation exponential_fit{Extrapolation::Family::exponential, 1};

/// How many noise factors it needs.
std::size_t least_factors(const Extrapolation& method);

/// The result is the sum of weights times values, for all that are linear in the values; for exponential ones
/// those of the polynomial, which act on the logarithms.
std::vector<double> weights(std::span<const double> factors, const Extrapolation& method);

/// The values that an observable can have: between its constant minus and its constant plus the sum of the
/// sizes of its other weights.
struct Range {
  double low, high;
};
Range range_of(const Observable& observable);

/// Whether an extrapolated value is believed: it is finite, its standard error is at most the larger of 1 and
/// half the range's width, and it leaves the range by no more than three standard errors.
bool believed(double value, double error, const Range& range);

/// Value at 0 and its standard error. Where the method gives nothing to be believed (an exponential also
/// where signs differ), the straight line; where that gives nothing either, the value at the smallest factor.
/// @param errors of the values; none: they are exact
std::pair<double, double> extrapolated(std::span<const double> factors, std::span<const double> values,
                                       std::span<const double> errors, const Extrapolation& method,
                                       const Range& range);

}  // namespace qupel::mitigate
