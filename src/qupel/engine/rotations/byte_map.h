#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "qupel/engine/rotations/pauli.h"

namespace qupel::rotations {

/// An affine map of bit strings over GF(2), made to be applied many times: one table look-up for each byte of
/// a string.
class ByteMap {
 public:
  /// @param map an affine function of strings of `bits` bits
  template <class Map>
  ByteMap(Map&& map, int bits) : offset_(map(Mask{0})) {
    for (int low = 0; low < bits; low += 8) {
      auto& table = tables_.emplace_back();
      for (int bit = 0; bit < std::min(8, bits - low); ++bit) {
        const Mask column = map(Mask{1} << (low + bit)) ^ offset_;
        const std::size_t half = std::size_t{1} << bit;
        for (std::size_t byte = 0; byte < half; ++byte) table[byte + half] = table[byte] ^ column;
      }
    }
  }

  Mask operator()(Mask string) const {
    Mask image = offset_;
    for (const auto& table : tables_) {
      image ^= table[string & 255];
      string >>= 8;
    }
    return image;
  }

 private:
  Mask offset_;
  std::vector<std::array<Mask, 256>> tables_;
};

}  // namespace qupel::rotations
