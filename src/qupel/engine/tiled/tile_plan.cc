#include "qupel/engine/tiled/tile_plan.h"

#include <algorithm>
#include <bit>

#include "qupel/engine/statevector/span.h"

namespace qupel::tiled {
namespace {

using statevector::along;
using statevector::odd;
using statevector::Span;

// Rotations of a pass: eight lines or sixteen of one half fit 32 registers, four or eight fit 16.
constexpr int most_together(std::size_t vector_bytes) { return vector_bytes == 64 ? 3 : 2; }
// A table's tree has at most a node for so many entries: each node takes a sine and a cosine, which without a
// tree each entry does.
constexpr std::size_t node_entries = 4;

// Where the lines of a tile lie, by masks in the span of its directions.
class TileMap {
 public:
  TileMap(const Sweep& sweep, const Shape& shape, std::size_t line_bytes)
      : directions_(sweep.directions), lane_bits_(shape.lane_bits), line_bytes_(line_bytes) {}

  std::size_t memory(Mask mask) const { return (mask >> lane_bits_) * line_bytes_ | lanes(mask); }

  // Bit k for direction k, which is the only one to have its highest bit.
  Mask coordinate(Mask mask) const {
    Mask result = 0;
    for (std::size_t k = 0; k < directions_.size(); ++k)
      result |= Mask{(mask & std::bit_floor(directions_[k])) != 0} << k;
    return result;
  }

  // Lines whose coordinates differ in high bits only spread over cache sets.
  std::size_t scratch(Mask mask) const {
    const Mask c = coordinate(mask);
    return (c ^ ((c >> 5) & 31) ^ ((c >> 10) & 31)) * line_bytes_ | lanes(mask);
  }

  Places memory(std::span<const Mask> lines, std::span<const Mask> rows) const {
    return places(lines, rows, [&](Mask mask) { return memory(mask); });
  }
  Places scratch(std::span<const Mask> lines, std::span<const Mask> rows) const {
    return places(lines, rows, [&](Mask mask) { return scratch(mask); });
  }

  // Directions that together with a window's span the tile.
  std::vector<Mask> outside(std::span<const Mask> window) const {
    Span inside;
    for (const Mask direction : window) inside.insert(coordinate(direction));
    std::vector<Mask> result;
    for (std::size_t k = 0; k < directions_.size(); ++k) {
      if ((inside.pivots() >> k & 1) == 0) result.push_back(directions_[k]);
    }
    return result;
  }

 private:
  std::size_t lanes(Mask mask) const { return mask & ((Mask{1} << lane_bits_) - 1); }

  // Places are linear: those of sums are sums of places.
  template <class Place>
  static Places places(std::span<const Mask> lines, std::span<const Mask> rows, Place&& place) {
    const auto sums = [&](std::span<const Mask> directions) {
      std::vector<Mask> at;
      for (const Mask direction : directions) at.push_back(place(direction));
      return statevector::sums(at);
    };
    return {sums(lines), sums(rows)};
  }

  std::span<const Mask> directions_;
  int lane_bits_;
  std::size_t line_bytes_;
};

class WindowPlanner {
 public:
  using Choices = std::vector<std::pair<int, bool>>;

  /// What its lines come from and go to.
  struct Ends {
    bool reads_memory, writes_memory;
  };

  // Adds to the choices.
  WindowPlanner(const Window& window, Ends ends, const TileMap& map, const Shape& shape,
                std::span<const double> angles, std::size_t vector_bytes, Purpose purpose, Choices& choices)
      : window_(window),
        ends_(ends),
        rows_(map.outside(window.directions)),
        lines_(statevector::sums(window.directions)),
        angles_(angles),
        lanes_(shape.lanes()),
        vector_bytes_(vector_bytes),
        purpose_(purpose),
        choices_(choices) {
    result_.bits = static_cast<int>(window.directions.size());
    const auto places = [&](bool memory) {
      return memory ? map.memory(window.directions, rows_) : map.scratch(window.directions, rows_);
    };
    result_.source = places(ends.reads_memory);
    result_.target = places(ends.writes_memory);
    result_.exchanging = std::ranges::any_of(lines_, [&](Mask line) { return (line & lanes_) != 0; });
    for (const auto& stage : window.stages) add(stage);
    route();
    arrange();
  }
  WindowPlan take() { return std::move(result_); }

 private:
  void add(const Stage& stage) {
    auto& plan = result_.stages.emplace_back();
    for (const auto& phase : stage.phases) add_phase(plan, phase);
    lay_out_table(plan);
    // A pass of one half after the other takes longer, most of all where memory waits for it.
    const int together = most_together(vector_bytes_);
    auto grouped = steps(stage, together);
    const bool waits = (ends_.reads_memory && &stage == &window_.stages.front()) ||
                       (ends_.writes_memory && &stage == &window_.stages.back());
    if (!waits) {
      if (auto wider = steps(stage, together + 1); wider.size() < grouped.size()) grouped = std::move(wider);
    }
    for (const auto& group : grouped) {
      auto& step = plan.steps.emplace_back();
      for (const Rotation* rotation : group.rotations)
        turns_lanes(*rotation) ? add_lanes(step.lanes, *rotation) : add_pair(step.pass, *rotation);
    }
    if (plan.steps.empty()) plan.steps.emplace_back();
  }

