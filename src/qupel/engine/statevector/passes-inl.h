// Real rotations of a few directions at a time, in registers (plan.h).
#if defined(QUPEL_STATEVECTOR_PASSES_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUPEL_STATEVECTOR_PASSES_INL
#undef QUPEL_STATEVECTOR_PASSES_INL
#else
#define QUPEL_STATEVECTOR_PASSES_INL
#endif

#include <array>
#include <utility>

#include "qupel/engine/statevector/diagonal-inl.h"
#include "qupel/engine/simd/rotate-inl.h"
#include "qupel/engine/simd/vector-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::statevector::HWY_NAMESPACE {

/// A rotation with its coefficients; `inverse` undoes it. @param shears whether some are shears: a branch
/// between all of a pass's rotations keeps registers from being used well
template <class T, bool shears = true>
struct Gate {
  Vector<T> f, g;
  bool shear;

  HWY_INLINE Gate(const Call<T>& call, const Workspace<T>& work, int angle, bool inverse) {
    const auto index = static_cast<std::size_t>(angle);
    const T* coefficients = work.coefficients + 2 * index * hn::Lanes(Tag<T>());
    shear = call.binding.forms[index] == Form::shear;
    f = load(coefficients);
    g = load(coefficients + hn::Lanes(Tag<T>()));
    if (inverse) {
      f = hn::Neg(f);
      g = hn::Neg(g);
    }
  }

  /// Along `direction` of the tile, where numbers hold the bits of `among`.
  template <std::size_t size>
  HWY_INLINE void apply(Vector<T>* tile, std::size_t direction, std::size_t among = 0) const {
    using V = Vector<T>;
    if (shears && shear) {
      for_pairs<size>(
          tile, direction, [&](V& a, V& b) HWY_ATTR { rotate_shear(f, g, a, b); }, among);
    } else {
      for_pairs<size>(
          tile, direction, [&](V& a, V& b) HWY_ATTR { rotate_tangent(f, a, b); }, among);
    }
  }
  HWY_INLINE void apply(Vector<T>& a, Vector<T>& b) const {
    shears&& shear ? rotate_shear(f, g, a, b) : rotate_tangent(f, a, b);
  }
};

/// The rotations of a pass, along directions `first` and up of its tiles.
template <class T, std::size_t rotations, std::size_t first, bool shears>
class Gates {
 public:
  HWY_INLINE Gates(const Call<T>& call, const Workspace<T>& work, const Pass& pass, bool inverse)
      : Gates(call, work, pass, inverse, std::make_index_sequence<rotations>()) {}

  template <std::size_t size>
  HWY_INLINE void apply(Vector<T> (&tile)[size], std::size_t j) const {
    gates_[j].template apply<size>(tile, first + j);
  }
  template <std::size_t size>
  HWY_INLINE void apply(Vector<T> (&tile)[size]) const {
    QUPEL_UNROLL(4)
    for (std::size_t j = 0; j < rotations; ++j) apply(tile, j);
  }
  /// Those from `begin` on, where z of the one before has odd parity.
  template <std::size_t begin, std::size_t size>
  HWY_INLINE void apply_apart(Vector<T> (&tile)[size]) const {
    QUPEL_UNROLL(4)
    for (std::size_t j = begin; j < rotations; ++j)
      gates_[j].template apply<size>(tile, first + j, std::size_t{1} << (first + begin - 1));
  }

 private:
  template <std::size_t... j>
  HWY_INLINE Gates(const Call<T>& call, const Workspace<T>& work, const Pass& pass,
                   [[maybe_unused]] bool inverse, std::index_sequence<j...>)
      : gates_{Gate<T, shears>(call, work, pass.angle[j], inverse)...} {}

  std::array<Gate<T, shears>, rotations> gates_;
};

/// Calls run(whether some rotation of the pass is a shear).
template <class T, class Run>
HWY_INLINE void with_forms(const Call<T>& call, const Pass& pass, Run&& run) {
  for (std::size_t j = 0; j < static_cast<std::size_t>(pass.rotations); ++j) {
    if (call.binding.forms[static_cast<std::size_t>(pass.angle[j])] == Form::shear)
      return run(std::true_type());
  }
  run(std::false_type());
}

