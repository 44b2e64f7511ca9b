// Vector primitives and loops that all kernels share. Compiled once for each instruction set.
#if defined(QUPEL_SIMD_VECTOR_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUPEL_SIMD_VECTOR_INL
#undef QUPEL_SIMD_VECTOR_INL
#else
#define QUPEL_SIMD_VECTOR_INL
#endif

#include <hwy/highway.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

// Loops over registers must be unrolled for their arrays to become registers, and the function that holds
// them be inlined; sanitizers need loops to stay small.
#ifndef QUPEL_UNROLL
#define QUPEL_PRAGMA(text) _Pragma(#text)
#ifdef QUPEL_SANITIZED
#define QUPEL_UNROLL(times) QUPEL_PRAGMA(GCC unroll 1)
#define QUPEL_INLINED HWY_ATTR
#else
#define QUPEL_UNROLL(times) QUPEL_PRAGMA(GCC unroll times)
#define QUPEL_INLINED HWY_ATTR __attribute__((always_inline))
#endif
#endif

HWY_BEFORE_NAMESPACE();
namespace qupel::simd::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

template <class T>
using Tag = hn::ScalableTag<T>;
template <class T>
using Vector = hn::Vec<Tag<T>>;

template <class T>
HWY_INLINE Vector<T> load(const T* from) {
  return hn::Load(Tag<T>(), from);
}
template <class T>
HWY_INLINE void store(Vector<T> v, T* to) {
  hn::Store(v, Tag<T>(), to);
}
template <class T>
HWY_INLINE Vector<T> zero() {
  return hn::Zero(Tag<T>());
}

/// A complex number a lane.
template <class T>
struct ComplexVector {
  Vector<T> re, im;
};

/// The complex number of entry `index` of an array of (re, im) vectors.
template <class T>
HWY_INLINE ComplexVector<T> load_complex(const T* from, std::size_t index) {
  const std::size_t lanes = hn::Lanes(Tag<T>());
  return {load(from + 2 * index * lanes), load(from + (2 * index + 1) * lanes)};
}
template <class T>
HWY_INLINE void store_complex(const ComplexVector<T>& z, T* to, std::size_t index) {
  const std::size_t lanes = hn::Lanes(Tag<T>());
  store(z.re, to + 2 * index * lanes);
  store(z.im, to + (2 * index + 1) * lanes);
}
template <class T>
HWY_INLINE ComplexVector<T> multiply(const ComplexVector<T>& a, const ComplexVector<T>& b) {
  return {hn::NegMulAdd(a.im, b.im, hn::Mul(a.re, b.re)), hn::MulAdd(a.re, b.im, hn::Mul(a.im, b.re))};
}
template <class T>
HWY_INLINE ComplexVector<T> multiply(Vector<T> a, const ComplexVector<T>& b) {
  return {hn::Mul(a, b.re), hn::Mul(a, b.im)};
}
/// conj(a) b
template <class T>
HWY_INLINE ComplexVector<T> multiply_conjugate(const ComplexVector<T>& a, const ComplexVector<T>& b) {
  return {hn::MulAdd(a.im, b.im, hn::Mul(a.re, b.re)), hn::NegMulAdd(a.im, b.re, hn::Mul(a.re, b.im))};
}
/// sum + conj(a) b
template <class T>
HWY_INLINE ComplexVector<T> add_conjugate_product(const ComplexVector<T>& sum, const ComplexVector<T>& a,
                                                  const ComplexVector<T>& b) {
  return {hn::MulAdd(a.im, b.im, hn::MulAdd(a.re, b.re, sum.re)),
          hn::NegMulAdd(a.im, b.re, hn::MulAdd(a.re, b.im, sum.im))};
}

/// The sum of all lanes, in double precision.
template <class T>
HWY_INLINE double sum_of_lanes(Vector<T> v) {
#if HWY_TARGET == HWY_SCALAR
  return static_cast<double>(hn::GetLane(v));
#else
  const Tag<double> wide;
  if constexpr (sizeof(T) == sizeof(double)) {
    return hn::GetLane(hn::SumOfLanes(wide, v));
  } else {
    const hn::Half<Tag<T>> half;
    const auto low = hn::PromoteTo(wide, hn::LowerHalf(half, v));
    const auto high = hn::PromoteTo(wide, hn::UpperHalf(half, v));
    return hn::GetLane(hn::SumOfLanes(wide, hn::Add(low, high)));
  }
#endif
}

/// The address `bytes` bytes after `base`. Positions in bytes need no multiplication where an address
/// is computed.
template <class T>
HWY_INLINE T* behind(T* base, std::size_t bytes) {
  using Byte = std::conditional_t<std::is_const_v<T>, const char, char>;
  return reinterpret_cast<T*>(reinterpret_cast<Byte*>(base) + bytes);
}

/// Keeps a value in its register: the compiler cannot know where it came from, so it does not compute or load
/// it again.
template <class V>
HWY_INLINE void keep_in_register([[maybe_unused]] V& value) {
#if HWY_ARCH_X86 && HWY_TARGET != HWY_EMU128
  if constexpr (std::is_integral_v<V>) {
    asm("" : "+r"(value));
  } else {
    asm("" : "+v"(value.raw));
  }
#endif
}

/// Calls visit(number, position) for the 2^directions positions that are `at` with the offsets of some
/// directions added (exclusive or): bit j of the number says whether offset j takes part. One register walks
/// through all positions in Gray-code order; a register for each would be more than there are.
template <std::size_t directions, class Index, class Visit>
HWY_INLINE void for_each_corner(Index at, const Index* offsets, Visit&& visit) {
  Index step[directions + 1];
  QUPEL_UNROLL(4)
  for (std::size_t j = 0; j < directions; ++j) step[j] = offsets[j];
  QUPEL_UNROLL(16)
  for (std::size_t i = 0; i < std::size_t{1} << directions; ++i) {
    visit(i ^ (i >> 1), at);
    if (i + 1 == std::size_t{1} << directions) return;
    at ^= step[static_cast<std::size_t>(std::countr_zero(i + 1))];
    keep_in_register(at);
  }
}

/// Calls visit(position) for the 2^n positions to which n steps lead from `start`, in Gray-code order.
template <class Index, class Visit>
HWY_INLINE void for_each_position(std::span<const Index> steps, Index start, Visit&& visit) {
  const std::size_t positions = std::size_t{1} << steps.size();
  Index at = start;
  for (std::size_t i = 1;; ++i) {
    visit(at);
    if (i == positions) return;
    at ^= steps[static_cast<std::size_t>(std::countr_zero(i))];
  }
}

}  // namespace qupel::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