  // The order in which passes visit lines.
  void route() {
    std::vector<std::size_t> own;
    for (std::size_t line = 0; line < lines_.size(); ++line) own.push_back(line * 2 * vector_bytes_);
    auto& stages = result_.stages;
    for (auto& stage : stages) {
      for (auto& step : stage.steps) {
        if (step.pass.rotations == 0) continue;
        const auto lines = groups(step.pass);
        const bool is_first = &step == &stage.steps.front();
        auto& route = step.pass.route;
        route.own = placed(own, lines);
        if (is_first) route.table = placed(stage.table.places, lines);
        if (is_first && &stage == &stages.front()) route.source = placed(result_.source.lines, lines);
        if (&step == &stages.back().steps.back()) route.target = placed(result_.target.lines, lines);
      }
    }
  }

  static std::vector<std::size_t> placed(const std::vector<std::size_t>& places,
                                         const std::vector<Mask>& lines) {
    std::vector<std::size_t> result;
    result.reserve(lines.size());
    for (const Mask line : lines) result.push_back(places[line]);
    return result;
  }

  bool turns_lanes(const Rotation& rotation) const { return (rotation.x & ~lanes_) == 0; }

  // What becomes a step.
  struct Group {
    std::vector<const Rotation*> rotations;
    int directions = 0;  // different x of them
  };

  // Each rotation goes into the earliest step that it fits and can reach by commuting with what comes after.
  std::vector<Group> steps(const Stage& stage, int most) {
    std::vector<Group> result;
    for (const auto& rotation : stage.rotations) {
      const auto commutes = [&](const Rotation* other) { return statevector::commute(rotation, *other); };
      std::size_t found = result.size();
      for (std::size_t at = found; at-- > 0;) {
        if (fits(result[at], most, rotation)) found = at;
        if (!std::ranges::all_of(result[at].rotations, commutes)) break;
      }
      if (found == result.size()) result.emplace_back();
      auto& [rotations, directions] = result[found];
      if (std::ranges::none_of(rotations, [&](const Rotation* other) { return other->x == rotation.x; }))
        ++directions;
      rotations.push_back(&rotation);
    }
    return result;
  }

  // Whether a rotation may join others: those of lanes any, those of lines as a pass needs it.
  bool fits(const Group& step, int most, const Rotation& rotation) {
    if (turns_lanes(rotation) || turns_lanes(*step.rotations.front()))
      return turns_lanes(rotation) && turns_lanes(*step.rotations.front());
    int same = 0;
    for (const Rotation* other : step.rotations) {
      if (other->x == rotation.x) {
        ++same;
      } else if (odd(other->z & rotation.x) || odd(rotation.z & other->x)) {
        return false;
      }
    }
    return same == 0 ? step.directions < most : same == 1 && may_be_twin(rotation);
  }

  bool may_be_twin(const Rotation& rotation) {
    if (purpose_ != Purpose::apply) return false;
    const bool small = is_small(angles_[static_cast<std::size_t>(rotation.source)]);
    choices_.emplace_back(rotation.source, small);
    return small;
  }

  void arrange() {
    const std::size_t rows = std::size_t{1} << rows_.size(), stages = result_.stages.size();
    std::vector<std::uint64_t> patterns;  // by row and stage
    for (std::size_t r = 0; r < rows; ++r) {
      for (const auto& stage : result_.stages) patterns.push_back(pattern(stage, r));
      result_.order.push_back(r);
    }
    const auto of = [&](std::size_t row) { return std::span(patterns).subspan(row * stages, stages); };
    std::ranges::stable_sort(result_.order, [&](std::size_t a, std::size_t b) {
      return std::ranges::lexicographical_compare(of(a), of(b));
    });
  }

  Parity parity(Mask mask) const {
    return {mask, along(mask, window_.directions), along(mask, rows_),
            static_cast<std::uint32_t>(mask & lanes_)};
  }

  void add_phase(StagePlan& plan, const Rotation& phase) {
    Phase added{parity(phase.z), 0, phase.source, phase.gate};
    const auto& [base, inside, row, lane] = added.parity;
    auto& list = row == 0 ? plan.fixed : inside == 0 ? plan.constant : plan.mixed;
    if (&list != &plan.constant) {
      auto& masks = plan.table.masks;
      const auto known = std::ranges::find(masks, inside);
      added.mask = static_cast<std::size_t>(known - masks.begin());
      if (known == masks.end()) masks.push_back(inside);
    }
    list.push_back(added);
  }

