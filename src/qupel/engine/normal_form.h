#pragma once
#include <span>

#include "qupel/circuit/observable.h"

namespace qupel {

/// The observable constant + scale * terms. The terms hold no identity, and the largest of their weights lies
/// between 1/2 and 1, so that neither a large constant nor the size of the weights costs a variance its
/// precision. The scale is a power of two: no weight is rounded.
struct NormalForm {
  double constant = 0;
  double scale = 1;
  Observable terms;  ///< as they were given if the observable is a constant
};

NormalForm normal_form(const Observable& observable);

/// @throws InputError unless the weights of each observable are numbers whose sizes add up to 1e150 at most:
/// their variances are then numbers, too
void require_weights(std::span<const Observable> observables);

}  // namespace qupel
