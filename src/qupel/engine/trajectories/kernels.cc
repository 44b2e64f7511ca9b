#include "qupel/engine/trajectories/kernels.h"

#include <array>
#include <cmath>

#include "qupel/engine/simd/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "qupel/engine/trajectories/kernels.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "qupel/engine/simd/dispatch.h"

#include "qupel/engine/statevector/measure-inl.h"
#include "qupel/engine/statevector/passes-inl.h"
#include "qupel/engine/statevector/start-inl.h"
#include "qupel/engine/trajectories/noise-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::trajectories::HWY_NAMESPACE {

namespace sv = statevector::HWY_NAMESPACE;

template <class T>
void run(const statevector::Call<T>& call, Lanes<T>& block) {
  auto& work = block.work;
  work.phases_of = -1;
  sv::write_start(call, work, call.plans.forward.start);
  for (const auto& window : call.plans.forward.windows) {
    const int diagonal = window.passes.front().diagonal;  // a noisy one is always the first of its window
    if (diagonal >= 0) {
      write_noisy_diagonal(call, block, static_cast<std::size_t>(diagonal));
      work.phases_of = diagonal;
    }
    sv::run_window(call, work, work.state, window);
  }
  sv::measure(call, work, block.values.data());
}

template <class T>
const Kernels<T>* kernels_here() {
  static const Kernels<T> all{hn::Lanes(sv::Tag<T>()), hn::Lanes(sv::Tag<T>()) * sizeof(T), run<T>};
  return &all;
}

QUPEL_KERNELS_HERE

}  // namespace qupel::trajectories::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace qupel::trajectories {

QUPEL_DISPATCH_KERNELS

}  // namespace qupel::trajectories
#endif
