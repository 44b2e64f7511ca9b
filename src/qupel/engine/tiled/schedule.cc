#include "qupel/engine/tiled/schedule.h"

#include <algorithm>

#include "qupel/engine/rotations/span.h"

namespace qupel::tiled {
namespace {

using rotations::Span;

// Lines of a tile: with 128 bytes each a megabyte, which the second-level cache holds. Twice as many pay
// where they save sweeps and are few beside the state.
constexpr int most_tile = 13, large_tile = 14, fewest_lines_of_large = 20;
// Lines of a window: tables and what is read again of a row need fewer than the first-level cache holds. Two
// states that pass through it together leave less room.
constexpr int most_window = 9, most_shared_window = 7;
// The lowest bits are directions of every tile, so that memory is visited in runs of four lines at least.
constexpr int run_bits = 2;
// Tiles are what threads share: at least 2^3 of them, where they do.
constexpr int tile_bits = 3;
// Rotations leave factors down to 2^-1/2 each to the scale, which single precision must hold until the next
// stage.
constexpr std::size_t most_rotations = 64;
// No scan looks further once so many gates wait behind it.
constexpr std::size_t most_left = 400;

bool is_phase(const Rotation& gate) { return gate.x == 0; }

bool all_commute(const Rotation& gate, std::span<const Rotation> others) {
  return std::ranges::all_of(others,
                             [&](const Rotation& other) { return rotations::commute(gate, other); });
}

// Gates that wait, in order, and a view of those in front.
class Pending {
 public:
  explicit Pending(std::vector<Rotation> gates) : gates_(std::move(gates)) {}
  bool empty() const { return head_ == gates_.size(); }

  // Takes, in order, each rotation for which accepts(x) that commutes with those left behind, and in front of
  // it the phases that it needs.
  template <class Accepts>
  std::vector<Rotation> take(Accepts&& accepts) {
    std::vector<Rotation> taken, left;
    std::vector<Waiting> waiting;  // phases that commute with all that is left before them
    std::size_t next = head_;
    for (; next < gates_.size() && left.size() < most_left; ++next) {
      const Rotation& gate = gates_[next];
      const bool free = all_commute(gate, left);
      if (free && is_phase(gate)) {
        waiting.push_back({gate, left.size()});
      } else if (free && accepts(gate.x)) {
        release(waiting, gate, taken);
        taken.push_back(gate);
      } else {
        left.push_back(gate);
      }
    }
    put_back(next, left, waiting);
    return taken;
  }

  // All that is left.
  std::vector<Rotation> rest() {
    std::vector<Rotation> result(gates_.begin() + static_cast<std::ptrdiff_t>(head_), gates_.end());
    head_ = gates_.size();
    return result;
  }

 private:
  struct Waiting {
    Rotation phase;
    std::size_t position;  // how many are left before it
  };

  // Moves the phases that do not commute with a rotation.
  static void release(std::vector<Waiting>& waiting, const Rotation& rotation, std::vector<Rotation>& taken) {
    const auto needed = std::stable_partition(waiting.begin(), waiting.end(), [&](const Waiting& each) {
      return rotations::commute(each.phase, rotation);
    });
    for (auto each = needed; each != waiting.end(); ++each) taken.push_back(each->phase);
    waiting.erase(needed, waiting.end());
  }

  // What is left, with the phases that no rotation needed at their places, ends where the scan ended.
  void put_back(std::size_t end, std::span<const Rotation> left, std::span<const Waiting> waiting) {
    head_ = end - left.size() - waiting.size();
    std::size_t at = head_, phase = 0;
    for (std::size_t i = 0; i <= left.size(); ++i) {
      while (phase < waiting.size() && waiting[phase].position == i) gates_[at++] = waiting[phase++].phase;
      if (i < left.size()) gates_[at++] = left[i];
    }
  }

  std::vector<Rotation> gates_;
  std::size_t head_ = 0;
};

bool all_commute(const Rotation& gate, const Stage& stage) {
  return all_commute(gate, stage.phases) && all_commute(gate, stage.rotations);
}

// Each gate goes into the earliest stage that it can reach by commuting with what comes after.
std::vector<Stage> stages(std::span<const Rotation> gates) {
  std::vector<Stage> result;
  const auto add_phase = [&](const Rotation& phase) {
    std::size_t at = result.size();
    while (at > 0 && all_commute(phase, result[at - 1].rotations)) --at;
    if (at == result.size()) result.emplace_back();
    result[at].phases.push_back(phase);
  };
  const auto add_rotation = [&](const Rotation& rotation) {
    std::size_t at = std::max<std::size_t>(result.size(), 1) - 1;
    while (at > 0 && all_commute(rotation, result[at])) --at;
    while (at < result.size() && result[at].rotations.size() == most_rotations) ++at;
    if (at == result.size()) result.emplace_back();
    result[at].rotations.push_back(rotation);
  };
  for (const auto& gate : gates) is_phase(gate) ? add_phase(gate) : add_rotation(gate);
  return result;
}

class Scheduler {
 public:
  Scheduler(std::vector<Rotation> gates, const Shape& shape) : shape_(shape), pending_(std::move(gates)) {}