/// What a pass does while a tile loads.
enum class Load {
  plain,
  table,    ///< multiplies by a diagonal with one entry for all samples
  corners,  ///< the same, where the place in a tile decides the entry (Start::by_corner)
  vectors   ///< multiplies by a diagonal with one entry a sample
};

/// What a pass does with the states that it reads and writes.
enum class Way {
  in_place,
  moving,  ///< from one place to another
  undoing  ///< in place: undoes the rotations, then the diagonal
};

/// States that a pass reads and writes.
template <class T>
struct Places {
  const T* from;
  T* to;
};

/// A diagonal's entry for the amplitude that lies `at` bytes behind the state's first.
template <class T, Load how>
HWY_INLINE ComplexVector<T> entry_at(const T* diagonal, std::size_t at) {
  if constexpr (how == Load::vectors) return load_complex<T>(behind(diagonal, at), 0);
  const T* entry = behind(diagonal, at >> std::countr_zero(hn::Lanes(Tag<T>())));
  return {hn::Set(Tag<T>(), entry[0]), hn::Set(Tag<T>(), entry[1])};
}

/// Calls run(how to apply it, its entries) for a diagonal, or for none.
template <class T, class Run>
HWY_INLINE void with_diagonal(const Call<T>& call, Workspace<T>& work, int diagonal, Run&& run) {
  if (diagonal < 0) return run(std::integral_constant<Load, Load::plain>(), static_cast<const T*>(nullptr));
  prepare_diagonal(call, work, diagonal);
  const auto index = static_cast<std::size_t>(diagonal);
  const T* table = call.binding.tables[index].data();
  call.program.layers.diagonals[index].varies
      ? run(std::integral_constant<Load, Load::vectors>(), static_cast<const T*>(work.phases))
      : run(std::integral_constant<Load, Load::table>(), table);
}

/// Loads a pass's tile, real and imaginary parts as its first direction if there is a diagonal, and
/// multiplies by the diagonal if `multiplies`. Calls also(position) for each amplitude.
template <class T, Load how, bool multiplies, std::size_t rotations, std::size_t size, class Also>
HWY_INLINE void load_tile(const T* from, const Pass& pass, const T* HWY_RESTRICT diagonal, std::size_t at,
                          Vector<T> (&tile)[size], Also&& also) {
  for_each_corner<rotations>(at, pass.offset.data(), [&](std::size_t i, std::size_t here) QUPEL_INLINED {
    if constexpr (how == Load::plain) {
      tile[i] = load(behind(from, here));
      keep_in_register(tile[i]);
    } else {
      auto z = load_complex<T>(behind(from, here), 0);
      if constexpr (multiplies) z = multiply(entry_at<T, how>(diagonal, here), z);
      tile[2 * i] = z.re;
      tile[2 * i + 1] = z.im;
    }
    also(here);
  });
}

template <class T, std::size_t rotations, Load how, Way way, bool shears>
HWY_NOINLINE void run_pass(const Call<T>& call, const Workspace<T>& work, const Places<T>& places,
                           const Pass& pass, const T* HWY_RESTRICT diagonal, std::size_t start) {
  constexpr std::size_t skipped = how == Load::plain ? 0 : 1;
  const Gates<T, rotations, skipped, shears> gates(call, work, pass, way == Way::undoing);
  const T* from = places.from;
  T* to = places.to;
  constexpr std::size_t size = std::size_t{1} << (rotations + skipped);
  const auto run_tile = [&](std::size_t at, std::size_t ahead) HWY_ATTR {
    Vector<T> tile[size];
    const std::size_t next = at ^ ahead;
    load_tile<T, how, way != Way::undoing, rotations>(from, pass, diagonal, at, tile,
                                                      [&]([[maybe_unused]] std::size_t here) QUPEL_INLINED {
                                                        if constexpr (way == Way::moving)
                                                          __builtin_prefetch(behind(from, here ^ next));
                                                      });
    gates.apply(tile);
    keep_in_register(at);
    for_each_corner<rotations>(at, pass.offset.data(), [&](std::size_t i, std::size_t here) QUPEL_INLINED {
      if constexpr (how == Load::plain) {
        store(tile[i], behind(to, here));
      } else {
        ComplexVector<T> z{tile[2 * i], tile[2 * i + 1]};
        if constexpr (way == Way::undoing) z = multiply_conjugate(entry_at<T, how>(diagonal, here), z);
        store_complex(z, behind(to, here), 0);
      }
      if constexpr (way == Way::moving) __builtin_prefetch(behind(to, here ^ next), 1);
    });
  };
  if constexpr (way == Way::moving) {
    for_each_position_ahead<std::size_t>(pass.steps, start, run_tile);
  } else {
    for_each_position<std::size_t>(pass.steps, start, [&](std::size_t at) HWY_ATTR { run_tile(at, at); });
  }
}

