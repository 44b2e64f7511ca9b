// Polynomials in the letters of samples (polynomial.h).
#if defined(QUPEL_HEISENBERG_POLYNOMIAL_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUPEL_HEISENBERG_POLYNOMIAL_INL
#undef QUPEL_HEISENBERG_POLYNOMIAL_INL
#else
#define QUPEL_HEISENBERG_POLYNOMIAL_INL
#endif

#include "qupel/engine/heisenberg/kernels.h"
#include "qupel/engine/statevector/angles-inl.h"
#include "qupel/engine/statevector/product-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::heisenberg::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using namespace statevector::HWY_NAMESPACE;  // NOLINT(google-build-using-namespace): the same instruction set
using statevector::Call;
using statevector::Workspace;

template <class T>
HWY_INLINE Vector<T> letter_value(char letter, const ComplexVector<T>& zero_part,
                                  const ComplexVector<T>& one_part) {
  const auto overlap = multiply_conjugate(zero_part, one_part);
  switch (letter) {
    case 'X':
      return hn::Add(overlap.re, overlap.re);
    case 'Y':
      return hn::Add(overlap.im, overlap.im);
    default:
      return hn::Sub(multiply_conjugate(zero_part, zero_part).re, multiply_conjugate(one_part, one_part).re);
  }
}

template <class T>
void letters(const Call<T>& call, Workspace<T>& work, const Inputs& inputs, std::size_t first,
             std::size_t count, T* out) {
  const std::size_t lanes = hn::Lanes(Tag<T>());
  for (std::size_t g = 0; g < group_vectors; ++g) {
    const std::size_t done = std::min(count - 1, g * lanes);
    load_features(call, work, first + done, count - done);
    prepare_coefficients(call, work, false);
    std::size_t at = g * lanes;  // not an address: without factors there is no `out`
    for (const auto& factor : inputs.factors) {
      const auto& gates = call.program.layers.product[static_cast<std::size_t>(factor.qubit)];
      ComplexVector<T> zero_part, one_part;
      product_state(std::span(gates).first(factor.gates), work, zero_part, one_part);
      for (const char letter : factor.letters) {
        store(letter_value<T>(letter, zero_part, one_part), out + at);
        at += group_vectors * lanes;
      }
    }
  }
}

/// One number a sample of a group.
template <class T>
struct Group {
  Vector<T> part[group_vectors];
};

template <class T>
HWY_INLINE Group<T> load_group(const T* from, std::size_t index) {
  Group<T> group;
  QUPEL_UNROLL(4)
  for (std::size_t g = 0; g < group_vectors; ++g)
    group.part[g] = load(from + (index * group_vectors + g) * hn::Lanes(Tag<T>()));
  return group;
}

template <class T>
HWY_INLINE void store_group(const Group<T>& group, T* to, std::size_t index) {
  QUPEL_UNROLL(4)
  for (std::size_t g = 0; g < group_vectors; ++g)
    store(group.part[g], to + (index * group_vectors + g) * hn::Lanes(Tag<T>()));
}

template <class T>
HWY_INLINE Group<T> product(const Group<T>& a, const Group<T>& b) {
  Group<T> result;
  QUPEL_UNROLL(4)
  for (std::size_t g = 0; g < group_vectors; ++g) result.part[g] = hn::Mul(a.part[g], b.part[g]);
  return result;
}

template <class T>
HWY_INLINE void add_product(Group<T>& sum, const Group<T>& a, const Group<T>& b) {
  QUPEL_UNROLL(4)
  for (std::size_t g = 0; g < group_vectors; ++g) sum.part[g] = hn::MulAdd(a.part[g], b.part[g], sum.part[g]);
}

