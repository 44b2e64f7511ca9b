// How states begin, and derivatives by what they begin with (plan.h, Half and Start).
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

/// Elements of one version of a half's state.
template <class T>
HWY_INLINE std::size_t version_size(const Half& half) {
  return (2 * hn::Lanes(Tag<T>())) << (half.end - half.begin);
}

/// The entry of a diagonal for index 0.
template <class T>
HWY_INLINE Complex first_entry(const T* diagonal) {
  return {static_cast<double>(diagonal[0]), static_cast<double>(diagonal[1])};
}

/// A half's product state in its versions, and what is applied to it.
template <class T>
HWY_NOINLINE void write_versions(const Call<T>& call, Workspace<T>& work, const Half& half,
                                 const Plans::Inside& plan, Complex scale, T* HWY_RESTRICT out) {
  const auto run_all = [&](std::span<const Window> windows) HWY_ATTR {
    for (const auto& window : windows) run_window(call, work, window, [&](int) { return out; });
  };
  write_half(work, static_cast<std::size_t>(half.begin), static_cast<std::size_t>(half.end), scale, out);
  run_all(plan.alike);
  if (half.other != 0) std::copy_n(out, version_size<T>(half), out + version_size<T>(half));
  run_all(plan.forward);
}

/// The last rotation of a start, after its diagonal, along the last direction of its tiles.
template <class T, std::size_t rotations, bool shears>
class LaterGate {
 public:
  HWY_INLINE LaterGate(const Call<T>& call, const Workspace<T>& work, const Pass& pass)
      : LaterGate(call, work, pass, std::make_index_sequence<corners>()) {}

  template <std::size_t size>
  HWY_INLINE void apply(Vector<T> (&tile)[size]) const {
    QUPEL_UNROLL(8)
    for (std::size_t k = 0; k < size / 2; ++k) gates_[k / 2].apply(tile[k], tile[k + size / 2]);
  }

 private:
  static constexpr std::size_t corners = std::size_t{1} << (rotations - 1);

  template <std::size_t... i>
  HWY_INLINE LaterGate(const Call<T>& call, const Workspace<T>& work, const Pass& pass,
                       std::index_sequence<i...>)
      : gates_{Gate<T, shears>(call, work, pass.angle[rotations - 1], odd(i & pass.turned))...} {}

  std::array<Gate<T, shears>, corners> gates_;  // by the other directions
};

/// @param later whether the last rotation comes after the diagonal
template <class T, std::size_t rotations, bool later, Load how, bool shears>
HWY_NOINLINE void write_state(const Call<T>& call, const Workspace<T>& work, const Start& start,
                              const T* HWY_RESTRICT diagonal) {
  constexpr std::size_t size = std::size_t{2} << rotations, before = rotations - (later ? 1 : 0);
  const Gates<T, before, 1, shears> gates(call, work, start.pass, false);
  const T *HWY_RESTRICT low = work.low, *HWY_RESTRICT high = work.high;
  T* HWY_RESTRICT state = work.at(start.pass.to);
  constexpr std::size_t corners = std::size_t{1} << before;
  ComplexVector<T> entries[corners];  // over that of the first, with which the halves begin
  if constexpr (how == Load::corners) {
    const Complex first = first_entry(diagonal);
    for_each_corner<before>(std::size_t{0}, start.pass.offset.data(),
                            [&](std::size_t i, std::size_t at) QUPEL_INLINED {
                              const T* entry = behind(diagonal, at >> std::countr_zero(hn::Lanes(Tag<T>())));
                              const Complex ratio = Complex(entry[0], entry[1]) / first;
                              entries[i] = {hn::Set(Tag<T>(), static_cast<T>(ratio.real())),
                                            hn::Set(Tag<T>(), static_cast<T>(ratio.imag()))};
                            });
  }
  for_each_position<Place>(start.steps, Place{}, [&](const Place& first) HWY_ATTR {
    Vector<T> tile[size];
    for_each_corner<rotations>(
        first, start.offsets.data(), [&](std::size_t i, const Place& at) QUPEL_INLINED {
          const auto z =
              multiply(load_complex(behind(low, at.low), 0), load_complex(behind(high, at.high), 0));
          tile[2 * i] = z.re;
          tile[2 * i + 1] = z.im;
        });
    gates.apply(tile);
    for_each_corner<rotations>(first.state, start.pass.offset.data(),
                               [&](std::size_t i, std::size_t at) QUPEL_INLINED {
                                 ComplexVector<T> z{tile[2 * i], tile[2 * i + 1]};
                                 if constexpr (how == Load::corners) {
                                   if (i % corners != 0) z = multiply(entries[i % corners], z);
                                 } else if constexpr (how != Load::plain) {
                                   z = multiply(entry_at<T, how>(diagonal, at), z);
                                 }
                                 if constexpr (later) {
                                   tile[2 * i] = z.re;
                                   tile[2 * i + 1] = z.im;
                                 } else {
                                   store_complex(z, behind(state, at), 0);
                                 }
                               });
    if constexpr (later) {
      LaterGate<T, rotations, shears>(call, work, start.pass).apply(tile);
      for_each_corner<rotations>(first.state, start.pass.offset.data(),
                                 [&](std::size_t i, std::size_t at) QUPEL_INLINED {
                                   store_complex<T>({tile[2 * i], tile[2 * i + 1]}, behind(state, at), 0);
                                 });
    }
  });
}

/// Calls visit(l, version of the high half) for the indices of the low one.
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

/// The product of the halves, without a pass.
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
  Complex scale = call.binding.halves[0];
  if (start.by_corner)
    scale *= first_entry(call.binding.tables[static_cast<std::size_t>(start.pass.diagonal)].data());
  write_versions(call, work, layers.low, call.plans.low, scale, work.low);
  write_versions(call, work, layers.high, call.plans.high, call.binding.halves[1], work.high);
  if (start.pass.rotations == 0 && start.pass.diagonal < 0)
    return write_halves(call, work, work.at(start.pass.to));
  with_diagonal(call, work, start.pass.diagonal, [&](auto how, const T* diagonal) HWY_ATTR {
    if (start.pass.rotations == 0) return write_state<T, 0, false, how, false>(call, work, start, diagonal);
    with_rotations(start.pass.rotations, [&](auto rotations) HWY_ATTR {
      with_forms(call, start.pass, [&](auto shears) HWY_ATTR {
        if constexpr (rotations < most_directions) {
          if constexpr (how == Load::table) {
            if (start.pass.before < start.pass.rotations)
              return write_state<T, rotations, true, Load::corners, shears>(call, work, start, diagonal);
            if (start.by_corner)
              return write_state<T, rotations, false, Load::corners, shears>(call, work, start, diagonal);
          }
          write_state<T, rotations, false, how, shears>(call, work, start, diagonal);
        }
      });
    });
  });
}

/// Workspace::adjoint contracted with each half, for the versions of the other.
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