  std::vector<Sweep> take() {
    std::vector<Sweep> sweeps;
    while (!pending_.empty()) sweeps.push_back(next());
    return sweeps;
  }

 private:
  Sweep next() {
    Span tile;
    for (int bit = 0; bit < std::min(run_bits, shape_.tile); ++bit)
      tile.insert(Mask{1} << (shape_.lane_bits + bit));
    Pending taken(pending_.take([&](Mask x) { return joins(x & ~shape_.lanes(), tile); }));
    widen(tile);
    Sweep sweep{rotations::reduced(tile.ascending()), {}};
    const std::span<const Mask> directions(sweep.directions);
    // The first window, which reads memory, does so in runs.
    const bool whole = shape_.tile == shape_.qubits - shape_.lane_bits;
    auto given = directions.first(whole ? 0 : run_bits);
    for (; !taken.empty(); given = {}) sweep.windows.push_back(window(taken, directions, given));
    if (sweep.windows.empty()) {  // no rotation is left
      sweep.windows.push_back(window(pending_, directions, given));
      sweep.windows.back().stages = {{pending_.rest(), {}}};
    }
    return sweep;
  }

  // Whether a mask lies in the span, which may grow for it.
  bool joins(Mask x, Span& tile) const {
    if (tile.reduce(x) == 0) return true;
    return static_cast<int>(tile.dimension()) < shape_.tile && tile.insert(x);
  }

  // Directions that no rotation needs: the lowest bits, so that neighbouring lines are visited together.
  void widen(Span& tile) const {
    for (int q = shape_.lane_bits; static_cast<int>(tile.dimension()) < shape_.tile; ++q)
      tile.insert(Mask{1} << q);
  }

  // @param given directions that it has in any case
  Window window(Pending& gates, std::span<const Mask> tile, std::span<const Mask> given) const {
    Window result;
    Span used;  // without lanes
    const auto add = [&](Mask x) {
      if (!used.insert(x & ~shape_.lanes())) return false;
      result.directions.push_back(x);
      return true;
    };
    std::ranges::for_each(given, add);
    result.stages = stages(gates.take([&](Mask x) {
      if (used.reduce(x & ~shape_.lanes()) == 0) return true;
      return static_cast<int>(result.directions.size()) < shape_.window && add(x);
    }));
    std::vector<Mask> low;
    for (auto d = tile.begin(); static_cast<int>(low.size() + result.directions.size()) < shape_.window;
         ++d) {
      if (used.insert(*d)) low.push_back(*d);
    }
    result.directions.insert(result.directions.begin(), low.begin(), low.end());
    return result;
  }

  Shape shape_;
  Pending pending_;
};

}  // namespace

Shape Shape::of(int qubits, int lane_bits, int states) {
  const int apart = qubits < fewest_shared_qubits ? 0 : tile_bits;
  const int most = qubits - lane_bits < fewest_lines_of_large ? most_tile : large_tile;
  const int tile = std::clamp(qubits - lane_bits - apart, 0, most - (states - 1));
  return {qubits, lane_bits, tile, std::min(tile, states == 1 ? most_window : most_shared_window)};
}

std::vector<Rotation> numbered(std::span<const Rotation> gates) {
  std::vector<Rotation> result;
  result.reserve(gates.size());
  for (const auto& gate : gates)
    result.push_back({gate.x, gate.z, {}, gate.frame, gate.gate, static_cast<int>(result.size())});
  return result;
}

Schedule schedule(std::vector<Rotation> gates, const Shape& shape) {
  std::erase_if(gates, [](const Rotation& gate) { return (gate.x | gate.z) == 0; });
  Schedule result{Scheduler(std::move(gates), shape).take(), 0, {}};
  for (const auto& sweep : result.sweeps) {
    for (const auto& window : sweep.windows) result.stages = std::max(result.stages, window.stages.size());
  }
  return result;
}

Schedule schedule_from_zero(std::vector<Rotation> gates, const Shape& shape) {
  auto halves = divide(std::move(gates), shape.qubits);
  auto result = schedule(std::exchange(halves.rest, {}), shape);
  result.halves = std::move(halves);
  return result;
}

}  // namespace qupel::tiled
