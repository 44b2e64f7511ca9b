#include "qupel/engine/tiled/schedule.h"

#include <algorithm>

#include "qupel/engine/rotations/directions.h"

namespace qupel::tiled {
namespace {

// Lines of a tile, as a power of two: with 128 bytes each they are a megabyte, which the second-level
// cache holds.
constexpr int most_tile = 13;
// Lines of a row, as a power of two: with its tables, a row fits the first-level cache. Two states that are
// visited together leave less room.
constexpr int most_window = 9, most_shared_window = 7;
// The lowest bits beyond the lanes are directions of every tile, so that memory is visited in runs of at
// least four lines.
constexpr std::size_t run_bits = 2;
// Threads share tiles: where several threads work, there are at least 2^3 of them.
constexpr int tile_bits = 3;
// Each rotation may leave a factor as small as 2^-1/2 to the scale, and single precision must hold their
// product until the next stage.
constexpr std::size_t most_rotations = 64;
// A bound on the work of planning long circuits: a scan for rotations that fit ends once it has left so
// many behind.
constexpr std::size_t most_left = 400;

bool is_phase(const Rotation& rotation) { return rotation.x == 0; }

bool all_commute(const Rotation& rotation, std::span<const Rotation> others) {
  return std::ranges::all_of(others,
                             [&](const Rotation& other) { return rotations::commute(rotation, other); });
}

// Rotations and phases that are not yet scheduled, in order.
class Pending {
 public:
  explicit Pending(std::vector<Rotation> rotations) : rotations_(std::move(rotations)) {}
  bool empty() const { return head_ == rotations_.size(); }

  // Takes, in order, each rotation that commutes with all that are left behind it and for which accepts(x) is
  // true, and with it the phases that must come before it.
  template <class Accepts>
  std::vector<Rotation> take(Accepts&& accepts) {
    std::vector<Rotation> taken, left;
    std::vector<Waiting> waiting;  // phases that commute with all that are left before them
    std::size_t next = head_;
    for (; next < rotations_.size() && left.size() < most_left; ++next) {
      const Rotation& rotation = rotations_[next];
      const bool free = all_commute(rotation, left);
      if (free && is_phase(rotation)) {
        waiting.push_back({rotation, left.size()});
      } else if (free && accepts(rotation.x)) {
        release(waiting, rotation, taken);
        taken.push_back(rotation);
      } else {
        left.push_back(rotation);
      }
    }
    put_back(next, left, waiting);
    return taken;
  }

  // Takes all that are left.
  std::vector<Rotation> rest() {
    std::vector<Rotation> result(rotations_.begin() + static_cast<std::ptrdiff_t>(head_), rotations_.end());
    head_ = rotations_.size();
    return result;
  }

 private:
  struct Waiting {
    Rotation phase;
    std::size_t position;  // how many rotations are left before it
  };

  // Takes the waiting phases that do not commute with a rotation that is being taken.
  static void release(std::vector<Waiting>& waiting, const Rotation& rotation, std::vector<Rotation>& taken) {
    const auto needed = std::stable_partition(waiting.begin(), waiting.end(), [&](const Waiting& each) {
      return rotations::commute(each.phase, rotation);
    });
    for (auto each = needed; each != waiting.end(); ++each) taken.push_back(each->phase);
    waiting.erase(needed, waiting.end());
  }

  // Puts what is left back in order, together with the waiting phases that no rotation needed, so that it
  // ends where the scan ended.
  void put_back(std::size_t end, std::span<const Rotation> left, std::span<const Waiting> waiting) {
    head_ = end - left.size() - waiting.size();
    std::size_t at = head_, phase = 0;
    for (std::size_t i = 0; i <= left.size(); ++i) {
      while (phase < waiting.size() && waiting[phase].position == i)
        rotations_[at++] = waiting[phase++].phase;
      if (i < left.size()) rotations_[at++] = left[i];
    }
  }

  std::vector<Rotation> rotations_;
  std::size_t head_ = 0;
};

bool all_commute(const Rotation& rotation, const Stage& stage) {
  return all_commute(rotation, stage.phases) && all_commute(rotation, stage.rotations);
}

// Each rotation or phase goes into the earliest stage that it can reach by commuting with what comes
// in between.
std::vector<Stage> stages(std::span<const Rotation> rotations) {
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
  for (const auto& rotation : rotations) is_phase(rotation) ? add_phase(rotation) : add_rotation(rotation);
  return result;
}

class Scheduler {
 public:
  Scheduler(std::vector<Rotation> rotations, const Shape& shape)
      : shape_(shape), pending_(std::move(rotations)) {}

  std::vector<Sweep> take() {
    std::vector<Sweep> sweeps;
    while (!pending_.empty()) sweeps.push_back(next());
    return sweeps;
  }

 private:
  Sweep next() {
    rotations::Directions tile(static_cast<std::size_t>(shape_.tile), shape_.lanes());
    for (const Mask bit : rotations::unit_masks(shape_.lane_bits, shape_.qubits)) {
      if (tile.list().size() < run_bits) tile.join(bit);
    }
    Pending taken(pending_.take([&](Mask x) { return tile.join(x); }));
    // Directions that no rotation needs are the lowest bits, so that neighbouring lines are visited together.
    tile.fill(rotations::unit_masks(shape_.lane_bits, shape_.qubits));
    Sweep sweep{rotations::reduced(tile.span().ascending()), {}};
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

  // @param given directions that the window has in any case
  Window window(Pending& rotations, std::span<const Mask> tile, std::span<const Mask> given) const {
    rotations::Directions directions(static_cast<std::size_t>(shape_.window), shape_.lanes());
    for (const Mask direction : given) directions.join(direction);
    Window result;
    result.stages = stages(rotations.take([&](Mask x) { return directions.join(x); }));
    directions.fill(tile);
    result.directions = directions.list();
    return result;
  }

  Shape shape_;
  Pending pending_;
};

}  // namespace

Shape Shape::of(int qubits, int lane_bits, int states) {
  const int apart = qubits < fewest_shared_qubits ? 0 : tile_bits;
  const int tile = std::clamp(qubits - lane_bits - apart, 0, most_tile - (states - 1));
  return {qubits, lane_bits, tile, std::min(tile, states == 1 ? most_window : most_shared_window)};
}

std::vector<Rotation> numbered(std::span<const Rotation> rotations) {
  std::vector<Rotation> result;
  result.reserve(rotations.size());
  for (const auto& rotation : rotations)
    result.push_back(
        {rotation.x, rotation.z, {}, rotation.frame, rotation.derivative, static_cast<int>(result.size())});
  return result;
}

Schedule schedule(std::vector<Rotation> rotations, const Shape& shape) {
  std::erase_if(rotations, [](const Rotation& rotation) { return (rotation.x | rotation.z) == 0; });
  Schedule result{Scheduler(std::move(rotations), shape).take(), 0, {}};
  for (const auto& sweep : result.sweeps) {
    for (const auto& window : sweep.windows) result.stages = std::max(result.stages, window.stages.size());
  }
  return result;
}

Schedule schedule_from_zero(std::vector<Rotation> rotations, const Shape& shape) {
  auto halves = divide(std::move(rotations), shape.qubits);
  auto result = schedule(std::exchange(halves.rest, {}), shape);
  result.halves = std::move(halves);
  return result;
}

}  // namespace qupel::tiled
