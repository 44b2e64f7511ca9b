#pragma once
#include "qupel/problem/optimization/qubo.h"

namespace qupel {

struct LowestEnergy {
  Bits bits;  ///< of those with the lowest energy the first that is met
  double energy = 0;
};

inline constexpr std::size_t most_enumerated = 32;  ///< variables: some seconds

/// The lowest energy of all 2^n bit strings. The first variables are taken together: their energies
/// are one table for every string of the others, which change one bit at a time (a Gray code).
/// @throws InputError for no variables or more than most_enumerated
LowestEnergy lowest_energy(const Qubo& qubo);

}  // namespace qupel
