// Conjugations of the strings of one window (window.h).
#if defined(QUPEL_HEISENBERG_CONJUGATE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUPEL_HEISENBERG_CONJUGATE_INL
#undef QUPEL_HEISENBERG_CONJUGATE_INL
#else
#define QUPEL_HEISENBERG_CONJUGATE_INL
#endif

#include <algorithm>

#include "qupel/engine/heisenberg/kernels.h"
#include "qupel/engine/simd/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::heisenberg::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using rotations::odd;
using namespace simd::HWY_NAMESPACE;  // NOLINT(google-build-using-namespace): the same instruction set

/// Vectors of a line.
template <class T>
inline constexpr std::size_t line_vectors = line_size / hn::MaxLanes(Tag<T>());

/// A line, and what its places are multiplied with.
template <class T>
struct Side {
  T* line;
  const T *cosine, *sine;
};

/// cosine line - sine partner, the partner's places exchanged by exclusive or with `place`.
template <class T, bool exchange, class Index>
HWY_INLINE void turned(const Side<T>& side, const T* partner, std::size_t place, Index index,
                       Vector<T>* HWY_RESTRICT out) {
  const std::size_t lanes = hn::Lanes(Tag<T>());
  QUPEL_UNROLL(8)
  for (std::size_t v = 0; v < line_vectors<T>; ++v) {
    auto other = load(partner + (exchange ? v ^ (place / lanes) : v) * lanes);
    if constexpr (exchange) other = hn::TableLookupLanes(other, index);
    out[v] = hn::NegMulAdd(load(side.sine + v * lanes), other,
                           hn::Mul(load(side.cosine + v * lanes), load(side.line + v * lanes)));
  }
}

template <class T>
HWY_INLINE void store_line(const Vector<T>* from, T* line) {
  QUPEL_UNROLL(8)
  for (std::size_t v = 0; v < line_vectors<T>; ++v) store(from[v], line + v * hn::Lanes(Tag<T>()));
}

template <class T, bool exchange, bool diagonal>
HWY_NOINLINE void run_turn(const ConjugationPlan<T>& turn, Mask base, T* HWY_RESTRICT lines,
                           const std::uint8_t* HWY_RESTRICT odd_y) {
  const bool dual_base = odd(turn.dual & base), sign_base = odd(turn.sign & base);
  std::uint32_t start = 0;
  if (turn.whole_lines && !dual_base) {
    if (!turn.has_other) return;
    start = turn.other;
  }
  const std::size_t lanes = hn::Lanes(Tag<T>()), place = turn.place;
  const auto index =
      hn::SetTableIndices(Tag<T>(), LaneTables<T>::get().exchanges + (place & (lanes - 1)) * lanes);
  const std::uint32_t line = turn.line, dual_line = turn.dual_line, sign_line = turn.sign_line;
  const T *cosines = turn.cosines[0].data(), *sines = turn.sines[0][0].data();
  const auto side = [=](std::uint32_t u, bool turns) QUPEL_INLINED {
    const std::size_t sign = diagonal ? odd_y[u] : odd(sign_line & u) != sign_base;
    return Side<T>{lines + u * line_size, cosines + turns * line_size,
                   sines + (2 * turns + sign) * line_size};
  };
  for_each_position<std::uint32_t>(turn.steps, start, [=](std::uint32_t u) QUPEL_INLINED {
    const bool turns = odd(dual_line & u) != dual_base;
    const auto a = side(u, turns), b = side(u ^ line, turns);
    Vector<T> new_a[line_vectors<T>], new_b[line_vectors<T>];
    turned<T, exchange>(a, b.line, place, index, new_a);
    turned<T, exchange>(b, a.line, place, index, new_b);  // the same, if the line is its own partner
    store_line<T>(new_a, a.line);
    store_line<T>(new_b, b.line);
  });
}

template <class T, bool exchange>
HWY_INLINE void run_any_turn(const ConjugationPlan<T>& turn, Mask base, Scratch<T>& scratch) {
  turn.diagonal ? run_turn<T, exchange, true>(turn, base, scratch.lines.data(), scratch.odd_y.data())
                : run_turn<T, exchange, false>(turn, base, scratch.lines.data(), scratch.odd_y.data());
}

template <class T>
void conjugate(const ConjugationWindow<T>& window, T* table, Mask base, Scratch<T>& scratch) {
  const std::size_t size = window.lines.size();
  T* HWY_RESTRICT lines = scratch.lines.data();
  for (std::size_t u = 0; u < size; ++u)
    std::copy_n(table + (base ^ window.lines[u]), line_size, lines + u * line_size);
  if (window.diagonals) {
    for (std::size_t u = 0; u < size; ++u) scratch.odd_y[u] = odd_y(base ^ window.lines[u]) ? 1 : 0;
  }
  for (const auto& turn : window.turns) {
    turn.place == 0 ? run_any_turn<T, false>(turn, base, scratch)
                    : run_any_turn<T, true>(turn, base, scratch);
  }
  for (std::size_t u = 0; u < size; ++u)
    std::copy_n(lines + u * line_size, line_size, table + (base ^ window.lines[u]));
}

}  // namespace qupel::heisenberg::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
