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
/// How often the classical bits had each value: a character a bit, bit 0 last.
using BitCounts = std::map<std::string, std::uint64_t>;

/// Adds shots whose qubits were measured at the end to those counted by classical bit.
/// @param bits what the circuit wrote on its way
void add_counts(std::span<const FinalBit> readout, const std::vector<bool>& bits, const BasisCounts& drawn,
                BitCounts& to);

}  // namespace qupel
