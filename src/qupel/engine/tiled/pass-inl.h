// Rotations of the lines of a window.
#if defined(QUPEL_TILED_PASS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUPEL_TILED_PASS_INL
#undef QUPEL_TILED_PASS_INL
#else
#define QUPEL_TILED_PASS_INL
#endif

#include "qupel/engine/statevector/rotate-inl.h"
#include "qupel/engine/tiled/edge-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::tiled::HWY_NAMESPACE {

/// Coefficients of a pass among given surroundings.
template <class T, std::size_t rotations>
class PassFactors {
 public:
  static constexpr std::size_t size = std::size_t{1} << rotations;

  HWY_INLINE PassFactors(const Pass& pass, const Surroundings& around) : pass_(pass) {
    const auto& lanes = LaneTables<T>::get();
    QUPEL_UNROLL(4)
    for (std::size_t j = 0; j < rotations; ++j) {
      f_[j] = hn::Mul(hn::Set(Tag<T>(), static_cast<T>(pass.coefficient[j])), lanes.sign(pass.z[j].lane));
      if (around.flips(pass.z[j])) flip_ ^= pass.x[j];
      if (!pass.twin[j]) continue;
      const auto& twin = *pass.twin[j];
      const auto even = static_cast<T>(around.flips(twin.z) ? -twin.coefficient : twin.coefficient);
      const auto signs = lanes.sign(twin.z.lane);
      store(hn::Mul(hn::Set(Tag<T>(), even), signs), twins_[j][0]);
      store(hn::Mul(hn::Set(Tag<T>(), -even), signs), twins_[j][1]);
    }
  }

  /// The number of the line that stands where the surroundings of the plan have line 0.
  HWY_INLINE std::size_t flip() const { return flip_; }

  /// Of one half or both, each of some groups. @param places of the lines, in bytes, without the flip
  template <std::size_t lines, std::size_t vectors>
  HWY_INLINE void rotate(Vector<T> (&tile)[vectors], const std::size_t* places) const {
    QUPEL_UNROLL(4)
    for (std::size_t j = 0; j < rotations; ++j) {
      const auto f = f_[j];
      if (pass_.form[j] == Form::tangent) {
        for_pairs<vectors>(tile, j, [f](Vector<T>& a, Vector<T>& b) HWY_ATTR { rotate_tangent(f, a, b); });
      } else {
        for_pairs<vectors>(tile, j, [f](Vector<T>& a, Vector<T>& b) HWY_ATTR { rotate_cotangent(f, a, b); });
      }
      if (!pass_.twin[j]) continue;
      QUPEL_UNROLL(8)
      for (std::size_t group = 0; group < vectors; group += size) {
        const std::size_t line = places[group % lines] / line_bytes<T> ^ flip_;
        const auto twin = load(twins_[j][odd(pass_.twin[j]->z.inside & line) ? 1 : 0]);
        for_pairs<size>(tile + group, j,
                        [twin](Vector<T>& a, Vector<T>& b) HWY_ATTR { rotate_tangent(twin, a, b); });
      }
    }
  }

 private:
  const Pass& pass_;
  Vector<T> f_[rotations];
  HWY_ALIGN T twins_[rotations][2][hn::MaxLanes(Tag<T>())];  // by the parity of a group's first line
  std::size_t flip_ = 0;
};

/// Rotations of a pass whose lines, both halves, fit the registers.
template <class T>
inline constexpr std::size_t most_together = hn::MaxLanes(Tag<T>()) * sizeof(T) == 64 ? 3 : 2;

/// Lines that registers hold.
template <class T>
inline constexpr std::size_t lines_together = std::size_t{1} << most_together<T>;

