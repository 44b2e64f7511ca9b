#include "qupel/engine/heisenberg/kernels.h"

#include "qupel/engine/simd/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "qupel/engine/heisenberg/kernels.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "qupel/engine/simd/dispatch.h"

#include "qupel/engine/heisenberg/conjugate-inl.h"
#include "qupel/engine/heisenberg/polynomial-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::heisenberg::HWY_NAMESPACE {

template <class T>
const Kernels<T>* kernels_here() {
  static const Kernels<T> all{hn::Lanes(Tag<T>()), conjugate<T>, letters<T>, evaluate<T>};
  return &all;
}

QUPEL_KERNELS_HERE

}  // namespace qupel::heisenberg::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace qupel::heisenberg {

QUPEL_DISPATCH_KERNELS

}  // namespace qupel::heisenberg
#endif
