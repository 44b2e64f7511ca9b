#pragma once
#include <span>
#include <vector>

#include "qupel/engine/tiled/halves.h"

// One large state, visited as rarely as possible. Its amplitudes lie in memory in lines of 2^lane_bits, the
// lowest bits of the stored index. Memory is a hierarchy, and so is a schedule: a sweep reads every line once
// and writes it once; in between, a tile of lines that outer caches hold passes through windows, whose rows
// inner caches hold. Each applies all rotations whose x mask, but for its lanes, lies in the span of its
// directions. Diagonal rotations fit everywhere; they wait until a rotation needs them, so that they merge.
namespace qupel::tiled {

/// Smaller states are done before threads have started.
inline constexpr int fewest_shared_qubits = 18;

/// How a schedule fits a machine and a state.
struct Shape {
  int qubits = 0;
  int lane_bits = 0;
  int tile = 0;    ///< directions of a tile
  int window = 0;  ///< directions of a window

  /// @param states that pass through a tile together: 1 or 2
  static Shape of(int qubits, int lane_bits, int states = 1);
  Mask lanes() const { return (Mask{1} << lane_bits) - 1; }
  friend bool operator==(const Shape&, const Shape&) = default;
};

/// Diagonal rotations, then rotations in order.
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

/// The order in which gates are applied. It does not depend on their angles, which stay with the caller, by
/// Rotation::source.
struct Schedule {
  std::vector<Sweep> sweeps;
  std::size_t stages = 0;  ///< the most that a window has
  Halves halves;           ///< what comes before, if it begins at |0...0>
};

/// Gates that know their positions as sources and no angles.
std::vector<Rotation> numbered(std::span<const Rotation> gates);

/// Greedy: a sweep takes, in the order of the circuit, each rotation that commutes with all those left
/// behind, until its directions are used up; so does a window with what its sweep took. Gates on no qubit are
/// left out.
Schedule schedule(std::vector<Rotation> gates, const Shape& shape);

/// The same from |0...0> on, which begins with halves.
Schedule schedule_from_zero(std::vector<Rotation> gates, const Shape& shape);

}  // namespace qupel::tiled
