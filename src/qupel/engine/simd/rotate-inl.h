// Real rotations of two vectors.
#if defined(QUPEL_SIMD_ROTATE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUPEL_SIMD_ROTATE_INL
#undef QUPEL_SIMD_ROTATE_INL
#else
#define QUPEL_SIMD_ROTATE_INL
#endif

#include <type_traits>

#include "qupel/engine/simd/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::simd::HWY_NAMESPACE {

template <class V>
HWY_INLINE void rotate_tangent(V f, V& a, V& b) {
  const V old = a;
  a = hn::NegMulAdd(f, b, a);
  b = hn::MulAdd(f, old, b);
}
template <class V>
HWY_INLINE void rotate_cotangent(V f, V& a, V& b) {
  const V old = a;
  a = hn::MulSub(f, a, b);
  b = hn::MulAdd(f, b, old);
}
template <class V>
HWY_INLINE void rotate_shear(V f, V g, V& a, V& b) {
  a = hn::NegMulAdd(f, b, a);
  b = hn::MulAdd(g, a, b);
  a = hn::NegMulAdd(f, b, a);
}

/// Calls rotate(a, b) for the pairs of tile[0 .. size) whose numbers differ in bit `direction`.
template <std::size_t size, class V, class Rotate>
HWY_INLINE void for_pairs(V* HWY_RESTRICT tile, std::size_t direction, Rotate&& rotate) {
  const std::size_t bit = std::size_t{1} << direction;
  QUPEL_UNROLL(16)
  for (std::size_t i = 0; i < size; ++i) {
    if ((i & bit) == 0) rotate(tile[i], tile[i | bit]);
  }
}

/// Calls run(number of rotations as a constant).
template <class Run>
HWY_INLINE void with_rotations(int rotations, Run&& run) {
  if (rotations == 1) return run(std::integral_constant<std::size_t, 1>());
  if (rotations == 2) return run(std::integral_constant<std::size_t, 2>());
  if (rotations == 3) return run(std::integral_constant<std::size_t, 3>());
  return run(std::integral_constant<std::size_t, 4>());
}

}  // namespace qupel::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