  // By signs where that takes no more entries. Else in coordinates in which the first masks that are
  // independent are single bits.
  void lay_out_table(StagePlan& stage) const {
    auto& table = stage.table;
    const std::size_t entry = 2 * vector_bytes_;
    const std::size_t phases = stage.constant.size() + stage.fixed.size() + stage.mixed.size();
    table.by_signs = phases <= static_cast<std::size_t>(result_.bits);
    std::vector<std::size_t> places;  // by bit of a line's number
    for (int bit = 0; bit < result_.bits; ++bit) {
      std::size_t signs = 0;
      stage.for_each_phase([&](std::size_t k, const Phase& phase) {
        signs |= std::size_t{phase.parity.inside >> bit & 1} << k;
      });
      places.push_back((table.by_signs ? signs : std::size_t{1} << bit) * entry);
    }
    table.places = statevector::sums(places);
    if (table.by_signs) return;
    Span inside;
    std::vector<Mask> basis;
    const auto add = [&](Mask mask) {
      if (inside.insert(mask)) basis.push_back(mask);
    };
    std::ranges::for_each(table.masks, add);
    for (int bit = 0; bit < result_.bits; ++bit) add(Mask{1} << bit);
    const auto columns = statevector::duals(basis);
    table.walk = statevector::walk(columns);
    std::vector<std::pair<Mask, statevector::LinearAngle>> terms;
    for (const Mask mask : table.masks) {
      const Slot slot{Slot::Kind::parameter, static_cast<int>(terms.size())};
      terms.emplace_back(along(mask, columns), Angle{1, slot, 0});
    }
    table.tree = statevector::PhaseTree(terms, result_.bits, (std::size_t{1} << result_.bits) / node_entries);
  }

  void add_lanes(std::vector<LaneRotation>& lanes, const Rotation& rotation) const {
    lanes.push_back(
        {parity(rotation.z), static_cast<std::uint32_t>(rotation.x), rotation.source, rotation.gate});
  }

  // The number of the line that an x mask in the window's span leads to from the first.
  std::uint32_t line(Mask x) const {
    return static_cast<std::uint32_t>(std::ranges::find(lines_, x) - lines_.begin());
  }

  void add_pair(Pass& pass, const Rotation& rotation) const {
    const auto x = line(rotation.x);
    const auto directions = std::span(pass.x).first(static_cast<std::size_t>(pass.rotations));
    if (const auto same = std::ranges::find(directions, x); same != directions.end()) {
      pass.twin[static_cast<std::size_t>(same - directions.begin())] = {parity(rotation.z), rotation.source};
      return;
    }
    const auto at = static_cast<std::size_t>(pass.rotations++);
    pass.x[at] = x;
    pass.z[at] = parity(rotation.z);
    pass.source[at] = rotation.source;
    pass.gate[at] = rotation.gate;
  }

  // Lines by number, in groups (Route).
  std::vector<Mask> groups(const Pass& pass) const {
    const auto rotations = static_cast<std::size_t>(pass.rotations);
    Span firsts;
    for (int bit = 0; bit < result_.bits; ++bit) {
      Mask step = Mask{1} << bit;
      for (std::size_t j = 0; j < rotations; ++j) {
        if (odd(pass.z[j].inside & step)) step ^= pass.x[j];
      }
      firsts.insert(step);
    }
    std::vector<Mask> directions(pass.x.begin(), pass.x.begin() + pass.rotations);
    std::ranges::copy(firsts.ascending(), std::back_inserter(directions));
    return statevector::sums(directions);
  }

  const Window& window_;
  Ends ends_;
  std::vector<Mask> rows_;   // directions
  std::vector<Mask> lines_;  // sums of the window's directions
  std::span<const double> angles_;
  Mask lanes_;
  std::size_t vector_bytes_;
  Purpose purpose_;
  Choices& choices_;
  WindowPlan result_;
};

}  // namespace

std::uint64_t pattern(const StagePlan& stage, std::size_t row) {
  std::uint64_t bits = 0;
  if (stage.table.by_signs) return bits;
  for (const auto& phase : stage.mixed) bits = 2 * bits + (odd(phase.parity.row & row) ? 1 : 0);
  return bits;
}

Mask SweepPlan::base(std::size_t tile) const { return statevector::placed(tile, base_bits); }

SweepPlan plan(const Sweep& sweep, const Shape& shape, std::span<const double> angles,
               std::size_t element_bytes, Purpose purpose) {
  SweepPlan result;
  const std::size_t vector_bytes = element_bytes << shape.lane_bits;
  result.lane_bits = shape.lane_bits;
  result.line_bytes = 2 * vector_bytes;
  const TileMap map(sweep, shape, result.line_bytes);
  for (const auto& window : sweep.windows) {
    const WindowPlanner::Ends ends{&window == &sweep.windows.front(), &window == &sweep.windows.back()};
    result.windows.push_back(
        WindowPlanner(window, ends, map, shape, angles, vector_bytes, purpose, result.choices).take());
  }
  for (std::size_t i = 0; i < std::size_t{1} << shape.window; ++i) result.own.push_back(i * result.line_bytes);
  Mask pivots = 0;
  for (const Mask direction : sweep.directions) pivots |= std::bit_floor(direction);
  for (int q = shape.lane_bits; q < shape.qubits; ++q) {
    if ((pivots >> q & 1) == 0) result.base_bits.push_back(q);
  }
  return result;
}

}  // namespace qupel::tiled
