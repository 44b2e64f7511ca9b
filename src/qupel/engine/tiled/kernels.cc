#include "qupel/engine/tiled/kernels.h"

#include "qupel/engine/simd/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "qupel/engine/tiled/kernels.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "qupel/engine/simd/dispatch.h"

#include "qupel/engine/tiled/adjoint-inl.h"
#include "qupel/engine/tiled/correlate-inl.h"
#include "qupel/engine/tiled/factor-inl.h"
#include "qupel/engine/tiled/tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::tiled::HWY_NAMESPACE {

template <class T>
const Kernels<T>* kernels_here() {
  static const Kernels<T> all{std::countr_zero(hn::Lanes(Tag<T>())),
                              run_tile<T>,
                              undo_tile<T>,
                              multiply_factors<T>,
                              add_image<T>,
                              correlate<T>,
                              norm<T>};
  return &all;
}

QUPEL_KERNELS_HERE

}  // namespace qupel::tiled::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace qupel::tiled {

QUPEL_DISPATCH_KERNELS

template <class T>
TileWorkspace<T>::TileWorkspace(const Shape& shape, std::size_t stages, std::size_t states) {
  const std::size_t lanes = std::size_t{1} << shape.lane_bits, size = lanes << shape.window;
  const std::size_t of_tile = 2 * states * lanes << shape.tile, of_lines = 2 * states * size;
  memory_ = HugeArray<T>(of_tile + of_lines + 2 * stages * size, false);
  const std::span<T> all(memory_.data(), memory_.size());
  tile = all.first(of_tile);
  lines = all.subspan(of_tile, of_lines);
  tables = all.subspan(of_tile + of_lines);
  exponents.resize(size);
  ratios.resize(2 * size);
}

template struct TileWorkspace<float>;
template struct TileWorkspace<double>;

}  // namespace qupel::tiled
#endif
