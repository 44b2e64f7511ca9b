// One tile of a sweep, from memory through two windows and back (tile_plan.h).
#if defined(QUPEL_TILED_TILE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUPEL_TILED_TILE_INL
#undef QUPEL_TILED_TILE_INL
#else
#define QUPEL_TILED_TILE_INL
#endif

#include <array>

#include <hwy/cache_control.h>

#include "qupel/engine/statevector/rotate-inl.h"
#include "qupel/engine/statevector/unit-inl.h"
#include "qupel/engine/tiled/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::tiled::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using statevector::odd;
using namespace statevector::HWY_NAMESPACE;  // NOLINT(google-build-using-namespace): the same instruction set

/// What surrounds a window's lines.
struct Surroundings {
  Mask base;
  std::size_t outside;  ///< the other window's coordinate
  bool flips(const Parity& parity) const {
    return odd((parity.base & base)) != odd(parity.outside & outside);
  }
};

/// A diagonal on a window's lines: factor * table[line], if there is a table.
template <class T>
struct Factors {
  ComplexVector<T> factor;
  const T* table = nullptr;
};

/// Exponents of phases in every lane.
template <class T>
HWY_INLINE Vector<T> exponent(const Phase& phase, const Surroundings& around) {
  const auto value = static_cast<T>(around.flips(phase.parity) ? -phase.exponent : phase.exponent);
  return hn::Mul(hn::Set(Tag<T>(), value), LaneTables<T>::get().sign(phase.parity.lane));
}

template <class T>
HWY_NOINLINE void write_table(const StagePlan& stage, int bits, const Surroundings& around,
                              TileWorkspace<T>& work, T* HWY_RESTRICT table) {
  const std::size_t lanes = hn::Lanes(Tag<T>()), size = std::size_t{1} << bits;
  T* HWY_RESTRICT sums = work.exponents.data();
  for (std::size_t i = 0; i < size; ++i) store(zero<T>(), sums + i * lanes);
  for (const auto* phases : {&stage.fixed, &stage.mixed}) {
    for (const auto& phase : *phases) {
      T* at = sums + phase.parity.inside * lanes;
      store(hn::Add(load(at), exponent<T>(phase, around)), at);
    }
  }
  walsh_hadamard(sums, bits);
  for (std::size_t i = 0; i < size; ++i) store_complex(unit_at<T>(load(sums + i * lanes)), table, i);
}

/// The tables of a window's stages while its lines' surroundings change.
template <class T>
class Diagonals {
 public:
  Diagonals(const WindowPlan& window, TileWorkspace<T>& work) : window_(window), work_(work) {
    work.patterns.assign(window.stages.size(), std::nullopt);
  }

  Factors<T> at(std::size_t index, const Surroundings& around, double factor) {
    const auto& stage = window_.stages[index];
    auto sum = zero<T>();
    for (const auto& phase : stage.constant) sum = hn::Add(sum, exponent<T>(phase, around));
    const auto scale = hn::Set(Tag<T>(), static_cast<T>(factor));
    const auto phase = unit_at<T>(sum);
    Factors<T> result{{hn::Mul(scale, phase.re), hn::Mul(scale, phase.im)}};
    if (!stage.tabled()) return result;
    T* table = work_.tables.data() + (2 * index * hn::Lanes(Tag<T>()) << window_.bits);
    auto& written = work_.patterns[index];
    const auto now = pattern(stage, around.outside);
    if (!written || *written != now || stage.mixed.size() > 64) {
      write_table(stage, window_.bits, around, work_, table);
      written = now;
    }
    result.table = table;
    return result;
  }

 private:
  const WindowPlan& window_;
  TileWorkspace<T>& work_;
};

template <class T>
HWY_INLINE ComplexVector<T> apply(const Factors<T>& factors, const ComplexVector<T>& z, std::size_t line) {
  if (factors.table == nullptr) return multiply(factors.factor, z);
  return multiply(multiply(factors.factor, load_complex(factors.table, line)), z);
}

