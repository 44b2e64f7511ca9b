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

HWY_BEFORE_NAMESPACE();
namespace qupel::tiled::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using statevector::odd;
using namespace statevector::HWY_NAMESPACE;  // NOLINT(google-build-using-namespace): the same instruction set

/// Vectors that depend on the lane's number only.
template <class T>
struct LaneTables {
  static constexpr std::size_t most = HWY_MAX_BYTES / sizeof(T);
  using Index = hwy::MakeSigned<T>;
  HWY_ALIGN T signs[most * most];          ///< [mask]: (-1)^(mask.lane)
  HWY_ALIGN Index exchanges[most * most];  ///< [mask]: lane ^ mask

  LaneTables() {
    const std::size_t lanes = hn::Lanes(Tag<T>());
    for (std::size_t mask = 0; mask < lanes; ++mask) {
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        signs[mask * lanes + lane] = odd(mask & lane) ? T{-1} : T{1};
        exchanges[mask * lanes + lane] = static_cast<Index>(lane ^ mask);
      }
    }
  }
  static const LaneTables& get() {
    static const LaneTables tables;
    return tables;
  }
  HWY_INLINE Vector<T> sign(std::size_t mask) const { return load(signs + mask * hn::Lanes(Tag<T>())); }
  HWY_INLINE Vector<T> exchange(Vector<T> v, std::size_t mask) const {
    const Tag<T> d;
    return hn::TableLookupLanes(v, hn::SetTableIndices(d, exchanges + mask * hn::Lanes(d)));
  }
};

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
                              TileWorkspace<T>& work) {
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
  for (std::size_t i = 0; i < size; ++i)
    store_complex(unit_at<T>(load(sums + i * lanes)), work.table.data(), i);
}

/// Which signs the mixed phases have, for up to 64 of them.
inline std::uint64_t pattern(const StagePlan& stage, const Surroundings& around) {
  std::uint64_t bits = 0;
  for (const auto& phase : stage.mixed)
    bits = 2 * bits + (odd(phase.parity.outside & around.outside) ? 1 : 0);
  return bits;
}

/// The tables of a window's stages while its lines' surroundings change.
template <class T>
class Diagonals {
 public:
  Diagonals(const WindowPlan& window, TileWorkspace<T>& work) : window_(window), work_(work) {}

  Factors<T> at(const StagePlan& stage, const Surroundings& around, double factor) {
    auto sum = zero<T>();
    for (const auto& phase : stage.constant) sum = hn::Add(sum, exponent<T>(phase, around));
    const auto scale = hn::Set(Tag<T>(), static_cast<T>(factor));
    const auto phase = unit_at<T>(sum);
    Factors<T> result{{hn::Mul(scale, phase.re), hn::Mul(scale, phase.im)}};
    if (!stage.tabled()) return result;
    const auto now = pattern(stage, around);
    if (written_ != &stage || now != pattern_ || stage.mixed.size() > 64)
      write_table(stage, window_.bits, around, work_);
    written_ = &stage;
    pattern_ = now;
    result.table = work_.table.data();
    return result;
  }

 private:
  const WindowPlan& window_;
  TileWorkspace<T>& work_;
  const StagePlan* written_ = nullptr;
  std::uint64_t pattern_ = 0;
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
    for (std::size_t i = 0; i < size; ++i) tile[i] = load(lines + position[i]);
    QUPEL_UNROLL(4)
    for (std::size_t j = 0; j < rotations; ++j) {
      if (pass.form[j] == Form::tangent) {
        for_pairs<size>(tile, j, [&](Vector<T>& a, Vector<T>& b) HWY_ATTR { rotate_tangent(f[j], a, b); });
      } else {
        for_pairs<size>(tile, j, [&](Vector<T>& a, Vector<T>& b) HWY_ATTR { rotate_cotangent(f[j], a, b); });
      }
    }
    QUPEL_UNROLL(8)
    for (std::size_t i = 0; i < size; ++i) store(tile[i], lines + position[i]);
  });
}

