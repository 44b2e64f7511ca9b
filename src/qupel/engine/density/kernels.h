#pragma once
#include <cstddef>

#include "qupel/engine/density/sweep_plan.h"
#include "qupel/engine/simd/kernel_table.h"

namespace qupel::density {

/// The functions of one instruction set.
template <class T>
struct Kernels {
  /// Reads the tile that starts at `state`, applies the sweep's steps in `tile` (plan.size coefficients, on
  /// cache lines) and writes it back.
  void (*sweep)(const SweepPlan& plan, T* state, T* tile);
};

QUPEL_DECLARE_KERNELS

}  // namespace qupel::density
