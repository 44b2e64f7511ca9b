#include "qupel/mitigate/readout_overhead.h"

#include <algorithm>

namespace qupel::mitigate {

double readout_variance(const Job& job) {
  double most = 1;
  for (const auto& observable : job.observables)
    for (const auto& term : observable.terms) {
      double factor = 1;
      for (const auto& [qubit, letter] : term.pauli.letters()) {
        const auto error = job.noise.readout(qubit);
        const double kept = 1 - error.one_for_zero - error.zero_for_one;
        factor /= kept * kept;
      }
      most = std::max(most, factor);
    }
  return most;
}

}  // namespace qupel::mitigate
