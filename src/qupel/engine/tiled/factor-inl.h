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

/// Reads the entries of a factor as vectors.
template <class T>
class FactorReader {
 public:
  HWY_INLINE explicit FactorReader(const ProductFactor<T>& factor)
      : entries_(factor.lines.data()),
        by_lane_(factor.by_lane),
        other_(factor.other),
        is_other_(hn::Lt(LaneTables<T>::get().sign(factor.others), zero<T>())) {}

  HWY_INLINE ComplexVector<T> entry(std::size_t at) const {
    if (by_lane_) return load_complex(entries_, at);
    const T *here = entries_ + 2 * at, *there = entries_ + 2 * (at ^ other_);
    return {hn::IfThenElse(is_other_, hn::Set(Tag<T>(), there[0]), hn::Set(Tag<T>(), here[0])),
            hn::IfThenElse(is_other_, hn::Set(Tag<T>(), there[1]), hn::Set(Tag<T>(), here[1]))};
  }

 private:
  const T* entries_;
  bool by_lane_;
  std::size_t other_;
  hn::Mask<Tag<T>> is_other_;
};

/// Writes the product of two factors to one chunk of the state.
template <class T>
void multiply_factors(const ProductFactor<T>& low, const ProductFactor<T>& high, T* state, std::size_t chunk,
                      bool stream) {
  const std::size_t size = low.inside.size(), lanes = hn::Lanes(Tag<T>());
  const FactorReader<T> low_reader(low), high_reader(high);
  const auto low_start = low.at(chunk * size), high_start = high.at(chunk * size);
  T* HWY_RESTRICT to = state + 2 * lanes * chunk * size;
  for (std::size_t i = 0; i < size; ++i) {
    const auto z =
        multiply(low_reader.entry(low_start ^ low.inside[i]), high_reader.entry(high_start ^ high.inside[i]));
    write_line<T>(z, to + 2 * lanes * i, stream);
  }
  if (stream) hwy::FlushStream();
}

}  // namespace qupel::tiled::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
