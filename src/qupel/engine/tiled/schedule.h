#pragma once
#include <span>
#include <vector>

#include "qupel/engine/tiled/halves.h"

// The order in which a large state is visited (docs/engine.md, section 3).
//
// Amplitudes lie in memory in lines of 2^lane_bits; a lane is given by the lowest bits of the stored index. A
// schedule follows the hierarchy of memories. A sweep reads and writes every line once, tile by tile; a tile
// has as many lines as the second-level cache holds. While a tile is there, windows visit it row by row; a
// row has as many lines as the first-level cache holds. A sweep or a window can apply a rotation if the
// rotation's x, without the bits of lanes, is a sum of its directions. Phases fit everywhere; they wait until
// a rotation needs them, so that they merge.
namespace qupel::tiled {

/// States of fewer qubits are computed on one thread: they are done before others would have started.
inline constexpr int fewest_shared_qubits = 18;

/// How a schedule fits a machine and a state.
struct Shape {
  int qubits = 0;
  int lane_bits = 0;
  int tile = 0;    ///< a tile has 2^tile lines
  int window = 0;  ///< a row of a window has 2^window lines

  /// @param states how many states are visited together: 1, or 2 for a state and its adjoint
  static Shape of(int qubits, int lane_bits, int states = 1);
  Mask lanes() const { return (Mask{1} << lane_bits) - 1; }
  friend bool operator==(const Shape&, const Shape&) = default;
};

/// Phases, then rotations in order.
struct Stage {
  std::vector<Rotation> phases, rotations;
};

struct Window {
  std::vector<Mask> directions;  ///< exactly Shape::window many, independent modulo the lanes
  std::vector<Stage> stages;
};

struct Sweep {
  std::vector<Mask> directions;  ///< exactly Shape::tile many, without lanes, each with a bit of its own
  std::vector<Window> windows;   ///< at least one
};

/// The order in which rotations are applied. It does not depend on their angles, which stay with the caller:
/// a rotation has its position among them as Rotation::angle_index.
struct Schedule {
  std::vector<Sweep> sweeps;
  std::size_t stages = 0;  ///< the most that any window has
  Halves halves;           ///< what comes before the first sweep, if the schedule begins at |0...0>
};

/// The same rotations without angles; each one's angle_index is its position.
std::vector<Rotation> numbered(std::span<const Rotation> rotations);

/// Greedy: a sweep takes, in the order of the circuit, each rotation that commutes with all those left behind
/// it, as long as the rotation's direction fits; a window does the same with what its sweep has taken.
/// Rotations with x = z = 0, which only change the phase of the whole state, are left out.
Schedule schedule(std::vector<Rotation> rotations, const Shape& shape);

/// The same for a state that begins as |0...0>: halves take what they can first.
Schedule schedule_from_zero(std::vector<Rotation> rotations, const Shape& shape);

}  // namespace qupel::tiled
