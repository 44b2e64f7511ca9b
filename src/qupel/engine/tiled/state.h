#pragma once
#include <algorithm>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

#include "qupel/base/parallel.h"
#include "qupel/circuit/op_spec.h"
#include "qupel/engine/huge_array.h"
#include "qupel/engine/rotations/measurement.h"
#include "qupel/engine/rotations/span.h"
#include "qupel/engine/tiled/runner.h"

namespace qupel::tiled {

/// Larger states are written past the caches.
inline constexpr double cached_bytes = 0x1p24;

/// Amplitudes by stored index. The true amplitudes are `scale` times those in memory.
template <class T>
struct State {
  /// |0...0>
  explicit State(int n) : State(n, true) { memory.data()[0] = 1; }
  /// What a runner makes of |0...0>, normalised in single precision. @param angles of its schedule's
  /// rotations, by Rotation::angle_index
  static State from_zero(Runner<T>& runner, std::span<const double> angles, int threads);

  /// The shape of schedules for one state of so many qubits. (Gradients visit two states together, in
  /// another shape.)
  static Shape shape(int qubits) { return Shape::of(qubits, tiled::kernels<T>().lane_bits); }
  /// Applies a runner's schedule. The state must be |0...0> if the schedule begins with halves. @param angles
  /// by Rotation::angle_index
  void run(Runner<T>& runner, std::span<const double> angles, int threads);

  Complex stored(Mask index) const;
  /// For each z, the sum over all amplitudes in memory.
  std::vector<double> correlate(const Correlation& correlation, int threads) const;
  /// Expectation values of observables.
  std::vector<double> values(const rotations::Measurements& observables, int threads) const;
  /// Squared moduli of amplitudes in memory from index `first` on.
  void weights(std::uint64_t first, std::span<double> out) const;
  /// The sum of so many of them.
  double norm(std::uint64_t first, std::size_t count) const;

  std::size_t lines() const { return std::size_t{1} << (qubits - kernels.lane_bits); }
  bool streams() const { return static_cast<double>(memory.size() * sizeof(T)) > cached_bytes; }

  const Kernels<T>& kernels;
  int qubits;
  HugeArray<T> memory;
  double scale = 1;
  rotations::Span reached;  ///< of stored indices: lines outside of it hold zeros only

 private:
  State(int qubits, bool zeros);

  /// Chooses the scale by which the state has norm 1. Rounded coefficients change the norm by about 1e-7 a
  /// rotation in single precision, always in the same direction where rotations are alike.
  void normalise(int threads);
};

/// The factor by which the next sweep should multiply all amplitudes, so that `scale` does not become too
/// small for single precision. Takes the factor off `scale`.
inline double take_scale(double& scale) { return std::abs(scale) < 0x1p-8 ? std::exchange(scale, 1) : 1; }

/// Calls add(part, sums) for the parts 0 .. count - 1, and adds up the sums, in groups whose number does not
/// depend on the number of threads. @param size how many sums there are
template <class Add>
std::vector<double> sum_in_groups(std::size_t count, std::size_t size, int threads, Add&& add) {
  const std::size_t groups = std::min<std::size_t>(count, 256);
  std::vector<double> sums(groups * size);
  parallel_for(groups, threads, [&](std::size_t g) {
    for (std::size_t part = g * count / groups; part < (g + 1) * count / groups; ++part)
      add(part, std::span(sums).subspan(g * size, size));
  });
  for (std::size_t g = 1; g < groups; ++g) {
    for (std::size_t k = 0; k < size; ++k) sums[k] += sums[g * size + k];
  }
  sums.resize(size);
  return sums;
}

extern template struct State<float>;
extern template struct State<double>;

}  // namespace qupel::tiled
