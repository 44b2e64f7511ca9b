// Expectation values, and observables applied to the state, from tables over the basis index.
#if defined(QUPEL_STATEVECTOR_MEASURE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUPEL_STATEVECTOR_MEASURE_INL
#undef QUPEL_STATEVECTOR_MEASURE_INL
#else
#define QUPEL_STATEVECTOR_MEASURE_INL
#endif

#include <algorithm>

#include "qupel/engine/statevector/parity-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::statevector::HWY_NAMESPACE {

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

template <class T>
void measure(const Call<T>& call, Workspace<T>& work, double* values) {
  const std::size_t lanes = hn::Lanes(Tag<T>());
  const double norm = call.binding.scale * call.binding.scale;
  for (std::size_t o = 0; o < call.program.observable_count; ++o) {
    for (std::size_t lane = 0; lane < lanes; ++lane) values[o * lanes + lane] = call.program.constants[o];
  }
  for (const auto& measurement : call.program.measurements) {
    write_table(call, work, measurement);
    fold(measurement.parities, 0, measurement.parities.bits, work.table, work.outputs);
    for (const auto& term : measurement.terms) {
      const T* sum = work.outputs + static_cast<std::size_t>(term.mask) * lanes;
      double* value = values + static_cast<std::size_t>(term.observable) * lanes;
      for (std::size_t lane = 0; lane < lanes; ++lane)
        value[lane] += term.weight * norm * static_cast<double>(sum[lane]);
    }
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
  unfold(measurement.parities, 0, measurement.parities.bits, work.table, work.outputs);
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
