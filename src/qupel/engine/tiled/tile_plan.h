#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "qupel/engine/rotations/form.h"
#include "qupel/engine/rotations/parity_tree.h"
#include "qupel/engine/simd/aligned.h"
#include "qupel/engine/tiled/schedule.h"

// A sweep, written in the coordinates of its windows (docs/engine.md, section 3).
//
// A window works on the lines of one row of the tile at a time. A stored index is s = base ^ row ^ line ^
// lane: the base tells tiles apart, the row is a sum of directions of the tile that the window does not have,
// and the line is a sum of the window's own directions, which may have bits among the lanes.
namespace qupel::tiled {

using rotations::Form;

/// A mask over stored indices, split into the four parts of an index: its parity with s is the sum of the
/// parts' parities.
struct Parity {
  Mask base = 0;             ///< with the tile's base (the whole mask)
  std::uint32_t inside = 0;  ///< with the number of the line
  std::uint32_t row = 0;     ///< with the number of the row
  std::uint32_t lane = 0;    ///< with the number of the lane
};

/// A diagonal rotation.
struct Phase {
  Parity parity;
  std::size_t mask = 0;  ///< the position of parity.inside in TablePlan::masks
  int angle_index = -1;  ///< Rotation::angle_index
  int derivative = -1;   ///< Rotation::derivative
  double exponent = 0;   ///< the amplitude takes exp(i exponent (-1)^parity)
};

/// Where lines lie, in the order in which a pass visits them (see LinePlaces). They come in groups of
/// 2^rotations: line i of a group differs from the group's first line by the sum of those x whose bit i has,
/// and the first line has even parity with the z of each rotation for which z.x is odd.
struct Route {
  enum class End { source, own, target };
  /// In bytes: in what the window reads, in its own memory for a row, in what it writes. `source` and
  /// `target` are empty where the step does not read or write there.
  std::vector<std::size_t> source, own, target;
  std::vector<std::size_t> table;  ///< where the lines' entries lie in the diagonal's table, in bytes
  const std::size_t* places(End end) const {
    return (end == End::source ? source : end == End::own ? own : target).data();
  }
};

/// A rotation of pairs of lines: it combines lane l of one line with lane l ^ exchange of the other.
struct PairRotation {
  std::uint32_t x = 0, exchange = 0;
  Parity z;
  int angle_index = -1, derivative = -1;
  /// The z.x of lines is even: lanes tell the two sides of a pair apart, and the parity of the group's first
  /// line gives a sign.
  bool by_group = false;
  Form form{};
  double f = 0, g = 0;  ///< coefficients (rotations::Form)
  double pair_sign =
      1;  ///< the sign of the product of both sides of a pair, given lanes that have been negated before
};

/// Rotations of pairs of lines that are done together in registers: z_i.x_j is 0 for i != j.
struct PairPass {
  static constexpr int most_rotations = 3;
  int rotations = 0;
  std::array<PairRotation, most_rotations> pairs;
  std::span<PairRotation> all() { return {pairs.data(), static_cast<std::size_t>(rotations)}; }
  std::span<const PairRotation> all() const { return {pairs.data(), static_cast<std::size_t>(rotations)}; }
  Route route;
  double scale =
      1;  ///< the factor that makes the amplitudes before the pass the true ones, up to the signs of lanes
};

/// A rotation of pairs of lanes within each line: a vector v becomes f v + g times v with lanes exchanged.
/// Lanes of odd parity with z rotate the other way, with -g. (Rotations of pairs of lines do the same with
/// their coefficient. In the cotangent form, f a - b and f b + a, that gives the right amplitudes times -1,
/// which WindowPlan::lane_signs corrects.)
struct LaneRotation {
  Parity z;
  std::uint32_t x = 0;  ///< a lane is exchanged with lane ^ x
  int angle_index = -1, derivative = -1;
  double f = 1, g = 0;  ///< g for lanes of even parity
  double sign = -1;     ///< the sign that g has for a small positive angle
  double scale = 1;     ///< as PairPass::scale
};

/// What is done to lines in one visit: rotations of pairs of lines, then rotations of pairs of lanes.
struct Step {
  PairPass pass;
  std::vector<LaneRotation> lanes;  ///< at most two if there is a pass
  /// Whether lanes are exchanged.
  bool mixes() const {
    return !lanes.empty() || std::ranges::any_of(pass.pairs, [](const auto& p) { return p.exchange != 0; });
  }
};

/// How the table of a stage's phases is written. A table by signs has an entry for each combination of the
/// signs of all phases: bit k of an entry's number is the sign of phase k. Any other table has an entry for
/// each line, made of the fixed and the mixed phases.
struct TablePlan {
  bool by_signs = false;
  std::vector<std::size_t> places;   ///< the place of each line's entry, in bytes
  std::vector<std::uint32_t> masks;  ///< the different Parity::inside of the phases
  rotations::PhaseTree tree;         ///< slot k stands for the exponent of mask k
  std::vector<Mask> walk;  ///< leads through the table in the coordinates of the tree (rotations::Walk)
};

/// A diagonal, then steps.
struct StagePlan {
  std::vector<Phase> constant;  ///< phases that are the same for all lines of a row
  std::vector<Phase> fixed;     ///< phases that do not depend on the row
  std::vector<Phase> mixed;     ///< phases that depend on both
  TablePlan table;
  double scale = 1;         ///< as PairPass::scale, before the phases
  double factor = 1;        ///< multiplies all amplitudes together with the phases
  std::vector<Step> steps;  ///< at least one; the first takes the diagonal
  std::size_t phases() const { return constant.size() + fixed.size() + mixed.size(); }
  bool diagonal() const { return factor != 1 || phases() > 0; }