/// A diagonal and as many rotations as registers hold of one part: real parts are turned while imaginary ones
/// wait in memory that stays in the first-level cache.
template <class T, Load how, Way way, bool shears>
HWY_NOINLINE void run_wide_pass(const Call<T>& call, const Workspace<T>& work, const Places<T>& places,
                                const Pass& pass, const T* HWY_RESTRICT diagonal, std::size_t start) {
  constexpr std::size_t rotations = most_directions, size = std::size_t{1} << rotations;
  const std::size_t lanes = hn::Lanes(Tag<T>()), bytes = lanes * sizeof(T);
  const Gates<T, rotations, 0, shears> gates(call, work, pass, way == Way::undoing);
  const T* from = places.from;
  T* to = places.to;
  HWY_ALIGN T waiting[size * (HWY_MAX_BYTES / sizeof(T))];
  const auto run_tile = [&](std::size_t at, std::size_t ahead) HWY_ATTR {
    Vector<T> tile[size];
    const std::size_t next = at ^ ahead;
    for_each_corner<rotations>(at, pass.offset.data(), [&](std::size_t i, std::size_t here) QUPEL_INLINED {
      if constexpr (way == Way::undoing) {
        tile[i] = load(behind(from, here));
      } else {
        const auto z = multiply(entry_at<T, how>(diagonal, here), load_complex<T>(behind(from, here), 0));
        tile[i] = z.re;
        store(z.im, waiting + i * lanes);
        if constexpr (way == Way::moving) __builtin_prefetch(behind(from, here ^ next));
      }
    });
    gates.apply(tile);
    keep_in_register(at);
    for_each_corner<rotations>(at, pass.offset.data(), [&](std::size_t i, std::size_t here) QUPEL_INLINED {
      if constexpr (way == Way::undoing) {
        store(tile[i], waiting + i * lanes);
        tile[i] = load(behind(from, here + bytes));
      } else {
        store(tile[i], behind(to, here));
        tile[i] = load(waiting + i * lanes);
        if constexpr (way == Way::moving) __builtin_prefetch(behind(to, here ^ next), 1);
      }
    });
    gates.apply(tile);
    keep_in_register(at);
    for_each_corner<rotations>(at, pass.offset.data(), [&](std::size_t i, std::size_t here) QUPEL_INLINED {
      if constexpr (way == Way::undoing) {
        store_complex(
            multiply_conjugate<T>(entry_at<T, how>(diagonal, here), {load(waiting + i * lanes), tile[i]}),
            behind(to, here), 0);
      } else {
        store(tile[i], behind(to, here + bytes));
      }
    });
  };
  for_each_position_ahead<std::size_t>(pass.steps, start, run_tile);
}

/// A pass with rotations before its diagonal or apart.
template <class T, std::size_t rotations, std::size_t before, Load how, bool shears>
HWY_NOINLINE void run_split_pass(const Call<T>& call, const Workspace<T>& work, T* state, const Pass& pass,
                                 const T* HWY_RESTRICT diagonal, std::size_t start) {
  constexpr std::size_t skipped = how == Load::plain ? 0 : 1, size = std::size_t{1} << (rotations + skipped);
  const Gates<T, rotations, skipped, shears> gates(call, work, pass, false);
  for_each_position<std::size_t>(pass.steps, start, [&](std::size_t at) HWY_ATTR {
    Vector<T> tile[size];
    load_tile<T, how, before == 0, rotations>(state, pass, diagonal, at, tile,
                                              [](std::size_t) QUPEL_INLINED {});
    QUPEL_UNROLL(4)
    for (std::size_t j = 0; j < before; ++j) gates.apply(tile, j);
    keep_in_register(at);
    if constexpr (before > 0) {
      for_each_corner<rotations>(at, pass.offset.data(), [&](std::size_t i, std::size_t here) QUPEL_INLINED {
        const auto z = multiply<T>(entry_at<T, how>(diagonal, here), {tile[2 * i], tile[2 * i + 1]});
        tile[2 * i] = z.re;
        tile[2 * i + 1] = z.im;
      });
      keep_in_register(at);
    }
    gates.apply(tile, before);
    gates.template apply_apart<before + 1>(tile);
    for_each_corner<rotations>(at, pass.offset.data(), [&](std::size_t i, std::size_t here) QUPEL_INLINED {
      if constexpr (how == Load::plain) {
        store(tile[i], behind(state, here));
      } else {
        store_complex<T>({tile[2 * i], tile[2 * i + 1]}, behind(state, here), 0);
      }
    });
  });
}

