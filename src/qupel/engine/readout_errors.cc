#include "qupel/engine/readout_errors.h"

#include "qupel/base/random.h"
#include "qupel/engine/binomial.h"

namespace qupel {
namespace {

// Number `bit` of a key, which says what was measured; and the key with the other value there.
bool is_one(std::uint64_t state, std::size_t bit) { return ((state >> bit) & 1) != 0; }
std::uint64_t other(std::uint64_t state, std::size_t bit) { return state ^ std::uint64_t{1} << bit; }
std::uint64_t stream_of(std::uint64_t state) { return state; }

bool is_one(const std::string& bits, std::size_t bit) { return bits[bits.size() - 1 - bit] == '1'; }
std::string other(std::string bits, std::size_t bit) {
  bits[bits.size() - 1 - bit] = is_one(bits, bit) ? '0' : '1';
  return bits;
}
std::uint64_t stream_of(const std::string& bits) { return key_of(bits); }

template <class Key>
using Counts = std::map<Key, std::uint64_t>;

template <class Key>
Counts<Key> misread_bit(Counts<Key> counts, std::size_t bit, const ReadoutError& error, std::uint64_t seed) {
  if (error.none()) return counts;
  Counts<Key> result;
  for (const auto& [key, count] : counts) {
    Random random(derive(seed, {key_of("readout"), bit, stream_of(key)}));
    const bool one = is_one(key, bit);
    const auto wrong = binomial(random, count, error.probability(!one, one));
    if (wrong > 0) result[other(key, bit)] += wrong;
    if (wrong < count) result[key] += count - wrong;
  }
  return result;
}

}  // namespace

BasisCounts misread(BasisCounts counts, const NoiseModel& noise, int qubits, std::uint64_t seed) {
  Counts<std::uint64_t> read(counts.begin(), counts.end());
  for (int q = 0; q < qubits; ++q)
    read = misread_bit(std::move(read), static_cast<std::size_t>(q), noise.readout(q), seed);
  return {read.begin(), read.end()};
}

BitCounts misread(BitCounts counts, std::span<const FinalBit> readout, const NoiseModel& noise,
                  std::uint64_t seed) {
  for (std::size_t bit = 0; bit < readout.size(); ++bit) {
    if (readout[bit].from == FinalBit::From::qubit)
      counts = misread_bit(std::move(counts), bit, noise.readout(readout[bit].qubit), seed);
  }
  return counts;
}

}  // namespace qupel
