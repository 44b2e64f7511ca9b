// Rotations of the lines of a window.
#if defined(QUPEL_TILED_PASS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUPEL_TILED_PASS_INL
#undef QUPEL_TILED_PASS_INL
#else
#define QUPEL_TILED_PASS_INL
#endif

#include "qupel/engine/statevector/rotate-inl.h"
#include "qupel/engine/tiled/row-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::tiled::HWY_NAMESPACE {

/// Coefficients of a pass among given surroundings.
template <class T, std::size_t rotations>
class PassFactors {
 public:
  static constexpr std::size_t size = std::size_t{1} << rotations,
                               line = 2 * hn::MaxLanes(Tag<T>()) * sizeof(T);

  HWY_INLINE PassFactors(const Pass& pass, const Surroundings& around) : pass_(pass) {
    const auto& lanes = LaneTables<T>::get();
    QUPEL_UNROLL(4)
    for (std::size_t j = 0; j < rotations; ++j) {
      f_[j] = hn::Mul(hn::Set(Tag<T>(), static_cast<T>(pass.coefficient[j])), lanes.sign(pass.z[j].lane));
      if (around.flips(pass.z[j])) start_ ^= pass.x[j] * line;
      if (!pass.twin[j]) continue;
      const auto& twin = *pass.twin[j];
      const auto even = static_cast<T>(around.flips(twin.z) ? -twin.coefficient : twin.coefficient);
      const auto signs = lanes.sign(twin.z.lane);
      store(hn::Mul(hn::Set(Tag<T>(), even), signs), twins_[j][0]);
      store(hn::Mul(hn::Set(Tag<T>(), -even), signs), twins_[j][1]);
    }
  }

  /// Where a line of a group lies, in bytes.
  HWY_INLINE std::size_t place(std::uint32_t of_group) const { return of_group ^ start_; }

  /// @param first the place of the group's first line
  template <std::size_t vectors>
  HWY_INLINE void rotate(Vector<T> (&tile)[vectors], std::size_t first) const {
    QUPEL_UNROLL(4)
    for (std::size_t j = 0; j < rotations; ++j) {
      const auto f = f_[j];
      if (pass_.form[j] == Form::tangent) {
        for_halves(tile, j, [f](Vector<T>& a, Vector<T>& b) HWY_ATTR { rotate_tangent(f, a, b); });
      } else {
        for_halves(tile, j, [f](Vector<T>& a, Vector<T>& b) HWY_ATTR { rotate_cotangent(f, a, b); });
      }
      if (!pass_.twin[j]) continue;
      const auto twin = load(twins_[j][odd(pass_.twin[j]->z.inside & (first / line)) ? 1 : 0]);
      for_halves(tile, j, [twin](Vector<T>& a, Vector<T>& b) HWY_ATTR { rotate_tangent(twin, a, b); });
    }
  }

 private:
  // Pairs of one half or both.
  template <std::size_t vectors, class Rotate>
  static HWY_INLINE void for_halves(Vector<T> (&tile)[vectors], std::size_t j, Rotate&& rotate) {
    QUPEL_UNROLL(2)
    for (std::size_t half = 0; half < vectors; half += size) for_pairs<size>(tile + half, j, rotate);
  }

  const Pass& pass_;
  Vector<T> f_[rotations];
  HWY_ALIGN T twins_[rotations][2][hn::MaxLanes(Tag<T>())];  // by the parity of a group's first line
  std::size_t start_ = 0;
};

/// Hides where a pointer comes from, so that what is read through it is read again instead of kept.
template <class P>
HWY_INLINE void forget(P& pointer) {
  asm volatile("" : "+r"(pointer));
}

/// Rotations of pairs of lines, of one half after the other.
template <class T, std::size_t rotations>
HWY_NOINLINE void run_halves(const Pass& pass, T* HWY_RESTRICT lines, const Surroundings& around) {
  constexpr std::size_t size = std::size_t{1} << rotations;
  const PassFactors<T, rotations> factors(pass, around);
  for (T* half : {lines, lines + hn::Lanes(Tag<T>())}) {
    const std::uint32_t* group = pass.groups.data();
    for (const std::uint32_t* end = group + pass.groups.size(); group != end; group += size) {
      Vector<T> tile[size];
      QUPEL_UNROLL(16)
      for (std::size_t i = 0; i < size; ++i) tile[i] = load(behind(half, factors.place(group[i])));
      factors.rotate(tile, factors.place(*group));
      forget(group);
      QUPEL_UNROLL(16)
      for (std::size_t i = 0; i < size; ++i) store(tile[i], behind(half, factors.place(group[i])));
    }
  }
}

/// The same of both halves together, after a diagonal or none. @param table the diagonal's
template <class T, std::size_t rotations, bool diagonal>
HWY_NOINLINE void run_pass(const Pass& pass, const T* HWY_RESTRICT table, T* HWY_RESTRICT lines,
                           const Surroundings& around) {
  constexpr std::size_t size = std::size_t{1} << rotations;
  const PassFactors<T, rotations> factors(pass, around);
  const std::uint32_t* group = pass.groups.data();
  for (const std::uint32_t* end = group + pass.groups.size(); group != end; group += size) {
    Vector<T> tile[2 * size];
    QUPEL_UNROLL(8)
    for (std::size_t i = 0; i < size; ++i) {
      const std::size_t at = factors.place(group[i]);
      auto z = load_complex<T>(behind(lines, at), 0);
      if constexpr (diagonal) z = multiply(load_complex<T>(behind(table, at), 0), z);
      tile[i] = z.re;
      tile[size + i] = z.im;
    }
    factors.rotate(tile, factors.place(*group));
    forget(group);
    QUPEL_UNROLL(8)
    for (std::size_t i = 0; i < size; ++i)
      store_complex<T>({tile[i], tile[size + i]}, behind(lines, factors.place(group[i])), 0);
  }
}

