#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "qupel/engine/statevector/aligned.h"
#include "qupel/engine/statevector/binding.h"
#include "qupel/engine/tiled/schedule.h"

// A sweep in the coordinates of its tiles, for vectors of 2^lane_bits elements.
//
// A stored index is s = base ^ first.u ^ second.w ^ lane: u and w count along the directions of the two
// windows. A window works on the lines of one u (or w) while the rest of the index, its surroundings, stays.
namespace qupel::tiled {

using statevector::Form;

/// A mask over stored indices, split: parity(mask.s) is the sum of those of the four parts.
struct Parity {
  Mask base = 0;              ///< over the tile's base (the whole mask)
  std::uint32_t inside = 0;   ///< over the window's coordinate
  std::uint32_t outside = 0;  ///< over the other window's
  std::uint32_t lane = 0;
};

struct Phase {
  Parity parity;
  double exponent = 0;  ///< the amplitude takes exp(i exponent (-1)^parity)
  int gate = -1;        ///< Rotation::gate
};

/// Up to three rotations of pairs of lines, in registers: z_i.x_j = 1 for i = j, else 0.
struct Pass {
  int rotations = 0;
  std::array<std::uint32_t, 4> x{};
  std::array<Parity, 4> z{};
  std::array<Form, 4> form{};
  std::array<double, 4> coefficient{};
  std::array<std::size_t, 4> offset{};  ///< x in bytes
  std::vector<std::size_t> steps;       ///< between tiles of lines, in bytes, in Gray-code order
  std::array<int, 4> gate{-1, -1, -1, -1};
  double scale = 1;  ///< true amplitudes are so many times those that the pass meets, up to lanes' signs
};

/// Lanes of odd parity rotate the other way. In the cotangent form, f a - b and f b + a, their coefficient's
/// sign makes that the right amplitudes times -1, which SweepPlan::lane_signs makes good. A rotation of pairs
/// of lanes: v becomes f v + g permuted(v).
struct LaneRotation {
  Parity z;
  std::uint32_t x = 0;  ///< lanes are exchanged with lane ^ x
  double f = 1, g = 0;  ///< g for lanes with even parity; negated for odd
  double sign = -1;     ///< of g, were the angle positive
  int gate = -1;
  double scale = 1;  ///< as Pass::scale
};

struct StagePlan {
  std::vector<Phase> constant;  ///< the same for all lines of the window
  std::vector<Phase> fixed;     ///< do not depend on the other window's coordinate
  std::vector<Phase> mixed;
  double scale = 1;  ///< as Pass::scale, for the phases
  struct Step {
    Pass pass;
    std::vector<LaneRotation> lanes;  ///< used if the pass is empty
  };
  std::vector<Step> steps;
  bool diagonal() const { return !constant.empty() || tabled(); }
  bool tabled() const { return !fixed.empty() || !mixed.empty(); }
};

/// Which signs the mixed phases have, for up to 64 of them: surroundings that agree in it share a table.
std::uint64_t pattern(const StagePlan& stage, std::size_t outside);

struct WindowPlan {
  std::vector<Mask> lines;  ///< the stored index of each of its 2^bits lines, relative to its surroundings
  std::vector<StagePlan> stages;
  std::vector<std::size_t>
      order;  ///< of the other window's coordinates: those that share tables follow each other
  int bits = 0;
};

struct SweepPlan {
  std::array<WindowPlan, 2> windows;
  std::vector<int> base_bits;  ///< of the stored index, that tell tiles apart
  int lane_bits = 0;
  bool exchanges = false;        ///< some line is read with its lanes permuted
  std::uint32_t lane_signs = 0;  ///< lanes of odd parity with it are negated when lines are written
  double scale = 1;              ///< what is left to multiply every amplitude with

  std::size_t tiles() const { return std::size_t{1} << base_bits.size(); }
  Mask base(std::size_t tile) const;
};

/// @param angles of the sweep's rotations, by source
/// @param element_bytes of a real number
SweepPlan plan(const Sweep& sweep, const Shape& shape, std::span<const double> angles,
               std::size_t element_bytes);

}  // namespace qupel::tiled
