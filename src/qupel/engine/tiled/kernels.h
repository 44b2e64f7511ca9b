#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "qupel/engine/huge_array.h"
#include "qupel/engine/tiled/tile_plan.h"

namespace qupel::tiled {

/// Memory of one thread for one tile.
template <class T>
struct TileWorkspace {
  /// @param stages the most that a window of any sweep has
  /// @param states that pass through it together
  TileWorkspace(const Shape& shape, std::size_t stages, std::size_t states);
  std::span<T> tile;
  std::span<T> lines;   ///< a row of a window
  std::span<T> tables;  ///< by stage of a window: its diagonal, complex vectors
  std::vector<std::optional<std::uint64_t>> patterns;  ///< by stage: what its table was written for
  AlignedVector<T> exponents;
  UnsetVector<T> ratios;  ///< scratch for a table

 private:
  HugeArray<T> memory_;  ///< of the first three, which share its pages
};

/// <psi| i^k X^x Z^z |psi> for some z at a time.
struct Correlation {
  Mask x = 0;
  bool imaginary = false;  ///< the imaginary part of conj(psi[s ^ x]) psi[s], else its real part
  std::vector<Mask> z;
};

/// Strings weight i^k X^x Z^z with one x and one k modulo 2.
struct PauliSum {
  Mask x = 0;
  bool imaginary = false;                        ///< k is odd
  std::vector<std::pair<Mask, double>> strings;  ///< z and weight
};

/// A state and its adjoint while gates are undone.
template <class T>
struct Undo {
  T *state, *adjoint;
  double factors[2];  ///< multiply all amplitudes of state and adjoint first
  double scale;       ///< the product of both is so many times that in memory
};

inline constexpr int chunk_bits = 10;  ///< lines of a chunk, over which values are summed at a time

/// One of two factors whose product is a state, line by line.
template <class T>
struct Factor {
  /// Complex vectors; or, if lanes differ only in which of two versions they have, complex numbers.
  UnsetVector<T> lines;
  bool by_lane = true;
  std::uint32_t other = 0, others = 0;  ///< of numbers: entry ^ other for lanes of odd parity with others
  std::vector<std::uint32_t> inside;    ///< which one, by line of a chunk
  std::vector<std::uint32_t> chunks;    ///< exclusive or with that of each bit of the chunk's number
  std::uint32_t at(std::size_t line) const {
    std::uint32_t entry = inside[line % inside.size()];
    for (std::size_t b = 0; b < chunks.size(); ++b) {
      if ((line / inside.size() >> b & 1) != 0) entry ^= chunks[b];
    }
    return entry;
  }
};

/// The factors of a state with which a sweep begins instead of one in memory.
template <class T>
struct Product {
  std::array<Factor<T>, 2> factors;
  /// By line and row of the sweep's first window, in the place of those of its Places.
  std::array<std::vector<std::uint32_t>, 2> lines, rows;
};

/// The functions of one instruction set on amplitudes in lines: 2^lane_bits real parts, then as many
/// imaginary ones.
template <class T>
struct Kernels {
  int lane_bits;
  /// Runs one tile of a sweep. @param product what it begins with, if not with what is in memory @param next
  /// the tile that is run after it, or itself @param stream for states that no cache holds
  void (*sweep)(const SweepPlan& plan, const Product<T>* product, T* state, std::size_t tile,
                std::size_t next, bool stream, TileWorkspace<T>& work);
  /// The same for a state and its adjoint; adds the derivatives by angle of each gate.
  void (*undo)(const SweepPlan& plan, const Undo<T>& undo, std::size_t tile, bool stream,
               TileWorkspace<T>& work, double* derivatives);
  /// Writes the product of two factors to one chunk of lines.
  void (*multiply)(const Factor<T>& low, const Factor<T>& high, T* state, std::size_t chunk, bool stream);
  /// Adds the image of one chunk of lines to the adjoint.
  void (*add_image)(const PauliSum& sum, const T* state, T* adjoint, std::size_t chunk, std::size_t lines);
  /// Adds the sums over one chunk of lines to values[mask].
  void (*correlate)(const Correlation& correlation, const T* state, std::size_t chunk, std::size_t lines,
                    double* values);
  /// The sum of squared moduli over so many lines.
  double (*norm)(const T* state, std::size_t first, std::size_t lines);
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
