// The complex matrix product behind fidelity kernels, register-blocked over panels of states.
#if defined(QUPEL_BATCH_FIDELITY_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUPEL_BATCH_FIDELITY_INL
#undef QUPEL_BATCH_FIDELITY_INL
#else
#define QUPEL_BATCH_FIDELITY_INL
#endif

#include <algorithm>

#include "qupel/engine/batch/panels.h"
#include "qupel/engine/simd/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::batch::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using namespace simd::HWY_NAMESPACE;  // NOLINT(google-build-using-namespace): the same instruction set

/// States of the left panel that are multiplied at a time: their sums, a vector of the right panel and one
/// factor fill the registers.
#if HWY_TARGET == HWY_AVX3
inline constexpr std::size_t tile_rows = 8;
#else
inline constexpr std::size_t tile_rows = 4;
#endif

/// sums(r, lane) += sum over amplitudes of conj(a_r) b_lane for `tile_rows` states a and one vector of
/// states b.
template <class T>
HWY_INLINE void multiply_rows(const T* HWY_RESTRICT a, const T* HWY_RESTRICT b, std::size_t amplitudes,
                              T* sums) {
  constexpr std::size_t width = Panels<T>::width;
  ComplexVector<T> sum[tile_rows];
  QUPEL_UNROLL(8)
  for (std::size_t r = 0; r < tile_rows; ++r)
    sum[r] = {load(sums + 2 * r * width), load(sums + (2 * r + 1) * width)};
  for (std::size_t l = 0; l < amplitudes; ++l, a += 2 * width, b += 2 * width) {
    const ComplexVector<T> right{load(b), load(b + width)};
    QUPEL_UNROLL(8)
    for (std::size_t r = 0; r < tile_rows; ++r) {
      const ComplexVector<T> left{hn::Set(Tag<T>(), a[r]), hn::Set(Tag<T>(), a[r + width])};
      sum[r] = add_conjugate_product(sum[r], left, right);
    }
  }
  QUPEL_UNROLL(8)
  for (std::size_t r = 0; r < tile_rows; ++r) {
    store(sum[r].re, sums + 2 * r * width);
    store(sum[r].im, sums + (2 * r + 1) * width);
  }
}

/// |<a_i|b_j>|^2 of two panels, row by row. Amplitudes are taken in pieces of both panels that fit the
/// first-level cache together.
template <class T>
void panel_fidelities(const T* a, const T* b, std::size_t amplitudes, double* result) {
  constexpr std::size_t width = Panels<T>::width, piece = 96;
  HWY_ALIGN T sums[2 * width * width] = {};
  const std::size_t lanes = hn::Lanes(Tag<T>());
  for (std::size_t l = 0; l < amplitudes; l += piece) {
    const std::size_t count = std::min(piece, amplitudes - l);
    for (std::size_t row = 0; row < width; row += tile_rows) {
      for (std::size_t lane = 0; lane < width; lane += lanes) {
        multiply_rows(a + 2 * width * l + row, b + 2 * width * l + lane, count,
                      sums + 2 * width * row + lane);
      }
    }
  }
  for (std::size_t i = 0; i < width; ++i) {
    for (std::size_t j = 0; j < width; ++j) {
      const double re = sums[2 * width * i + j], im = sums[2 * width * i + width + j];
      result[width * i + j] = re * re + im * im;
    }
  }
}

}  // namespace qupel::batch::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