  /// Calls visit(number of the phase, phase).
  template <class Visit>
  void for_each_phase(Visit&& visit) const {
    std::size_t number = 0;
    for (const auto* phases : {&constant, &fixed, &mixed}) {
      for (const auto& phase : *phases) visit(number++, phase);
    }
  }
};

/// The signs of the mixed phases in a row, as bits, if there are at most 64: rows with the same pattern share
/// a table.
std::uint64_t pattern(const StagePlan& stage, std::size_t row);

/// Where lines lie: line i of row r at byte rows[r] ^ lines[i]. The lowest bits, which no line's place uses,
/// say how lanes are exchanged when the line is read: lane l with lane l ^ those bits.
struct LinePlaces {
  std::vector<std::size_t> lines, rows;
};

struct WindowPlan {
  int bits = 0;                  ///< a row has 2^bits lines
  LinePlaces source, target;     ///< in memory, relative to the tile's base, or in the tile's own memory
  bool exchanging = false;       ///< whether the lanes of any line are exchanged when it is read
  std::uint32_t lane_signs = 0;  ///< lanes of odd parity with this mask are negated when lines are written
  std::vector<StagePlan> stages;
  std::vector<std::size_t> order;  ///< in which rows are visited: rows that share tables follow each other
};

struct SweepPlan {
  std::vector<WindowPlan> windows;
  std::vector<std::size_t> own;  ///< places of lines in a window's own memory for a row, in bytes
  std::vector<int> base_bits;    ///< the bits of the stored index that tell tiles apart
  int lane_bits = 0;
  std::size_t line_bytes = 0;
  double scale = 1;  ///< the factor that makes the amplitudes after the sweep the true ones

  std::size_t tiles() const { return std::size_t{1} << base_bits.size(); }
  Mask base(std::size_t tile) const;
};

/// What a plan is for: to apply rotations; or to undo them and take derivatives, where a step has no
/// rotations of lanes after those of lines.
enum class Purpose { apply, undo };

/// A plan of the sweep, still without the numbers that depend on angles. @param element_bytes the size of a
/// real number
SweepPlan plan(const Sweep& sweep, const Shape& shape, std::size_t element_bytes, Purpose purpose);

/// Fills in the numbers that depend on angles. @param angles by Rotation::angle_index
/// @param scale the factor that makes the amplitudes before the sweep the true ones
void bind(SweepPlan& plan, std::span<const double> angles, double scale);

}  // namespace qupel::tiled
