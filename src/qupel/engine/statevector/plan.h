#pragma once
#include <array>
#include <cstddef>
#include <vector>

#include "qupel/engine/statevector/lower.h"
#include "qupel/engine/statevector/parity_tree.h"

// The order in which a circuit's rotations visit memory.
//
// A block of samples is an array of vectors: real and imaginary part of amplitude s are the vectors 2s and
// 2s+1, one sample a lane. Every gate that is not diagonal is a real rotation of pairs of vectors (lower.h),
// so a few of them are applied to 2^k vectors in registers at a time (a pass), and several passes to a part
// of the state that stays in the first-level cache (a window) before the next part is visited.
namespace qupel::statevector {

inline constexpr int most_directions = 4;  ///< rotations of a pass

/// What an angle is for.
enum class Role { product, rotation, phase };

struct AngleUse {
  LinearAngle angle;
  Role role;
};

/// An angle holds coefficient * parameter.
struct ParameterUse {
  std::size_t angle, parameter;
  double coefficient;
};

/// An operation on one stored qubit before anything entangles it.
struct ProductGate {
  bool phase;  ///< exp(-i angle/2 Z), else exp(-i angle/2 Y)
  int angle;
};

/// A product of commuting diagonal rotations.
struct Diagonal {
  std::vector<Mask> masks;  ///< of the rotations exp(-i angle/2 Z^mask)
  std::vector<int> angles;
  bool varies = false;  ///< differs between samples
  bool trains = false;  ///< some angle has a slot
  bool noisy = false;   ///< made from the state as it is then, which must be complete (trajectories/)
  int same_as = 0;      ///< the first diagonal of the plan equal to this one
  /// The table of its entries is written in coordinates in which the masks have few bits.
  PhaseTree phases;
  std::vector<Mask> walk;
  ParityTree parities;  ///< of `masks`
};

/// A diagonal (or -1), then rotations that commute, each with its own direction: z_i . x_j is 1 for i = j,
/// else 0. So a tile whose first index is orthogonal to all z_i looks to them like a register of `rotations`
/// qubits.
struct Pass {
  int diagonal = -1;
  int from = -1, to = -1;    ///< numbers of the checkpoints read and written; -1: the state as it is then
  bool undoes_both = false;  ///< backward: state and adjoint, after derivatives
  int rotations = 0;
  std::array<Mask, most_directions> x{}, z{};
  std::array<int, most_directions> angle{};
  std::array<std::size_t, most_directions> offset{};  ///< x in bytes of memory
  /// Tiles of 2^rotations vectors (twice that with a diagonal, which needs real and imaginary parts together)
  /// follow each other in Gray-code order: after tile i, exclusive or with number countr_zero(i + 1), in
  /// bytes.
  std::vector<std::size_t> steps;
};

struct Window {
  std::vector<Mask> steps;  ///< as Pass::steps, between parts of the state, in stored indices
  std::vector<Pass> passes;
};

/// What all plans of a program share.
struct Layers {
  int qubits = 0;
  std::vector<AngleUse> angles;
  std::vector<ParameterUse> parameters;  ///< of all angles
  std::vector<int> varying;  ///< angles of rotations and product gates that differ between samples
  std::vector<std::vector<ProductGate>> product;  ///< by stored qubit, from |0...0>
  std::vector<Diagonal> diagonals;
  /// A diagonal (or -1), then rotations that commute.
  struct Layer {
    int diagonal = -1;
    std::vector<Rotation> rotations;
    std::vector<int> angles;
  };
  std::vector<Layer> layers;
};

Layers make_layers(const Lowered& lowered);

/// Multiply-adds on numbers that a sample's state takes: two an amplitude and rotation, four a diagonal. The
/// first product is not counted.
double multiply_adds(const Layers& layers);

/// The order of passes forward and backward.
struct Plans {
  std::vector<Window> forward, backward;
  std::size_t checkpoints = 0;  ///< states that the forward plan can keep; the last is that at the end
  std::size_t first_kept = 0;   ///< the layer after the first of them, or the number of layers
  /// The checkpoint that is the product state, or -1.
  int product() const { return checkpoints > 0 && first_kept == 0 ? 0 : -1; }
};

/// Forward, a diagonal is applied while the rotations after it load, which takes one direction of its pass.
///
/// Backward, derivatives are products of state and adjoint. As many states before the last layers as fit
/// `most_checkpoint_bytes` are kept. There passes that read a checkpoint differentiate by a diagonal before
/// its rotations, or by rotations after them, and the others undo those of the forward plan, on the adjoint.
/// Earlier layers are undone on state and adjoint together, diagonals by themselves.
Plans make_plans(const Layers& layers, std::size_t vector_bytes);

/// The number of iterations that `steps` leads through.
inline std::size_t count(const auto& steps) { return std::size_t{1} << steps.size(); }

}  // namespace qupel::statevector
