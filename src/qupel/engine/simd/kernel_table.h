#pragma once

// Each folder with kernels has a table of functions, Kernels<T>, for elements T = float and double. This
// declares, in the folder's namespace, the function that returns the table of the best instruction set of
// this machine, or of the forced one; simd/dispatch.h defines it.
#define QUPEL_DECLARE_KERNELS      \
  template <class T>               \
  const Kernels<T>& kernels();     \
  template <>                      \
  const Kernels<float>& kernels(); \
  template <>                      \
  const Kernels<double>& kernels();
