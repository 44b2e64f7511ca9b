#pragma once
#include <span>
#include <vector>

#include "qupel/circuit/observable.h"
#include "qupel/engine/rotations/frame.h"
#include "qupel/engine/rotations/parity_tree.h"
#include "qupel/engine/rotations/support.h"

namespace qupel::rotations {

/// Observables' Pauli strings i^k X^x Z^z with one x and one parity of k: their expectation values are
/// weighted parity sums of one table over s, t(s) = Re or Im of conj(psi[s ^ x]) psi[s].
struct Measurement {
  Mask x = 0;
  bool imaginary = false;
  std::vector<Mask> masks;  ///< the distinct z
  ParityTree parities;      ///< of `masks`
  struct Term {
    int mask;  ///< position in `masks`
    int observable;
    double weight;     ///< times the sum over the table
    double amplitude;  ///< times the sum applied to the state: P psi = amplitude * (-1)^(z.s) [i] psi[s ^ x]
  };
  std::vector<Term> terms;
};

/// Whether one parity of the basis index decides all values.
inline bool is_one_parity(std::span<const Measurement> measurements) {
  return measurements.size() == 1 && measurements[0].x == 0 && measurements[0].masks.size() == 1;
}

/// Observables as they act on the coordinates of stored indices.
struct Measurements {
  std::vector<Measurement> groups;
  std::vector<double> constants;  ///< by observable: the weight of the identity
};

/// Strings that lead out of the support have the value 0 and are left out.
Measurements measurements(std::span<const Observable> observables, const Frame& frame,
                          const Support& support);

}  // namespace qupel::rotations
