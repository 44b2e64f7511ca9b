// Diagonals on a row of lines, by tables that rows share.
#if defined(QUPEL_TILED_DIAGONAL_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUPEL_TILED_DIAGONAL_INL
#undef QUPEL_TILED_DIAGONAL_INL
#else
#define QUPEL_TILED_DIAGONAL_INL
#endif

#include <algorithm>

#include "qupel/engine/rotations/phase-table-inl.h"
#include "qupel/engine/simd/unit-inl.h"
#include "qupel/engine/tiled/kernels.h"
#include "qupel/engine/simd/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::tiled::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using namespace simd::HWY_NAMESPACE;       // NOLINT(google-build-using-namespace): the same instruction set
using namespace rotations::HWY_NAMESPACE;  // NOLINT(google-build-using-namespace): the same instruction set
using rotations::Walk;
using rotations::odd;

/// What surrounds a row's lines.
struct Surroundings {
  Mask base;
  std::size_t row;
  bool flips(const Parity& parity) const { return odd(parity.base & base) != odd(parity.row & row); }
};

/// A diagonal on a row's lines: the product of the factor, if it is not one, and of the entry lines[line] ^
/// start, in bytes, of the table, if there is one.
template <class T>
struct Factors {
  bool uniform;
  ComplexVector<T> factor;
  const T* table;
  const std::size_t* lines;
  std::size_t start;
};
template <class T>
HWY_INLINE Factors<T> no_factors() {
  return {false, {zero<T>(), zero<T>()}, nullptr, nullptr, 0};
}

/// Exponents of phases in every lane.
template <class T>
HWY_INLINE Vector<T> exponent(const Phase& phase, bool flips) {
  const auto value = static_cast<T>(flips ? -phase.exponent : phase.exponent);
  return hn::Mul(hn::Set(Tag<T>(), value), LaneTables<T>::get().sign(phase.parity.lane));
}

/// A phase's weight in every lane.
template <class T>
HWY_INLINE Vector<T> weight(const Phase& phase, bool flips) {
  if (!phase.weight) return hn::Set(Tag<T>(), T{1});
  const auto [even, odd] = std::pair(phase.weight->even, phase.weight->odd);
  const auto half = static_cast<T>((flips ? odd - even : even - odd) / 2);
  return hn::MulAdd(hn::Set(Tag<T>(), half), LaneTables<T>::get().sign(phase.parity.lane),
                    hn::Set(Tag<T>(), static_cast<T>((even + odd) / 2)));
}

/// The table by signs: from all even, each phase's odd sign is a factor more.
template <class T>
HWY_NOINLINE void write_table_by_signs(const StagePlan& stage, T* HWY_RESTRICT table) {
  auto sum = zero<T>(), modulus = hn::Set(Tag<T>(), static_cast<T>(stage.factor));
  stage.for_each_phase([&](std::size_t, const Phase& phase) HWY_ATTR {
    sum = hn::Add(sum, exponent<T>(phase, false));
    modulus = hn::Mul(modulus, weight<T>(phase, false));
  });
  store_complex(multiply(modulus, unit_at<T>(sum)), table, 0);
  stage.for_each_phase([&](std::size_t k, const Phase& phase) HWY_ATTR {
    const auto odd = exponent<T>(phase, true);
    const auto ratio = hn::Div(weight<T>(phase, true), weight<T>(phase, false));
    const auto turn = multiply(ratio, unit_at<T>(hn::Add(odd, odd)));
    const std::size_t half = std::size_t{1} << k;
    for (std::size_t i = 0; i < half; ++i)
      store_complex(multiply(turn, load_complex(table, i)), table, half + i);
  });
}

/// By multiplication; the exponents are by mask.
template <class T>
HWY_INLINE void multiply_table(const StagePlan& stage, std::size_t size, const T* HWY_RESTRICT exponents,
                               T* HWY_RESTRICT table, T* HWY_RESTRICT scratch) {
  const std::size_t lanes = hn::Lanes(Tag<T>());
  const auto factor = hn::Set(Tag<T>(), static_cast<T>(stage.factor));
  const auto leaf = [&](int index) HWY_ATTR {
    auto sum = zero<T>();
    for (const auto& [mask, weight] : stage.table.tree.exponents[static_cast<std::size_t>(index)].terms) {
      const auto exponent = load(exponents + static_cast<std::size_t>(mask.index) * lanes);
      sum = hn::MulAdd(hn::Set(Tag<T>(), static_cast<T>(weight)), exponent, sum);
    }
    const auto phase = unit_at<T>(sum);
    return index == 0 ? multiply(factor, phase) : phase;
  };
  PhaseTable<T, decltype(leaf)> entries{leaf, table, scratch, rotations::Walk(stage.table.walk, size)};
  write_phases(stage.table.tree, 0, entries, 0, size);
}

