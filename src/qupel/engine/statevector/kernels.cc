#include "qupel/engine/simd/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "qupel/engine/statevector/kernels.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "qupel/engine/simd/dispatch.h"

#include "qupel/engine/statevector/adjoint-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::statevector::HWY_NAMESPACE {

template <class T>
void run(const Call<T>& call, Workspace<T>& work, std::size_t first, std::size_t count) {
  work.phases_of = -1;
  load_features(call, work, first, count);
  prepare_coefficients(call, work);
  const auto& plan = work.adjoint == nullptr ? call.plans.values : call.plans.forward;
  write_start(call, work, plan.start);
  for (const auto& window : plan.windows) run_window(call, work, work.state, window);
}

template <class T>
void broadcast(std::span<const std::array<T, 2>> pairs, T* out) {
  for (const auto& pair : pairs) {
    store_complex<T>({hn::Set(Tag<T>(), pair[0]), hn::Set(Tag<T>(), pair[1])}, out, 0);
    out += 2 * hn::Lanes(Tag<T>());
  }
}

template <class T>
void write_units(std::span<const double> arguments, Complex* units) {
  const Tag<double> d;
  for (std::size_t i = 0; i < arguments.size(); i += hn::Lanes(d)) {
    const auto unit = unit_at<double>(hn::LoadU(d, arguments.data() + i));
    hn::StoreInterleaved2(unit.re, unit.im, d, reinterpret_cast<double*>(units + i));
  }
}

template <class T>
const Kernels<T>* kernels_here() {
  static const Kernels<T> all{hn::Lanes(Tag<T>()),
                              hn::Lanes(Tag<T>()) * sizeof(T),
                              broadcast<T>,
                              write_units<T>,
                              run<T>,
                              measure<T>,
                              backward<T>,
                              add_up<T>};
  return &all;
}

QUPEL_KERNELS_HERE

}  // namespace qupel::statevector::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace qupel::statevector {

QUPEL_DISPATCH_KERNELS

}  // namespace qupel::statevector
#endif
