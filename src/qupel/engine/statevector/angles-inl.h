// From features to the coefficients of gates whose angle differs between samples.
#if defined(QUPEL_STATEVECTOR_ANGLES_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUPEL_STATEVECTOR_ANGLES_INL
#undef QUPEL_STATEVECTOR_ANGLES_INL
#else
#define QUPEL_STATEVECTOR_ANGLES_INL
#endif

#include <algorithm>
#include <cmath>

#include "qupel/engine/simd/unit-inl.h"
#include "qupel/engine/simd/vector-inl.h"
#include "qupel/engine/statevector/workspace.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::statevector::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using namespace simd::HWY_NAMESPACE;  // NOLINT(google-build-using-namespace): the same instruction set

template <class T>
HWY_INLINE void load_features(const Call<T>& call, Workspace<T>& work, std::size_t first, std::size_t count) {
  const std::size_t lanes = hn::Lanes(Tag<T>());
  const std::size_t used = static_cast<std::size_t>(work.feature_count);
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    const double* row = call.features.data() + (first + std::min(lane, count - 1)) * call.features.columns();
    for (std::size_t f = 0; f < used; ++f) work.features[f * lanes + lane] = row[f];
  }
}

/// The angle of every lane reduced to [-pi, pi]; with `signs`, an odd number of whole turns
/// negates Workspace::sign.
template <class T>
HWY_INLINE Vector<T> reduced_angle(const LinearAngle& angle, double uniform, Workspace<T>& work, bool signs) {
  const std::size_t lanes = hn::Lanes(Tag<T>());
  const Tag<double> d;
  HWY_ALIGN T result[HWY_MAX_BYTES / sizeof(T)];
  for (std::size_t lane = 0; lane < lanes; lane += hn::Lanes(d)) {
    auto sum = hn::Set(d, uniform);
    for (const auto& [slot, coefficient] : angle.terms) {
      if (slot.kind != Slot::Kind::feature) continue;
      const auto values = hn::Load(d, work.features + static_cast<std::size_t>(slot.index) * lanes + lane);
      sum = hn::MulAdd(hn::Set(d, coefficient), values, sum);
    }
    const auto turns = hn::Round(hn::Mul(sum, hn::Set(d, turns_per_radian)));
    sum = hn::NegMulAdd(turns, hn::Set(d, full_turn), sum);
    sum = hn::NegMulAdd(turns, hn::Set(d, full_turn_low), sum);
    hn::Store(sum, d, work.angles + lane);
    if (!signs) continue;
    const auto half = hn::Mul(turns, hn::Set(d, 0.5));
    const auto odd_part = hn::Sub(half, hn::Round(half));  // 0, or +-1/2 after an odd number of turns
    hn::Store(odd_part, d, work.turns + lane);
  }
  for (std::size_t lane = 0; lane < lanes; ++lane) result[lane] = static_cast<T>(work.angles[lane]);
  if (signs) {
    for (std::size_t lane = 0; lane < lanes; ++lane)
      work.sign[lane] *= static_cast<T>(1 - 4 * std::abs(work.turns[lane]));
  }
  return load(result);
}

/// Coefficients of every angle that varies and belongs to a rotation or a product gate. @param signs whether
/// the states' signs are wanted
template <class T>
HWY_INLINE void prepare_coefficients(const Call<T>& call, Workspace<T>& work, bool signs = true) {
  const std::size_t lanes = hn::Lanes(Tag<T>());
  store(hn::Set(Tag<T>(), T{1}), work.sign);
  const auto& angles = call.program.layers.angles;
  for (const int index : call.program.layers.varying) {
    const auto a = static_cast<std::size_t>(index);
    const auto theta = reduced_angle(angles[a].angle, call.binding.uniform[a], work, signs);
    const auto quarter = unit<T>(hn::Mul(theta, hn::Set(Tag<T>(), T{0.25})));
    const auto half = doubled<T>(quarter);
    const auto c = angles[a].role == Role::product ? half.re : hn::Div(quarter.im, quarter.re);
    store(c, work.coefficients + 2 * a * lanes);
    store(half.im, work.coefficients + (2 * a + 1) * lanes);
  }
}

}  // namespace qupel::statevector::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