/// By a transform of the exponents, and one sine and cosine an entry.
template <class T>
HWY_INLINE void transform_table(const StagePlan& stage, int bits, T* HWY_RESTRICT exponents,
                                T* HWY_RESTRICT table) {
  walsh_hadamard(exponents, bits);
  const auto factor = hn::Set(Tag<T>(), static_cast<T>(stage.factor));
  for (std::size_t i = 0; i < std::size_t{1} << bits; ++i)
    store_complex(multiply(factor, unit_at<T>(load(exponents + i * hn::Lanes(Tag<T>())))), table, i);
}

/// Multiplies the table with a phase's weight.
template <class T>
HWY_INLINE void multiply_weight(const Phase& phase, std::size_t size, bool flips, T* HWY_RESTRICT table) {
  const Vector<T> even = weight<T>(phase, flips), odd = weight<T>(phase, !flips);
  for (std::size_t i = 0; i < size; ++i) {
    const auto factor = rotations::odd(phase.parity.inside & i) ? odd : even;
    store_complex(multiply(factor, load_complex(table, i)), table, i);
  }
}

template <class T>
HWY_NOINLINE void write_table(const StagePlan& stage, int bits, const Surroundings& around,
                              TileWorkspace<T>& work, T* HWY_RESTRICT table) {
  const std::size_t lanes = hn::Lanes(Tag<T>()), size = std::size_t{1} << bits;
  const auto& plan = stage.table;
  const bool dense = plan.tree.dense();
  T* HWY_RESTRICT exponents = work.exponents.data();
  std::fill_n(exponents, (dense ? size : plan.masks.size()) * lanes, T{0});
  for (const auto* phases : {&stage.fixed, &stage.mixed}) {
    for (const auto& phase : *phases) {
      if (phase.source < 0) continue;
      T* at = exponents + (dense ? phase.parity.inside : phase.mask) * lanes;
      store(hn::Add(load(at), exponent<T>(phase, around.flips(phase.parity))), at);
    }
  }
  dense ? transform_table(stage, bits, exponents, table)
        : multiply_table(stage, size, exponents, table, work.ratios.data());
  for (const auto* phases : {&stage.fixed, &stage.mixed}) {
    for (const auto& phase : *phases)
      if (phase.weight) multiply_weight(phase, size, around.flips(phase.parity), table);
  }
}

/// The tables of a window's stages while rows change.
template <class T>
class Diagonals {
 public:
  Diagonals(const WindowPlan& window, TileWorkspace<T>& work) : window_(window), work_(work) {
    work.patterns.assign(window.stages.size(), std::nullopt);
    for (std::size_t index = 0; index < window.stages.size(); ++index) {
      const auto& stage = window.stages[index];
      if (stage.diagonal() && stage.table.by_signs) write_table_by_signs(stage, table(index));
    }
  }

  Factors<T> at(std::size_t index, const Surroundings& around) {
    const auto& stage = window_.stages[index];
    if (stage.table.by_signs) {
      std::size_t signs = 0;
      stage.for_each_phase([&](std::size_t k, const Phase& phase)
                               HWY_ATTR { signs |= std::size_t{around.flips(phase.parity)} << k; });
      return {false, {zero<T>(), zero<T>()}, table(index), stage.table.places.data(), signs * entry_bytes};
    }
    const T* table = written(index, around);
    if (stage.constant.empty()) return {false, {zero<T>(), zero<T>()}, table, stage.table.places.data(), 0};
    auto sum = zero<T>(), modulus = hn::Set(Tag<T>(), T{1});
    for (const auto& phase : stage.constant) {
      const bool flips = around.flips(phase.parity);
      sum = hn::Add(sum, exponent<T>(phase, flips));
      modulus = hn::Mul(modulus, weight<T>(phase, flips));
    }
    return {true, multiply(modulus, unit_at<T>(sum)), table, stage.table.places.data(), 0};
  }

 private:
  static constexpr std::size_t entry_bytes = 2 * hn::MaxLanes(Tag<T>()) * sizeof(T);

  T* table(std::size_t index) const {
    return work_.tables.data() + (2 * index * hn::Lanes(Tag<T>()) << window_.bits);
  }

  const T* written(std::size_t index, const Surroundings& around) {
    const auto& stage = window_.stages[index];
    T* const table = this->table(index);
    auto& written = work_.patterns[index];
    const auto now = pattern(stage, around.row);
    if (!written || *written != now || stage.mixed.size() > 64) {
      write_table(stage, window_.bits, around, work_, table);
      written = now;
    }
    return table;
  }

  const WindowPlan& window_;
  TileWorkspace<T>& work_;
};

}  // namespace qupel::tiled::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
