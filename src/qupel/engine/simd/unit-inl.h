// Sines and cosines, and the Walsh-Hadamard transform.
#if defined(QUPEL_SIMD_UNIT_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUPEL_SIMD_UNIT_INL
#undef QUPEL_SIMD_UNIT_INL
#else
#define QUPEL_SIMD_UNIT_INL
#endif

#include <span>

#include "qupel/engine/simd/vector-inl.h"
#include "qupel/engine/turn.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::simd::HWY_NAMESPACE {

// Taylor series on [-pi/4, pi/4]; the first term left out is below a tenth of the last place.
template <class V>
HWY_INLINE V polynomial(V x, std::span<const double> coefficients) {
  const hn::DFromV<V> d;
  using T = hn::TFromV<V>;
  V sum = hn::Set(d, static_cast<T>(coefficients.back()));
  for (std::size_t k = coefficients.size() - 1; k-- > 0;) {
    sum = hn::MulAdd(sum, x, hn::Set(d, static_cast<T>(coefficients[k])));
  }
  return sum;
}

inline constexpr double sine_series[] = {
    1.0,          -1.0 / 6,        1.0 / 120,          -1.0 / 5040,
    1.0 / 362880, -1.0 / 39916800, 1.0 / 6227020800.0, -1.0 / 1307674368000.0};
inline constexpr double cosine_series[] = {1.0,
                                           -1.0 / 2,
                                           1.0 / 24,
                                           -1.0 / 720,
                                           1.0 / 40320,
                                           -1.0 / 3628800,
                                           1.0 / 479001600,
                                           -1.0 / 87178291200.0,
                                           1.0 / 20922789888000.0};

/// cos x + i sin x for |x| <= pi/4.
template <class T>
HWY_INLINE ComplexVector<T> unit(Vector<T> x) {
  constexpr std::size_t terms = sizeof(T) == 4 ? 5 : 8;
  const auto square = hn::Mul(x, x);
  return {polynomial(square, std::span(cosine_series).first(terms + 1)),
          hn::Mul(x, polynomial(square, std::span(sine_series).first(terms)))};
}

/// The square of cos x + i sin x.
template <class T>
HWY_INLINE ComplexVector<T> doubled(const ComplexVector<T>& z) {
  const auto twice_sine = hn::Add(z.im, z.im);
  return {hn::NegMulAdd(twice_sine, z.im, hn::Set(Tag<T>(), T{1})), hn::Mul(twice_sine, z.re)};
}

/// cos x + i sin x for any x of moderate size.
template <class T>
HWY_INLINE ComplexVector<T> unit_at(Vector<T> x) {
  const Tag<T> d;
  const auto turns = hn::Round(hn::Mul(x, hn::Set(d, static_cast<T>(turns_per_radian))));
  const auto theta = hn::NegMulAdd(turns, hn::Set(d, static_cast<T>(full_turn - static_cast<T>(full_turn))),
                                   hn::NegMulAdd(turns, hn::Set(d, static_cast<T>(full_turn)), x));
  return doubled<T>(doubled<T>(unit<T>(hn::Mul(theta, hn::Set(d, T{0.25})))));
}

/// `levels` levels of the Walsh-Hadamard transform of 2^bits vectors from bit `first` on, in registers.
template <class T, std::size_t levels>
HWY_INLINE void walsh_hadamard_levels(T* HWY_RESTRICT values, int bits, int first) {
  constexpr std::size_t size = std::size_t{1} << levels;
  const std::size_t lanes = hn::Lanes(Tag<T>()), step = lanes << first, end = lanes << bits;
  for (std::size_t block = 0; block < end; block += size * step) {
    for (std::size_t at = block; at < block + step; at += lanes) {
      Vector<T> tile[size];
      QUPEL_UNROLL(8)
      for (std::size_t i = 0; i < size; ++i) tile[i] = load(values + at + i * step);
      QUPEL_UNROLL(3)
      for (std::size_t half = 1; half < size; half *= 2) {
        QUPEL_UNROLL(8)
        for (std::size_t i = 0; i < size; ++i) {
          if ((i & half) != 0) continue;
          const auto a = tile[i], b = tile[i | half];
          tile[i] = hn::Add(a, b);
          tile[i | half] = hn::Sub(a, b);
        }
      }
      QUPEL_UNROLL(8)
      for (std::size_t i = 0; i < size; ++i) store(tile[i], values + at + i * step);
    }
  }
}

/// The Walsh-Hadamard transform of 2^bits vectors, in place.
template <class T>
HWY_INLINE void walsh_hadamard(T* HWY_RESTRICT values, int bits) {
  int first = 0;
  for (; first + 3 <= bits; first += 3) walsh_hadamard_levels<T, 3>(values, bits, first);
  if (bits - first == 2) walsh_hadamard_levels<T, 2>(values, bits, first);
  if (bits - first == 1) walsh_hadamard_levels<T, 1>(values, bits, first);
}

}  // namespace qupel::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
