#pragma once
#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "qupel/engine/rotations/parity_tree.h"
#include "qupel/engine/rotations/rotation_program.h"

// The order in which a circuit's rotations visit memory (docs/engine.md, section 2).
//
// A block of samples is an array of vectors, one sample a lane: the real and the imaginary part of the
// amplitude at stored index s are the vectors 2s and 2s + 1. A rotation acts on pairs of vectors. A pass
// applies a few rotations to 2^k vectors in registers at a time; a window runs several passes over a part of
// the state that stays in the first-level cache before the next part is visited. Rotations that act inside
// one half of a product state are applied to the half, before the halves are multiplied out (start.cc).
namespace qupel::statevector {

using rotations::Frame;
using rotations::LinearAngle;
using rotations::Lowered;
using rotations::Mask;
using rotations::Measurement;
using rotations::Measurements;
using rotations::odd;
using rotations::ParityTree;
using rotations::PhaseTree;
using rotations::Rotation;
using rotations::TableOrder;

inline constexpr int most_directions = 4;  ///< the most rotations of one pass

/// What uses an angle: a gate of the first product state, a rotation of a pass, or a phase of a diagonal.
enum class Role { product, rotation, phase };

struct AngleUse {
  LinearAngle angle;
  Role role;
};

/// One occurrence of a trainable parameter: `angle` has the summand coefficient * parameter.
struct ParameterUse {
  std::size_t angle, parameter;
  double coefficient;
};

/// A gate on one stored qubit before anything entangles it.
struct ProductGate {
  bool phase;  ///< it is exp(-i angle/2 Z); otherwise exp(-i angle/2 Y)
  int angle;
};

/// The product of the phases exp(-i angle/2 Z^mask), applied as one table of complex entries.
struct Diagonal {
  int qubits = 0;  ///< of the state, or half of one, that it is applied to
  std::vector<Mask> masks;
  std::vector<int> angles;  ///< one a mask, as positions in Layers::angles
  bool varies = false;      ///< its angles differ between samples
  bool trains = false;      ///< some angle has a slot, so that derivatives are wanted
  bool noisy =
      false;        ///< its entries depend on the state that it meets, which must be complete (trajectories/)
  int same_as = 0;  ///< the number of the first diagonal that is equal to this one
  PhaseTree phases;        ///< how the table is written, in coordinates in which the masks have few bits
  std::vector<Mask> walk;  ///< leads through the table in those coordinates (rotations::TableOrder)
  ParityTree parities;     ///< of `masks`, for derivatives
};

/// A diagonal, then rotations that commute, each with a direction of its own: z_i.x_j is 1 for i = j and 0
/// otherwise. So the indices that the x span from a first index, whose parity with every z_i is even, look to
/// the rotations like a register of as many qubits. Such a set of indices is a tile.
struct Pass {
  int diagonal = -1;  ///< position in Layers::diagonals; -1: none
  int rotations = 0;
  std::array<Mask, most_directions> x{}, z{};
  std::array<int, most_directions> angle{};
  std::array<std::size_t, most_directions> offset{};  ///< x in bytes of memory
  /// Leads through the first indices of the tiles, in bytes and Gray-code order: exclusive or with step
  /// countr_zero(i + 1) leads from tile i to tile i + 1. With a diagonal a tile has both parts of each
  /// amplitude; without one, real and imaginary parts are tiles of their own.
  std::vector<std::size_t> steps;

