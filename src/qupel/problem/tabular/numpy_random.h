#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "qupel/base/matrix.h"

namespace qupel {

/// The random stream of NumPy's legacy RandomState, bit for bit: the reference benchmark's data sets are
/// defined by it. MT19937 (Matsumoto and Nishimura 1998) seeded by init_genrand. Only for data that others
/// published; everything of our own draws from base/random.h.
class NumpyRandom {
 public:
  explicit NumpyRandom(std::uint32_t seed);

  std::uint32_t bits();  ///< 32 uniform bits, tempered
  double uniform();      ///< random_sample: 53 bits in [0, 1), from the top 27 and 26 bits of two words
  double
  normal();  ///< standard_normal: Marsaglia's polar method; the second value of a pair is returned first
  /// 0 .. bound by masked rejection on 32-bit words.
  std::uint32_t up_to(std::uint32_t bound);
  /// permutation(count): Fisher-Yates from the back.
  std::vector<std::size_t> permutation(std::size_t count);

  /// Filled in row-major order, as NumPy's size=(rows, columns).
  Matrix<double> uniform(std::size_t rows, std::size_t columns);
  Matrix<double> normal(std::size_t rows, std::size_t columns);

 private:
  static constexpr std::size_t size = 624, shift = 397;
  void refill();

  std::array<std::uint32_t, size> state_;
  std::size_t next_ = size;
  double spare_normal_ = 0;
  bool has_spare_ = false;
};

}  // namespace qupel
