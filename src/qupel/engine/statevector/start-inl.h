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

/// Calls visit(first, second) for the amplitudes of a half, as indices, that a turn rotates.
template <class Visit>
HWY_INLINE void for_each_pair(const Half& half, const Half::Turn& turn, bool version, Visit&& visit) {
  const bool parity = version && turn.differs;
  for (std::size_t i = 0; i < std::size_t{1} << (half.end - half.begin); ++i) {
    if (odd(turn.z & i) == parity) visit(i, i ^ turn.x);
  }
}

/// Rotates two amplitudes of a state.
template <class T>
HWY_INLINE void rotate_pair(const Gate<T>& gate, T* HWY_RESTRICT state, std::size_t a, std::size_t b) {
  const auto first = load_complex(state, a), second = load_complex(state, b);
  Vector<T> tile[] = {first.re, second.re, first.im, second.im};
  gate.template apply<4>(tile, 0);
  store_complex<T>({tile[0], tile[2]}, state, a);
  store_complex<T>({tile[1], tile[3]}, state, b);
}

/// A half's product state, turned, in the versions that there are.
template <class T>
HWY_NOINLINE void write_versions(const Call<T>& call, const Workspace<T>& work, const Half& half,
                                 T* HWY_RESTRICT out) {
  write_half(work, static_cast<std::size_t>(half.begin), static_cast<std::size_t>(half.end), out);
  const std::size_t size = version_size<T>(half);
  if (half.other != 0) std::copy_n(out, size, out + size);
  for (const auto& turn : half.turns) {
    const Gate<T> gate(call, work, turn.angle, false);
    for (std::size_t version = 0; version < (half.other == 0 ? 1 : 2); ++version) {
      for_each_pair(half, turn, version == 1, [&](std::size_t a, std::size_t b) HWY_ATTR {
        rotate_pair(gate, out + version * size, a, b);
      });
    }
  }
}

template <class T, std::size_t rotations, Load how, bool shears>
HWY_NOINLINE void write_state(const Call<T>& call, const Workspace<T>& work, const Start& start,
                              const T* HWY_RESTRICT diagonal) {
  const Gates<T, rotations, 1, shears> gates(call, work, start.pass, false);
  constexpr std::size_t size = std::size_t{2} << rotations;
  const T *HWY_RESTRICT low = work.low, *HWY_RESTRICT high = work.high;
  T* HWY_RESTRICT state = work.at(start.pass.to);
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
                                 if constexpr (how != Load::plain)
                                   z = multiply(entry_at<T, how>(diagonal, at), z);
                                 store_complex(z, behind(state, at), 0);
                               });
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
  write_versions(call, work, call.program.layers.low, work.low);
  write_versions(call, work, call.program.layers.high, work.high);
  if (start.pass.rotations == 0 && start.pass.diagonal < 0)
    return write_halves(call, work, work.at(start.pass.to));
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

/// Derivatives by what turns a half, which is undone on its state and on `adjoint`, what the adjoint state is
/// contracted to. Leaves the versions' sum in `adjoint`. @return true = so many times stored, for it
template <class T>
HWY_NOINLINE double differentiate_turns(const Call<T>& call, const Workspace<T>& work, const Half& half,
                                        T* HWY_RESTRICT state, T* HWY_RESTRICT adjoint, double scale) {
  const auto& binding = call.binding;
  const std::size_t size = version_size<T>(half), lanes = hn::Lanes(Tag<T>());
  double own = 1;
  for (const auto& turn : half.turns) own *= binding.factors[static_cast<std::size_t>(turn.angle)];
  for (std::size_t k = half.turns.size(); k-- > 0;) {
    const auto& turn = half.turns[k];
    const Gate<T> gate(call, work, turn.angle, true);
    auto overlap = zero<T>();
    for (std::size_t version = 0; version < (half.other == 0 ? 1 : 2); ++version) {
      T *psi = state + version * size, *lambda = adjoint + version * size;
      for_each_pair(half, turn, version == 1, [&](std::size_t a, std::size_t b) HWY_ATTR {
        for (const std::size_t part : {std::size_t{0}, lanes}) {
          const std::size_t first = 2 * a * lanes + part, second = 2 * b * lanes + part;
          overlap = hn::MulAdd(load(lambda + second), load(psi + first), overlap);
          overlap = hn::NegMulAdd(load(lambda + first), load(psi + second), overlap);
        }
        rotate_pair(gate, psi, a, b);
        rotate_pair(gate, lambda, a, b);
      });
    }
    add_derivative(work, turn.angle, overlap, scale * own);
    const double factor = binding.factors[static_cast<std::size_t>(turn.angle)];
    scale *= factor;
    own *= factor;
  }
  for (std::size_t i = 0; half.other != 0 && i < size; i += lanes)
    store(hn::Add(load(adjoint + i), load(adjoint + size + i)), adjoint + i);
  return scale;
}

/// Derivatives by all angles of halves and product gates; the adjoint state has been brought back to just
/// after them. @param scale true = scale * stored, for it
template <class T>
HWY_NOINLINE void differentiate_start(const Call<T>& call, Workspace<T>& work, double scale) {
  contract_halves(call, work);
  const auto& layers = call.program.layers;
  const auto differentiate = [&](const Half& half, const Half& other, T* state, T* reduced) HWY_ATTR {
    double reduced_scale = scale;
    for (const auto& turn : other.turns)
      reduced_scale *= call.binding.factors[static_cast<std::size_t>(turn.angle)];
    const double undone = differentiate_turns(call, work, half, state, reduced, reduced_scale);
    const auto factor = hn::Set(Tag<T>(), static_cast<T>(undone));
    const auto begin = static_cast<std::size_t>(half.begin), end = static_cast<std::size_t>(half.end);
    for (std::size_t q = begin; q < end; ++q) {
      if (layers.product[q].empty()) continue;
      contract_others(work, begin, end, q, reduced, work.scratch);
      product_gradient<T>(layers.product[q], work, q, load_complex(work.scratch, 0),
                          load_complex(work.scratch, 1), factor);
    }
  };
  differentiate(layers.low, layers.high, work.low, work.reduced_low);
  differentiate(layers.high, layers.low, work.high, work.reduced_high);
}

}  // namespace qupel::statevector::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
