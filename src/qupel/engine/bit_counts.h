#pragma once
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "qupel/circuit/final_measurements.h"

namespace qupel {

/// How often each basis state was drawn.
using BasisCounts = std::vector<std::pair<std::uint64_t, std::uint64_t>>;
/// How often the classical bits had each value. A value has one character for each bit, bit 0 last.
using BitCounts = std::map<std::string, std::uint64_t>;

/// Adds shots that were drawn as basis states to counts by classical bits.
/// @param readout the bits that measurements at the end of the circuit write
/// @param bits the values that the circuit has written before its end
void add_counts(std::span<const FinalBit> readout, const std::vector<bool>& bits, const BasisCounts& drawn,
                BitCounts& to);

}  // namespace qupel
