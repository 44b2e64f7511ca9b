#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "qupel/engine/simd/aligned.h"
#include "qupel/engine/rotations/form.h"
#include "qupel/engine/rotations/parity_tree.h"
#include "qupel/engine/tiled/schedule.h"

// A sweep in the coordinates of its windows, for vectors of 2^lane_bits elements.
//
// A window works on the lines of one row of the tile. A stored index is s = base ^ row ^ line ^ lane: the
// base tells tiles apart, rows count along directions of the tile that the window has not, lines along the
// window's own, which may have bits among the lanes.
namespace qupel::tiled {

using rotations::Form;

/// A mask over stored indices, split: parity(mask.s) is the sum of those of the four parts.
struct Parity {
  Mask base = 0;             ///< over the tile's base (the whole mask)
  std::uint32_t inside = 0;  ///< over the number of the line
  std::uint32_t row = 0;     ///< over the number of the row
  std::uint32_t lane = 0;
};

/// What two rotations that are one (Twin::merged) leave to a diagonal: their cosine, by parity.
struct Weight {
  int first = -1, second = -1;  ///< Rotation::source
  double even = 1, odd = 1;
};

struct Phase {
  Parity parity;
  std::size_t mask = 0;  ///< number of parity.inside in TablePlan::masks
  int source = -1;       ///< Rotation::source; -1: there is a weight only
  int gate = -1;         ///< Rotation::gate
  double exponent = 0;   ///< the amplitude takes exp(i exponent (-1)^parity)
  std::optional<Weight> weight;
};

/// A second rotation of the pairs that a rotation of a pass has, in the tangent form. It comes after the
/// first, or both are merged into one, whose angle is the sum or, where the signs differ, the difference.
struct Twin {
  Parity z;  ///< merged: over both signs, z + z'
  int source = -1;
  bool merged = false;
  double even = 0, odd = 0;  ///< coefficients, by parity
};

/// Where lines lie in the order in which a pass visits them, as Places have it. In groups of 2^rotations:
/// line i of a group differs from its first one by the x of the bits of i, and the first one has even parity
/// with each z of odd z.x.
struct Route {
  enum class End { source, own, target };
  std::vector<std::size_t> source, own, target;  ///< only where the step reads or writes them
  std::vector<std::size_t> table;                ///< the diagonal's entries, in bytes
  const std::size_t* places(End end) const {
    return (end == End::source ? source : end == End::own ? own : target).data();
  }
};

/// A rotation of pairs of lines, lane l of one with lane l ^ exchange of the other.
struct PairRotation {
  std::uint32_t x = 0, exchange = 0;
  Parity z;
  int source = -1, gate = -1;
  /// z.x is even: lanes tell the pair's sides apart, and the parity of the group's first line gives a sign.
  bool by_group = false;
  Form form{};
  double f = 0, g = 0;   ///< g in the form of shears only, which large angles by group take
  double pair_sign = 1;  ///< of the product of both sides, as lanes' signs are before the pass
  std::optional<Twin> twin;
};

/// Some rotations of pairs of lines, in registers: z_i.x_j = 0 for i != j.
struct Pass {
  static constexpr int most_rotations = 4;
  int rotations = 0;
  std::array<PairRotation, most_rotations> pairs;
  std::span<PairRotation> all() { return {pairs.data(), static_cast<std::size_t>(rotations)}; }
  std::span<const PairRotation> all() const { return {pairs.data(), static_cast<std::size_t>(rotations)}; }
  Route route;
  double scale = 1;  ///< true amplitudes are so many times those that the pass meets, up to lanes' signs
};

/// Lanes of odd parity rotate the other way. In the cotangent form, f a - b and f b + a, their coefficient's
/// sign makes that the right amplitudes times -1, which WindowPlan::lane_signs makes good. A rotation of
/// pairs of lanes: v becomes f v + g permuted(v).
struct LaneRotation {
  Parity z;
  std::uint32_t x = 0;  ///< lanes are exchanged with lane ^ x
  int source = -1, gate = -1;
  double f = 1, g = 0;  ///< g for lanes with even parity; negated for odd
  double sign = -1;     ///< of g, were the angle positive
  double scale = 1;     ///< as Pass::scale
};

/// What is done to lines while they are in registers.
struct Step {
  Pass pass;
  std::vector<LaneRotation> lanes;  ///< at most two after a pass
  /// Whether lanes meet in the pass.
  bool mixes() const {
    return !lanes.empty() || std::ranges::any_of(pass.pairs, [](const auto& p) { return p.exchange != 0; });
  }
};

/// How the table of a stage's phases is written. By signs: bit k of an entry's number is the sign of phase k
/// of all, constant, fixed and mixed ones, with their weights. Else an entry a line, of fixed and mixed
/// phases.
struct TablePlan {
  bool by_signs = false;
  std::vector<std::size_t> places;   ///< of lines' entries, in bytes: those of sums are sums
  std::vector<std::uint32_t> masks;  ///< over the number of the line, different ones
  rotations::PhaseTree tree;       ///< of sums of the masks' exponents, slots by number of the mask
  std::vector<Mask> walk;
};

struct StagePlan {
  std::vector<Phase> constant;  ///< the same for all lines of a row
  std::vector<Phase> fixed;     ///< do not depend on the row
  std::vector<Phase> mixed;
  TablePlan table;
  double scale = 1;         ///< as Pass::scale, for the phases
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

/// Which signs the mixed phases have, for up to 64 of them: rows that agree in it share a table.
std::uint64_t pattern(const StagePlan& stage, std::size_t row);

/// Where lines lie, in bytes: rows[r] ^ lines[i]. Low bits, which no place has, are those of the lanes to be
/// exchanged: lane with lane ^ so many.
struct Places {
  std::vector<std::size_t> lines, rows;
};

struct WindowPlan {
  int bits = 0;                  ///< 2^bits lines a row
  Places source, target;         ///< in memory, relative to the tile's base, or in the tile's own memory
  bool exchanging = false;       ///< lanes of any line
  std::uint32_t lane_signs = 0;  ///< lanes of odd parity with it are negated when lines are written
  std::vector<StagePlan> stages;
  std::vector<std::size_t> order;  ///< of rows: those that share tables follow each other
};

/// What angles decide: whether a rotation may be a Twin, or, if there is a second source, whether both may be
/// merged.
struct Choice {
  int first = -1, second = -1;
  bool made = false;
};

struct SweepPlan {
  std::vector<WindowPlan> windows;
  std::vector<std::size_t> own;  ///< places of lines in a window's own memory
  std::vector<int> base_bits;    ///< of the stored index, that tell tiles apart
  int lane_bits = 0;
  std::size_t line_bytes = 0;
  double scale = 1;  ///< what is left to multiply every amplitude with
  std::vector<Choice> choices;

  std::size_t tiles() const { return std::size_t{1} << base_bits.size(); }
  Mask base(std::size_t tile) const;
};

/// What a plan is for: to apply gates, or to undo them and read derivatives, which takes one rotation of a
/// pair of lines at a time.
enum class Purpose { apply, undo };

/// Without numbers. @param angles of the sweep's rotations, by source; only choices depend on them
/// @param element_bytes of a real number
SweepPlan plan(const Sweep& sweep, const Shape& shape, std::span<const double> angles,
               std::size_t element_bytes, Purpose purpose);

/// Whether that may be.
bool choose(Choice choice, std::span<const double> angles);

/// Whether a plan is what it would be, made for these angles.
bool suits(const SweepPlan& plan, std::span<const double> angles);

/// Fills in all numbers. @param scale that amplitudes must be multiplied with before
void bind(SweepPlan& plan, std::span<const double> angles, double scale);

}  // namespace qupel::tiled
