#pragma once
#include <array>
#include <vector>

#include "qupel/engine/statevector/pauli.h"

namespace qupel::statevector {

/// An affine map of bit strings over GF(2), for many of them: one table look-up a byte.
class ByteMap {
 public:
  /// @param map affine, on strings of `bits` bits
  template <class Map>
  ByteMap(Map&& map, int bits) : offset_(map(Mask{0})) {
    for (int low = 0; low < bits; low += 8) {
      auto& table = tables_.emplace_back();
      for (std::size_t byte = 1; byte < table.size(); ++byte) {
        const int bit = std::countr_zero(byte);
        const Mask column = low + bit < bits ? map(Mask{1} << (low + bit)) ^ offset_ : 0;
        table[byte] = table[byte & (byte - 1)] ^ column;
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

}  // namespace qupel::statevector
