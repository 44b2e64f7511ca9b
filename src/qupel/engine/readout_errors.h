#pragma once
#include <cstdint>
#include <span>

#include "qupel/engine/bit_counts.h"
#include "qupel/noise/noise_model.h"

namespace qupel {

/// Counts of basis states, none twice, as they were read: each bit of each shot is wrong by chance. In
/// ascending order, keyed by the seed.
BasisCounts misread(BasisCounts counts, const NoiseModel& noise, int qubits, std::uint64_t seed);

/// The same of classical bits: those that qubits give at the end are wrong by chance, each for itself.
BitCounts misread(BitCounts counts, std::span<const FinalBit> readout, const NoiseModel& noise,
                  std::uint64_t seed);

}  // namespace qupel