/// Reads lines, applies a diagonal or none, rotates pairs, and writes them.
template <class T, std::size_t rotations, bool diagonal>
HWY_NOINLINE void run_pass(const Pass& pass, const Factors<T>& factors, const Edge<T>& source,
                           const Edge<T>& target, const Surroundings& around) {
  constexpr std::size_t size = lines_together<T>;
  const PassFactors<T, rotations> coefficients(pass, around);
  const auto& route = pass.route;
  const Reader<T> from(source, route.places(source.end), route.own.size(), coefficients.flip());
  const Writer<T> to(target, route.places(target.end), coefficients.flip());
  const TableReader<T> table(factors, route.table.data(), coefficients.flip());
  for (std::size_t first = 0; first < route.own.size(); first += size) {
    from.template fetch<size>(first);
    Vector<T> tile[2 * size];
    from.template read<size>(first, [&](std::size_t i, ComplexVector<T> z) HWY_ATTR {
      if constexpr (diagonal) z = multiply(table.entry(first + i), z);
      tile[i] = z.re;
      tile[size + i] = z.im;
    });
    coefficients.template rotate<size>(tile, route.own.data() + first);
    to.template write<size>(first, [&](std::size_t i) HWY_ATTR {
      return ComplexVector<T>{tile[i], tile[size + i]};
    });
  }
}

/// The same of one half after the other: imaginary parts that a diagonal has made wait in the first-level
/// cache.
template <class T, std::size_t rotations, bool diagonal>
HWY_NOINLINE void run_wide_pass(const Pass& pass, const Factors<T>& factors, const Edge<T>& source,
                                const Edge<T>& target, const Surroundings& around) {
  constexpr std::size_t size = std::size_t{1} << rotations;
  const PassFactors<T, rotations> coefficients(pass, around);
  const auto& route = pass.route;
  const Reader<T> from(source, route.places(source.end), route.own.size(), coefficients.flip());
  const Writer<T> to(target, route.places(target.end), coefficients.flip());
  const TableReader<T> table(factors, route.table.data(), coefficients.flip());
  HWY_ALIGN T waiting[size * hn::MaxLanes(Tag<T>())];
  for (std::size_t group = 0; group < route.own.size(); group += size) {
    from.template fetch<size>(group);
    Vector<T> tile[size];
    const auto finish = [&](std::size_t half) HWY_ATTR {
      coefficients.template rotate<size>(tile, route.own.data() + group);
      to.template write_half<size>(group, half, tile);
    };
    if constexpr (diagonal) {
      from.template read<size>(group, [&](std::size_t i, const ComplexVector<T>& z) HWY_ATTR {
        const auto product = multiply(table.entry(group + i), z);
        tile[i] = product.re;
        store(product.im, waiting + i * hn::Lanes(Tag<T>()));
      });
      finish(0);
      QUPEL_UNROLL(16)
      for (std::size_t i = 0; i < size; ++i) tile[i] = load(waiting + i * hn::Lanes(Tag<T>()));
      finish(1);
    } else {
      for (const std::size_t half : {0, 1}) {
        from.template read_half<size>(group, half, tile);
        finish(half);
      }
    }
  }
}

/// A rotation of pairs of lanes in registers.
template <class T>
class LaneFactors {
 public:
  HWY_INLINE LaneFactors(const LaneRotation& rotation, const Surroundings& around)
      : f_(hn::Set(Tag<T>(), static_cast<T>(rotation.f))),
        scales_(rotation.f != 1),
        inside_(rotation.z.inside),
        x_(rotation.x) {
    const auto g = hn::Mul(hn::Set(Tag<T>(), static_cast<T>(around.flips(rotation.z) ? -rotation.g : rotation.g)),
                           LaneTables<T>::get().sign(rotation.z.lane));
    store(g, g_[0]);
    store(hn::Neg(g), g_[1]);
  }

  template <std::size_t size>
  HWY_INLINE void rotate(ComplexVector<T> (&lines)[size], std::size_t first,
                         const LaneTables<T>& tables) const {
    QUPEL_UNROLL(8)
    for (std::size_t i = 0; i < size; ++i) {
      const auto g = load(g_[odd(inside_ & (first + i)) ? 1 : 0]);
      auto& [re, im] = lines[i];
      const auto a = tables.exchange(re, x_), b = tables.exchange(im, x_);
      if (scales_) re = hn::Mul(f_, re), im = hn::Mul(f_, im);
      re = hn::MulAdd(g, a, re);
      im = hn::MulAdd(g, b, im);
    }
  }

