// Real rotations of a few directions at a time, in registers (plan.h).
#if defined(QUPEL_STATEVECTOR_PASSES_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUPEL_STATEVECTOR_PASSES_INL
#undef QUPEL_STATEVECTOR_PASSES_INL
#else
#define QUPEL_STATEVECTOR_PASSES_INL
#endif

#include <array>
#include <utility>

#include "qupel/engine/simd/rotate-inl.h"
#include "qupel/engine/simd/vector-inl.h"
#include "qupel/engine/statevector/diagonal-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::statevector::HWY_NAMESPACE {

/// The coefficients of one rotation, negated if `inverse`. @param shears whether any rotation of the pass is
/// in the form of shears: if none is, kernels have no branch, which would keep the compiler from using
/// registers well
template <class T, bool shears = true>
struct RotationFactors {
  Vector<T> f, g;
  bool shear;

  HWY_INLINE RotationFactors(const Call<T>& call, const Workspace<T>& work, int angle, bool inverse) {
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

  /// Along `direction` of the tile.
  template <std::size_t size>
  HWY_INLINE void apply(Vector<T>* tile, std::size_t direction) const {
    using V = Vector<T>;
    if (shears && shear) {
      for_pairs<size>(tile, direction, [&](V& a, V& b) HWY_ATTR { rotate_shear(f, g, a, b); });
    } else {
      for_pairs<size>(tile, direction, [&](V& a, V& b) HWY_ATTR { rotate_tangent(f, a, b); });
    }
  }
};

/// The coefficients of a pass's rotations. Rotation j acts along direction `first` + j of a tile.
template <class T, std::size_t rotations, std::size_t first, bool shears>
class PassFactors {
 public:
  HWY_INLINE PassFactors(const Call<T>& call, const Workspace<T>& work, const Pass& pass, bool inverse)
      : PassFactors(call, work, pass, inverse, std::make_index_sequence<rotations>()) {}

  template <std::size_t size>
  HWY_INLINE void apply(Vector<T> (&tile)[size], std::size_t j) const {
    factors_[j].template apply<size>(tile, first + j);
  }
  template <std::size_t size>
  HWY_INLINE void apply(Vector<T> (&tile)[size]) const {
    QUPEL_UNROLL(4)
    for (std::size_t j = 0; j < rotations; ++j) apply(tile, j);
  }

 private:
  template <std::size_t... j>
  HWY_INLINE PassFactors(const Call<T>& call, const Workspace<T>& work, const Pass& pass,
                         [[maybe_unused]] bool inverse, std::index_sequence<j...>)
      : factors_{RotationFactors<T, shears>(call, work, pass.angle[j], inverse)...} {}

