#pragma once
#include <bit>
#include <cstdint>

#include "qupel/base/random.h"

namespace qupel {

/// Random numbers for the inner loops of heuristics, where a counter-based generator would take most of the
/// time: xoshiro256++ (Blackman and Vigna, ACM TOMS 47, 2021), started from a keyed stream.
class QuickRandom {
 public:
  explicit QuickRandom(std::uint64_t seed) {
    Random start(seed);
    for (auto& word : state_) word = start.bits();
    state_[0] |= 1;
  }

  std::uint64_t bits() {
    const auto result = std::rotl(state_[0] + state_[3], 23) + state_[0];
    const auto shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }
  std::uint8_t bit() { return static_cast<std::uint8_t>(bits() >> 63); }
  double uniform() { return uniform_of(bits()); }  ///< in [0, 1)
  static double uniform_of(std::uint64_t drawn) { return static_cast<double>(drawn >> 11) * 0x1p-53; }
  /// Uniform in 0 .. bound - 1 but for one part in 2^64 / bound.
  std::size_t below(std::size_t bound) {
    return static_cast<std::size_t>(static_cast<unsigned __int128>(bits()) * bound >> 64);
  }

 private:
  std::uint64_t state_[4];
};

}  // namespace qupel
