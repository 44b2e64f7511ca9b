#include "qupel/engine/tiled/tile_plan.h"

#include <algorithm>
#include <bit>

#include "qupel/engine/rotations/span.h"

namespace qupel::tiled {
namespace {

using rotations::along;
using rotations::odd;
using rotations::Span;

// Rotations of a pass: eight lines fit 32 registers, four fit 16.
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

  LinePlaces memory(std::span<const Mask> lines, std::span<const Mask> rows) const {
    return places(lines, rows, [&](Mask mask) { return memory(mask); });
  }
  LinePlaces scratch(std::span<const Mask> lines, std::span<const Mask> rows) const {
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

  // Places are linear: the place of a sum of masks is the sum of their places.
  template <class Place>
  static LinePlaces places(std::span<const Mask> lines, std::span<const Mask> rows, Place&& place) {
    const auto sums = [&](std::span<const Mask> directions) {
      std::vector<Mask> at;
      for (const Mask direction : directions) at.push_back(place(direction));
      return rotations::sums(at);
    };
    return {sums(lines), sums(rows)};
  }

  std::span<const Mask> directions_;
  int lane_bits_;
  std::size_t line_bytes_;
};

class WindowPlanner {
 public:
  // What its lines come from and go to.
  struct Ends {
    bool reads_memory, writes_memory;
  };

  WindowPlanner(const Window& window, Ends ends, const TileMap& map, const Shape& shape,
                std::size_t vector_bytes, Purpose purpose)
      : window_(window),
        rows_(map.outside(window.directions)),
        lines_(rotations::sums(window.directions)),
        lanes_(shape.lanes()),
        vector_bytes_(vector_bytes),
        purpose_(purpose) {
    result_.bits = static_cast<int>(window.directions.size());
    const auto places = [&](bool memory) {
      return memory ? map.memory(window.directions, rows_) : map.scratch(window.directions, rows_);
    };
    result_.source = places(ends.reads_memory);
    result_.target = places(ends.writes_memory);
    result_.exchanging = std::ranges::any_of(lines_, [&](Mask line) { return (line & lanes_) != 0; });
    for (const Mask line : lines_)
      numbers_.emplace_back(line & ~lanes_, static_cast<std::uint32_t>(numbers_.size()));
    std::sort(numbers_.begin(), numbers_.end());
    for (const auto& stage : window.stages) add(stage);
    route();
    arrange();
  }
  WindowPlan take() { return std::move(result_); }

 private:
  // What becomes a step.
  struct Group {
    std::vector<const Rotation*> pairs, lanes;
  };

