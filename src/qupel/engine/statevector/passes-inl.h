// Real rotations of a few directions at a time, in registers (plan.h).
#if defined(QUPEL_STATEVECTOR_PASSES_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUPEL_STATEVECTOR_PASSES_INL
#undef QUPEL_STATEVECTOR_PASSES_INL
#else
#define QUPEL_STATEVECTOR_PASSES_INL
#endif

#include "qupel/engine/statevector/diagonal-inl.h"
#include "qupel/engine/statevector/rotate-inl.h"
#include "qupel/engine/statevector/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::statevector::HWY_NAMESPACE {

/// The rotations of a pass with their coefficients; `inverse` undoes them.
template <class T, std::size_t rotations>
struct Gates {
  Vector<T> f[rotations], g[rotations];
  Form form[rotations];

  HWY_INLINE Gates(const Call<T>& call, const Workspace<T>& work, const Pass& pass, bool inverse) {
    const std::size_t lanes = hn::Lanes(Tag<T>());
    QUPEL_UNROLL(4)
    for (std::size_t j = 0; j < rotations; ++j) {
      const auto angle = static_cast<std::size_t>(pass.angle[j]);
      form[j] = call.binding.forms[angle];
      f[j] = load(work.coefficients + 2 * angle * lanes);
      g[j] = load(work.coefficients + (2 * angle + 1) * lanes);
      if (inverse) {
        f[j] = hn::Neg(f[j]);
        g[j] = hn::Neg(g[j]);
      }
    }
  }

  /// Applies gate j along `direction` of the tile. The form is the same for all tiles: the branch costs
  /// nothing.
  template <std::size_t size>
  HWY_INLINE void apply(std::size_t j, Vector<T>* tile, std::size_t direction) const {
    using V = Vector<T>;
    if (form[j] == Form::tangent) {
      for_pairs<size>(tile, direction, [&](V& a, V& b) HWY_ATTR { rotate_tangent(f[j], a, b); });
    } else if (form[j] == Form::cotangent) {
      for_pairs<size>(tile, direction, [&](V& a, V& b) HWY_ATTR { rotate_cotangent(f[j], a, b); });
    } else {
      for_pairs<size>(tile, direction, [&](V& a, V& b) HWY_ATTR { rotate_shear(f[j], g[j], a, b); });
    }
  }
};

/// What a pass does while a tile loads.
enum class Load {
  plain,
  table,   ///< multiplies by a diagonal with one entry for all samples
  vectors  ///< multiplies by a diagonal with one entry a sample
};

template <class T, std::size_t rotations, Load how>
HWY_NOINLINE void run_pass(const Call<T>& call, const Workspace<T>& work, const Pass& pass,
                           const T* HWY_RESTRICT diagonal, std::size_t start) {
  const Gates<T, rotations> gates(call, work, pass, false);
  T* HWY_RESTRICT state = work.state;
  constexpr std::size_t skipped = how == Load::plain ? 0 : 1;
  constexpr std::size_t size = std::size_t{1} << (rotations + skipped);
  const std::size_t lanes = hn::Lanes(Tag<T>()), vector_bytes = lanes * sizeof(T);
  const int shift = std::countr_zero(lanes);
  for_each_position<std::size_t>(pass.steps, start, [&](std::size_t at) HWY_ATTR {
    std::size_t position[size];
    Vector<T> tile[size];
    position[0] = at;
    if constexpr (skipped == 1) position[1] = at ^ vector_bytes;
    QUPEL_UNROLL(4)
    for (std::size_t j = 0; j < rotations; ++j) {
      const std::size_t half = std::size_t{1} << (j + skipped);
      QUPEL_UNROLL(8)
      for (std::size_t i = 0; i < half; ++i) position[half + i] = position[i] ^ pass.offset[j];
    }
    QUPEL_UNROLL(16)
    for (std::size_t i = 0; i < size; ++i) tile[i] = load(behind(state, position[i]));
    if constexpr (how != Load::plain) {
      QUPEL_UNROLL(8)
      for (std::size_t i = 0; i < size; i += 2) {
        ComplexVector<T> factor;
        if constexpr (how == Load::table) {
          const T* entry = behind(diagonal, position[i] >> shift);
          factor = {hn::Set(Tag<T>(), entry[0]), hn::Set(Tag<T>(), entry[1])};
        } else {
          factor = {load(behind(diagonal, position[i])), load(behind(diagonal, position[i + 1]))};
        }
        const auto product = multiply(factor, ComplexVector<T>{tile[i], tile[i + 1]});
        tile[i] = product.re;
        tile[i + 1] = product.im;
      }
    }
    QUPEL_UNROLL(4)
    for (std::size_t j = 0; j < rotations; ++j) {
      gates.template apply<size>(j, tile, j + skipped);
    }
    QUPEL_UNROLL(16)
    for (std::size_t i = 0; i < size; ++i) store(tile[i], behind(state, position[i]));
  });
}

