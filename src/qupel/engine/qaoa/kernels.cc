#include "qupel/engine/qaoa/kernels.h"

#include "qupel/engine/simd/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "qupel/engine/qaoa/kernels.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "qupel/engine/simd/dispatch.h"

#include "qupel/engine/simd/lanes-inl.h"
#include "qupel/engine/simd/unit-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::qaoa::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using namespace simd::HWY_NAMESPACE;  // NOLINT(google-build-using-namespace): the same instruction set

template <class T>
HWY_INLINE std::size_t lanes() {
  return hn::Lanes(Tag<T>());
}
template <class T>
HWY_INLINE Vector<T> broadcast(double value) {
  return hn::Set(Tag<T>(), static_cast<T>(value));
}
template <class T>
double sum_of(Vector<T> v) {
  HWY_ALIGN T parts[HWY_MAX_BYTES / sizeof(T)];
  store(v, parts);
  double sum = 0;
  for (std::size_t lane = 0; lane < lanes<T>(); ++lane) sum += static_cast<double>(parts[lane]);
  return sum;
}

/// The costs of line i.
template <class T>
HWY_INLINE Vector<T> cost_of(const Costs<T>& costs, std::size_t i) {
  const Tag<T> d;
  if (!costs.reversed) return load(costs.values + i * lanes<T>());
  return hn::Reverse(d, load(costs.values + 1 - (i + 1) * lanes<T>()));
}

template <class T>
void phase(T* HWY_RESTRICT z, std::size_t lines, Costs<T> costs, double gamma, double factor) {
  const auto turn = broadcast<T>(-gamma), scale = broadcast<T>(factor);
  for (std::size_t i = 0; i < lines; ++i) {
    const auto unit = unit_at<T>(hn::Mul(turn, cost_of(costs, i)));
    const ComplexVector<T> f{hn::Mul(scale, unit.re), hn::Mul(scale, unit.im)};
    store_complex(multiply(f, load_complex(z, i)), z, i);
  }
}

/// (1 - i t X) on the pair (a, b).
template <class T>
HWY_INLINE void mix_pair(Vector<T> t, ComplexVector<T>& a, ComplexVector<T>& b) {
  const auto re = a.re, im = a.im;
  a = {hn::MulAdd(t, b.im, re), hn::NegMulAdd(t, b.re, im)};
  b = {hn::MulAdd(t, im, b.re), hn::NegMulAdd(t, re, b.im)};
}

template <class T>
HWY_INLINE ComplexVector<T> exchanged(const ComplexVector<T>& z, std::size_t mask) {
  const auto& tables = LaneTables<T>::get();
  return {tables.exchange(z.re, mask), tables.exchange(z.im, mask)};
}

template <class T>
HWY_INLINE ComplexVector<T> mixed_lanes(Vector<T> t, ComplexVector<T> z) {
  for (std::size_t bit = 1; bit < lanes<T>(); bit *= 2) {
    const auto other = exchanged(z, bit);
    z = {hn::MulAdd(t, other.im, z.re), hn::NegMulAdd(t, other.re, z.im)};
  }
  return z;
}

template <class T>
void mix_lanes(T* HWY_RESTRICT z, std::size_t lines, double tangent) {
  const auto t = broadcast<T>(tangent);
  for (std::size_t i = 0; i < lines; ++i) store_complex(mixed_lanes(t, load_complex(z, i)), z, i);
}

/// Calls visit(i) for the lines of 2^bits whose number has zeros at bits low .. low + count - 1.
template <class Visit>
HWY_INLINE void for_each_zero(int bits, int low, int count, Visit&& visit) {
  const std::size_t size = std::size_t{1} << bits, run = std::size_t{1} << low, block = run << count;
  for (std::size_t high = 0; high < size; high += block) {
    for (std::size_t i = high; i < high + run; ++i) visit(i);
  }
}

template <class T>
void mix(T* HWY_RESTRICT z, int first, int bits, double tangent) {
  const auto t = broadcast<T>(tangent);
  int at = first;
  for (; at + 2 <= first + bits; at += 2) {  // two bits while their lines are in registers
    const std::size_t step = std::size_t{1} << at;
    for_each_zero(first + bits, at, 2, [&](std::size_t i) HWY_ATTR {
      auto a = load_complex(z, i), b = load_complex(z, i + step), c = load_complex(z, i + 2 * step),
           d = load_complex(z, i + 3 * step);
      mix_pair(t, a, b);
      mix_pair(t, c, d);
      mix_pair(t, a, c);
      mix_pair(t, b, d);
      store_complex(a, z, i);
      store_complex(b, z, i + step);
      store_complex(c, z, i + 2 * step);
      store_complex(d, z, i + 3 * step);
    });
  }
  if (at == first + bits) return;
  const std::size_t step = std::size_t{1} << at;
  for_each_zero(first + bits, at, 1, [&](std::size_t i) HWY_ATTR {
    auto a = load_complex(z, i), b = load_complex(z, i + step);
    mix_pair(t, a, b);
    store_complex(a, z, i);
    store_complex(b, z, i + step);
  });
}

