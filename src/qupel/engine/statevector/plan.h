#pragma once
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "qupel/engine/rotations/compiled.h"
#include "qupel/engine/rotations/parity_tree.h"

// The order in which a circuit's rotations visit memory.
//
// A block of samples is an array of vectors: real and imaginary part of amplitude s are the vectors 2s and
// 2s+1, one sample a lane. Every gate that is not diagonal is a real rotation of pairs of vectors (lower.h),
// so a few of them are applied to 2^k vectors in registers at a time (a pass), and several passes to a part
// of the state that stays in the first-level cache (a window) before the next part is visited. Those that
// turn a half of a product state are applied to it before it is multiplied out (start.cc).
namespace qupel::statevector {

using rotations::Frame;
using rotations::LinearAngle;
using rotations::Lowered;
using rotations::Mask;
using rotations::Measurement;
using rotations::Measurements;
using rotations::ParityTree;
using rotations::PhaseTree;
using rotations::Rotation;
using rotations::Walk;
using rotations::odd;

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
  int qubits = 0;           ///< of what it is applied to
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

/// Indices with odd parity of z; x leads there from the others. 0: all indices.
struct Side {
  Mask x = 0, z = 0;
};

/// A diagonal (or -1), then rotations that commute, each with its own direction: z_i . x_j is 1 for i = j,
/// else 0. So a tile whose first index is orthogonal to all z_i looks to them like a register of `rotations`
/// qubits.
struct Pass {
  int diagonal = -1;
  int from = -1, to = -1;    ///< numbers of the checkpoints read and written; -1: the state as it is then
  bool undoes_both = false;  ///< backward: state and adjoint, after derivatives
  int rotations = 0;
  int before = 0;  ///< of its rotations: those before the diagonal
  int apart = 0;   ///< of its rotations: the last turn indices with odd parity of z alone of the one before
  unsigned turned = 0;  ///< directions that turn the sign of the last rotation, of a start
  std::array<Mask, most_directions> x{}, z{};
  std::array<int, most_directions> angle{};
  std::array<std::size_t, most_directions> offset{};  ///< x in bytes of memory
  Side side;                                          ///< visited alone
  /// Tiles of 2^rotations vectors (twice that with a diagonal, which needs real and imaginary parts together)
  /// follow each other in Gray-code order: after tile i, exclusive or with number countr_zero(i + 1), in
  /// bytes.
  std::vector<std::size_t> steps;

  void add(const Rotation& rotation, int its_angle) {
    const auto at = static_cast<std::size_t>(rotations++);
    x[at] = rotation.x;
    z[at] = rotation.z;
    angle[at] = its_angle;
  }
};

struct Window {
  std::vector<Mask> steps;  ///< as Pass::steps, between parts of the state, in stored indices
  std::vector<Pass> passes;
};

/// A position in the state, and where it comes from in the low and the high half of a product state; in
/// bytes.
struct Place {
  std::size_t state = 0;
  std::uint32_t low = 0, high = 0;
  Place& operator^=(const Place& other) {
    state ^= other.state;
    low ^= other.low;
    high ^= other.high;
    return *this;
  }
  /// As the function of that name in simd/vector-inl.h does for one number.
  friend void keep_in_register([[maybe_unused]] Place& place) {
#if defined(__x86_64__)
    asm("" : "+r"(place.state), "+r"(place.low), "+r"(place.high));
#endif
  }
};

/// How a state is written from the halves: rotations and a diagonal of the pass are applied before it is
/// stored.
struct Start {
  Pass pass;               ///< without steps
  bool by_corner = false;  ///< the diagonal's entry depends on an amplitude's place in its tile alone
  std::array<Place, most_directions> offsets{};
  std::vector<Place> steps;
};

/// A diagonal (or -1), then rotations that commute.
struct Layer {
  int diagonal = -1;
  std::vector<Rotation> rotations;
  std::vector<int> angles;
};

/// One half of a product state's stored qubits. Rotations and phases that follow and act inside it are
/// applied to it alone, which is 2^(qubits/2) amplitudes. Their z may reach into the other half: there its
/// parity says with which of two versions an index goes. The version is one more qubit of the half, the
/// highest, which nothing moves.
struct Half {
  int begin = 0, end = 0;  ///< qubits
  Mask other = 0;          ///< over the other half's indices; 0: there is one version
  std::vector<Layer> layers;
  std::size_t alike = 0;  ///< of the layers: the first, which do the same to both versions
  int qubits() const { return end - begin + (other == 0 ? 0 : 1); }
};

/// What take(rotation, angle) leaves of a layer's rotations.
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

/// How the value of a parity is read before the last layer instead of after it (readout.cc): the layer's
/// first rotation with another angle, the others with twice theirs.
struct Readout {
  Layer layer;
  Mask mask;  ///< of the parity
};

/// What all plans of a program share.
struct Layers {
  int qubits = 0;
  std::vector<AngleUse> angles;
  std::vector<ParameterUse> parameters;  ///< of all angles
  std::vector<int> varying;  ///< angles of rotations and product gates that differ between samples
  std::vector<std::vector<ProductGate>> product;  ///< by stored qubit, from |0...0>
  Half low, high;                                 ///< of the product
  std::vector<Diagonal> diagonals;
  std::vector<Layer> layers;
  std::optional<Readout> readout;
};

Layers make_layers(const rotations::Compiled& compiled);
/// The same layers, where halves have taken what they can of the first.
Layers with_halves(Layers layers);
/// The same layers, with a readout if that is all that is measured.
Layers with_readout(Layers layers, std::span<const Measurement> measurements);

/// Multiply-adds on numbers that a sample's state takes: two an amplitude and rotation, four a diagonal, and
/// what a readout takes instead of its layer. The first product, and what is applied to its halves, are not
/// counted.
double multiply_adds(const Layers& layers);

/// The order of passes.
struct Plans {
  struct Forward {
    Start start;
    std::vector<Window> windows;
  };
  /// Of a half.
  struct Inside {
    std::vector<Window> alike;  ///< forward, before there are two versions
    std::vector<Window> forward, backward;
  };
  Inside low, high;
  Forward values;   ///< of states that are not differentiated
  Window reading;   ///< what a readout's last pass is, after `values`
  Forward forward;  ///< before `backward`
  std::vector<Window> backward;
  std::size_t checkpoints = 0;  ///< states that the forward plan can keep; the last is that at the end
  std::size_t first_kept = 0;   ///< the layer after the first of them, or the number of layers
};

/// Takes the pass of a start from the front of `rest`, layers of which those that are used up are left empty.
/// @param later whether a rotation after the diagonal is taken, if there is one that can be
Pass take_pass(const Layers& layers, std::vector<Layer>& rest, std::size_t vector_bytes, bool later);
Start make_start(const Layers& layers, const Pass& pass, std::size_t vector_bytes);

/// Whether a pass can take the rotation, too.
bool fits(const Pass& pass, const Rotation& rotation);
/// First indices of a pass's tiles, as sums of these and first_tile(), given the directions of all indices
/// among which it visits some.
std::vector<Mask> tiles(const Pass& pass, std::span<const Mask> directions);
/// That in the part of the state that holds index `part`: orthogonal to all z.
Mask first_tile(const Pass& pass, Mask part);
/// How many vectors of a state's real numbers a pass holds in registers: 2 to the power of this.
inline int register_qubits(std::size_t vector_bytes) { return vector_bytes == 64 ? 4 : 3; }

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
