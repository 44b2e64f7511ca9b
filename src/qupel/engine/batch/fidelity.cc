#include "qupel/engine/simd/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "qupel/engine/batch/fidelity.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "qupel/engine/batch/fidelity-inl.h"

HWY_BEFORE_NAMESPACE();
namespace qupel::batch::HWY_NAMESPACE {

void single_fidelities(const float* a, const float* b, std::size_t amplitudes, double* result) {
  panel_fidelities(a, b, amplitudes, result);
}
void double_fidelities(const double* a, const double* b, std::size_t amplitudes, double* result) {
  panel_fidelities(a, b, amplitudes, result);
}

}  // namespace qupel::batch::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <fmt/format.h>

#include "qupel/base/error.h"
#include "qupel/base/parallel.h"
#include "qupel/engine/batch/batch.h"

namespace qupel {
namespace batch {

HWY_EXPORT(single_fidelities);
HWY_EXPORT(double_fidelities);

namespace {

void fidelities_of(const float* a, const float* b, std::size_t amplitudes, double* result) {
  HWY_DYNAMIC_DISPATCH(single_fidelities)(a, b, amplitudes, result);
}
void fidelities_of(const double* a, const double* b, std::size_t amplitudes, double* result) {
  HWY_DYNAMIC_DISPATCH(double_fidelities)(a, b, amplitudes, result);
}

// All pairs of panels; of a set with itself the upper triangle, and the rest by symmetry.
template <class T>
void fill(std::span<const T> a, std::span<const T> b, std::size_t amplitudes, int threads,
          Matrix<double>& result) {
  constexpr std::size_t width = Panels<T>::width;
  const std::size_t panel = 2 * width * amplitudes;
  const bool symmetric = a.data() == b.data();
  parallel_for(Panels<T>::count(result.rows()), threads, [&](std::size_t i) {
    double block[width * width];
    for (std::size_t j = symmetric ? i : 0; j < Panels<T>::count(result.columns()); ++j) {
      fidelities_of(a.data() + i * panel, b.data() + j * panel, amplitudes, block);
      for (std::size_t r = i * width; r < std::min((i + 1) * width, result.rows()); ++r) {
        for (std::size_t c = j * width; c < std::min((j + 1) * width, result.columns()); ++c) {
          if (symmetric && c < r) continue;
          result(r, c) = block[(r - i * width) * width + c - j * width];
          if (symmetric) result(c, r) = result(r, c);
        }
      }
    }
  });
}

}  // namespace
}  // namespace batch

Matrix<double> fidelities(const StateSet& a, const StateSet& b, int threads) {
  if (a.qubits_ != b.qubits_ || a.precision_ != b.precision_) {
    throw InputError(
        fmt::format("fidelities of states on {} and {} qubits{}: both sets must come from circuits of the "
                    "same width and precision",
                    a.qubits_, b.qubits_, a.precision_ == b.precision_ ? "" : " in different precisions"));
  }
  Matrix<double> result(a.samples_, b.samples_);
  const std::size_t amplitudes = std::size_t{1} << a.qubits_;
  if (a.precision_ == Precision::single) {
    batch::fill<float>(a.single_, b.single_, amplitudes, threads, result);
  } else {
    batch::fill<double>(a.double_, b.double_, amplitudes, threads, result);
  }
  return result;
}

}  // namespace qupel
#endif
