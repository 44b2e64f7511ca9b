#include "qupel/electrons/kernels.h"

#include "qupel/engine/simd/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "qupel/electrons/kernels.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "qupel/engine/simd/dispatch.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::sector::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

template <class T>
using Tag = hn::ScalableTag<T>;

template <class T>
double total(hn::Vec<Tag<T>> v) {
  const Tag<T> d;
  HWY_ALIGN T parts[HWY_MAX_BYTES / sizeof(T)];
  hn::Store(v, d, parts);
  double sum = 0;
  for (std::size_t lane = 0; lane < hn::Lanes(d); ++lane) sum += static_cast<double>(parts[lane]);
  return sum;
}

template <class T>
void combine(T* HWY_RESTRICT out, std::size_t length, const T* HWY_RESTRICT base,
             const std::size_t* HWY_RESTRICT offsets, const T* HWY_RESTRICT coefficients, std::size_t terms,
             bool add) {
  const Tag<T> d;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + 4 * lanes <= length; i += 4 * lanes) {  // four vectors stay in registers
    auto a = hn::Zero(d), b = hn::Zero(d), c = hn::Zero(d), e = hn::Zero(d);
    if (add) {
      a = hn::LoadU(d, out + i);
      b = hn::LoadU(d, out + i + lanes);
      c = hn::LoadU(d, out + i + 2 * lanes);
      e = hn::LoadU(d, out + i + 3 * lanes);
    }
    for (std::size_t k = 0; k < terms; ++k) {
      const T* row = base + offsets[k] + i;
      const auto factor = hn::Set(d, coefficients[k]);
      a = hn::MulAdd(factor, hn::LoadU(d, row), a);
      b = hn::MulAdd(factor, hn::LoadU(d, row + lanes), b);
      c = hn::MulAdd(factor, hn::LoadU(d, row + 2 * lanes), c);
      e = hn::MulAdd(factor, hn::LoadU(d, row + 3 * lanes), e);
    }
    hn::StoreU(a, d, out + i);
    hn::StoreU(b, d, out + i + lanes);
    hn::StoreU(c, d, out + i + 2 * lanes);
    hn::StoreU(e, d, out + i + 3 * lanes);
  }
  for (; i + lanes <= length; i += lanes) {
    auto a = add ? hn::LoadU(d, out + i) : hn::Zero(d);
    for (std::size_t k = 0; k < terms; ++k)
      a = hn::MulAdd(hn::Set(d, coefficients[k]), hn::LoadU(d, base + offsets[k] + i), a);
    hn::StoreU(a, d, out + i);
  }
  for (; i < length; ++i) {
    T sum = add ? out[i] : T{0};
    for (std::size_t k = 0; k < terms; ++k) sum += coefficients[k] * base[offsets[k] + i];
    out[i] = sum;
  }
}

template <class T>
HWY_INLINE void turn(T& x, T& y, T cosine, T sine) {
  const T old = x;
  x = cosine * old - sine * y;
  y = cosine * y + sine * old;
}

template <class T>
void rotate_pairs(T* from_row, T* to_row, PairView pairs, T cosine, T sine) {
  for (std::size_t i = 0; i < pairs.plus; ++i)
    turn(from_row[pairs.from[i]], to_row[pairs.to[i]], cosine, sine);
  for (std::size_t i = pairs.plus; i < pairs.count; ++i)
    turn(from_row[pairs.from[i]], to_row[pairs.to[i]], cosine, -sine);
}

template <class T>
void rotate_rows(T* HWY_RESTRICT from_row, T* HWY_RESTRICT to_row, std::size_t length, T cosine, T sine) {
  const Tag<T> d;
  const std::size_t lanes = hn::Lanes(d);
  const auto c = hn::Set(d, cosine), s = hn::Set(d, sine);
  std::size_t i = 0;
  for (; i + lanes <= length; i += lanes) {
    const auto x = hn::LoadU(d, from_row + i), y = hn::LoadU(d, to_row + i);
    hn::StoreU(hn::NegMulAdd(s, y, hn::Mul(c, x)), d, from_row + i);
    hn::StoreU(hn::MulAdd(s, x, hn::Mul(c, y)), d, to_row + i);
  }
  for (; i < length; ++i) turn(from_row[i], to_row[i], cosine, sine);
}