/// Rotations of pairs of lines.
template <class T, std::size_t rotations>
HWY_NOINLINE void run_pass(const Pass& pass, T* HWY_RESTRICT lines, const Surroundings& around) {
  const auto& lanes = LaneTables<T>::get();
  Vector<T> f[rotations];
  std::size_t start = 0;
  QUPEL_UNROLL(4)
  for (std::size_t j = 0; j < rotations; ++j) {
    f[j] = hn::Mul(hn::Set(Tag<T>(), static_cast<T>(pass.coefficient[j])), lanes.sign(pass.z[j].lane));
    if (around.flips(pass.z[j])) start ^= pass.offset[j];
  }
  constexpr std::size_t size = std::size_t{1} << rotations;
  for_each_position<std::size_t>(pass.steps, start, [&](std::size_t at) HWY_ATTR {
    std::size_t position[size];
    Vector<T> tile[size];
    position[0] = at;
    QUPEL_UNROLL(4)
    for (std::size_t j = 0; j < rotations; ++j) {
      const std::size_t half = std::size_t{1} << j;
      QUPEL_UNROLL(8)
      for (std::size_t i = 0; i < half; ++i) position[half + i] = position[i] ^ pass.offset[j];
    }
    QUPEL_UNROLL(8)
    for (std::size_t i = 0; i < size; ++i) tile[i] = load(behind(lines, position[i]));
    QUPEL_UNROLL(4)
    for (std::size_t j = 0; j < rotations; ++j) {
      if (pass.form[j] == Form::tangent) {
        for_pairs<size>(tile, j, [&](Vector<T>& a, Vector<T>& b) HWY_ATTR { rotate_tangent(f[j], a, b); });
      } else {
        for_pairs<size>(tile, j, [&](Vector<T>& a, Vector<T>& b) HWY_ATTR { rotate_cotangent(f[j], a, b); });
      }
    }
    QUPEL_UNROLL(8)
    for (std::size_t i = 0; i < size; ++i) store(tile[i], behind(lines, position[i]));
  });
}

/// A rotation of pairs of lanes.
template <class T>
HWY_NOINLINE void run_lanes(const LaneRotation& rotation, int bits, T* HWY_RESTRICT lines,
                            const Surroundings& around) {
  const auto& tables = LaneTables<T>::get();
  const auto f = hn::Set(Tag<T>(), static_cast<T>(rotation.f));
  const auto even = hn::Mul(hn::Set(Tag<T>(), static_cast<T>(rotation.g)), tables.sign(rotation.z.lane));
  const bool flips = around.flips(rotation.z);
  for (std::size_t i = 0; i < std::size_t{1} << bits; ++i) {
    const auto g = odd(rotation.z.inside & i) != flips ? hn::Neg(even) : even;
    const auto z = load_complex(lines, i);
    store_complex(ComplexVector<T>{hn::MulAdd(g, tables.exchange(z.re, rotation.x), hn::Mul(f, z.re)),
                                   hn::MulAdd(g, tables.exchange(z.im, rotation.x), hn::Mul(f, z.im))},
                  lines, i);
  }
}

template <class T>
HWY_INLINE void run_any_pass(const Pass& pass, T* HWY_RESTRICT lines, const Surroundings& around) {
  switch (pass.rotations) {
    case 1:
      return run_pass<T, 1>(pass, lines, around);
    case 2:
      return run_pass<T, 2>(pass, lines, around);
    default:
      return run_pass<T, 3>(pass, lines, around);
  }
}

template <class T>
HWY_INLINE void run_steps(const StagePlan& stage, int bits, T* HWY_RESTRICT lines,
                          const Surroundings& around) {
  for (const auto& step : stage.steps) {
    if (step.pass.rotations > 0) run_any_pass(step.pass, lines, around);
    for (const auto& rotation : step.lanes) run_lanes(rotation, bits, lines, around);
  }
}

/// Reads a window's lines with source(line), applies its stages in `lines`.
template <class T, class Source>
HWY_INLINE void run_window(const WindowPlan& window, Diagonals<T>& diagonals, const Surroundings& around,
                           double factor, T* HWY_RESTRICT lines, Source&& source) {
  const std::size_t size = std::size_t{1} << window.bits;
  if (window.stages.empty()) {
    const auto scale = hn::Set(Tag<T>(), static_cast<T>(factor));
    for (std::size_t i = 0; i < size; ++i) {
      const auto z = source(i);
      store_complex(ComplexVector<T>{hn::Mul(scale, z.re), hn::Mul(scale, z.im)}, lines, i);
    }
    return;
  }
  if (factor != 1 || window.stages.front().diagonal()) {
    const auto factors = diagonals.at(0, around, factor);
    for (std::size_t i = 0; i < size; ++i) store_complex(apply(factors, source(i), i), lines, i);
  } else {
    for (std::size_t i = 0; i < size; ++i) store_complex(source(i), lines, i);
  }
  for (std::size_t k = 0; k < window.stages.size(); ++k) {
    const auto& stage = window.stages[k];
    if (k > 0 && stage.diagonal()) {
      const auto factors = diagonals.at(k, around, 1);
      for (std::size_t i = 0; i < size; ++i)
        store_complex(apply(factors, load_complex(lines, i), i), lines, i);
    }
    run_steps(stage, window.bits, lines, around);
  }
}

