#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "qupel/engine/tiled/tile_plan.h"

namespace qupel::tiled {

/// Memory of one thread for one tile.
template <class T>
struct TileWorkspace {
  /// @param stages the most that a window of any sweep has
  TileWorkspace(const Shape& shape, std::size_t stages);
  AlignedVector<T>
      tile;  ///< lines [second][first], rows padded by a line so that columns spread over cache sets
  AlignedVector<T> column;  ///< lines of the second window
  AlignedVector<T> tables;  ///< by stage of a window: its diagonal, complex vectors
  std::vector<std::optional<std::uint64_t>> patterns;  ///< by stage: what its table was written for
  AlignedVector<T> exponents;
};

/// <psi| i^k X^x Z^z |psi> for some z at a time.
struct Correlation {
  Mask x = 0;
  bool imaginary = false;  ///< the imaginary part of conj(psi[s ^ x]) psi[s], else its real part
  std::vector<Mask> z;
};

inline constexpr int chunk_bits = 10;  ///< lines of a chunk, over which values are summed at a time

/// The functions of one instruction set on amplitudes in lines: 2^lane_bits real parts, then as many
/// imaginary ones.
template <class T>
struct Kernels {
  int lane_bits;
  /// Runs one tile of a sweep. @param factor multiplies all amplitudes first @param stream for states that no
  /// cache holds
  void (*sweep)(const SweepPlan& plan, T* state, std::size_t tile, double factor, bool stream,
                TileWorkspace<T>& work);
  /// Adds the sums over one chunk of lines to values[mask].
  void (*correlate)(const Correlation& correlation, const T* state, std::size_t chunk, std::size_t lines,
                    double* values);
};

/// Of the best instruction set, or the forced one.
template <class T>
const Kernels<T>& kernels();
template <>
const Kernels<float>& kernels();
template <>
const Kernels<double>& kernels();

extern template struct TileWorkspace<float>;
extern template struct TileWorkspace<double>;

}  // namespace qupel::tiled