/// Of one sign.
template <class T>
HWY_INLINE double differentiate_run(T* from_ket, T* to_ket, T* from_bra, T* to_bra, const std::uint32_t* from,
                                    const std::uint32_t* to, std::size_t count, T cosine, T sine) {
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    T &x = from_ket[from[i]], &y = to_ket[to[i]], &u = from_bra[from[i]], &v = to_bra[to[i]];
    sum += static_cast<double>(v * x - u * y);
    turn(x, y, cosine, -sine);
    turn(u, v, cosine, -sine);
  }
  return sum;
}

template <class T>
double differentiate_pairs(T* from_ket, T* to_ket, T* from_bra, T* to_bra, PairView pairs, T cosine, T sine) {
  const double plus =
      differentiate_run(from_ket, to_ket, from_bra, to_bra, pairs.from, pairs.to, pairs.plus, cosine, sine);
  return plus - differentiate_run(from_ket, to_ket, from_bra, to_bra, pairs.from + pairs.plus,
                                  pairs.to + pairs.plus, pairs.count - pairs.plus, cosine, -sine);
}

template <class T>
double differentiate_rows(T* HWY_RESTRICT from_ket, T* HWY_RESTRICT to_ket, T* HWY_RESTRICT from_bra,
                          T* HWY_RESTRICT to_bra, std::size_t length, T cosine, T sine) {
  const Tag<T> d;
  const std::size_t lanes = hn::Lanes(d);
  const auto c = hn::Set(d, cosine), s = hn::Set(d, sine);
  auto sum = hn::Zero(d);
  std::size_t i = 0;
  for (; i + lanes <= length; i += lanes) {
    const auto x = hn::LoadU(d, from_ket + i), y = hn::LoadU(d, to_ket + i);
    const auto u = hn::LoadU(d, from_bra + i), v = hn::LoadU(d, to_bra + i);
    sum = hn::NegMulAdd(u, y, hn::MulAdd(v, x, sum));
    hn::StoreU(hn::MulAdd(s, y, hn::Mul(c, x)), d, from_ket + i);
    hn::StoreU(hn::NegMulAdd(s, x, hn::Mul(c, y)), d, to_ket + i);
    hn::StoreU(hn::MulAdd(s, v, hn::Mul(c, u)), d, from_bra + i);
    hn::StoreU(hn::NegMulAdd(s, u, hn::Mul(c, v)), d, to_bra + i);
  }
  double rest = 0;
  for (; i < length; ++i) {
    rest += static_cast<double>(to_bra[i] * from_ket[i] - from_bra[i] * to_ket[i]);
    turn(from_ket[i], to_ket[i], cosine, -sine);
    turn(from_bra[i], to_bra[i], cosine, -sine);
  }
  return total<T>(sum) + rest;
}

template <class T>
double dot(const T* HWY_RESTRICT a, const T* HWY_RESTRICT b, std::size_t length) {
  const Tag<T> d;
  const std::size_t lanes = hn::Lanes(d),
                    block = 64 * lanes;  // blocks, so that single precision loses little
  double result = 0;
  std::size_t i = 0;
  while (i + lanes <= length) {
    auto sum = hn::Zero(d);
    const std::size_t end = i + block < length ? i + block : length;
    for (; i + lanes <= end; i += lanes) sum = hn::MulAdd(hn::LoadU(d, a + i), hn::LoadU(d, b + i), sum);
    result += total<T>(sum);
  }
  for (; i < length; ++i) result += static_cast<double>(a[i] * b[i]);
  return result;
}

template <class T>
const Kernels<T>* kernels_here() {
  static const Kernels<T> all{
      combine<T>, rotate_pairs<T>, rotate_rows<T>, differentiate_pairs<T>, differentiate_rows<T>, dot<T>};
  return &all;
}

QUPEL_KERNELS_HERE

}  // namespace qupel::sector::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace qupel::sector {

QUPEL_DISPATCH_KERNELS

}  // namespace qupel::sector
#endif