  void add(const Stage& stage) {
    auto& plan = result_.stages.emplace_back();
    for (const auto& phase : stage.phases) add_phase(plan, phase.z, phase.angle_index, phase.derivative);
    const auto grouped = steps(stage);
    for (const auto& group : grouped) {
      auto& step = plan.steps.emplace_back();
      for (const Rotation* rotation : group.pairs) add_pair(step.pass, *rotation);
      for (const Rotation* rotation : group.lanes) add_lanes(step.lanes, *rotation);
    }
    if (plan.steps.empty()) plan.steps.emplace_back();
    lay_out_table(plan);
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

  // Each rotation goes into the earliest step that it fits and can reach by commuting with what comes after.
  std::vector<Group> steps(const Stage& stage) {
    std::vector<Group> result;
    for (const auto& rotation : stage.rotations) {
      std::size_t found = result.size();
      for (std::size_t at = found; at-- > 0;) {
        if (fits(result[at], rotation)) found = at;
        if (!commutes(rotation, result[at].pairs) || !commutes(rotation, result[at].lanes)) break;
      }
      if (found == result.size()) result.emplace_back();
      auto& group = result[found];
      (turns_lanes(rotation) ? group.lanes : group.pairs).push_back(&rotation);
    }
    return result;
  }

  static bool commutes(const Rotation& rotation, const std::vector<const Rotation*>& others) {
    return std::ranges::all_of(others,
                               [&](const Rotation* other) { return rotations::commute(rotation, *other); });
  }

  // Whether a rotation may join others: one of lanes after those of lines, one of lines as a pass needs it.
  bool fits(const Group& group, const Rotation& rotation) {
    constexpr std::size_t most_lanes = 2;  // in one pass with those of lines
    const int together = most_together(vector_bytes_);
    if (turns_lanes(rotation)) {
      return group.pairs.empty() || (purpose_ == Purpose::apply && group.lanes.size() < most_lanes);
    }
    if (!group.lanes.empty() &&
        (purpose_ == Purpose::undo || group.lanes.size() > most_lanes || !commutes(rotation, group.lanes)))
      return false;
    const Mask x = direction(rotation.x);
    const auto accepts = [&](const Rotation* other) {
      const Mask y = direction(other->x);
      return x != y && rotations::commute(*other, rotation) && !odd(other->z & x) && !odd(rotation.z & y);
    };
    return static_cast<int>(group.pairs.size()) < together && std::ranges::all_of(group.pairs, accepts);
  }

  // The sum of directions that has an x mask's bits outside the lanes.
  Mask direction(Mask x) const { return lines_[line(x)]; }

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

  void add_phase(StagePlan& plan, Mask z, int angle_index, int derivative) const {
    Phase added{parity(z), 0, angle_index, derivative, 0};
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
    table.by_signs = stage.phases() <= static_cast<std::size_t>(result_.bits);
    std::vector<std::size_t> places;  // by bit of a line's number
    for (int bit = 0; bit < result_.bits; ++bit) {
      std::size_t place = 0;
      if (table.by_signs)
        stage.for_each_phase([&](std::size_t k, const Phase& phase) {
          place |= std::size_t{phase.parity.inside >> bit & 1} << k;
        });
      else
        place = std::size_t{1} << bit;
      places.push_back(place * entry);
    }
    table.places = rotations::sums(places);
    if (table.by_signs) return;
    Span inside;
    std::vector<Mask> basis;
    const auto add = [&](Mask mask) {
      if (inside.insert(mask)) basis.push_back(mask);
    };
    std::ranges::for_each(table.masks, add);
    for (int bit = 0; bit < result_.bits; ++bit) add(Mask{1} << bit);
    const auto columns = rotations::duals(basis);
    table.walk = rotations::walk(columns);
    std::vector<std::pair<Mask, rotations::LinearAngle>> terms;
    for (const Mask mask : table.masks) {
      const Slot slot{Slot::Kind::parameter, static_cast<int>(terms.size())};
      terms.emplace_back(along(mask, columns), Angle{1, slot, 0});
    }
    table.tree = rotations::PhaseTree(terms, result_.bits, (std::size_t{1} << result_.bits) / node_entries);
  }

  void add_lanes(std::vector<LaneRotation>& lanes, const Rotation& rotation) const {
    lanes.push_back({parity(rotation.z), static_cast<std::uint32_t>(rotation.x), rotation.angle_index,
                     rotation.derivative});
  }

  // The number of the line that an x mask leads to from the first, whatever its lanes.
  std::uint32_t line(Mask x) const {
    const std::pair sought{x & ~lanes_, std::uint32_t{0}};
    return std::lower_bound(numbers_.begin(), numbers_.end(), sought)->second;
  }

  void add_pair(PairPass& pass, const Rotation& rotation) const {
    const auto x = line(rotation.x);
    auto& pair = pass.pairs[static_cast<std::size_t>(pass.rotations++)];
    pair.x = x;
    pair.exchange = static_cast<std::uint32_t>((rotation.x ^ lines_[x]) & lanes_);
    pair.z = parity(rotation.z);
    pair.angle_index = rotation.angle_index;
    pair.derivative = rotation.derivative;
    pair.by_group = !odd(pair.z.inside & pair.x);
  }

  // Lines by number, in groups (Route).
  std::vector<Mask> groups(const PairPass& pass) const {
    const auto pairs = pass.all();
    std::vector<Mask> directions;
    Span known;
    for (const auto& pair : pairs) {
      directions.push_back(pair.x);
      known.insert(pair.x);
    }
    for (int bit = 0; bit < result_.bits; ++bit) {
      Mask step = Mask{1} << bit;
      if (!known.insert(step)) continue;
      for (const auto& pair : pairs) {
        if (!pair.by_group && odd(pair.z.inside & step)) step ^= pair.x;
      }
      directions.push_back(step);
    }
    return rotations::sums(directions);
  }

  const Window& window_;
  std::vector<Mask> rows_;                               // directions
  std::vector<Mask> lines_;                              // sums of the window's directions
  std::vector<std::pair<Mask, std::uint32_t>> numbers_;  // of lines, by their bits outside the lanes
  Mask lanes_;
  std::size_t vector_bytes_;
  Purpose purpose_;
  WindowPlan result_;
};

}  // namespace

std::uint64_t pattern(const StagePlan& stage, std::size_t row) {
  std::uint64_t bits = 0;
  if (stage.table.by_signs) return bits;
  for (const auto& phase : stage.mixed) bits = 2 * bits + (odd(phase.parity.row & row) ? 1 : 0);
  return bits;
}

Mask SweepPlan::base(std::size_t tile) const { return rotations::placed(tile, base_bits); }

SweepPlan plan(const Sweep& sweep, const Shape& shape, std::size_t element_bytes, Purpose purpose) {
  SweepPlan result;
  const std::size_t vector_bytes = element_bytes << shape.lane_bits;
  result.lane_bits = shape.lane_bits;
  result.line_bytes = 2 * vector_bytes;
  const TileMap map(sweep, shape, result.line_bytes);
  for (const auto& window : sweep.windows) {
    const WindowPlanner::Ends ends{&window == &sweep.windows.front(), &window == &sweep.windows.back()};
    result.windows.push_back(WindowPlanner(window, ends, map, shape, vector_bytes, purpose).take());
  }
  for (std::size_t i = 0; i < std::size_t{1} << shape.window; ++i)
    result.own.push_back(i * result.line_bytes);
  Mask pivots = 0;
  for (const Mask direction : sweep.directions) pivots |= std::bit_floor(direction);
  for (int q = shape.lane_bits; q < shape.qubits; ++q) {
    if ((pivots >> q & 1) == 0) result.base_bits.push_back(q);
  }
  return result;
}

}  // namespace qupel::tiled
