#include "qupel/engine/normal_form.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "qupel/base/error.h"

namespace qupel {
namespace {

// The power of two by which the largest weight has to be divided to lie between 1/2 and 1.
double scale_of(const Observable& observable) {
  double largest = 0;
  for (const auto& term : observable.terms) largest = std::max(largest, std::abs(term.weight));
  if (largest == 0) return 1;
  int exponent = 0;
  std::frexp(largest, &exponent);
  return std::ldexp(1.0, std::max(exponent, -1000));  // whose inverse is a number
}

}  // namespace

NormalForm normal_form(const Observable& observable) {
  NormalForm result;
  for (const auto& term : observable.terms) {
    if (term.pauli.identity()) {
      result.constant += term.weight;
    } else {
      result.terms.terms.push_back(term);
    }
  }
  if (result.terms.terms.empty()) return {0, 1, observable};
  result.scale = scale_of(result.terms);
  for (auto& term : result.terms.terms) term.weight /= result.scale;
  return result;
}

void require_weights(std::span<const Observable> observables) {
  constexpr double most = 1e150;
  for (const auto& observable : observables) {
    double sum = 0;
    for (const auto& term : observable.terms) sum += std::abs(term.weight);
    if (sum <= most) continue;
    throw InputError(
        fmt::format("the weights of an observable add up to {:.3g} in size: at most {:.0e}, so that its "
                    "variance is a number; divide them all by the same number",
                    sum, most));
  }
}

}  // namespace qupel
