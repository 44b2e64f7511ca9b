// Diagonals, applied to a row of lines by tables that several rows share.
#if defined(QUPEL_TILED_DIAGONAL_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUPEL_TILED_DIAGONAL_INL
#undef QUPEL_TILED_DIAGONAL_INL
#else
#define QUPEL_TILED_DIAGONAL_INL
#endif

#include <algorithm>

#include "qupel/engine/rotations/phase-table-inl.h"
#include "qupel/engine/simd/lanes-inl.h"
#include "qupel/engine/simd/unit-inl.h"
#include "qupel/engine/tiled/kernels.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::tiled::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using namespace simd::HWY_NAMESPACE;       // NOLINT(google-build-using-namespace): the same instruction set
using namespace rotations::HWY_NAMESPACE;  // NOLINT(google-build-using-namespace): the same instruction set
using rotations::odd;
using rotations::TableOrder;

/// Where a row's lines are in the state: the parts of the stored index that are the same for all of them.
struct Surroundings {
  Mask base;
  std::size_t row;
  bool flips(const Parity& parity) const { return odd(parity.base & base) != odd(parity.row & row); }
};

/// A diagonal for one row: line i is multiplied by `factor` (if `uniform`) and by the table's entry at byte
/// lines[i] ^ start (if there is a table).
template <class T>
struct RowDiagonal {
  bool uniform;
  ComplexVector<T> factor;
  const T* table;
  const std::size_t* lines;
  std::size_t start;
};
template <class T>
HWY_INLINE RowDiagonal<T> no_diagonal() {
  return {false, {zero<T>(), zero<T>()}, nullptr, nullptr, 0};
}

/// The exponent of a phase in every lane.
template <class T>
HWY_INLINE Vector<T> exponent(const Phase& phase, bool flips) {
  const auto value = static_cast<T>(flips ? -phase.exponent : phase.exponent);
  return hn::Mul(hn::Set(Tag<T>(), value), LaneTables<T>::get().sign(phase.parity.lane));
}

/// Writes a table by signs: entry 0 has all signs even, and each phase with an odd sign multiplies by one
/// more factor.
template <class T>
HWY_NOINLINE void write_table_by_signs(const StagePlan& stage, T* HWY_RESTRICT table) {
  const auto factor = hn::Set(Tag<T>(), static_cast<T>(stage.factor));
  auto sum = zero<T>();
  stage.for_each_phase([&](std::size_t, const Phase& phase)
                           HWY_ATTR { sum = hn::Add(sum, exponent<T>(phase, false)); });
  store_complex(multiply(factor, unit_at<T>(sum)), table, 0);
  stage.for_each_phase([&](std::size_t k, const Phase& phase) HWY_ATTR {
    const auto negated = exponent<T>(phase, true);
    const auto ratio = unit_at<T>(hn::Add(negated, negated));
    const std::size_t half = std::size_t{1} << k;
    for (std::size_t i = 0; i < half; ++i)
      store_complex(multiply(ratio, load_complex(table, i)), table, half + i);
  });
}

/// Writes a table by multiplication, from one exponent for each mask.
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
  PhaseTable<T, decltype(leaf)> entries{leaf, table, scratch, rotations::TableOrder(stage.table.walk, size)};
  write_phases(stage.table.tree, 0, entries, 0, size);
}

/// Writes a table by a Walsh-Hadamard transform of the exponents, then one sine and cosine an entry.
template <class T>
HWY_INLINE void transform_table(const StagePlan& stage, int bits, T* HWY_RESTRICT exponents,
                                T* HWY_RESTRICT table) {
  walsh_hadamard(exponents, bits);
  const auto factor = hn::Set(Tag<T>(), static_cast<T>(stage.factor));
  for (std::size_t i = 0; i < std::size_t{1} << bits; ++i)
    store_complex(multiply(factor, unit_at<T>(load(exponents + i * hn::Lanes(Tag<T>())))), table, i);
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
      T* at = exponents + (dense ? phase.parity.inside : phase.mask) * lanes;
      store(hn::Add(load(at), exponent<T>(phase, around.flips(phase.parity))), at);
    }
  }
  dense ? transform_table(stage, bits, exponents, table)
        : multiply_table(stage, size, exponents, table, work.ratios.data());
}

/// The tables of a window's stages. A table is written again only when a row needs other signs than the
/// one before.
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

  RowDiagonal<T> at(std::size_t index, const Surroundings& around) {
    const auto& stage = window_.stages[index];
    if (stage.table.by_signs) {
      std::size_t signs = 0;
      stage.for_each_phase([&](std::size_t k, const Phase& phase)
                               HWY_ATTR { signs |= std::size_t{around.flips(phase.parity)} << k; });
      return {false, {zero<T>(), zero<T>()}, table(index), stage.table.places.data(), signs * entry_bytes};
    }
    const T* table = written(index, around);
    if (stage.constant.empty()) return {false, {zero<T>(), zero<T>()}, table, stage.table.places.data(), 0};
    auto sum = zero<T>();
    for (const auto& phase : stage.constant)
      sum = hn::Add(sum, exponent<T>(phase, around.flips(phase.parity)));
    return {true, unit_at<T>(sum), table, stage.table.places.data(), 0};
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
