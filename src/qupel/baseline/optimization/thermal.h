#pragma once
#include "qupel/baseline/optimization/bit_state.h"
#include "qupel/baseline/optimization/quick_random.h"

namespace qupel {

struct InverseTemperatures {
  double hot, cold;
};

/// The hottest accepts the largest change with a probability of one half, the coldest the smallest one with
/// one in a hundred (the defaults of D-Wave's annealer).
InverseTemperatures temperatures_of(const Qubo& qubo, const Neighbours& neighbours);

/// Offers every bit a flip once, at an inverse temperature (Metropolis).
void sweep(BitState& state, double beta, QuickRandom& random);

/// Offers every bit once to change places with a random other one: the number of ones stays.
void sweep_swaps(BitState& state, double beta, QuickRandom& random);

/// Bits of which so many are 1.
Bits random_bits_with(std::size_t ones, std::size_t count, QuickRandom& random);
Bits random_bits(std::size_t count, QuickRandom& random);

}  // namespace qupel
