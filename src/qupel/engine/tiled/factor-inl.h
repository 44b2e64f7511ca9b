// A state that is a product of two factors.
#if defined(QUPEL_TILED_FACTOR_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUPEL_TILED_FACTOR_INL
#undef QUPEL_TILED_FACTOR_INL
#else
#define QUPEL_TILED_FACTOR_INL
#endif

#include "qupel/engine/tiled/edge-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::tiled::HWY_NAMESPACE {

/// Of a chunk: all lines whose number begins with the chunk's.
template <class T>
void multiply_factors(const Factor<T>& low, const Factor<T>& high, T* state, std::size_t chunk, bool stream) {
  const std::size_t size = low.inside.size(), lanes = hn::Lanes(Tag<T>());
  const auto low_start = low.at(chunk * size), high_start = high.at(chunk * size);
  T* HWY_RESTRICT to = state + 2 * lanes * chunk * size;
  for (std::size_t i = 0; i < size; ++i) {
    const auto z = multiply(load_complex(low.lines.data(), low_start ^ low.inside[i]),
                            load_complex(high.lines.data(), high_start ^ high.inside[i]));
    write_line<T>(z, to + 2 * lanes * i, stream);
  }
  if (stream) hwy::FlushStream();
}

}  // namespace qupel::tiled::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
