// Product states: the first gates of every qubit.
#if defined(QUPEL_STATEVECTOR_PRODUCT_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUPEL_STATEVECTOR_PRODUCT_INL
#undef QUPEL_STATEVECTOR_PRODUCT_INL
#else
#define QUPEL_STATEVECTOR_PRODUCT_INL
#endif

#include "qupel/engine/simd/vector-inl.h"
#include "qupel/engine/statevector/workspace.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::statevector::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using namespace simd::HWY_NAMESPACE;  // NOLINT(google-build-using-namespace): the same instruction set

template <class T>
HWY_INLINE ComplexVector<T> scaled(const ComplexVector<T>& z, Vector<T> factor) {
  return {hn::Mul(z.re, factor), hn::Mul(z.im, factor)};
}

/// The amplitudes (zero, one) of a qubit after a product gate with coefficients c = cos, s = sin of half
/// its angle.
template <class T>
HWY_INLINE void apply_product_gate(bool phase, Vector<T> c, Vector<T> s, ComplexVector<T>& zero_part,
                                   ComplexVector<T>& one_part) {
  if (phase) {
    zero_part = multiply_conjugate<T>({c, s}, zero_part);
    one_part = multiply<T>({c, s}, one_part);
    return;
  }
  const auto a = zero_part, b = one_part;
  zero_part = {hn::NegMulAdd(s, b.re, hn::Mul(c, a.re)), hn::NegMulAdd(s, b.im, hn::Mul(c, a.im))};
  one_part = {hn::MulAdd(s, a.re, hn::Mul(c, b.re)), hn::MulAdd(s, a.im, hn::Mul(c, b.im))};
}

/// A qubit's amplitudes after its product gates.
template <class T>
HWY_INLINE void product_state(std::span<const ProductGate> gates, const Workspace<T>& work,
                              ComplexVector<T>& zero_part, ComplexVector<T>& one_part) {
  const std::size_t lanes = hn::Lanes(Tag<T>());
  zero_part = {hn::Set(Tag<T>(), T{1}), zero<T>()};
  one_part = {zero<T>(), zero<T>()};
  for (const auto& gate : gates) {
    const T* c = work.coefficients + 2 * static_cast<std::size_t>(gate.angle) * lanes;
    apply_product_gate<T>(gate.phase, load(c), load(c + lanes), zero_part, one_part);
  }
}

template <class T>
HWY_INLINE void prepare_product(const Call<T>& call, Workspace<T>& work) {
  const auto& product = call.program.layers.product;
  for (std::size_t q = 0; q < product.size(); ++q) {
    ComplexVector<T> zero_part, one_part;
    product_state(product[q], work, zero_part, one_part);
    store_complex(zero_part, work.product, 2 * q);
    store_complex(one_part, work.product, 2 * q + 1);
  }
}

/// `scale` times the product state of qubits [begin, end), as 2^(end - begin) entries.
template <class T>
HWY_INLINE void write_half(const Workspace<T>& work, std::size_t begin, std::size_t end, Complex scale,
                           T* out) {
  const Tag<T> d;
  store_complex<T>({hn::Set(d, static_cast<T>(scale.real())), hn::Set(d, static_cast<T>(scale.imag()))}, out,
                   0);
  for (std::size_t q = begin; q < end; ++q) {
    const auto zero_part = load_complex(work.product, 2 * q),
               one_part = load_complex(work.product, 2 * q + 1);
    const std::size_t size = std::size_t{1} << (q - begin);
    for (std::size_t i = 0; i < size; ++i) {
      const auto entry = load_complex(out, i);
      store_complex(multiply(entry, one_part), out, i + size);
      store_complex(multiply(entry, zero_part), out, i);
    }
  }
}

/// Sums a table over qubits [begin, end) except `kept` against the conjugate of their product state; leaves
/// the two entries of the kept qubit at the front of `scratch`.
template <class T>
HWY_INLINE void contract_others(const Workspace<T>& work, std::size_t begin, std::size_t end,
                                std::size_t kept, const T* table, T* scratch) {
  std::size_t size = std::size_t{1} << (end - begin);
  for (std::size_t i = 0; i < size; ++i) store_complex(load_complex(table, i), scratch, i);
  const auto contract = [&](std::size_t q, std::size_t stride, auto first_of) {
    const auto zero_part = load_complex(work.product, 2 * q),
               one_part = load_complex(work.product, 2 * q + 1);
    size /= 2;
    for (std::size_t i = 0; i < size; ++i) {
      const std::size_t from = first_of(i);
      auto sum = multiply_conjugate(zero_part, load_complex(scratch, from));
      sum = add_conjugate_product(sum, one_part, load_complex(scratch, from + stride));
      store_complex(sum, scratch, i);
    }
  };
  for (std::size_t q = end; q-- > kept + 1;) contract(q, size / 2, [](std::size_t i) { return i; });
  for (std::size_t q = begin; q < kept; ++q) contract(q, 1, [](std::size_t i) { return 2 * i; });
}

/// Adds the derivatives by the angles of one qubit's product gates, undoing them; `mu` is the adjoint state
/// contracted with all other qubits.
template <class T>
HWY_INLINE void product_gradient(std::span<const ProductGate> gates, Workspace<T>& work, std::size_t qubit,
                                 ComplexVector<T> mu_zero, ComplexVector<T> mu_one, Vector<T> scale) {
  const std::size_t lanes = hn::Lanes(Tag<T>());
  auto zero_part = load_complex(work.product, 2 * qubit),
       one_part = load_complex(work.product, 2 * qubit + 1);
  for (std::size_t k = gates.size(); k-- > 0;) {
    const auto angle = static_cast<std::size_t>(gates[k].angle);
    const auto derivative =
        gates[k].phase
            ? hn::Sub(multiply_conjugate(mu_zero, zero_part).im, multiply_conjugate(mu_one, one_part).im)
            : hn::Sub(multiply_conjugate(mu_one, zero_part).re, multiply_conjugate(mu_zero, one_part).re);
    T* sum = work.sums + angle * lanes;
    store(hn::MulAdd(derivative, scale, load(sum)), sum);
    const auto c = load(work.coefficients + 2 * angle * lanes);
    const auto s = hn::Neg(load(work.coefficients + (2 * angle + 1) * lanes));
    apply_product_gate<T>(gates[k].phase, c, s, zero_part, one_part);
    apply_product_gate<T>(gates[k].phase, c, s, mu_zero, mu_one);
  }
}

}  // namespace qupel::statevector::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
