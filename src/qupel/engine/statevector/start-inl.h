// How states begin: as the product of two halves (plan.h, Half and Start), and how the adjoint state is
// contracted to them.
#if defined(QUPEL_STATEVECTOR_START_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUPEL_STATEVECTOR_START_INL
#undef QUPEL_STATEVECTOR_START_INL
#else
#define QUPEL_STATEVECTOR_START_INL
#endif

#include "qupel/engine/statevector/passes-inl.h"
#include "qupel/engine/statevector/product-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::statevector::HWY_NAMESPACE {

/// How many elements one version of a half's state has.
template <class T>
HWY_INLINE std::size_t version_size(const Half& half) {
  return (2 * hn::Lanes(Tag<T>())) << (half.end - half.begin);
}

/// Writes the state of one half, in one or two versions: its product state, and all that is applied to
/// the half.
template <class T>
HWY_NOINLINE void write_versions(const Call<T>& call, Workspace<T>& work, const Half& half,
                                 const Plans::HalfPlan& plan, Complex scale, T* HWY_RESTRICT out) {
  const auto run_all = [&](std::span<const PassGroup> windows) HWY_ATTR {
    for (const auto& window : windows) run_window(call, work, out, window);
  };
  write_half(work, static_cast<std::size_t>(half.begin), static_cast<std::size_t>(half.end), scale, out);
  run_all(plan.alike);
  if (half.other != 0) std::copy_n(out, version_size<T>(half), out + version_size<T>(half));
  run_all(plan.forward);
}

template <class T, std::size_t rotations, Load how, bool shears>
HWY_NOINLINE void write_state(const Call<T>& call, const Workspace<T>& work, const Start& start,
                              const T* HWY_RESTRICT diagonal) {
  constexpr std::size_t size = std::size_t{2} << rotations;
  const PassFactors<T, rotations, 1, shears> factors(call, work, start.pass, false);
  const T *HWY_RESTRICT low = work.low, *HWY_RESTRICT high = work.high;
  T* HWY_RESTRICT state = work.state;
  for_each_position<StartPosition>(start.steps, StartPosition{}, [&](const StartPosition& first) HWY_ATTR {
    Vector<T> tile[size];
    for_each_corner<rotations>(
        first, start.offsets.data(), [&](std::size_t i, const StartPosition& at) QUPEL_INLINED {
          const auto z =
              multiply(load_complex(behind(low, at.low), 0), load_complex(behind(high, at.high), 0));
          tile[2 * i] = z.re;
          tile[2 * i + 1] = z.im;
        });
    factors.apply(tile);
    for_each_corner<rotations>(first.state, start.pass.offset.data(),
                               [&](std::size_t i, std::size_t at) QUPEL_INLINED {
                                 ComplexVector<T> z{tile[2 * i], tile[2 * i + 1]};
                                 if constexpr (how != Load::plain)
                                   z = multiply(entry_at<T, how>(diagonal, at), z);
                                 store_complex(z, behind(state, at), 0);
                               });
  });
}

/// Calls visit(l, version) for the indices l of the low half, with the version of the high half that goes
/// with l.
template <class Visit>
HWY_INLINE void for_each_low(const Half& low, const Half& high, Visit&& visit) {
  const std::size_t size = std::size_t{1} << low.end;
  for (std::size_t l = 0; l < size; ++l) {
    if (odd(high.other & l)) {
      visit(l, std::integral_constant<std::size_t, 1>());
    } else {
      visit(l, std::integral_constant<std::size_t, 0>());
    }
  }
}

/// Writes the product of the halves; nothing else is applied.
template <class T>
HWY_NOINLINE void write_halves(const Call<T>& call, const Workspace<T>& work, T* HWY_RESTRICT state) {
  const auto &low = call.program.layers.low, &high = call.program.layers.high;
  const std::size_t low_size = std::size_t{1} << low.end,
                    high_size = std::size_t{1} << (high.end - high.begin),
                    second = high.other == 0 ? 0 : high_size;  // version
  for (std::size_t h = 0; h < high_size; ++h) {
    const ComplexVector<T> factors[] = {load_complex(work.high, h), load_complex(work.high, h + second)};
    const T* HWY_RESTRICT states = work.low + (odd(low.other & h) ? version_size<T>(low) : 0);
    for_each_low(low, high, [&](std::size_t l, auto version) HWY_ATTR {
      store_complex(multiply(factors[version], load_complex(states, l)), state, h * low_size + l);
    });
  }
}

template <class T>
HWY_NOINLINE void write_start(const Call<T>& call, Workspace<T>& work, const Start& start) {
  prepare_product(call, work);
  const auto& layers = call.program.layers;
  write_versions(call, work, layers.low, call.plans.low, call.binding.halves[0], work.low);
  write_versions(call, work, layers.high, call.plans.high, call.binding.halves[1], work.high);
  if (start.pass.rotations == 0 && start.pass.diagonal < 0) return write_halves(call, work, work.state);
  with_diagonal(call, work, start.pass.diagonal, [&](auto how, const T* diagonal) HWY_ATTR {
    if (start.pass.rotations == 0) return write_state<T, 0, how, false>(call, work, start, diagonal);
    with_rotations(start.pass.rotations, [&](auto rotations) HWY_ATTR {
      with_forms(call, start.pass, [&](auto shears) HWY_ATTR {
        if constexpr (rotations < most_directions)
          write_state<T, rotations, how, shears>(call, work, start, diagonal);
      });
    });
  });
}

/// Contracts Workspace::adjoint with each half, for the versions of the other half.
template <class T>
HWY_NOINLINE void contract_halves(const Call<T>& call, Workspace<T>& work) {
  const auto &low = call.program.layers.low, &high = call.program.layers.high;
  const std::size_t low_size = std::size_t{1} << low.end,
                    high_size = std::size_t{1} << (high.end - high.begin),
                    second = high.other == 0 ? 0 : high_size;  // version
  std::fill_n(work.reduced_low, (low.other == 0 ? 1 : 2) * version_size<T>(low), T{0});
  for (std::size_t h = 0; h < high_size; ++h) {
    const ComplexVector<T> factors[] = {load_complex(work.high, h), load_complex(work.high, h + second)};
    ComplexVector<T> sums[] = {{zero<T>(), zero<T>()}, {zero<T>(), zero<T>()}};
    const std::size_t offset = odd(low.other & h) ? version_size<T>(low) : 0;
    const T* HWY_RESTRICT states = work.low + offset;
    T* HWY_RESTRICT reduced = work.reduced_low + offset;
    for_each_low(low, high, [&](std::size_t l, auto version) HWY_ATTR {
      const auto entry = load_complex(work.adjoint, h * low_size + l);
      sums[version] = add_conjugate_product(sums[version], load_complex(states, l), entry);
      store_complex(add_conjugate_product(load_complex(reduced, l), factors[version], entry), reduced, l);
    });
    store_complex(sums[0], work.reduced_high, h);
    if (high.other != 0) store_complex(sums[1], work.reduced_high, high_size + h);
  }
}

}  // namespace qupel::statevector::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
