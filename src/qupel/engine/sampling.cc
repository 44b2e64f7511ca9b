#include "qupel/engine/sampling.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numeric>

#include "qupel/base/parallel.h"
#include "qupel/base/random.h"
#include "qupel/engine/binomial.h"
#include "qupel/engine/distribution.h"

namespace qupel {
namespace {

// The probabilities of a chunk fit the first-level cache, and there are so few chunks that their list costs
// nothing beside them.
int chunk_bits(int bits) { return std::min(bits, std::max(12, bits - 14)); }

// Adds up in several partial sums, which do not wait for each other.
double sum(std::span<const double> values) {
  std::array<double, 16> parts{};
  for (std::size_t i = 0; i < values.size(); ++i) parts[i % parts.size()] += values[i];
  return std::accumulate(parts.begin(), parts.end(), 0.0);
}

std::vector<double> chunk_sums(const WeightSum& sum, int bits, int threads) {
  const std::size_t size = std::size_t{1} << chunk_bits(bits);
  std::vector<double> sums((std::size_t{1} << bits) / size);
  parallel_for(sums.size(), threads, [&](std::size_t c) { sums[c] = sum(c * size, size); });
  return sums;
}

// A multinomial draw: one binomial after the other, each of the shots that are left.
std::vector<std::uint64_t> shots_of_chunks(std::span<const double> sums, std::uint64_t shots,
                                           std::uint64_t seed) {
  std::vector<double> left(sums.begin(), sums.end());
  std::partial_sum(left.rbegin(), left.rend(), left.rbegin());
  std::vector<std::uint64_t> result(sums.size());
  for (std::size_t c = 0; c < sums.size() && shots > 0; ++c) {
    Random random(derive(seed, {key_of("chunk"), c}));
    const bool last = c + 1 == sums.size() || left[c + 1] <= 0;
    result[c] = last ? shots : binomial(random, shots, sums[c] / left[c]);
    shots -= result[c];
  }
  return result;
}

// The same within a chunk, from one stream.
std::vector<std::uint64_t> multinomial(std::span<const double> weights, std::uint64_t shots, Random& random) {
  std::vector<double> left(weights.begin(), weights.end());
  std::partial_sum(left.rbegin(), left.rend(), left.rbegin());
  std::vector<std::uint64_t> result(weights.size());
  for (std::size_t i = 0; i < weights.size() && shots > 0; ++i) {
    const bool last = i + 1 == weights.size() || left[i + 1] <= 0;
    result[i] = last ? shots : binomial(random, shots, weights[i] / left[i]);
    shots -= result[i];
  }
  return result;
}

// Shots are drawn one by one, or where there are many for each entry all of an entry at once.
bool by_entries(double shots, double entries) {
  constexpr double most_one_by_one = 100'000, many = 64;
  return shots > most_one_by_one && shots > many * entries;
}

std::vector<std::uint64_t> counts_of(std::vector<double> weights, std::uint64_t shots, Random& random) {
  if (by_entries(static_cast<double>(shots), static_cast<double>(weights.size())))
    return multinomial(weights, shots, random);
  std::vector<std::uint64_t> counts(weights.size());
  const Distribution distribution(std::move(weights), shots);
  for (std::uint64_t shot = 0; shot < shots; ++shot) ++counts[distribution.draw(random)];
  return counts;
}

BasisCounts draw_chunk(const Weights& weights, std::uint64_t first, std::size_t size, std::uint64_t shots,
                       Random random) {
  std::vector<double> chunk(size);
  weights(first, chunk);
  const auto counts = counts_of(std::move(chunk), shots, random);
  BasisCounts result;
  for (std::size_t i = 0; i < size; ++i) {
    if (counts[i] > 0) result.emplace_back(first + i, counts[i]);
  }
  return result;
}

}  // namespace

double sampling_seconds(std::uint64_t shots, int bits) {
  constexpr double shot_seconds = 3e-8, entry_seconds = 3e-9, binomial_seconds = 5e-7;
  const auto drawn = static_cast<double>(shots);
  const double entries = std::ldexp(1.0, bits), chunks = std::ldexp(1.0, bits - chunk_bits(bits));
  const bool entirely = by_entries(drawn / chunks, entries / chunks);
  return entries * (entirely ? binomial_seconds : entry_seconds) + (entirely ? 0 : drawn * shot_seconds);
}

double counts_bytes(std::uint64_t shots, int bits) {
  constexpr double bytes = 64;  // of an outcome and its count, here and in the map of all
  return bytes * std::min(static_cast<double>(shots), std::ldexp(1.0, bits));
}

BasisCounts draw_counts(const Weights& weights, int bits, std::uint64_t shots, std::uint64_t seed,
                        int threads, const WeightSum& known_sum) {
  const auto added = [&](std::uint64_t first, std::size_t count) {
    std::vector<double> values(count);
    weights(first, values);
    return sum(values);
  };
  const std::size_t size = std::size_t{1} << chunk_bits(bits);
  const auto sums = chunk_sums(known_sum ? known_sum : WeightSum(added), bits, threads);
  const auto in_chunk = shots_of_chunks(sums, shots, seed);
  std::vector<BasisCounts> parts(in_chunk.size());
  parallel_for(parts.size(), threads, [&](std::size_t c) {
    if (in_chunk[c] > 0)
      parts[c] = draw_chunk(weights, c * size, size, in_chunk[c], Random(derive(seed, {key_of("shots"), c})));
  });
  BasisCounts all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

BasisCounts draw_counts(std::span<const double> probabilities, std::uint64_t shots, std::uint64_t seed,
                        int threads) {
  const auto copy = [&](std::uint64_t first, std::span<double> weights) {
    std::ranges::copy(probabilities.subspan(first, weights.size()), weights.begin());
  };
  return draw_counts(copy, std::countr_zero(probabilities.size()), shots, seed, threads);
}

}  // namespace qupel
