#pragma once
#include <cstdint>
#include <span>

#include "qupel/engine/bit_counts.h"
#include "qupel/noise/noise_model.h"

namespace qupel {

/// Counts of basis states as a device with readout errors would have read them: each bit of each shot may be
/// read wrongly. The result is in ascending order, no state twice, and keyed by the seed.
BasisCounts misread(BasisCounts counts, const NoiseModel& noise, int qubits, std::uint64_t seed);

/// The same for counts by classical bits: only bits that measurements at the end write may be read wrongly.
BitCounts misread(BitCounts counts, std::span<const FinalBit> readout, const NoiseModel& noise,
                  std::uint64_t seed);

}  // namespace qupel
