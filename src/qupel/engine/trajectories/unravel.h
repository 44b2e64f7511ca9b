#pragma once
#include <optional>
#include <vector>

#include "qupel/noise/noise_model.h"

namespace qupel::trajectories {

/// A channel as what happens to a pure state by chance: damping of one qubit, then a Pauli error.
struct Unraveling {
  double damping = 0;          ///< probability that a qubit in |1> falls to |0>
  std::vector<double> errors;  ///< of each Pauli string; digit q base 4 is the letter I, X, Y, Z of qubit q
};

/// Nothing if the channel is not of that form: Pauli channels are, and of those on one qubit whatever relaxes
/// towards |0>.
std::optional<Unraveling> unravel(const NoiseStep& step);

}  // namespace qupel::trajectories
