#pragma once
#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "qupel/engine/density/transfer.h"

// A sweep as its kernels see it. A tile holds the coefficients of all letters of the window's qubits, and of
// two more, the lane qubits, whose 16 letters lie next to each other: a line. Every operation acts on whole
// lines.
namespace qupel::density {

inline constexpr std::size_t line = 16;  ///< coefficients
inline constexpr int lane_qubits = 2;

/// A transfer matrix on one or two digits of the window.
struct TileStep {
  enum class Kind {
    local,     ///< one qubit, dense
    unital,    ///< the same without the column of the identity
    monomial,  ///< two qubits, one entry a row: cycles of scaled rows
    sparse,    ///< two qubits
  };
  struct Entry {
    std::size_t to, from;  ///< rows of coefficients, as offsets in the tile
    double value;
  };
  Kind kind = Kind::local;
  std::array<std::size_t, 2> strides{};  ///< of the digits, in coefficients; the smaller first
  std::array<double, 16> matrix{};       ///< of a local one, row by row
  /// For two qubits: of a monomial matrix one list a cycle, of a sparse one a list of entries for each row
  /// that differs from the identity's.
  std::vector<std::vector<Entry>> rows;
};

struct SweepPlan {
  std::vector<TileStep> steps;
  std::size_t size = 0;  ///< coefficients of a tile
  /// Where each group of 16 neighbouring coefficients starts, in memory (from) and in the tile (to).
  std::vector<std::size_t> from, to;
  std::array<std::size_t, line> spread{};  ///< where in the tile its members go
  bool contiguous = false;                 ///< the 16 are neighbours in the tile, too
  std::vector<std::size_t> tiles;  ///< where in memory each tile starts that may hold anything but zeros
};

/// @param touched by qubit: 1 once a transfer has acted on it; the letters X and Y of others have
/// coefficients of zero
SweepPlan plan(const Sweep& sweep, std::span<const char> touched);

}  // namespace qupel::density