/// Rotations of pairs of lanes.
template <class T>
HWY_NOINLINE void run_lanes(const std::vector<LaneRotation>& rotations, int bits, T* HWY_RESTRICT lines,
                            const Surroundings& around) {
  const auto& tables = LaneTables<T>::get();
  for (const auto& rotation : rotations) {
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
}

template <class T>
HWY_INLINE void run_steps(const StagePlan& stage, int bits, T* HWY_RESTRICT lines,
                          const Surroundings& around) {
  for (const auto& step : stage.steps) {
    switch (step.pass.rotations) {
      case 0:
        run_lanes(step.lanes, bits, lines, around);
        break;
      case 1:
        run_pass<T, 1>(step.pass, lines, around);
        break;
      case 2:
        run_pass<T, 2>(step.pass, lines, around);
        break;
      default:
        run_pass<T, 3>(step.pass, lines, around);
        break;
    }
  }
}

/// Reads a window's lines with source(line), applies its stages in `lines`.
template <class T, class Source>
HWY_INLINE void run_window(const WindowPlan& window, Diagonals<T>& diagonals, const Surroundings& around,
                           double factor, T* HWY_RESTRICT lines, Source&& source) {
  const std::size_t size = std::size_t{1} << window.bits;
  const bool first_diagonal = factor != 1 || (!window.stages.empty() && window.stages.front().diagonal());
  if (first_diagonal) {
    static const StagePlan none;
    const auto factors = diagonals.at(window.stages.empty() ? none : window.stages.front(), around, factor);
    for (std::size_t i = 0; i < size; ++i) store_complex(apply(factors, source(i), i), lines, i);
  } else {
    for (std::size_t i = 0; i < size; ++i) store_complex(source(i), lines, i);
  }
  for (const auto& stage : window.stages) {
    if (&stage != &window.stages.front() && stage.diagonal()) {
      const auto factors = diagonals.at(stage, around, 1);
      for (std::size_t i = 0; i < size; ++i)
        store_complex(apply(factors, load_complex(lines, i), i), lines, i);
    }
    run_steps(stage, window.bits, lines, around);
  }
}

/// The line of stored index s, with its lanes exchanged as the low bits of s say.
template <class T>
struct Lines {
  const SweepPlan& plan;
  T* state;

  HWY_INLINE T* address(Mask s) const { return state + ((s >> plan.lane_bits) << (plan.lane_bits + 1)); }
  HWY_INLINE ComplexVector<T> exchange(const ComplexVector<T>& z, Mask s) const {
    if (!plan.exchanges) return z;
    const std::size_t mask = s & (hn::Lanes(Tag<T>()) - 1);
    const auto& tables = LaneTables<T>::get();
    return {tables.exchange(z.re, mask), tables.exchange(z.im, mask)};
  }
  HWY_INLINE ComplexVector<T> read(Mask s) const { return exchange(load_complex(address(s), 0), s); }
  HWY_INLINE void write(const ComplexVector<T>& z, Mask s, bool stream) const {
    const auto signs = LaneTables<T>::get().sign(plan.lane_signs);
    const auto out = exchange({hn::Mul(signs, z.re), hn::Mul(signs, z.im)}, s);
    T* to = address(s);
    if (stream) {
      hn::Stream(out.re, Tag<T>(), to);
      hn::Stream(out.im, Tag<T>(), to + hn::Lanes(Tag<T>()));
    } else {
      store_complex(out, to, 0);
    }
  }
};

// Lines are fetched so far ahead: more would push each other out, since their addresses agree in many bits.
inline constexpr std::size_t lines_ahead = 8;

template <class T>
void run_tile(const SweepPlan& plan, T* state, std::size_t tile, double factor, bool stream,
              TileWorkspace<T>& work) {
  const std::size_t line = 2 * hn::Lanes(Tag<T>());
  const Lines<T> memory{plan, state};
  const auto& [first, second] = plan.windows;
  const std::size_t columns = first.lines.size(), rows = second.lines.size(), row = (columns + 1) * line;
  const Mask base = plan.base(tile);
  Diagonals<T> diagonals(first, work);
  for (std::size_t w = 0; w < rows; ++w) {
    const Mask at = base ^ second.lines[w];
    const auto read = [&](std::size_t i) HWY_ATTR {
      hwy::Prefetch(memory.address(at ^ first.lines[(i + lines_ahead) & (columns - 1)]));
      return memory.read(at ^ first.lines[i]);
    };
    run_window<T>(first, diagonals, {base, w}, factor, work.tile.data() + w * row, read);
  }
  Diagonals<T> column_diagonals(second, work);
  T* HWY_RESTRICT column = work.column.data();
  for (std::size_t u = 0; u < columns; ++u) {
    const auto read = [&](std::size_t i)
                          HWY_ATTR { return load_complex(work.tile.data() + i * row + u * line, 0); };
    run_window<T>(second, column_diagonals, {base, u}, 1, column, read);
    const Mask at = base ^ first.lines[u];
    for (std::size_t w = 0; w < rows; ++w)
      memory.write(load_complex(column, w), at ^ second.lines[w], stream);
  }
  if (stream) hwy::FlushStream();
}

}  // namespace qupel::tiled::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
