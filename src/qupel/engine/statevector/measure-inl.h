// Expectation values, and observables applied to the state, from tables over the basis index.
#if defined(QUPEL_STATEVECTOR_MEASURE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUPEL_STATEVECTOR_MEASURE_INL
#undef QUPEL_STATEVECTOR_MEASURE_INL
#else
#define QUPEL_STATEVECTOR_MEASURE_INL
#endif

#include <algorithm>
#include <array>

#include "qupel/engine/rotations/parity-inl.h"
#include "qupel/engine/statevector/passes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::statevector::HWY_NAMESPACE {

using namespace rotations::HWY_NAMESPACE;  // NOLINT(google-build-using-namespace): the same instruction set

/// Workspace::table = the measurement's t(s).
template <class T>
HWY_NOINLINE void write_table(const Call<T>& call, Workspace<T>& work, const Measurement& measurement) {
  const std::size_t lanes = hn::Lanes(Tag<T>());
  const std::size_t size = std::size_t{1} << call.program.qubits;
  for (std::size_t s = 0; s < size; ++s) {
    const auto here = load_complex(work.state, s);
    const auto partner = measurement.x == 0 ? here : load_complex(work.state, s ^ measurement.x);
    const auto product = multiply_conjugate(partner, here);
    store(measurement.imaginary ? product.im : product.re, work.table + s * lanes);
  }
}

/// The sum over s of (-1)^(mask . s) Re(conj(psi[s ^ x]) psi[s]), without a table. @param flips whether x is
/// not 0
template <class T, bool flips>
HWY_NOINLINE Vector<T> parity_sum(const T* HWY_RESTRICT state, int qubits, Mask x, Mask mask) {
  const std::size_t amplitude = 2 * hn::Lanes(Tag<T>()) * sizeof(T);
  const Mask pivot = mask & (0 - mask);  // leads from even to odd parity
  std::array<std::size_t, 64> even;
  std::size_t count = 0;
  for (int q = 0; q < qubits; ++q) {
    const Mask bit = Mask{1} << q;
    if (bit != pivot) even[count++] = (odd(mask & bit) ? bit ^ pivot : bit) * amplitude;
  }
  // Few are added to each other before they join the others, which keeps rounding errors small.
  const std::size_t few = std::min<std::size_t>(count, 5);
  const auto steps = std::span<const std::size_t>(even).first(count);
  auto total = zero<T>();
  for_each_position<std::size_t>(steps.subspan(few), 0, [&](std::size_t first) HWY_ATTR {
    ComplexVector<T> plus{zero<T>(), zero<T>()}, minus = plus;
    const auto add = [&](std::size_t at, ComplexVector<T>& sum) HWY_ATTR {
      const auto here = load_complex(behind(state, at), 0);
      const auto partner = flips ? load_complex(behind(state, at ^ (x * amplitude)), 0) : here;
      sum = {hn::MulAdd(here.re, partner.re, sum.re), hn::MulAdd(here.im, partner.im, sum.im)};
    };
    for_each_position<std::size_t>(steps.first(few), first, [&](std::size_t at) HWY_ATTR {
      add(at, plus);
      if (pivot != 0) add(at ^ (pivot * amplitude), minus);
    });
    total = hn::Add(total, hn::Sub(hn::Add(plus.re, plus.im), hn::Add(minus.re, minus.im)));
  });
  return total;
}

template <class T>
void measure(const Call<T>& call, Workspace<T>& work, double* values) {
  const std::size_t lanes = hn::Lanes(Tag<T>());
  for (std::size_t o = 0; o < call.program.observable_count; ++o) {
    for (std::size_t lane = 0; lane < lanes; ++lane) values[o * lanes + lane] = call.program.constants[o];
  }
  const auto add = [&](const Measurement::Term& term, double norm) {
    const T* sum = work.outputs + static_cast<std::size_t>(term.mask) * lanes;
    double* value = values + static_cast<std::size_t>(term.observable) * lanes;
    for (std::size_t lane = 0; lane < lanes; ++lane)
      value[lane] += term.weight * norm * static_cast<double>(sum[lane]);
  };
  const double norm = call.binding.scale * call.binding.scale;
  for (const auto& measurement : call.program.measurements) {
    if (measurement.masks.size() == 1 && !measurement.imaginary) {
      const auto sum = measurement.x == 0 ? parity_sum<T, false> : parity_sum<T, true>;
      store(sum(work.state, call.program.qubits, measurement.x, measurement.masks.front()), work.outputs);
    } else {
      write_table(call, work, measurement);
      fold(measurement.parities, work.table, work.outputs);
    }
    for (const auto& term : measurement.terms) add(term, norm);
  }
}

/// Adds (or, the first time, writes) sum of amplitude_k cotangent_k P_k psi over the measurement's terms to
/// the adjoint.
template <class T>
HWY_NOINLINE void apply_measurement(const Call<T>& call, Workspace<T>& work, const Measurement& measurement,
                                    const double* cotangents, bool first) {
  const std::size_t lanes = hn::Lanes(Tag<T>());
  std::fill_n(work.outputs, measurement.masks.size() * lanes, T{0});
  for (const auto& term : measurement.terms) {
    T* value = work.outputs + static_cast<std::size_t>(term.mask) * lanes;
    const double* cotangent = cotangents + static_cast<std::size_t>(term.observable) * lanes;
    for (std::size_t lane = 0; lane < lanes; ++lane)
      value[lane] += static_cast<T>(term.amplitude * cotangent[lane]);
  }
  unfold(measurement.parities, work.table, work.outputs);
  const std::size_t size = std::size_t{1} << call.program.qubits;
  for (std::size_t s = 0; s < size; ++s) {
    const std::size_t partner = s ^ measurement.x;
    const auto factor = load(work.table + partner * lanes);
    const auto psi = load_complex(work.state, partner);
    ComplexVector<T> image{hn::Mul(factor, psi.re), hn::Mul(factor, psi.im)};
    if (measurement.imaginary) image = {hn::Neg(image.im), image.re};
    if (!first) {
      const auto sum = load_complex(work.adjoint, s);
      image = {hn::Add(sum.re, image.re), hn::Add(sum.im, image.im)};
    }
    store_complex(image, work.adjoint, s);
  }
}

}  // namespace qupel::statevector::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