/// The line of stored index s, with its lanes exchanged as the low bits of s say (if any line's are).
template <class T, bool exchanges>
struct Lines {
  const SweepPlan& plan;
  T* state;
  const LaneTables<T>& tables = LaneTables<T>::get();

  HWY_INLINE T* address(Mask s) const { return state + ((s >> plan.lane_bits) << (plan.lane_bits + 1)); }
  HWY_INLINE ComplexVector<T> exchange(const ComplexVector<T>& z, Mask s) const {
    if constexpr (!exchanges) return z;
    const std::size_t mask = s & (hn::Lanes(Tag<T>()) - 1);
    return {tables.exchange(z.re, mask), tables.exchange(z.im, mask)};
  }
  HWY_INLINE void prefetch(Mask s) const {
    constexpr std::size_t cache_line = 64 / sizeof(T);
    for (std::size_t i = 0; i < 2 * hn::Lanes(Tag<T>()); i += cache_line) hwy::Prefetch(address(s) + i);
  }
  HWY_INLINE ComplexVector<T> read(Mask s) const { return exchange(load_complex(address(s), 0), s); }
  template <bool stream>
  HWY_INLINE void write(const ComplexVector<T>& z, Mask s) const {
    const auto out = exchange(z, s);
    T* to = address(s);
    if constexpr (stream) {
      hn::Stream(out.re, Tag<T>(), to);
      hn::Stream(out.im, Tag<T>(), to + hn::Lanes(Tag<T>()));
    } else {
      store_complex(out, to, 0);
    }
  }
};

// Lines are fetched so far ahead. Many more would push each other out of the cache: their addresses agree in
// many bits.
inline constexpr std::size_t lines_ahead = 16;

template <class T, bool exchanges, bool stream>
HWY_NOINLINE void run_tile_as(const SweepPlan& plan, T* state, std::size_t tile, double factor,
                              TileWorkspace<T>& work) {
  const std::size_t line = 2 * hn::Lanes(Tag<T>());
  const Lines<T, exchanges> memory{plan, state};
  const auto& first = plan.windows[0];
  const auto& second = plan.windows[1];
  const std::size_t columns = first.lines.size(), rows = second.lines.size(), row = (columns + 1) * line;
  const Mask base = plan.base(tile);
  T* HWY_RESTRICT scratch = work.tile.data();
  Diagonals<T> diagonals(first, work);
  for (std::size_t k = 0; k < rows; ++k) {
    const std::size_t w = first.order[k];
    const Mask at = base ^ second.lines[w],
               next = base ^ second.lines[first.order[std::min(k + 1, rows - 1)]];
    const auto read = [&](std::size_t i) HWY_ATTR {
      const std::size_t ahead = i + lines_ahead;
      memory.prefetch((ahead < columns ? at : next) ^ first.lines[ahead & (columns - 1)]);
      return memory.read(at ^ first.lines[i]);
    };
    run_window<T>(first, diagonals, {base, w}, factor, scratch + w * row, read);
  }
  Diagonals<T> column_diagonals(second, work);
  T* HWY_RESTRICT column = work.column.data();
  const auto signs = LaneTables<T>::get().sign(plan.lane_signs);
  for (const std::size_t u : second.order) {
    const auto read = [&](std::size_t i) HWY_ATTR { return load_complex(scratch + i * row + u * line, 0); };
    run_window<T>(second, column_diagonals, {base, u}, 1, column, read);
    const Mask at = base ^ first.lines[u];
    for (std::size_t w = 0; w < rows; ++w) {
      const auto z = load_complex(column, w);
      memory.template write<stream>({hn::Mul(signs, z.re), hn::Mul(signs, z.im)}, at ^ second.lines[w]);
    }
  }
  if constexpr (stream) hwy::FlushStream();
}

template <class T>
void run_tile(const SweepPlan& plan, T* state, std::size_t tile, double factor, bool stream,
              TileWorkspace<T>& work) {
  if (plan.exchanges) {
    stream ? run_tile_as<T, true, true>(plan, state, tile, factor, work)
           : run_tile_as<T, true, false>(plan, state, tile, factor, work);
  } else {
    stream ? run_tile_as<T, false, true>(plan, state, tile, factor, work)
           : run_tile_as<T, false, false>(plan, state, tile, factor, work);
  }
}

}  // namespace qupel::tiled::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
