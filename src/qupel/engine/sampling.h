#pragma once
#include <cstdint>
#include <functional>
#include <span>

#include "qupel/engine/bit_counts.h"

namespace qupel {

/// Writes the probabilities, up to a common factor, of stored indices first .. first + weights.size() - 1.
using Weights = std::function<void(std::uint64_t first, std::span<double> weights)>;

/// The sum of `count` such weights from index `first` on.
using WeightSum = std::function<double(std::uint64_t first, std::size_t count)>;

/// Draws `shots` indices below 2^bits. Returns (index, how often it was drawn) in ascending order of the
/// index. Indices are divided into chunks; how many shots fall into a chunk is a binomial draw given the
/// chunks before it, and the shots of a chunk are drawn one by one (distribution.h), or where there are
/// many for each index by a binomial draw for each. Same result for any number of threads.
/// @param sum may be given where it is faster than adding up weights
BasisCounts draw_counts(const Weights& weights, int bits, std::uint64_t shots, std::uint64_t seed,
                        int threads, const WeightSum& sum = {});

/// The same from the probabilities of all 2^bits indices.
BasisCounts draw_counts(std::span<const double> probabilities, std::uint64_t shots, std::uint64_t seed,
                        int threads);
/// About how many seconds draw_counts() takes.
double sampling_seconds(std::uint64_t shots, int bits);
/// About how many bytes the counts of so many shots on so many bits take, at most.
double counts_bytes(std::uint64_t shots, int bits);

}  // namespace qupel
