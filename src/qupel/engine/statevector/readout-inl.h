// The value of a parity, read before the last layer (readout.cc).
#if defined(QUPEL_STATEVECTOR_READOUT_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUPEL_STATEVECTOR_READOUT_INL
#undef QUPEL_STATEVECTOR_READOUT_INL
#else
#define QUPEL_STATEVECTOR_READOUT_INL
#endif

#include <bit>

#include "qupel/engine/statevector/passes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::statevector::HWY_NAMESPACE {

/// The sum over p on the even side of (-1)^(mask . p) Re(conj(psi[p]) psi[p ^ side.x]) after a pass on the
/// odd side, which is not written.
template <class T, std::size_t rotations, bool shears>
HWY_NOINLINE Vector<T> read_pass(const Call<T>& call, const Workspace<T>& work, const Pass& pass,
                                 std::size_t start) {
  constexpr std::size_t size = std::size_t{1} << rotations;
  const Gates<T, rotations, 0, shears> gates(call, work, pass, false);
  const std::size_t amplitude = 2 * hn::Lanes(Tag<T>()) * sizeof(T);
  const std::size_t place_mask = call.program.layers.readout->mask * amplitude,
                    to_even = pass.side.x * amplitude;
  const Vector<T> signs[] = {hn::Set(Tag<T>(), T{1}), hn::Set(Tag<T>(), T{-1})};
  const T* HWY_RESTRICT state = work.at(-1);
  auto total = zero<T>();
  for_each_position<std::size_t>(pass.steps, start, [&](std::size_t at) HWY_ATTR {
    Vector<T> tile[size];
    load_tile<T, Load::plain, false, rotations>(state, pass, nullptr, at, tile,
                                                [](std::size_t) QUPEL_INLINED {});
    gates.apply(tile);
    std::size_t even = at ^ to_even;
    keep_in_register(even);
    const auto& sign = signs[odd(place_mask & even)];
    // Every rotation turns the parity, so signs alternate from corner to corner.
    Vector<T> sums[] = {zero<T>(), zero<T>()};
    for_each_corner<rotations>(even, pass.offset.data(), [&](std::size_t i, std::size_t here) QUPEL_INLINED {
      auto& sum = sums[std::popcount(i) % 2];
      sum = hn::MulAdd(tile[i], load(behind(state, here)), sum);
    });
    total = hn::MulAdd(sign, hn::Sub(sums[0], sums[1]), total);
  });
  return total;
}

template <class T>
HWY_NOINLINE Vector<T> read(const Call<T>& call, const Workspace<T>& work) {
  const std::size_t amplitude = 2 * hn::Lanes(Tag<T>()) * sizeof(T);
  const auto& window = call.plans.reading;
  const auto& pass = window.passes.front();
  auto total = zero<T>();
  for_each_position<Mask>(window.steps, Mask{0}, [&](Mask part) HWY_ATTR {
    const std::size_t start = first_tile(pass, part) * amplitude;
    const auto add = [&](auto rotations, auto shears) HWY_ATTR {
      total = hn::Add(total, read_pass<T, rotations, shears>(call, work, pass, start));
    };
    if (pass.rotations == 0) return add(std::integral_constant<std::size_t, 0>(), std::false_type());
    with_rotations(pass.rotations, [&](auto rotations) HWY_ATTR {
      with_forms(call, pass, [&](auto shears) HWY_ATTR { add(rotations, shears); });
    });
  });
  return total;
}

}  // namespace qupel::statevector::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