template <class T>
double expectation(const T* HWY_RESTRICT z, std::size_t lines, Costs<T> costs) {
  auto sum = zero<T>();
  for (std::size_t i = 0; i < lines; ++i) {
    const auto a = load_complex(z, i);
    sum = hn::MulAdd(cost_of(costs, i), hn::MulAdd(a.re, a.re, hn::Mul(a.im, a.im)), sum);
  }
  return sum_of<T>(sum);
}

template <class T>
void apply_cost(const T* HWY_RESTRICT z, T* HWY_RESTRICT lambda, std::size_t lines, Costs<T> costs) {
  for (std::size_t i = 0; i < lines; ++i) {
    const auto a = load_complex(z, i);
    const auto c = cost_of(costs, i);
    store_complex(ComplexVector<T>{hn::Mul(c, a.re), hn::Mul(c, a.im)}, lambda, i);
  }
}

/// sum + Im(conj(a) b)
template <class T>
HWY_INLINE Vector<T> add_imaginary(Vector<T> sum, const ComplexVector<T>& a, const ComplexVector<T>& b) {
  return hn::NegMulAdd(a.im, b.re, hn::MulAdd(a.re, b.im, sum));
}

template <class T>
double differentiate_lanes(T* HWY_RESTRICT z, T* HWY_RESTRICT lambda, std::size_t lines, double tangent) {
  const auto t = broadcast<T>(tangent);
  auto sum = zero<T>();
  for (std::size_t i = 0; i < lines; ++i) {
    const auto a = load_complex(lambda, i), b = load_complex(z, i);
    for (std::size_t bit = 1; bit < lanes<T>(); bit *= 2) sum = add_imaginary(sum, a, exchanged(b, bit));
    store_complex(mixed_lanes(t, a), lambda, i);
    store_complex(mixed_lanes(t, b), z, i);
  }
  return sum_of<T>(sum);
}

template <class T>
double differentiate(T* HWY_RESTRICT z, T* HWY_RESTRICT lambda, int first, int bits, double tangent) {
  const auto t = broadcast<T>(tangent);
  double total = 0, weight = 1;
  for (int at = first; at < first + bits; ++at, weight /= 1 + tangent * tangent) {
    const std::size_t step = std::size_t{1} << at;
    auto sum = zero<T>(), other = zero<T>();
    for_each_zero(first + bits, at, 1, [&](std::size_t i) HWY_ATTR {
      auto a = load_complex(z, i), b = load_complex(z, i + step);
      auto c = load_complex(lambda, i), d = load_complex(lambda, i + step);
      sum = add_imaginary(sum, c, b);
      other = add_imaginary(other, d, a);
      mix_pair(t, a, b);
      mix_pair(t, c, d);
      store_complex(a, z, i);
      store_complex(b, z, i + step);
      store_complex(c, lambda, i);
      store_complex(d, lambda, i + step);
    });
    total += weight * sum_of<T>(hn::Add(sum, other));
  }
  return total;
}

template <class T>
double differentiate_phase(T* HWY_RESTRICT z, T* HWY_RESTRICT lambda, std::size_t lines, Costs<T> costs,
                           double gamma, double factor) {
  const auto turn = broadcast<T>(-gamma), scale = broadcast<T>(factor);
  auto sum = zero<T>();
  for (std::size_t i = 0; i < lines; ++i) {
    const auto c = cost_of(costs, i);
    const auto a = load_complex(lambda, i), b = load_complex(z, i);
    sum = hn::MulAdd(c, hn::NegMulAdd(a.im, b.re, hn::Mul(a.re, b.im)), sum);
    const auto unit = unit_at<T>(hn::Mul(turn, c));
    const ComplexVector<T> f{hn::Mul(scale, unit.re), hn::Mul(scale, unit.im)};
    store_complex(multiply(f, a), lambda, i);
    store_complex(multiply(f, b), z, i);
  }
  return sum_of<T>(sum);
}

template <class T>
const Kernels<T>* kernels_here() {
  static const Kernels<T> all{lanes<T>(),
                              phase<T>,
                              mix_lanes<T>,
                              mix<T>,
                              expectation<T>,
                              apply_cost<T>,
                              differentiate_lanes<T>,
                              differentiate<T>,
                              differentiate_phase<T>};
  return &all;
}

QUPEL_KERNELS_HERE

}  // namespace qupel::qaoa::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace qupel::qaoa {

QUPEL_DISPATCH_KERNELS

}  // namespace qupel::qaoa
#endif
