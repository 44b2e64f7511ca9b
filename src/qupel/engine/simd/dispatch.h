#pragma once
#include <hwy/highway.h>

// The end of every kernels.cc: which instruction set's kernels run is decided when the program runs. A folder
// has a template kernels_here<T>(), which returns a pointer to the Kernels<T> of the instruction set that is
// being compiled, and declares kernels<T>() in its kernels.h (simd/kernel_table.h).

/// Inside HWY_NAMESPACE.
#define QUPEL_KERNELS_HERE                                                 \
  const Kernels<float>* single_kernels() { return kernels_here<float>(); } \
  const Kernels<double>* double_kernels() { return kernels_here<double>(); }

/// Once, in the namespace around it.
#define QUPEL_DISPATCH_KERNELS                      \
  HWY_EXPORT(single_kernels);                       \
  HWY_EXPORT(double_kernels);                       \
  template <>                                       \
  const Kernels<float>& kernels() {                 \
    return *HWY_DYNAMIC_DISPATCH(single_kernels)(); \
  }                                                 \
  template <>                                       \
  const Kernels<double>& kernels() {                \
    return *HWY_DYNAMIC_DISPATCH(double_kernels)(); \
  }