/// The same from one place to another, where a window is read or written.
template <class T, std::size_t rotations, bool diagonal>
HWY_NOINLINE void run_edge_pass(const Pass& pass, const T* HWY_RESTRICT table, const Edge<T>& from,
                                const Edge<T>& to, const Surroundings& around) {
  const PassFactors<T, rotations> factors(pass, around);
  constexpr std::size_t size = factors.size, line = factors.line, ahead = 2 * size;
  const Edge<T> source = from, target = to;
  const auto signs = target.tables.sign(target.signs);
  const std::uint32_t* group = pass.groups.data();
  for (const std::uint32_t* end = group + pass.groups.size(); group != end; group += size) {
    if (source.far && static_cast<std::size_t>(end - group) > ahead) {
      for (std::size_t i = 0; i < size; ++i) source.prefetch(factors.place(group[ahead + i]) / line);
    }
    if (source.next != 0) {
      for (std::size_t i = 0; i < size; ++i) source.fetch(factors.place(group[i]) / line);
    }
    Vector<T> tile[2 * size];
    QUPEL_UNROLL(8)
    for (std::size_t i = 0; i < size; ++i) {
      const std::size_t at = factors.place(group[i]);
      auto z = source.read(at / line);
      if constexpr (diagonal) z = multiply(load_complex<T>(behind(table, at), 0), z);
      tile[i] = z.re;
      tile[size + i] = z.im;
    }
    factors.rotate(tile, factors.place(*group));
    if (target.signs != 0) {
      QUPEL_UNROLL(16)
      for (auto& half : tile) half = hn::Mul(half, signs);
    }
    forget(group);
    QUPEL_UNROLL(8)
    for (std::size_t i = 0; i < size; ++i)
      target.write({tile[i], tile[size + i]}, factors.place(group[i]) / line);
  }
}

/// A rotation of pairs of lanes in registers.
template <class T>
class LaneFactors {
 public:
  HWY_INLINE LaneFactors(const LaneRotation& rotation, const Surroundings& around)
      : f_(hn::Set(Tag<T>(), static_cast<T>(rotation.f))),
        g_(hn::Mul(hn::Set(Tag<T>(), static_cast<T>(around.flips(rotation.z) ? -rotation.g : rotation.g)),
                   LaneTables<T>::get().sign(rotation.z.lane))),
        inside_(rotation.z.inside),
        x_(rotation.x) {}

  HWY_INLINE ComplexVector<T> rotated(const ComplexVector<T>& z, std::size_t line,
                                      const LaneTables<T>& tables) const {
    const auto g = odd(inside_ & line) ? hn::Neg(g_) : g_;
    return {hn::MulAdd(g, tables.exchange(z.re, x_), hn::Mul(f_, z.re)),
            hn::MulAdd(g, tables.exchange(z.im, x_), hn::Mul(f_, z.im))};
  }

 private:
  Vector<T> f_, g_;
  std::uint32_t inside_, x_;
};

/// Rotations of pairs of lanes, one after the other while a line is in registers.
template <class T>
HWY_NOINLINE void run_lanes(std::span<const LaneRotation> rotations, int bits, T* HWY_RESTRICT lines,
                            const Surroundings& around) {
  const auto& tables = LaneTables<T>::get();
  const auto run = [&](const auto&... factors) HWY_ATTR {
    for (std::size_t i = 0; i < std::size_t{1} << bits; ++i) {
      auto z = load_complex(lines, i);
      ((z = factors.rotated(z, i, tables)), ...);
      store_complex(z, lines, i);
    }
  };
  const auto factors = [&](std::size_t k) HWY_ATTR { return LaneFactors<T>(rotations[k], around); };
  for (; rotations.size() > 1; rotations = rotations.subspan(2)) run(factors(0), factors(1));
  if (!rotations.empty()) run(factors(0));
}

/// Rotations of a pass whose lines, both halves, fit the registers.
template <class T>
inline constexpr int most_together = hn::MaxLanes(Tag<T>()) * sizeof(T) == 64 ? 3 : 2;

/// @param table of a diagonal that comes first, if any
template <class T>
HWY_INLINE void run_any_pass(const Pass& pass, const T* table, T* HWY_RESTRICT lines,
                             const Surroundings& around) {
  if (pass.rotations > most_together<T>) return run_halves<T, most_together<T> + 1>(pass, lines, around);
  with_rotations(pass.rotations, [&](auto rotations) HWY_ATTR {
    if constexpr (rotations <= most_together<T>) {
      table == nullptr ? run_pass<T, rotations, false>(pass, table, lines, around)
                       : run_pass<T, rotations, true>(pass, table, lines, around);
    }
  });
}

template <class T>
HWY_INLINE void run_any_pass(const Pass& pass, const T* table, const Edge<T>& from, const Edge<T>& to,
                             const Surroundings& around) {
  with_rotations(pass.rotations, [&](auto rotations) HWY_ATTR {
    if constexpr (rotations <= most_together<T>) {
      table == nullptr ? run_edge_pass<T, rotations, false>(pass, table, from, to, around)
                       : run_edge_pass<T, rotations, true>(pass, table, from, to, around);
    }
  });
}

}  // namespace qupel::tiled::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