template <class T>
HWY_NOINLINE void run_diagonal(const Call<T>& call, const Workspace<T>& work, const Pass& pass, bool varies,
                               std::size_t start) {
  const std::size_t amplitude = 2 * hn::Lanes(Tag<T>()) * sizeof(T);
  const T* table = varies ? work.phases : call.binding.tables[static_cast<std::size_t>(pass.diagonal)].data();
  for_each_position<std::size_t>(pass.steps, start, [&](std::size_t at) HWY_ATTR {
    const std::size_t index = at / amplitude;
    const auto factor = varies ? load_complex(table, index)
                               : ComplexVector<T>{hn::Set(Tag<T>(), table[2 * index]),
                                                  hn::Set(Tag<T>(), table[2 * index + 1])};
    store_complex(multiply(factor, load_complex(work.state, index)), work.state, index);
  });
}

template <class T>
HWY_INLINE void run_pass_with_diagonal(const Call<T>& call, const Workspace<T>& work, const Pass& pass,
                                       std::size_t start) {
  const auto index = static_cast<std::size_t>(pass.diagonal);
  const bool varies = call.program.layers.diagonals[index].varies;
  const T* diagonal = varies ? work.phases : call.binding.tables[index].data();
  switch (pass.rotations) {
    case 0:
      return run_diagonal(call, work, pass, varies, start);
    case 1:
      return varies ? run_pass<T, 1, Load::vectors>(call, work, pass, diagonal, start)
                    : run_pass<T, 1, Load::table>(call, work, pass, diagonal, start);
    case 2:
      return varies ? run_pass<T, 2, Load::vectors>(call, work, pass, diagonal, start)
                    : run_pass<T, 2, Load::table>(call, work, pass, diagonal, start);
    default:
      return varies ? run_pass<T, 3, Load::vectors>(call, work, pass, diagonal, start)
                    : run_pass<T, 3, Load::table>(call, work, pass, diagonal, start);
  }
}

/// The first tile of a pass in the part of the state that holds stored index `part`: orthogonal to all z.
HWY_INLINE Mask first_tile(const Pass& pass, Mask part) {
  for (std::size_t j = 0; j < static_cast<std::size_t>(pass.rotations); ++j) {
    if (odd(pass.z[j] & part)) part ^= pass.x[j];
  }
  return part;
}

template <class T>
HWY_INLINE void run_window(const Call<T>& call, Workspace<T>& work, const Window& window) {
  const std::size_t amplitude = 2 * hn::Lanes(Tag<T>()) * sizeof(T);
  for_each_position<Mask>(window.steps, Mask{0}, [&](Mask part) HWY_ATTR {
    for (const auto& pass : window.passes) {
      const std::size_t start = first_tile(pass, part) * amplitude;
      if (pass.diagonal >= 0) {
        prepare_diagonal(call, work, pass.diagonal);
        run_pass_with_diagonal(call, work, pass, start);
        continue;
      }
      switch (pass.rotations) {
        case 1:
          run_pass<T, 1, Load::plain>(call, work, pass, nullptr, start);
          break;
        case 2:
          run_pass<T, 2, Load::plain>(call, work, pass, nullptr, start);
          break;
        case 3:
          run_pass<T, 3, Load::plain>(call, work, pass, nullptr, start);
          break;
        default:
          run_pass<T, 4, Load::plain>(call, work, pass, nullptr, start);
          break;
      }
    }
  });
}

}  // namespace qupel::statevector::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
