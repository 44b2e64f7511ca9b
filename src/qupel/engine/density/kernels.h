#pragma once
#include <cstddef>

#include "qupel/engine/density/sweep_plan.h"

namespace qupel::density {

/// The functions of one instruction set.
template <class T>
struct Kernels {
  /// Reads the tile that starts at `state`, applies the sweep's steps in `tile` (plan.size coefficients, on
  /// cache lines) and writes it back.
  void (*sweep)(const SweepPlan& plan, T* state, T* tile);
};

/// Of the best instruction set, or the forced one.
template <class T>
const Kernels<T>& kernels();
template <>
const Kernels<float>& kernels();
template <>
const Kernels<double>& kernels();

}  // namespace qupel::density
