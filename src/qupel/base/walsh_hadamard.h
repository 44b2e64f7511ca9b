#pragma once
#include <cstddef>
#include <span>

namespace qupel {

/// The Walsh-Hadamard transform: values[s] becomes the sum over m of (-1)^(m.s) values[m]. The number of
/// values must be a power of two.
inline void walsh_hadamard(std::span<double> values) {
  for (std::size_t half = 1; half < values.size(); half *= 2) {
    for (std::size_t block = 0; block < values.size(); block += 2 * half) {
      for (std::size_t i = block; i < block + half; ++i) {
        const double even = values[i], odd = values[i + half];
        values[i] = even + odd;
        values[i + half] = even - odd;
      }
    }
  }
}

}  // namespace qupel
