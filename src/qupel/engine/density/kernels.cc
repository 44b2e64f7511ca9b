#include "qupel/engine/density/kernels.h"

#include "qupel/engine/simd/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "qupel/engine/density/kernels.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "qupel/engine/simd/dispatch.h"

#include "qupel/engine/simd/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::density::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using namespace simd::HWY_NAMESPACE;  // NOLINT(google-build-using-namespace): the same instruction set

/// Vectors of T for a line.
template <class T>
inline constexpr std::size_t lanes = hn::MaxLanes(Tag<T>());
template <class T>
inline constexpr std::size_t vectors = line / lanes<T>;

template <class T>
HWY_INLINE Vector<T> broadcast(double value) {
  return hn::Set(Tag<T>(), static_cast<T>(value));
}

/// Between memory and the tile, one way or the other.
template <bool writes, class T>
void move_tile(const SweepPlan& plan, T* HWY_RESTRICT state, T* HWY_RESTRICT tile) {
  for (std::size_t group = 0; group < plan.from.size(); ++group) {
    T* memory = state + plan.from[group];
    T* local = tile + plan.to[group];
    if (plan.contiguous) {
      const T* from = writes ? local : memory;
      T* to = writes ? memory : local;
      for (std::size_t i = 0; i < line; i += lanes<T>) store(load(from + i), to + i);
    } else {
      for (std::size_t i = 0; i < line; ++i) {
        T& scattered = local[plan.spread[i]];
        writes ? memory[i] = scattered : scattered = memory[i];
      }
    }
  }
}

template <class T, bool unital>
HWY_NOINLINE void apply_local(const TileStep& step, std::size_t size, T* HWY_RESTRICT tile) {
  const std::size_t stride = step.strides[0];
  Vector<T> m[12];
  QUPEL_UNROLL(12)
  for (std::size_t i = 0; i < 12; ++i) m[i] = broadcast<T>(step.matrix[i + 4]);
  for (std::size_t high = 0; high < size; high += 4 * stride) {
    T* HWY_RESTRICT identity = tile + high;
    T* HWY_RESTRICT x = identity + stride;
    T* HWY_RESTRICT y = x + stride;
    T* HWY_RESTRICT z = y + stride;
    for (std::size_t i = 0; i < stride; i += lanes<T>) {
      const auto a = load(x + i), b = load(y + i), c = load(z + i);
      auto newx = hn::Mul(m[1], a), newy = hn::Mul(m[5], a), newz = hn::Mul(m[9], a);
      if constexpr (!unital) {
        const auto one = load(identity + i);
        newx = hn::MulAdd(m[0], one, newx);
        newy = hn::MulAdd(m[4], one, newy);
        newz = hn::MulAdd(m[8], one, newz);
      }
      store(hn::MulAdd(m[3], c, hn::MulAdd(m[2], b, newx)), x + i);
      store(hn::MulAdd(m[7], c, hn::MulAdd(m[6], b, newy)), y + i);
      store(hn::MulAdd(m[11], c, hn::MulAdd(m[10], b, newz)), z + i);
    }
  }
}

/// Calls visit(start) for every run of strides[0] coefficients with the letter I on both digits.
template <class Visit>
HWY_INLINE void for_each_run(const TileStep& step, std::size_t size, Visit&& visit) {
  for (std::size_t high = 0; high < size; high += 4 * step.strides[1]) {
    for (std::size_t middle = 0; middle < step.strides[1]; middle += 4 * step.strides[0])
      visit(high + middle);
  }
}

template <class T>
HWY_NOINLINE void apply_monomial(const TileStep& step, std::size_t size, T* HWY_RESTRICT tile) {
  const std::size_t run = step.strides[0];
  for_each_run(step, size, [&](std::size_t start) HWY_ATTR {
    for (const auto& cycle : step.rows) {
      T* HWY_RESTRICT first = tile + start + cycle[0].to;
      const auto f = broadcast<T>(cycle[0].value);
      if (cycle.size() == 1) {
        for (std::size_t i = 0; i < run; i += lanes<T>) store(hn::Mul(f, load(first + i)), first + i);
        continue;
      }
      if (cycle.size() == 2) {
        T* HWY_RESTRICT second = tile + start + cycle[1].to;
        const auto g = broadcast<T>(cycle[1].value);
        for (std::size_t i = 0; i < run; i += lanes<T>) {
          const auto a = load(first + i), b = load(second + i);
          store(hn::Mul(f, b), first + i);
          store(hn::Mul(g, a), second + i);
        }
        continue;
      }
      for (std::size_t i = 0; i < run; i += lanes<T>) {
        const auto a = load(first + i);
        for (std::size_t k = 0; k + 1 < cycle.size(); ++k)
          store(hn::Mul(broadcast<T>(cycle[k].value), load(tile + start + cycle[k].from + i)),
                tile + start + cycle[k].to + i);
        store(hn::Mul(broadcast<T>(cycle.back().value), a), tile + start + cycle.back().to + i);
      }
    }
  });
}

template <class T>
HWY_NOINLINE void apply_sparse(const TileStep& step, std::size_t size, T* HWY_RESTRICT tile) {
  HWY_ALIGN T made[16 * line];
  for_each_run(step, size, [&](std::size_t start) HWY_ATTR {
    for (std::size_t i = 0; i < step.strides[0]; i += line) {
      T* at = tile + start + i;
      T* to = made;
      for (const auto& row : step.rows) {
        Vector<T> sum[vectors<T>];
        QUPEL_UNROLL(8)
        for (std::size_t v = 0; v < vectors<T>; ++v) sum[v] = zero<T>();
        for (const auto& entry : row) {
          const auto f = broadcast<T>(entry.value);
          const T* from = at + entry.from;
          QUPEL_UNROLL(8)
          for (std::size_t v = 0; v < vectors<T>; ++v)
            sum[v] = hn::MulAdd(f, load(from + v * lanes<T>), sum[v]);
        }
        QUPEL_UNROLL(8)
        for (std::size_t v = 0; v < vectors<T>; ++v) store(sum[v], to + v * lanes<T>);
        to += line;
      }
      const T* from = made;
      for (const auto& row : step.rows) {
        QUPEL_UNROLL(8)
        for (std::size_t v = 0; v < vectors<T>; ++v)
          store(load(from + v * lanes<T>), at + row[0].to + v * lanes<T>);
        from += line;
      }
    }
  });
}

template <class T>
void sweep(const SweepPlan& plan, T* HWY_RESTRICT state, T* HWY_RESTRICT tile) {
  move_tile<false>(plan, state, tile);
  for (const auto& step : plan.steps) {
    switch (step.kind) {
      case TileStep::Kind::local:
        apply_local<T, false>(step, plan.size, tile);
        break;
      case TileStep::Kind::unital:
        apply_local<T, true>(step, plan.size, tile);
        break;
      case TileStep::Kind::monomial:
        apply_monomial(step, plan.size, tile);
        break;
      case TileStep::Kind::sparse:
        apply_sparse(step, plan.size, tile);
        break;
    }
  }
  move_tile<true>(plan, state, tile);
}

template <class T>
const Kernels<T>* kernels_here() {
  static const Kernels<T> all{sweep<T>};
  return &all;
}

QUPEL_KERNELS_HERE

}  // namespace qupel::density::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace qupel::density {

QUPEL_DISPATCH_KERNELS

}  // namespace qupel::density
#endif
