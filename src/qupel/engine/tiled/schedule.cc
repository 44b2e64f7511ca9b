#include "qupel/engine/tiled/schedule.h"

#include <algorithm>

#include "qupel/engine/statevector/span.h"

namespace qupel::tiled {
namespace {

using statevector::Span;

// A tile is 2^13 lines: half a megabyte of lines of 64 bytes, which the second-level cache holds.
constexpr std::array<int, 2> most_directions{7, 6};
// Directions kept for the lowest bits, so that memory is visited in runs of four lines at least.
constexpr int spare_directions = 2;
// Tiles are what threads share: at least 2^3 of them, where they do.
constexpr int tile_bits = 3;
// Rotations leave factors down to 2^-1/2 each to the scale, which single precision must hold until the next
// sweep.
constexpr int most_rotations = 96;
// A window looks no further once so many gates wait behind it.
constexpr std::size_t most_left = 400;

class Scheduler {
 public:
  Scheduler(std::vector<Rotation> gates, const Shape& shape)
      : shape_(shape),
        lanes_((Mask{1} << shape.lane_bits) - 1),
        pending_(std::move(gates)),
        rotations_(static_cast<std::size_t>(
            std::ranges::count_if(pending_, [](const Rotation& r) { return r.x != 0; }))) {}

  std::vector<Sweep> take() {
    std::vector<Sweep> sweeps;
    while (head_ < pending_.size()) sweeps.push_back(next());
    return sweeps;
  }

 private:
  Sweep next() {
    Sweep sweep;
    Span used;
    for (std::size_t w = 0; w < 2; ++w) {
      const int kept = w == 0 ? std::min(spare_directions, shape_.directions[w] - 1) : 0;
      fill(sweep.windows[w], shape_.directions[w] - kept, used);
    }
    if (rotations_ == 0) {
      sweep.windows[1].stages.push_back(
          {{pending_.begin() + static_cast<std::ptrdiff_t>(head_), pending_.end()}, {}});
      head_ = pending_.size();
    }
    for (std::size_t w = 0; w < 2; ++w) widen(sweep.windows[w], shape_.directions[w], used);
    return sweep;
  }

  // Moves what fits from the pending gates into a window.
  void fill(Window& window, int most, Span& used) {
    Span inside;
    int taken = 0;
    std::vector<Rotation> left;     // behind the window, in order
    std::vector<Rotation> waiting;  // phases that may be applied in front of the next rotation
    std::vector<std::size_t> position;
    std::size_t next = head_;
    for (; next < pending_.size() && left.size() < most_left; ++next) {
      Rotation& gate = pending_[next];
      const auto commutes = [&](const Rotation& other) { return statevector::commute(gate, other); };
      const bool free = std::ranges::all_of(left, commutes);
      if (free && gate.x == 0) {
        waiting.push_back(std::move(gate));
        position.push_back(left.size());
      } else if (free && taken < most_rotations && fits(gate.x, window, most, inside, used)) {
        ++taken;
        if (window.stages.empty()) window.stages.emplace_back();
        if (!std::ranges::all_of(waiting, commutes)) {
          place(waiting, window.stages);
          waiting.clear();
          position.clear();
        }
        window.stages.back().rotations.push_back(std::move(gate));
        --rotations_;
      } else {
        left.push_back(std::move(gate));
      }
    }
    // What is left, with the phases that no rotation needed at their places, ends where the scan ended.
    std::size_t at = next, phase = waiting.size();
    for (std::size_t i = left.size() + 1; i-- > 0;) {
      while (phase > 0 && position[phase - 1] == i) pending_[--at] = std::move(waiting[--phase]);
      if (i > 0) pending_[--at] = std::move(left[i - 1]);
    }
    head_ = at;
  }

  // Puts phases in front of the last stage's rotations if they commute with those, else into a new stage.
  static void place(std::vector<Rotation>& phases, std::vector<Stage>& stages) {
    const auto& rotations = stages.back().rotations;
    const auto passes = [&](const Rotation& phase) {
      return std::ranges::all_of(
          rotations, [&](const Rotation& rotation) { return statevector::commute(phase, rotation); });
    };
    const auto rest = std::stable_partition(phases.begin(), phases.end(), passes);
    stages.back().phases.insert(stages.back().phases.end(), phases.begin(), rest);
    if (rest != phases.end()) stages.push_back({{rest, phases.end()}, {}});
  }

  // Whether pairs (p, p ^ x) lie in one window; may add a direction to it.
  bool fits(Mask x, Window& window, int most, Span& inside, Span& used) const {
    if ((x & ~lanes_) == 0 || inside.reduce(x) == 0) return true;
    if (static_cast<int>(window.directions.size()) == most || !used.insert(x & ~lanes_)) return false;
    inside.insert(x);
    window.directions.push_back(x);
    return true;
  }

  // Directions that no rotation needs: the lowest bits, enumerated first, so that neighbouring lines are
  // visited together.
  void widen(Window& window, int most, Span& used) const {
    std::vector<Mask> low;
    for (int q = shape_.lane_bits; static_cast<int>(low.size() + window.directions.size()) < most; ++q) {
      if (used.insert(Mask{1} << q)) low.push_back(Mask{1} << q);
    }
    window.directions.insert(window.directions.begin(), low.begin(), low.end());
  }

  Shape shape_;
  Mask lanes_;
  std::vector<Rotation> pending_;  // from head_ on
  std::size_t head_ = 0, rotations_;
};

}  // namespace

Shape Shape::of(int qubits, int lane_bits, int states) {
  const int most = most_directions[0] + most_directions[1] - (states - 1);
  const int apart = qubits < fewest_shared_qubits ? 0 : tile_bits;
  const int all = std::clamp(qubits - lane_bits - apart, 0, most);
  const int second = std::min(most_directions[1], all / 2);
  return {qubits, lane_bits, {all - second, second}};
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
  Schedule result{Scheduler(std::move(gates), shape).take(), 0};
  for (const auto& sweep : result.sweeps) {
    for (const auto& window : sweep.windows) result.stages = std::max(result.stages, window.stages.size());
  }
  return result;
}

const Schedule& Schedules::of(const Shape& shape, bool backward,
                              const std::function<std::vector<Rotation>()>& make) {
  const std::scoped_lock lock(mutex_);
  for (const auto& known : known_) {
    if (known->shape == shape && known->backward == backward) return known->schedule;
  }
  known_.push_back(std::make_unique<Known>(Known{shape, backward, schedule(make(), shape)}));
  return known_.back()->schedule;
}

}  // namespace qupel::tiled