 private:
  const Vector<T> f_;
  const bool scales_;
  const std::uint32_t inside_, x_;
  HWY_ALIGN T g_[2][hn::MaxLanes(Tag<T>())];  // by the parity of the line
};

/// Reads lines, applies a diagonal or none, then rotations of pairs of lanes, and writes them.
template <class T, std::size_t rotations>
HWY_NOINLINE void run_lines(const LaneRotation* lanes, int bits, const Factors<T>& factors,
                            const Edge<T>& source, const Edge<T>& target, const Surroundings& around) {
  constexpr std::size_t size = lines_together<T>;
  const auto& tables = LaneTables<T>::get();
  const std::size_t count = std::size_t{1} << bits;
  const Reader<T> from(source, source.lines, count);
  const Writer<T> to(target, target.lines);
  const TableReader<T> table(factors, factors.lines);
  const LaneFactors<T> one(lanes[0], around), two(lanes[rotations > 1 ? 1 : 0], around);
  for (std::size_t first = 0; first < count; first += size) {
    from.template fetch<size>(first);
    ComplexVector<T> lines[size];
    from.template read<size>(first, [&](std::size_t i, const ComplexVector<T>& z) HWY_ATTR { lines[i] = z; });
    if (factors.table != nullptr) {
      QUPEL_UNROLL(8)
      for (std::size_t i = 0; i < size; ++i) lines[i] = multiply(table.entry(first + i), lines[i]);
    }
    if (factors.uniform) {
      QUPEL_UNROLL(8)
      for (auto& line : lines) line = multiply(factors.factor, line);
    }
    if constexpr (rotations > 0) one.rotate(lines, first, tables);
    if constexpr (rotations > 1) two.rotate(lines, first, tables);
    to.template write<size>(first, [&](std::size_t i) HWY_ATTR { return lines[i]; });
  }
}

/// At most two rotations.
template <class T>
HWY_INLINE void run_lines(std::span<const LaneRotation> rotations, int bits, const Factors<T>& factors,
                          const Edge<T>& source, const Edge<T>& target, const Surroundings& around) {
  static constexpr LaneRotation none{};
  const auto* lanes = rotations.empty() ? &none : rotations.data();
  if (rotations.empty()) return run_lines<T, 0>(lanes, bits, factors, source, target, around);
  if (rotations.size() == 1) return run_lines<T, 1>(lanes, bits, factors, source, target, around);
  run_lines<T, 2>(lanes, bits, factors, source, target, around);
}

/// From source to target, with the diagonal first, if there is one. `here` lines lie in between.
template <class T>
HWY_INLINE void run_step(const Step& step, int bits, Factors<T> factors, Edge<T> source,
                         const Edge<T>& target, const Edge<T>& here, const Surroundings& around) {
  const auto run_to_here = [&](std::span<const LaneRotation> rotations) HWY_ATTR {
    run_lines(rotations, bits, factors, source, here, around);
    source = here;
    factors = no_factors<T>();
  };
  if (step.pass.rotations == 0) {
    std::span<const LaneRotation> rotations = step.lanes;
    for (; rotations.size() > 2; rotations = rotations.subspan(2)) run_to_here(rotations.first(2));
    return run_lines(rotations, bits, factors, source, target, around);
  }
  if (factors.uniform) run_to_here({});
  with_rotations(step.pass.rotations, [&](auto rotations) HWY_ATTR {
    const bool diagonal = factors.table != nullptr;
    if constexpr (rotations <= most_together<T>) {
      diagonal ? run_pass<T, rotations, true>(step.pass, factors, source, target, around)
               : run_pass<T, rotations, false>(step.pass, factors, source, target, around);
    } else {
      diagonal ? run_wide_pass<T, rotations, true>(step.pass, factors, source, target, around)
               : run_wide_pass<T, rotations, false>(step.pass, factors, source, target, around);
    }
  });
}

}  // namespace qupel::tiled::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
