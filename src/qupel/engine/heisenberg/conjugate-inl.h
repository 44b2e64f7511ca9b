// Conjugations of the strings of one window (window.h).
#if defined(QUPEL_HEISENBERG_CONJUGATE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUPEL_HEISENBERG_CONJUGATE_INL
#undef QUPEL_HEISENBERG_CONJUGATE_INL
#else
#define QUPEL_HEISENBERG_CONJUGATE_INL
#endif

#include <algorithm>

#include "qupel/engine/heisenberg/kernels.h"
#include "qupel/engine/tiled/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::heisenberg::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using statevector::odd;
using namespace statevector::HWY_NAMESPACE;  // NOLINT(google-build-using-namespace): the same instruction set
using tiled::HWY_NAMESPACE::LaneTables;

/// Vectors of a line.
template <class T>
inline constexpr std::size_t line_vectors = line_size / hn::MaxLanes(Tag<T>());

/// A line's new coefficients: cosine line - sine partner, the partner's places exchanged.
template <class T, bool exchange>
HWY_INLINE void turned(const Turn<T>& turn, bool turns, bool sign, const T* line, const T* partner,
                       Vector<T>* HWY_RESTRICT out) {
  const std::size_t lanes = hn::Lanes(Tag<T>());
  const T *cosine = turn.cosines[turns].data(), *sine = turn.sines[turns][sign].data();
  QUPEL_UNROLL(8)
  for (std::size_t v = 0; v < line_vectors<T>; ++v) {
    Vector<T> other;
    if constexpr (exchange) {
      const std::size_t from = v ^ (turn.place / lanes);
      other = LaneTables<T>::get().exchange(load(partner + from * lanes), turn.place & (lanes - 1));
    } else {
      other = load(partner + v * lanes);
    }
    out[v] = hn::NegMulAdd(load(sine + v * lanes), other,
                           hn::Mul(load(cosine + v * lanes), load(line + v * lanes)));
  }
}

template <class T>
HWY_INLINE void store_line(const Vector<T>* from, T* line) {
  QUPEL_UNROLL(8)
  for (std::size_t v = 0; v < line_vectors<T>; ++v) store(from[v], line + v * hn::Lanes(Tag<T>()));
}

template <class T, bool exchange>
HWY_NOINLINE void run_turn(const Turn<T>& turn, Mask base, T* HWY_RESTRICT lines, const std::uint8_t* odd_y) {
  const bool dual_base = odd(turn.dual & base), sign_base = odd(turn.sign & base);
  std::uint32_t start = 0;
  if (turn.whole_lines && !dual_base) {
    if (!turn.has_other) return;
    start = turn.other;
  }
  const auto sign = [&](std::uint32_t u) {
    return turn.diagonal ? odd_y[u] != 0 : odd(turn.sign_line & u) != sign_base;
  };
  for_each_position<std::uint32_t>(turn.steps, start, [&](std::uint32_t u) HWY_ATTR {
    const std::uint32_t partner = u ^ turn.line;
    const bool turns = odd(turn.dual_line & u) != dual_base;
    T *a = lines + u * line_size, *b = lines + partner * line_size;
    Vector<T> new_a[line_vectors<T>], new_b[line_vectors<T>];
    turned<T, exchange>(turn, turns, sign(u), a, b, new_a);
    if (turn.line != 0) {
      turned<T, exchange>(turn, turns, sign(partner), b, a, new_b);
      store_line<T>(new_b, b);
    }
    store_line<T>(new_a, a);
  });
}

template <class T>
void conjugate(const Window<T>& window, T* table, Mask base, Scratch<T>& scratch) {
  const std::size_t size = window.lines.size();
  T* HWY_RESTRICT lines = scratch.lines.data();
  for (std::size_t u = 0; u < size; ++u)
    std::copy_n(table + (base ^ window.lines[u]), line_size, lines + u * line_size);
  if (window.diagonals) {
    for (std::size_t u = 0; u < size; ++u) scratch.odd_y[u] = odd_y(base ^ window.lines[u]) ? 1 : 0;
  }
  for (const auto& turn : window.turns) {
    turn.place == 0 ? run_turn<T, false>(turn, base, lines, scratch.odd_y.data())
                    : run_turn<T, true>(turn, base, lines, scratch.odd_y.data());
  }
  for (std::size_t u = 0; u < size; ++u)
    std::copy_n(lines + u * line_size, line_size, table + (base ^ window.lines[u]));
}

}  // namespace qupel::heisenberg::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
