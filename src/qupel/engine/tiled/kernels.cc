#include "qupel/engine/tiled/kernels.h"

#include "qupel/engine/statevector/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "qupel/engine/tiled/kernels.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "qupel/engine/tiled/correlate-inl.h"
#include "qupel/engine/tiled/tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::tiled::HWY_NAMESPACE {

template <class T>
const Kernels<T>* kernels_here() {
  static const Kernels<T> all{std::countr_zero(hn::Lanes(Tag<T>())), run_tile<T>, correlate<T>};
  return &all;
}

const Kernels<float>* single_kernels() { return kernels_here<float>(); }
const Kernels<double>* double_kernels() { return kernels_here<double>(); }

}  // namespace qupel::tiled::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace qupel::tiled {

HWY_EXPORT(single_kernels);
HWY_EXPORT(double_kernels);

template <>
const Kernels<float>& kernels() {
  return *HWY_DYNAMIC_DISPATCH(single_kernels)();
}
template <>
const Kernels<double>& kernels() {
  return *HWY_DYNAMIC_DISPATCH(double_kernels)();
}

template <class T>
TileWorkspace<T>::TileWorkspace(const Shape& shape, std::size_t stages) {
  const std::size_t line = std::size_t{2} << shape.lane_bits;
  const std::size_t first = std::size_t{1} << shape.directions[0],
                    second = std::size_t{1} << shape.directions[1];
  tile.resize(second * (first + 1) * line);
  column.resize(second * line);
  tables.resize(stages * std::max(first, second) * line);
  exponents.resize(std::max(first, second) * line / 2);
}

template struct TileWorkspace<float>;
template struct TileWorkspace<double>;

}  // namespace qupel::tiled
#endif
