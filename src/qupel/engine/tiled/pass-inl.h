// Rotations of a row of lines.
#if defined(QUPEL_TILED_PASS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUPEL_TILED_PASS_INL
#undef QUPEL_TILED_PASS_INL
#else
#define QUPEL_TILED_PASS_INL
#endif

#include "qupel/engine/simd/rotate-inl.h"
#include "qupel/engine/tiled/edge-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::tiled::HWY_NAMESPACE {

/// The coefficients of a pass for one row. @param mixes whether lanes are exchanged
template <class T, std::size_t rotations, bool mixes>
class PairPassFactors {
 public:
  static constexpr std::size_t size = std::size_t{1} << rotations;

  HWY_INLINE PairPassFactors(const PairPass& pass, const Surroundings& around) : pass_(pass) {
    QUPEL_UNROLL(4)
    for (std::size_t j = 0; j < rotations; ++j) {
      const auto& pair = pass.pairs[j];
      if (mixes && pair.by_group) {
        f_[j] = zero<T>();
        set(f_by_group_[j], pair.f, pair.z, around);
        set(g_by_group_[j], pair.g, pair.z, around);
      } else {
        f_[j] = hn::Mul(hn::Set(Tag<T>(), static_cast<T>(pair.f)), tables_.sign(pair.z.lane));
        if (around.flips(pair.z)) flip_ ^= pair.x;
      }
    }
  }

  /// Odd parities of the surroundings are undone by visiting lines in another order: line i ^ flip()
  /// instead of line i. Then the first line of each group is the side of its pairs that has even parity, as
  /// in the plan.
  HWY_INLINE std::size_t flip() const { return flip_; }

  /// Rotates the lines in a tile of registers. @param places of the lines, in bytes, before the flip
  template <std::size_t lines, std::size_t vectors>
  HWY_INLINE void rotate(Vector<T> (&tile)[vectors], const std::size_t* places) const {
    QUPEL_UNROLL(4)
    for (std::size_t j = 0; j < rotations; ++j) {
      const auto& pair = pass_.pairs[j];
      if (mixes && pair.exchange != 0) exchange(tile, j);
      const auto f = f_[j];
      if (mixes && pair.by_group) {
        for_groups<lines>(tile, places, pair.z, [&](Vector<T>* group, std::size_t parity) QUPEL_INLINED {
          const auto p = load(f_by_group_[j][parity]), q = load(g_by_group_[j][parity]);
          if (pair.form == Form::tangent) {
            for_pairs<size>(group, j,
                            [p](Vector<T>& a, Vector<T>& b) QUPEL_INLINED { rotate_tangent(p, a, b); });
          } else {
            for_pairs<size>(group, j,
                            [p, q](Vector<T>& a, Vector<T>& b) QUPEL_INLINED { rotate_shear(p, q, a, b); });
          }
        });
      } else if (pair.form == Form::tangent) {
        for_pairs<vectors>(tile, j, [f](Vector<T>& a, Vector<T>& b) HWY_ATTR { rotate_tangent(f, a, b); });
      } else {
        for_pairs<vectors>(tile, j, [f](Vector<T>& a, Vector<T>& b) HWY_ATTR { rotate_cotangent(f, a, b); });
      }
      if (mixes && pair.exchange != 0) exchange(tile, j);
    }
  }

 private:
  using ByParity = T[2][hn::MaxLanes(Tag<T>())];  // for even and odd parity of a group's first line

  HWY_INLINE void set(ByParity& to, double coefficient, const Parity& z, const Surroundings& around) const {
    const auto value = static_cast<T>(around.flips(z) ? -coefficient : coefficient);
    const auto even = hn::Mul(hn::Set(Tag<T>(), value), tables_.sign(z.lane));
    store(even, to[0]);
    store(hn::Neg(even), to[1]);
  }

  /// Calls visit(group, parity of its first line).
  template <std::size_t lines, std::size_t vectors, class Visit>
  HWY_INLINE void for_groups(Vector<T> (&tile)[vectors], const std::size_t* places, const Parity& z,
                             Visit&& visit) const {
    QUPEL_UNROLL(8)
    for (std::size_t group = 0; group < vectors; group += size) {
      const std::size_t line = places[group % lines] / line_bytes<T> ^ flip_;
      visit(tile + group, odd(z.inside & line) ? std::size_t{1} : 0);
    }
  }

