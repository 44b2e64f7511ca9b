#pragma once
#include <cstdint>
#include <vector>

#include "qupel/problem/optimization/qubo.h"

namespace qupel {

/// Probabilities, one a variable, with which each is 1 if all were independent of each other, by mean-field
/// annealing: x_i = 1 / (1 + exp(field_i / T)) is solved variable by variable at falling temperature, with
/// small nudges that the seed draws, without which bits that are alike would stay even (Bilbro et al., NIPS
/// 1988). What circuits that begin warm begin with, and what they have to beat.
std::vector<double> relaxed_bits(const Qubo& qubo, std::uint64_t seed);

/// The same, kept so far from 0 and 1 that a mixer can still turn every bit (Egger, Marecek and Woerner,
/// Quantum 5, 479, 2021). @param margin from 0 to 0.5
std::vector<double> softened(std::vector<double> probabilities, double margin);

inline constexpr double warm_start_margin = 0.25;

}  // namespace qupel
