#pragma once
#include <span>
#include <vector>

#include "qupel/circuit/observable.h"
#include "qupel/engine/rotations/frame.h"
#include "qupel/engine/rotations/parity_tree.h"
#include "qupel/engine/rotations/support.h"

namespace qupel::rotations {

/// The Pauli strings i^k X^x Z^z of all observables that share one x and one parity of k. Their expectation
/// values are sums over stored indices s of (-1)^(z.s) t(s), for one table t(s) = Re or Im of conj(psi[s ^
/// x]) psi[s].
struct Measurement {
  Mask x = 0;
  bool imaginary = false;   ///< k is odd: the table holds imaginary parts
  std::vector<Mask> masks;  ///< the distinct z
  ParityTree parities;      ///< computes the sums for all `masks`
  struct Term {
    int mask;  ///< position in `masks`
    int observable;
    double weight;     ///< the term's expectation value is `weight` times the sum over the table
    double amplitude;  ///< the term maps psi to amplitude * (-1)^(z.s) [times i if imaginary] psi[s ^ x]
  };
  std::vector<Term> terms;
};

/// Observables, as they act on the coordinates of stored indices in a support.
struct Measurements {
  std::vector<Measurement> groups;
  std::vector<double> constants;  ///< by observable: the weight of the identity
};

/// Strings that lead out of the support have expectation value 0 and are left out.
Measurements measurements(std::span<const Observable> observables, const Frame& frame,
                          const Support& support);

}  // namespace qupel::rotations
