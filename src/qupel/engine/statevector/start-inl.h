// How states begin that are not differentiated (plan.h, Start).
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

/// Turns a half's state of 2^qubits amplitudes. @param version which of the two
template <class T>
HWY_NOINLINE void turn_half(const Call<T>& call, const Workspace<T>& work, const Start::Half& half,
                            int qubits, bool version, T* HWY_RESTRICT amplitudes) {
  const std::size_t real = hn::Lanes(Tag<T>());
  for (const auto& turn : half.turns) {
    const Gate<T> gate(call, work, turn.angle, false);
    for (std::size_t i = 0; i < std::size_t{1} << qubits; ++i) {
      if (odd(turn.z & i) != (version && turn.differs)) continue;
      T *a = amplitudes + 2 * i * real, *b = amplitudes + 2 * (i ^ turn.x) * real;
      Vector<T> tile[] = {load(a), load(b), load(a + real), load(b + real)};
      gate.template apply<4>(tile, 0);
      store(tile[0], a);
      store(tile[1], b);
      store(tile[2], a + real);
      store(tile[3], b + real);
    }
  }
}

/// A half's product state, turned, in the versions that there are.
template <class T>
HWY_INLINE void write_versions(const Call<T>& call, const Workspace<T>& work, const Start::Half& half,
                               std::size_t begin, std::size_t end, T* HWY_RESTRICT out) {
  write_half(work, begin, end, out);
  const int qubits = static_cast<int>(end - begin);
  const std::size_t size = (2 * hn::Lanes(Tag<T>())) << qubits;
  if (half.other != 0) {
    std::copy_n(out, size, out + size);
    turn_half(call, work, half, qubits, true, out + size);
  }
  turn_half(call, work, half, qubits, false, out);
}

template <class T, std::size_t rotations, Load how>
HWY_NOINLINE void write_state(const Call<T>& call, const Workspace<T>& work, const Start& start,
                              const T* HWY_RESTRICT diagonal) {
  const Gates<T, rotations, 1> gates(call, work, start.pass, false);
  constexpr std::size_t size = std::size_t{2} << rotations;
  const T *HWY_RESTRICT low = work.low, *HWY_RESTRICT high = work.high;
  T* HWY_RESTRICT state = work.active;
  for_each_position<Place>(start.steps, Place{}, [&](const Place& first) HWY_ATTR {
    Vector<T> tile[size];
    for_each_corner<rotations>(
        first, start.offsets.data(), [&](std::size_t i, const Place& at) QUPEL_INLINED {
          const auto z =
              multiply(load_complex<T>(behind(low, at.low), 0), load_complex<T>(behind(high, at.high), 0));
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

template <class T>
HWY_NOINLINE void write_start(const Call<T>& call, Workspace<T>& work) {
  const auto& start = call.plans.start;
  const auto qubits = static_cast<std::size_t>(call.program.qubits);
  const auto middle = static_cast<std::size_t>(low_qubits(call.program.qubits));
  prepare_product(call, work);
  write_versions(call, work, start.low, 0, middle, work.low);
  write_versions(call, work, start.high, middle, qubits, work.high);
  with_diagonal(call, work, start.pass.diagonal, [&](auto how, const T* diagonal) HWY_ATTR {
    if (start.pass.rotations == 0) return write_state<T, 0, how>(call, work, start, diagonal);
    with_rotations(start.pass.rotations, [&](auto rotations) HWY_ATTR {
      if constexpr (rotations < most_directions) write_state<T, rotations, how>(call, work, start, diagonal);
    });
  });
}

}  // namespace qupel::statevector::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
