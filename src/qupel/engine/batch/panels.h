#pragma once
#include <complex>
#include <cstddef>
#include <span>

#include "qupel/engine/simd/aligned.h"

namespace qupel::batch {

/// States as a matrix product reads them: panels of one cache line's worth of samples; in a panel, for
/// each amplitude the real parts of its samples, then the imaginary parts. Samples missing in the last
/// panel are zero.
template <class T>
class Panels {
 public:
  static constexpr std::size_t width = 64 / sizeof(T);

  static std::size_t count(std::size_t samples) { return (samples + width - 1) / width; }

  /// Makes `storage` hold the panels, all zero.
  Panels(AlignedVector<T>& storage, std::size_t samples, std::size_t amplitudes) : amplitudes_(amplitudes) {
    storage.assign(count(samples) * amplitudes * 2 * width, T{0});
    values_ = storage;
  }

  void set(std::size_t sample, std::size_t amplitude, std::complex<double> value) {
    const std::size_t at = (sample / width * amplitudes_ + amplitude) * 2 * width + sample % width;
    values_[at] = static_cast<T>(value.real());
    values_[at + width] = static_cast<T>(value.imag());
  }

 private:
  std::span<T> values_;
  std::size_t amplitudes_;
};

}  // namespace qupel::batch
