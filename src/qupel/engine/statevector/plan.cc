#include "qupel/engine/statevector/plan.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "qupel/engine/rotations/directions.h"
#include "qupel/engine/rotations/span.h"

namespace qupel::statevector {

using namespace rotations;  // NOLINT(google-build-using-namespace): the form that all engines share

namespace {

// Adds the rotations of a layer, in passes of at most `directions`. @param room how many the last pass
// still takes
void add_rotations(const Layer& layer, int directions, int room, std::vector<Pass>& passes) {
  for (std::size_t k = 0; k < layer.rotations.size(); ++k) {
    const auto& rotation = layer.rotations[k];
    if (room == 0 || !fits(passes.back(), rotation)) {
      passes.emplace_back();
      room = directions;
    }
    passes.back().add(rotation, layer.angles[k]);
    --room;
  }
}

// A layer's passes. @param fused whether the diagonal's pass takes rotations, too: one less than others
std::vector<Pass> passes_of(const Layer& layer, int directions, bool fused) {
  const bool multiplies = layer.diagonal >= 0;
  std::vector<Pass> passes(multiplies ? 1 : 0);
  if (multiplies) passes.front().diagonal = layer.diagonal;
  add_rotations(layer, directions, multiplies && fused ? directions - 1 : 0, passes);
  return passes;
}

// The sizes that fit a machine. Registers (16, or 32 of the widest vectors) hold the vectors of one state or
// of two, and the first-level cache a window's part of them with its tables.
struct Shape {
  std::size_t vector_bytes;
  int directions;             // the most rotations of a pass
  std::size_t window_qubits;  // a window's part of a state has 2^window_qubits amplitudes

  // @param states 1; or 2 for a state and its adjoint, which are undone together
  Shape(std::size_t bytes, int states)
      : vector_bytes(bytes),
        directions(register_qubits(bytes) - (states - 1)),
        window_qubits(states == 1 ? 8 : 7) {}
};

// Puts passes, in order, into windows.
class Planner {
 public:
  // @param forward whether diagonals are applied, not differentiated
  Planner(const Layers& layers, int qubits, const Shape& shape, bool forward)
      : layers_(layers),
        bits_(unit_masks(0, qubits)),
        shape_(shape),
        forward_(forward),
        directions_(shape.window_qubits) {}

  void add(std::vector<Pass> passes) {
    for (auto& pass : passes) add(std::move(pass));
  }

  std::vector<PassGroup> take() {
    if (!open_.empty()) close();
    return std::exchange(windows_, {});
  }

 private:
  void add(Pass pass) {
    auto wider = directions_;
    bool fits = true;
    for (int j = 0; j < pass.rotations; ++j) fits &= wider.join(pass.x[static_cast<std::size_t>(j)]);
    const bool differentiates = !forward_ && pass.diagonal >= 0 && pass.rotations == 0;
    const bool second_table = differentiates && tabled_;
    const bool noisy = pass.diagonal >= 0 && layers_.diagonals[static_cast<std::size_t>(pass.diagonal)].noisy;
    if (!open_.empty() && (second_table || noisy || !fits)) {
      close();
      return add(std::move(pass));
    }
    directions_ = std::move(wider);
    tabled_ |= differentiates;
    open_.push_back(std::move(pass));
  }

  void close() {
    directions_.fill(bits_);
    PassGroup window;
    Span all = directions_.span();
    for (const Mask bit : bits_) {
      if (all.insert(bit)) window.steps.push_back(bit);
    }
    for (auto& pass : open_) finish(pass);
    window.passes = std::exchange(open_, {});
    windows_.push_back(std::move(window));
    directions_ = Directions(shape_.window_qubits);
    tabled_ = false;
  }

  void finish(Pass& pass) const {
    const std::size_t amplitude = 2 * shape_.vector_bytes;
    if (pass.diagonal < 0) pass.steps.push_back(shape_.vector_bytes);
    for (const Mask b : tiles(pass, directions_.span().ascending())) pass.steps.push_back(b * amplitude);
    for (std::size_t j = 0; j < most_directions; ++j) pass.offset[j] = pass.x[j] * amplitude;
  }

  const Layers& layers_;
  std::vector<Mask> bits_;
  Shape shape_;
  bool forward_;
  std::vector<PassGroup> windows_;
  std::vector<Pass> open_;  // of the window that is being filled
  Directions directions_;   // of that window
  bool tabled_ = false;  // one of its passes leaves products for a diagonal's derivatives in Workspace::table
};

Plans::Forward values_plan(const Layers& layers, const Shape& shape) {
  auto rest = layers.layers;
  const Pass first = take_pass(rest, shape.vector_bytes);
  Planner planner(layers, layers.qubits, shape, true);
  for (const auto& layer : rest) planner.add(passes_of(layer, shape.directions, true));
  return {make_start(layers, first, shape.vector_bytes), planner.take()};
}

// From the bare product of the halves on, where the backward run ends.
Plans::Forward forward_plan(const Layers& layers, const Shape& shape) {
  Planner planner(layers, layers.qubits, shape, true);
  for (const auto& layer : layers.layers) planner.add(passes_of(layer, shape.directions, true));
  return {make_start(layers, {}, shape.vector_bytes), planner.take()};
}

std::vector<PassGroup> backward_plan(const Layers& layers, std::span<const Layer> undone, int qubits,
                                     const Shape& shape) {
  Planner planner(layers, qubits, shape, false);
  for (const auto& layer : undone) planner.add(passes_of(layer, shape.directions, false));
  return planner.take();
}

Plans::HalfPlan plan_half(const Layers& layers, const Half& half, const Shape& one, const Shape& two) {
  Planner alike(layers, half.end - half.begin, one, true), forward(layers, half.qubits(), one, true);
  for (std::size_t k = 0; k < half.layers.size(); ++k)
    (k < half.alike ? alike : forward).add(passes_of(half.layers[k], one.directions, true));
  return {alike.take(), forward.take(), backward_plan(layers, half.layers, half.qubits(), two)};
}

}  // namespace

bool fits(const Pass& pass, const Rotation& rotation) {
  for (std::size_t j = 0; j < static_cast<std::size_t>(pass.rotations); ++j) {
    if (odd(pass.z[j] & rotation.x) || odd(rotation.z & pass.x[j])) return false;
  }
  return true;
}

Mask first_tile(const Pass& pass, Mask part) {
  for (std::size_t j = 0; j < static_cast<std::size_t>(pass.rotations); ++j) {
    if (odd(pass.z[j] & part)) part ^= pass.x[j];
  }
  return part;
}

std::vector<Mask> tiles(const Pass& pass, std::span<const Mask> directions) {
  Span result;
  const Mask first = first_tile(pass, 0);
  for (const Mask b : directions) result.insert(first_tile(pass, b) ^ first);
  return result.ascending();
}

Plans make_plans(const Layers& layers, std::size_t vector_bytes) {
  const Shape one(vector_bytes, 1), two(vector_bytes, 2);
  return {plan_half(layers, layers.low, one, two), plan_half(layers, layers.high, one, two),
          values_plan(layers, one), forward_plan(layers, one),
          backward_plan(layers, layers.layers, layers.qubits, two)};
}

}  // namespace qupel::statevector
