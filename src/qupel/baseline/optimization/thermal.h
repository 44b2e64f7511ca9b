#pragma once
#include "qupel/baseline/optimization/bit_state.h"
#include "qupel/baseline/optimization/quick_random.h"

namespace qupel {

struct InverseTemperatures {
  double hot, cold;
};

/// The hottest accepts the largest change of one bit with a probability of one half, the coldest the smallest
/// one with one in a hundred (as D-Wave's annealer has it, in spins).
InverseTemperatures temperatures_of(const Qubo& qubo, const Neighbours& neighbours);

/// The inverse temperature of each sweep of an annealing. It rises by equal steps from where most changes are
/// accepted to 40 in units of one over the median change of a bit at random bits: most problems freeze on the
/// way. If the smallest change is still likely there, as where weights differ by orders of magnitude, it goes
/// on by equal factors to the coldest of temperatures_of; both parts have sweeps by the orders of magnitude
/// that they span.
std::vector<double> cooling(const Qubo& qubo, const Neighbours& neighbours, std::size_t sweeps);

/// Offers every bit a flip once, at an inverse temperature (Metropolis).
void sweep(BitState& state, double beta, QuickRandom& random);

/// Offers every bit once to change places with a random other one: the number of ones stays.
void sweep_swaps(BitState& state, double beta, QuickRandom& random);

/// Bits of which so many are 1.
Bits random_bits_with(std::size_t ones, std::size_t count, QuickRandom& random);
Bits random_bits(std::size_t count, QuickRandom& random);

}  // namespace qupel