  /// Exchanges the lanes of the second line of each pair.
  template <std::size_t vectors>
  HWY_INLINE void exchange(Vector<T> (&tile)[vectors], std::size_t j) const {
    QUPEL_UNROLL(16)
    for (std::size_t i = 0; i < vectors; ++i) {
      if ((i >> j & 1) != 0) tile[i] = tables_.exchange(tile[i], pass_.pairs[j].exchange);
    }
  }

  const PairPass& pass_;
  const LaneTables<T>& tables_ = LaneTables<T>::get();
  Vector<T> f_[rotations];
  HWY_ALIGN ByParity f_by_group_[rotations], g_by_group_[rotations];
  std::size_t flip_ = 0;
};

/// The most rotations of a pass: real and imaginary parts of the lines that they combine fit the registers.
template <class T>
inline constexpr std::size_t most_together = hn::MaxLanes(Tag<T>()) * sizeof(T) == 64 ? 3 : 2;

/// How many lines registers hold.
template <class T>
inline constexpr std::size_t lines_together = std::size_t{1} << most_together<T>;

/// A rotation of pairs of lanes, for lines in registers.
template <class T>
class LaneFactors {
 public:
  static constexpr std::size_t size = lines_together<T>;

  /// @param line line(i) is the number of line i of the first group; other groups differ by the number of
  /// their first line
  template <class Line>
  HWY_INLINE LaneFactors(const LaneRotation& rotation, const Surroundings& around, Line&& line)
      : f_(hn::Set(Tag<T>(), static_cast<T>(rotation.f))),
        scales_(rotation.f != 1),
        inside_(rotation.z.inside),
        x_(rotation.x) {
    const auto value = static_cast<T>(around.flips(rotation.z) ? -rotation.g : rotation.g);
    const auto g = hn::Mul(hn::Set(Tag<T>(), value), tables_.sign(rotation.z.lane));
    store(g, g_[0]);
    store(hn::Neg(g), g_[1]);
    for (std::size_t i = 0; i < size; ++i) at_[i] = place(line(i));
  }

  /// Rotates the lines of a group. @param first the number of its first line
  HWY_INLINE void rotate(Vector<T> (&tile)[2 * size], std::size_t first) const {
    const std::size_t start = place(first);
    if (scales_) {
      for_lines(tile, start, [&](Vector<T> v) HWY_ATTR { return hn::Mul(f_, v); });
    } else {
      for_lines(tile, start, [](Vector<T> v) HWY_ATTR { return v; });
    }
  }

 private:
  HWY_INLINE std::size_t place(std::size_t line) const { return odd(inside_ & line) ? sizeof(g_[0]) : 0; }

  template <class Scaled>
  HWY_INLINE void for_lines(Vector<T> (&tile)[2 * size], std::size_t start, Scaled&& scaled) const {
    QUPEL_UNROLL(8)
    for (std::size_t i = 0; i < size; ++i) {
      const auto g = load(behind(g_[0], at_[i] ^ start));
      for (auto* const v : {&tile[i], &tile[size + i]})
        *v = hn::MulAdd(g, tables_.exchange(*v, x_), scaled(*v));
    }
  }

  const LaneTables<T>& tables_ = LaneTables<T>::get();
  const Vector<T> f_;
  const bool scales_;
  const std::uint32_t inside_, x_;
  HWY_ALIGN T g_[2][hn::MaxLanes(Tag<T>())];  // by the parity of the line
  std::size_t at_[size];                      // by line of a group, in bytes
};

/// At most two rotations of pairs of lanes, one after the other.
template <class T>
class LaneSequence {
 public:
  template <class Line>
  HWY_INLINE LaneSequence(std::span<const LaneRotation> rotations, const Surroundings& around, Line&& line)
      : count_(rotations.size()),
        first_(count_ > 0 ? rotations[0] : none, around, line),
        second_(count_ > 1 ? rotations[1] : none, around, line) {}

  HWY_INLINE void rotate(Vector<T> (&tile)[2 * lines_together<T>], std::size_t first) const {
    if (count_ > 0) first_.rotate(tile, first);
    if (count_ > 1) second_.rotate(tile, first);
  }

 private:
  static constexpr LaneRotation none{};
  std::size_t count_;
  LaneFactors<T> first_, second_;
};