template <class T>
HWY_INLINE void write_monomials(const Terms& terms, const T* letters, T* HWY_RESTRICT monomials) {
  std::size_t size = 1;
  Group<T> one;
  QUPEL_UNROLL(4)
  for (auto& part : one.part) part = hn::Set(Tag<T>(), T{1});
  store_group(one, monomials, 0);
  for (std::size_t v = 0; v < terms.low; ++v) {
    const auto& variable = terms.variables[v];
    for (std::size_t l = 0; l < variable.letters; ++l) {
      const auto letter = load_group(letters, variable.first + l);
      for (std::size_t k = 0; k < size; ++k)
        store_group(product(letter, load_group(monomials, k)), monomials, (l + 1) * size + k);
    }
    size *= variable.letters + 1;
  }
}

/// Sums of monomials with `count` rows of coefficients at a time.
template <class T, std::size_t count>
HWY_INLINE void sum_rows(const T* HWY_RESTRICT coefficients, std::size_t size,
                         const T* HWY_RESTRICT monomials, Group<T>* HWY_RESTRICT sums) {
  const std::size_t lanes = hn::Lanes(Tag<T>());
  Vector<T> sum[count][group_vectors];
  QUPEL_UNROLL(4)
  for (std::size_t r = 0; r < count; ++r) {
    QUPEL_UNROLL(4)
    for (std::size_t g = 0; g < group_vectors; ++g) sum[r][g] = zero<T>();
  }
  for (std::size_t k = 0; k < size; ++k) {
    Vector<T> monomial[group_vectors];
    QUPEL_UNROLL(4)
    for (std::size_t g = 0; g < group_vectors; ++g) {
      monomial[g] = load(monomials + (k * group_vectors + g) * lanes);
      keep_in_register(monomial[g]);
    }
    QUPEL_UNROLL(4)
    for (std::size_t r = 0; r < count; ++r) {
      const auto coefficient = hn::Set(Tag<T>(), coefficients[r * size + k]);
      QUPEL_UNROLL(4)
      for (std::size_t g = 0; g < group_vectors; ++g)
        sum[r][g] = hn::MulAdd(coefficient, monomial[g], sum[r][g]);
    }
  }
  QUPEL_UNROLL(4)
  for (std::size_t r = 0; r < count; ++r) {
    QUPEL_UNROLL(4)
    for (std::size_t g = 0; g < group_vectors; ++g) sums[r].part[g] = sum[r][g];
  }
}

/// The innermost nested variable with `count` - 1 letters, or (1) none.
template <class T, std::size_t count>
HWY_NOINLINE Group<T> innermost(const Terms& terms, const T* coefficients, const T* letters,
                                const T* monomials) {
  Group<T> sums[count];
  sum_rows<T, count>(coefficients, terms.low_size, monomials, sums);
  QUPEL_UNROLL(4)
  for (std::size_t l = 1; l < count; ++l) {
    const auto& variable = terms.variables[terms.low];
    add_product(sums[0], load_group(letters, variable.first + l - 1), sums[l]);
  }
  return sums[0];
}

/// The polynomial in the first `variables` variables with coefficients from `coefficients` on.
template <class T>
HWY_NOINLINE Group<T> nested(const Terms& terms, std::size_t variables, const T* coefficients,
                             const T* letters, const T* monomials) {
  if (variables == terms.low) return innermost<T, 1>(terms, coefficients, letters, monomials);
  const auto& variable = terms.variables[variables - 1];
  if (variables == terms.low + 1) {
    switch (variable.letters) {
      case 1:
        return innermost<T, 2>(terms, coefficients, letters, monomials);
      case 2:
        return innermost<T, 3>(terms, coefficients, letters, monomials);
      default:
        return innermost<T, 4>(terms, coefficients, letters, monomials);
    }
  }
  auto sum = nested(terms, variables - 1, coefficients, letters, monomials);
  for (std::size_t l = 0; l < variable.letters; ++l)
    add_product(sum, load_group(letters, variable.first + l),
                nested(terms, variables - 1, coefficients + (l + 1) * variable.stride, letters, monomials));
  return sum;
}

template <class T>
void evaluate(const Terms& terms, const T* coefficients, const T* letters, T* monomials, T* values) {
  write_monomials(terms, letters, monomials);
  store_group(nested(terms, terms.variables.size(), coefficients, letters, monomials), values, 0);
}

}  // namespace qupel::heisenberg::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