template <class T>
HWY_INLINE void run_any_split_pass(const Call<T>& call, Workspace<T>& work, T* state, const Pass& pass,
                                   std::size_t start) {
  with_diagonal(call, work, pass.diagonal, [&](auto how, const T* diagonal) HWY_ATTR {
    with_rotations(pass.rotations, [&](auto rotations) HWY_ATTR {
      with_forms(call, pass, [&](auto shears) HWY_ATTR {
        if constexpr (how == Load::plain || rotations < most_directions) {
          if constexpr (how != Load::plain) {
            if (pass.before > 0)
              return run_split_pass<T, rotations, rotations - 1, how, shears>(call, work, state, pass,
                                                                              diagonal, start);
          }
          run_split_pass<T, rotations, 0, how, shears>(call, work, state, pass, diagonal, start);
        }
      });
    });
  });
}

/// A diagonal alone.
template <class T, Load how, Way way>
HWY_NOINLINE void run_diagonal(const Places<T>& places, const Pass& pass, const T* HWY_RESTRICT diagonal,
                               std::size_t start) {
  const std::size_t amplitude = 2 * hn::Lanes(Tag<T>()) * sizeof(T);
  for_each_position<std::size_t>(pass.steps, start, [&](std::size_t at) HWY_ATTR {
    const std::size_t index = at / amplitude;
    const auto factor = entry_at<T, how>(diagonal, at);
    const auto z = load_complex(places.from, index);
    store_complex(way == Way::undoing ? multiply_conjugate(factor, z) : multiply(factor, z), places.to,
                  index);
  });
}

template <class T, Way way>
HWY_INLINE void run_any_pass(const Call<T>& call, Workspace<T>& work, const Places<T>& places,
                             const Pass& pass, std::size_t start) {
  with_diagonal(call, work, pass.diagonal, [&](auto how, const T* diagonal) HWY_ATTR {
    if constexpr (how != Load::plain) {
      if (pass.rotations == 0) return run_diagonal<T, how, way>(places, pass, diagonal, start);
    }
    with_rotations(pass.rotations, [&](auto rotations) HWY_ATTR {
      with_forms(call, pass, [&](auto shears) HWY_ATTR {
        if constexpr (how == Load::plain || rotations < most_directions) {
          run_pass<T, rotations, how, way, shears>(call, work, places, pass, diagonal, start);
        } else {
          run_wide_pass<T, how, way, shears>(call, work, places, pass, diagonal, start);
        }
      });
    });
  });
}

/// @param at gives a checkpoint's place, or that of the state as it is then
template <class T, class At>
HWY_INLINE void run_window(const Call<T>& call, Workspace<T>& work, const Window& window, At&& at) {
  const std::size_t amplitude = 2 * hn::Lanes(Tag<T>()) * sizeof(T);
  for_each_position<Mask>(window.steps, Mask{0}, [&](Mask part) HWY_ATTR {
    for (const auto& pass : window.passes) {
      const std::size_t start = first_tile(pass, part) * amplitude;
      const Places<T> places{at(pass.from), at(pass.to)};
      if (pass.apart > 0 || pass.before > 0) {
        run_any_split_pass(call, work, places.to, pass, start);
      } else if (places.from == places.to) {
        run_any_pass<T, Way::in_place>(call, work, places, pass, start);
      } else {
        run_any_pass<T, Way::moving>(call, work, places, pass, start);
      }
    }
  });
}

template <class T>
HWY_INLINE void run_window(const Call<T>& call, Workspace<T>& work, const Window& window) {
  run_window(call, work, window, [&](int checkpoint) { return work.at(checkpoint); });
}

}  // namespace qupel::statevector::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
