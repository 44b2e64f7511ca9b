#pragma once
#include <array>
#include <span>
#include <vector>

#include "qupel/engine/statevector/lower.h"

// One large state, visited as rarely as possible. Its amplitudes lie in memory in lines of 2^lane_bits, the
// lowest bits of the stored index. A sweep reads every line once and writes it once; in between, a tile of
// lines passes through two windows, each of which applies all rotations whose x mask lies in the span of its
// directions. Diagonal rotations fit every window; they wait until a rotation needs them, so that they merge.
namespace qupel::tiled {

using statevector::Mask;
using statevector::Rotation;

/// Smaller states are done before threads have started.
inline constexpr int fewest_shared_qubits = 18;

/// How a schedule fits a machine and a state.
struct Shape {
  int qubits = 0;
  int lane_bits = 0;
  std::array<int, 2> directions{};  ///< of the two windows

  /// @param states that pass through a tile together: 1 or 2
  static Shape of(int qubits, int lane_bits, int states = 1);
};

/// Diagonal rotations, then rotations in order.
struct Stage {
  std::vector<Rotation> phases, rotations;
};

struct Window {
  std::vector<Mask> directions;  ///< exactly Shape::directions many, independent modulo the lanes
  std::vector<Stage> stages;
};

struct Sweep {
  std::array<Window, 2> windows;
};

/// Greedy: a window takes, in the order of the circuit, each rotation that commutes with all those left
/// behind, until its directions are used up.
std::vector<Sweep> schedule(std::span<const Rotation> gates, const Shape& shape);

}  // namespace qupel::tiled
