#pragma once
#include <algorithm>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "qupel/base/pool.h"
#include "qupel/engine/tiled/kernels.h"

namespace qupel::tiled {

/// What a run of one schedule needs beside the state, kept from run to run: the plans of its sweeps, and for
/// each thread the memory of a tile.
template <class T>
class Runner {
 public:
  Runner(Schedule schedule, const Shape& shape, Purpose purpose)
      : schedule_(std::move(schedule)), shape_(shape), purpose_(purpose), plans_(schedule_.sweeps.size()) {
    Shape largest = shape_;
    std::size_t stages = schedule_.stages;
    if (!schedule_.halves.empty()) {
      for (const auto& half : schedule_.halves.parts) {
        const auto small = Shape::of(half.qubits(), shape_.lane_bits);
        halves_.push_back(std::make_unique<Runner>(tiled::schedule(half.rotations, small), small, purpose_));
        largest.tile = std::max(largest.tile, small.tile);
        largest.window = std::max(largest.window, small.window);
        stages = std::max(stages, halves_.back()->schedule_.stages);
      }
    }
    const std::size_t states = purpose_ == Purpose::undo ? 2 : 1;
    workspaces_ = std::make_shared<Workspaces>(
        [=] { return std::make_unique<TileWorkspace<T>>(largest, stages, states); });
    for (const auto& half : halves_) half->workspaces_ = workspaces_;
  }
  Runner(const Runner&) = delete;

  int qubits() const { return shape_.qubits; }
  const Halves& halves() const { return schedule_.halves; }
  /// The runner of one half.
  Runner& half(std::size_t k) { return *halves_[k]; }

  /// Calls visit(sweep, plan, workspaces) for the schedule's sweeps, in order. @param angles
  /// by Rotation::angle_index
  /// @param scale is asked before each sweep for the factor that makes the amplitudes in memory the true ones
  template <class Visit, class Scale>
  void for_each_sweep(std::span<const double> angles, Visit&& visit, Scale&& scale) {
    for (std::size_t k = 0; k < plans_.size(); ++k) {
      const auto& sweep = schedule_.sweeps[k];
      auto& known = plans_[k];
      if (!known) known = plan(sweep, shape_, sizeof(T), purpose_);
      bind(*known, angles, scale());
      visit(sweep, *known, *workspaces_);
    }
  }

 private:
  using Workspaces = Pool<TileWorkspace<T>>;

  Schedule schedule_;
  Shape shape_;
  Purpose purpose_;
  std::vector<std::optional<SweepPlan>> plans_;
  std::vector<std::unique_ptr<Runner>> halves_;
  std::shared_ptr<Workspaces> workspaces_;  ///< shared with the runners of the halves
};

/// The runners of one program, made when they are first needed. Each is lent to one run at a time.
class Runners {
 public:
  /// Calls use(Runner<T>&). @param rotations makes the list of rotations of the schedule, in the order in
  /// which they are to be applied or undone
  template <class T, class Use>
  void lend(const Shape& shape, Purpose purpose, const std::function<std::vector<Rotation>()>& rotations,
            Use&& use) {
    known(shape, purpose, rotations).template runners<T>().lend(use);
  }

 private:
  struct Known {
    Known(const Shape& shape, Purpose purpose, const std::vector<Rotation>& rotations);
    template <class T>
    Pool<Runner<T>>& runners() {
      return std::get<Pool<Runner<T>>>(pools);
    }
    Shape shape;
    Purpose purpose;
    Schedule schedule;
    std::tuple<Pool<Runner<float>>, Pool<Runner<double>>> pools;
  };
  Known& known(const Shape& shape, Purpose purpose, const std::function<std::vector<Rotation>()>& rotations);

  std::mutex mutex_;
  std::vector<std::unique_ptr<Known>> known_;
};

}  // namespace qupel::tiled