  std::array<RotationFactors<T, shears>, rotations> factors_;
};

/// Calls run(whether some rotation of the pass is in the form of shears, as a constant).
template <class T, class Run>
HWY_INLINE void with_forms(const Call<T>& call, const Pass& pass, Run&& run) {
  for (std::size_t j = 0; j < static_cast<std::size_t>(pass.rotations); ++j) {
    if (call.binding.forms[static_cast<std::size_t>(pass.angle[j])] == Form::shear)
      return run(std::true_type());
  }
  run(std::false_type());
}

/// What a pass does while it loads a tile.
enum class Load {
  plain,   ///< nothing
  table,   ///< multiplies by a diagonal whose entries are the same for all samples
  vectors  ///< multiplies by a diagonal whose entries differ between samples
};

/// A diagonal's entry for the amplitude at byte `at` of the state.
template <class T, Load how>
HWY_INLINE ComplexVector<T> entry_at(const T* diagonal, std::size_t at) {
  if constexpr (how == Load::vectors) return load_complex<T>(behind(diagonal, at), 0);
  const T* entry = behind(diagonal, at >> std::countr_zero(hn::Lanes(Tag<T>())));
  return {hn::Set(Tag<T>(), entry[0]), hn::Set(Tag<T>(), entry[1])};
}

/// Calls run(how the diagonal is applied, as a constant; its entries). @param diagonal -1: none
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

/// Loads a tile. With a diagonal, the tile's first direction leads from the real to the imaginary part of an
/// amplitude, and the diagonal is multiplied in.
template <class T, Load how, std::size_t rotations, std::size_t size>
HWY_INLINE void load_tile(const T* from, const Pass& pass, const T* HWY_RESTRICT diagonal, std::size_t at,
                          Vector<T> (&tile)[size]) {
  for_each_corner<rotations>(at, pass.offset.data(), [&](std::size_t i, std::size_t here) QUPEL_INLINED {
    if constexpr (how == Load::plain) {
      tile[i] = load(behind(from, here));
      keep_in_register(tile[i]);
    } else {
      const auto z = multiply(entry_at<T, how>(diagonal, here), load_complex<T>(behind(from, here), 0));
      tile[2 * i] = z.re;
      tile[2 * i + 1] = z.im;
    }
  });
}

/// Runs a pass over one part of the state.
template <class T, std::size_t rotations, Load how, bool shears>
HWY_NOINLINE void run_pass(const Call<T>& call, const Workspace<T>& work, T* state, const Pass& pass,
                           const T* HWY_RESTRICT diagonal, std::size_t start) {
  constexpr std::size_t skipped = how == Load::plain ? 0 : 1;
  const PassFactors<T, rotations, skipped, shears> factors(call, work, pass, false);
  constexpr std::size_t size = std::size_t{1} << (rotations + skipped);
  // A function of its own: where GCC 12 has all of it in the loop's body, a tenth of the tile lies on the
  // stack.
  const auto run_tile = [&](std::size_t at) HWY_ATTR {
    Vector<T> tile[size];
    load_tile<T, how, rotations>(state, pass, diagonal, at, tile);
    factors.apply(tile);
    keep_in_register(at);
    for_each_corner<rotations>(at, pass.offset.data(), [&](std::size_t i, std::size_t here) QUPEL_INLINED {
      if constexpr (how == Load::plain) {
        store(tile[i], behind(state, here));
      } else {
        store_complex<T>({tile[2 * i], tile[2 * i + 1]}, behind(state, here), 0);
      }
    });
  };
  for_each_position<std::size_t>(pass.steps, start, [&](std::size_t at) HWY_ATTR { run_tile(at); });
}

/// A diagonal alone.
template <class T, Load how>
HWY_NOINLINE void run_diagonal(T* state, const Pass& pass, const T* HWY_RESTRICT diagonal,
                               std::size_t start) {
  for_each_position<std::size_t>(pass.steps, start, [&](std::size_t at) HWY_ATTR {
    const auto factor = entry_at<T, how>(diagonal, at);
    const auto z = load_complex(behind(state, at), 0);
    store_complex(multiply(factor, z), behind(state, at), 0);
  });
}

template <class T>
HWY_INLINE void run_any_pass(const Call<T>& call, Workspace<T>& work, T* state, const Pass& pass,
                             std::size_t start) {
  with_diagonal(call, work, pass.diagonal, [&](auto how, const T* diagonal) HWY_ATTR {
    if constexpr (how != Load::plain) {
      if (pass.rotations == 0) return run_diagonal<T, how>(state, pass, diagonal, start);
    }
    with_rotations(pass.rotations, [&](auto rotations) HWY_ATTR {
      with_forms(call, pass, [&](auto shears) HWY_ATTR {
        if constexpr (how == Load::plain || rotations < most_directions)
          run_pass<T, rotations, how, shears>(call, work, state, pass, diagonal, start);
      });
    });
  });
}

template <class T>
HWY_INLINE void run_window(const Call<T>& call, Workspace<T>& work, T* state, const PassGroup& window) {
  const std::size_t amplitude = 2 * hn::Lanes(Tag<T>()) * sizeof(T);
  for_each_position<Mask>(window.steps, Mask{0}, [&](Mask part) HWY_ATTR {
    for (const auto& pass : window.passes)
      run_any_pass(call, work, state, pass, first_tile(pass, part) * amplitude);
  });
}

}  // namespace qupel::statevector::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
