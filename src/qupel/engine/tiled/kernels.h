#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "qupel/engine/huge_array.h"
#include "qupel/engine/simd/kernel_table.h"
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

/// Asks for <psi| i^k X^x Z^z |psi> for one x and several z.
struct Correlation {
  Mask x = 0;
  bool imaginary = false;  ///< the imaginary part of conj(psi[s ^ x]) psi[s], else its real part
  std::vector<Mask> z;
};

/// A sum of Pauli strings weight i^k X^x Z^z that share one x and one k modulo 2.
struct PauliSum {
  Mask x = 0;
  bool imaginary = false;                        ///< k is odd
  std::vector<std::pair<Mask, double>> strings;  ///< z and weight
};

/// A state and its adjoint while rotations are undone.
template <class T>
struct Undo {
  T *state, *adjoint;
  double factors[2];  ///< by which all amplitudes of the state and of the adjoint are multiplied first
  double scale;       ///< the factor that makes products of stored amplitudes of both the true ones
};

inline constexpr int chunk_bits = 10;  ///< values are summed over chunks of 2^chunk_bits lines

/// One of the two factors whose product is a state (halves.h), laid out so that the product is written line
/// by line.
template <class T>
struct ProductFactor {
  /// Complex vectors, if the half's index has bits among the lanes. Otherwise complex numbers: lanes then
  /// differ at most in which version of the half they use.
  UnsetVector<T> lines;
  bool by_lane = true;
  std::uint32_t other = 0,
                others = 0;           ///< for numbers: lanes of odd parity with `others` use entry ^ `other`
  std::vector<std::uint32_t> inside;  ///< for each line of chunk 0 the entry that it uses
  std::vector<std::uint32_t>
      chunks;  ///< for each bit of a chunk's number, what changes in the entries (exclusive or)
  /// The entry that a line uses.
  std::uint32_t at(std::size_t line) const {
    std::uint32_t entry = inside[line % inside.size()];
    for (std::size_t b = 0; b < chunks.size(); ++b) {
      if ((line / inside.size() >> b & 1) != 0) entry ^= chunks[b];
    }
    return entry;
  }
};

/// The two factors of a state with which a sweep begins, instead of a state in memory.
template <class T>
struct Product {
  std::array<ProductFactor<T>, 2> factors;
  /// For each line and each row of the sweep's first window, the entry that it uses (their exclusive or,
  /// as LinePlaces).
  std::array<std::vector<std::uint32_t>, 2> lines, rows;
};

/// The functions of one instruction set. A line is 2^lane_bits real parts, then as many imaginary parts.
template <class T>
struct Kernels {
  int lane_bits;
  /// Runs one tile of a sweep. @param product the state before the sweep, or null if it is in memory
  /// @param next the tile that this thread runs next (or this one), which is fetched meanwhile
  /// @param stream whether to write past the caches, for states that no cache holds
  void (*sweep)(const SweepPlan& plan, const Product<T>* product, T* state, std::size_t tile,
                std::size_t next, bool stream, TileWorkspace<T>& work);
  /// The same for a state and its adjoint: undoes the sweep, and adds the derivatives by the angles of
  /// its rotations.
  void (*undo)(const SweepPlan& plan, const Undo<T>& undo, std::size_t tile, bool stream,
               TileWorkspace<T>& work, double* derivatives);
  /// Writes the product of two factors to one chunk of lines.
  void (*multiply)(const ProductFactor<T>& low, const ProductFactor<T>& high, T* state, std::size_t chunk,
                   bool stream);
  /// Adds the image of one chunk of lines to the adjoint.
  void (*add_image)(const PauliSum& sum, const T* state, T* adjoint, std::size_t chunk, std::size_t lines);
  /// Adds the sums over one chunk of lines to values[mask].
  void (*correlate)(const Correlation& correlation, const T* state, std::size_t chunk, std::size_t lines,
                    double* values);
  /// The sum of squared moduli over `lines` lines from line `first` on.
  double (*norm)(const T* state, std::size_t first, std::size_t lines);
};

QUPEL_DECLARE_KERNELS

extern template struct TileWorkspace<float>;
extern template struct TileWorkspace<double>;

}  // namespace qupel::tiled
