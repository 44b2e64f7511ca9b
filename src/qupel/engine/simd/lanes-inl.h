// Signs and exchanges of lanes.
#if defined(QUPEL_SIMD_LANES_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUPEL_SIMD_LANES_INL
#undef QUPEL_SIMD_LANES_INL
#else
#define QUPEL_SIMD_LANES_INL
#endif

#include "qupel/circuit/pauli_string.h"
#include "qupel/engine/simd/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::simd::HWY_NAMESPACE {

/// Signs and exchanges of lanes by a mask over the lane's number.
template <class T>
struct LaneTables {
  static constexpr std::size_t most = HWY_MAX_BYTES / sizeof(T);
  using Index = hwy::MakeSigned<T>;
  HWY_ALIGN T signs[most * most];          ///< [mask]: (-1)^(mask.lane)
  HWY_ALIGN Index exchanges[most * most];  ///< [mask]: lane ^ mask

  LaneTables() {
    const std::size_t lanes = hn::Lanes(Tag<T>());
    for (std::size_t mask = 0; mask < lanes; ++mask) {
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        signs[mask * lanes + lane] = odd(mask & lane) ? T{-1} : T{1};
        exchanges[mask * lanes + lane] = static_cast<Index>(lane ^ mask);
      }
    }
  }
  static const LaneTables& get() {
    static const LaneTables tables;
    return tables;
  }
  HWY_INLINE Vector<T> sign(std::size_t mask) const { return load(signs + mask * hn::Lanes(Tag<T>())); }
  HWY_INLINE Vector<T> exchange(Vector<T> v, std::size_t mask) const {
    const Tag<T> d;
    return hn::TableLookupLanes(v, hn::SetTableIndices(d, exchanges + mask * hn::Lanes(d)));
  }
};

}  // namespace qupel::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