/// Reads lines, multiplies them by a diagonal or not, rotates pairs of lines, and writes them.
template <class T, std::size_t rotations, bool diagonal, bool mixes>
HWY_NOINLINE void run_pass(const Step& step, const RowDiagonal<T>& factors, const Edge<T>& source,
                           const Edge<T>& target, const Surroundings& around) {
  constexpr std::size_t size = lines_together<T>;
  const PairPassFactors<T, rotations, mixes> coefficients(step.pass, around);
  const auto& route = step.pass.route;
  const Reader<T> from(source, route.places(source.end), route.own.size(), coefficients.flip());
  const Writer<T> to(target, route.places(target.end), coefficients.flip());
  const TableReader<T> table(factors, route.table.data(), coefficients.flip());
  const auto line = [&](std::size_t at) QUPEL_INLINED { return route.own[at] / line_bytes<T>; };
  const LaneSequence<T> lanes(mixes ? std::span(step.lanes) : std::span<const LaneRotation>(), around, line);
  for (std::size_t first = 0; first < route.own.size(); first += size) {
    from.template fetch<size>(first);
    Vector<T> tile[2 * size];
    from.template read<size>(first, [&](std::size_t i, ComplexVector<T> z) HWY_ATTR {
      if constexpr (diagonal) z = multiply(table.entry(first + i), z);
      tile[i] = z.re;
      tile[size + i] = z.im;
    });
    coefficients.template rotate<size>(tile, route.own.data() + first);
    if constexpr (mixes) lanes.rotate(tile, line(first) ^ coefficients.flip());
    to.template write<size>(first, [&](std::size_t i) HWY_ATTR {
      return ComplexVector<T>{tile[i], tile[size + i]};
    });
  }
}

/// Reads lines, multiplies them by a diagonal or not, applies at most two rotations of pairs of lanes, and
/// writes them.
template <class T>
HWY_NOINLINE void run_lines(std::span<const LaneRotation> rotations, int bits, const RowDiagonal<T>& factors,
                            const Edge<T>& source, const Edge<T>& target, const Surroundings& around) {
  constexpr std::size_t size = lines_together<T>;
  const std::size_t count = std::size_t{1} << bits;
  const Reader<T> from(source, source.lines, count);
  const Writer<T> to(target, target.lines);
  const TableReader<T> table(factors, factors.lines);
  const LaneSequence<T> lanes(rotations, around, [](std::size_t i) { return i; });
  for (std::size_t first = 0; first < count; first += size) {
    from.template fetch<size>(first);
    Vector<T> tile[2 * size];
    const auto set = [&](std::size_t i, const ComplexVector<T>& z) QUPEL_INLINED {
      tile[i] = z.re;
      tile[size + i] = z.im;
    };
    const auto line = [&](std::size_t i) QUPEL_INLINED { return ComplexVector<T>{tile[i], tile[size + i]}; };
    from.template read<size>(first, set);
    if (factors.table != nullptr) {
      QUPEL_UNROLL(8)
      for (std::size_t i = 0; i < size; ++i) set(i, multiply(table.entry(first + i), line(i)));
    }
    if (factors.uniform) {
      QUPEL_UNROLL(8)
      for (std::size_t i = 0; i < size; ++i) set(i, multiply(factors.factor, line(i)));
    }
    lanes.rotate(tile, first);
    to.template write<size>(first, line);
  }
}

/// Runs a step from `source` to `target`: first the diagonal, if there is one. Where a step takes several
/// visits, lines lie in `here` between them.
template <class T>
HWY_INLINE void run_step(const Step& step, int bits, RowDiagonal<T> factors, Edge<T> source,
                         const Edge<T>& target, const Edge<T>& here, const Surroundings& around) {
  const auto run_to_here = [&](std::span<const LaneRotation> rotations) HWY_ATTR {
    run_lines(rotations, bits, factors, source, here, around);
    source = here;
    factors = no_diagonal<T>();
  };
  if (step.pass.rotations == 0) {
    std::span<const LaneRotation> rotations = step.lanes;
    for (; rotations.size() > 2; rotations = rotations.subspan(2)) run_to_here(rotations.first(2));
    return run_lines(rotations, bits, factors, source, target, around);
  }
  if (factors.uniform) run_to_here({});
  with_rotations(step.pass.rotations, [&](auto rotations) HWY_ATTR {
    const auto run = [&](auto diagonal, auto mixes) HWY_ATTR {
      if constexpr (rotations <= most_together<T>)
        run_pass<T, rotations, diagonal, mixes>(step, factors, source, target, around);
    };
    constexpr std::true_type yes;
    constexpr std::false_type no;
    if (factors.table != nullptr) {
      step.mixes() ? run(yes, yes) : run(yes, no);
    } else {
      step.mixes() ? run(no, yes) : run(no, no);
    }
  });
}

}  // namespace qupel::tiled::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