  void add(const Rotation& rotation, int its_angle) {
    const auto at = static_cast<std::size_t>(rotations++);
    x[at] = rotation.x;
    z[at] = rotation.z;
    angle[at] = its_angle;
  }
};

/// Passes over one part of the state, then over the next.
struct PassGroup {
  std::vector<Mask> steps;  ///< lead through the parts as Pass::steps do, in stored indices
  std::vector<Pass> passes;
};

/// The position of an amplitude of a product state, and those of its two factors in the low and in the high
/// half; in bytes.
struct StartPosition {
  std::size_t state = 0;
  std::uint32_t low = 0, high = 0;
  StartPosition& operator^=(const StartPosition& other) {
    state ^= other.state;
    low ^= other.low;
    high ^= other.high;
    return *this;
  }
  /// As the function of that name in simd/vector-inl.h does for one number.
  friend void keep_in_register([[maybe_unused]] StartPosition& place) {
#if defined(__x86_64__)
    asm("" : "+r"(place.state), "+r"(place.low), "+r"(place.high));
#endif
  }
};

/// How a state is written from the two halves: their product is computed a tile at a time, and the pass's
/// rotations and then its diagonal are applied before the tile is stored.
struct Start {
  Pass pass;  ///< its diagonal comes after its rotations; `steps` stand below
  std::array<StartPosition, most_directions> offsets{};
  std::vector<StartPosition> steps;
};

/// A diagonal, then rotations that commute.
struct Layer {
  int diagonal = -1;  ///< position in Layers::diagonals; -1: none
  std::vector<Rotation> rotations;
  std::vector<int> angles;  ///< one a rotation, as positions in Layers::angles
};

/// One half of the stored qubits of a product state. Rotations and phases that follow, and whose x lies
/// inside the half, are applied to the half alone: 2^(qubits/2) amplitudes instead of 2^qubits. If their z
/// reaches into the other half, the half has two versions: an index of the whole state uses the version given
/// by the parity of `other` and its bits in the other half. The version is one more qubit of the half, the
/// highest, which no rotation moves.
struct Half {
  int begin = 0, end = 0;  ///< the stored qubits from `begin` to `end` - 1
  Mask other = 0;          ///< over the indices of the other half; 0: there is only one version
  std::vector<Layer> layers;
  std::size_t alike = 0;  ///< how many layers, from the first on, do the same to both versions
  int qubits() const { return end - begin + (other == 0 ? 0 : 1); }
};

/// The layer without the rotations for which take(rotation, angle) returns true.
template <class Take>
Layer take_from(const Layer& layer, Take&& take) {
  Layer left{layer.diagonal, {}, {}};
  for (std::size_t k = 0; k < layer.rotations.size(); ++k) {
    if (take(layer.rotations[k], layer.angles[k])) continue;
    left.rotations.push_back(layer.rotations[k]);
    left.angles.push_back(layer.angles[k]);
  }
  return left;
}

/// A circuit as layers: what the plans for all sizes of vectors share.
struct Layers {
  int qubits = 0;
  std::vector<AngleUse> angles;
  std::vector<ParameterUse> parameters;  ///< in all angles
  std::vector<int> varying;  ///< the angles of rotations and product gates that differ between samples
  std::vector<std::vector<ProductGate>>
      product;     ///< the first gates of each stored qubit, applied to |0...0>
  Half low, high;  ///< of the state that the product gates leave
  std::vector<Diagonal> diagonals;
  std::vector<Layer> layers;
};

Layers make_layers(const rotations::RotationProgram& program);
/// The same layers, after the halves have taken what they can from the front of them.
Layers with_halves(Layers layers);

/// How many multiply-adds of real numbers one sample's state takes: two an amplitude for each rotation, four
/// for each diagonal. The first product state and what is applied to its halves are not counted.
double multiply_adds(const Layers& layers);

/// The windows and passes of a circuit, for vectors of one size.
struct Plans {
  struct Forward {
    Start start;
    std::vector<PassGroup> windows;
  };
  /// What is done to one half.
  struct HalfPlan {
    std::vector<PassGroup> alike;              ///< forward, while there is only one version
    std::vector<PassGroup> forward, backward;  ///< of both versions
  };
  HalfPlan low, high;
  Forward values;   ///< for states that are not differentiated
  Forward forward;  ///< for states from which `backward` goes back
  std::vector<PassGroup> backward;
};

/// Takes the rotations and the diagonal of a start from the front of the layers, and leaves the rest of them
/// in `rest` (empty layers where nothing is left).
Pass take_pass(std::vector<Layer>& rest, std::size_t vector_bytes);
Start make_start(const Layers& layers, const Pass& pass, std::size_t vector_bytes);

/// Whether the rotation's direction is compatible with those of the pass (see Pass).
bool fits(const Pass& pass, const Rotation& rotation);
/// Directions whose sums, added to first_tile(), are the first indices of a pass's tiles.
/// @param directions of the part of the state that is visited
std::vector<Mask> tiles(const Pass& pass, std::span<const Mask> directions);
/// The first index of the tile that holds index `part`: the one whose parity with every z of the pass
/// is even.
Mask first_tile(const Pass& pass, Mask part);
/// The base-2 logarithm of how many vectors a pass holds in registers.
inline int register_qubits(std::size_t vector_bytes) { return vector_bytes == 64 ? 4 : 3; }

/// Forward, a diagonal is applied while the rotations after it load, which takes one direction of its pass.
/// Backward, rotations and diagonals are undone on state and adjoint together, after their derivatives have
/// been read off both; diagonals by themselves.
Plans make_plans(const Layers& layers, std::size_t vector_bytes);

/// How many positions `steps` leads through.
inline std::size_t count(const auto& steps) { return std::size_t{1} << steps.size(); }

}  // namespace qupel::statevector
