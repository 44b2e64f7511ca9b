#include "qupel/engine/statevector/plan.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>

#include "qupel/engine/rotations/span.h"

namespace qupel::statevector {

using namespace rotations;  // NOLINT(google-build-using-namespace): the form that all engines share

namespace {

// Some of a second-level cache's size: what is kept beyond it takes longer to read again than to undo.
constexpr double most_checkpoint_bytes = 3 * 0x1p20;

// Adds the rotations of a layer that are wanted, in passes of at most `directions`. @param room how many the
// last pass still takes
template <class Wanted>
void add_rotations(const Layer& layer, int directions, int room, Wanted&& wanted, std::vector<Pass>& passes) {
  for (std::size_t k = 0; k < layer.rotations.size(); ++k) {
    const auto& rotation = layer.rotations[k];
    if (!wanted(layer.angles[k])) continue;
    if (room == 0 || !fits(passes.back(), rotation)) {
      passes.emplace_back();
      room = directions;
    }
    passes.back().add(rotation, layer.angles[k]);
    --room;
  }
}

// A layer's passes. @param fused whether the diagonal's pass takes rotations, too: one less than others, or,
// through the first-level cache, as many, if that saves a pass
std::vector<Pass> passes_of(const Layer& layer, int directions, bool fused) {
  const bool multiplies = layer.diagonal >= 0;
  std::vector<Pass> passes(multiplies ? 1 : 0);
  if (multiplies) passes.front().diagonal = layer.diagonal;
  const auto count = static_cast<int>(layer.rotations.size());
  const int room = count > 0 && count % directions == 0 ? directions : directions - 1;
  add_rotations(
      layer, directions, multiplies && fused ? room : 0, [](int) { return true; }, passes);
  return passes;
}

// How passes fit a machine: registers (16, or 32 of the widest vectors) hold one state or two, and so does
// the first-level cache a window with its tables.
struct Shape {
  std::size_t vector_bytes;
  int directions;     // of a pass
  int window_qubits;  // amplitudes of a window = 2^window_qubits

  Shape(std::size_t bytes, int states)
      : vector_bytes(bytes),
        directions(register_qubits(bytes) - (states - 1)),
        window_qubits(8 - (states - 1)) {}
};

class Planner {
 public:
  Planner(const Layers& layers, int qubits, bool forward)
      : layers_(layers), qubits_(qubits), forward_(forward) {}

  void add(std::vector<Pass> passes, const Shape& shape) {
    if (shape.window_qubits != shape_.window_qubits) close();
    shape_ = shape;
    for (auto& pass : passes) add(std::move(pass));
  }

  std::vector<Window> take() {
    close();
    return std::exchange(windows_, {});
  }

 private:
  void add(Pass pass) {
    Span wider = directions_;
    for (int j = 0; j < pass.rotations; ++j) wider.insert(pass.x[static_cast<std::size_t>(j)]);
    wider.insert(pass.side.x);
    const bool differentiates = !forward_ && pass.diagonal >= 0 && pass.rotations == 0;
    const bool second_table = differentiates && tabled_;
    const bool noisy = pass.diagonal >= 0 && layers_.diagonals[static_cast<std::size_t>(pass.diagonal)].noisy;
    const bool too_wide = wider.dimension() > static_cast<std::size_t>(shape_.window_qubits);
    if (!open_.empty() && (second_table || noisy || too_wide)) {
      close();
      return add(std::move(pass));
    }
    directions_ = wider;
    tabled_ |= differentiates;
    open_.push_back(std::move(pass));
  }

  void close() {
    if (open_.empty()) return;
    Span all = directions_;
    Window window;
    for (int q = 0; q < qubits_; ++q) {
      const bool inside = directions_.dimension() < static_cast<std::size_t>(shape_.window_qubits);
      if (!all.insert(Mask{1} << q)) continue;
      if (inside) {
        directions_.insert(Mask{1} << q);
      } else {
        window.steps.push_back(Mask{1} << q);
      }
    }
    for (auto& pass : open_) finish(pass);
    window.passes = std::move(open_);
    windows_.emplace_back(std::move(window));
    open_.clear();
    directions_ = {};
    tabled_ = false;
  }

  void finish(Pass& pass) const {
    const std::size_t amplitude = 2 * shape_.vector_bytes;
    if (pass.diagonal < 0) pass.steps.push_back(shape_.vector_bytes);
    for (const Mask b : tiles(pass, directions_.ascending())) pass.steps.push_back(b * amplitude);
    for (std::size_t j = 0; j < most_directions; ++j) pass.offset[j] = pass.x[j] * amplitude;
  }

  const Layers& layers_;
  int qubits_;
  bool forward_;
  Shape shape_{1, 1};
  std::vector<Window> windows_;
  std::vector<Pass> open_;
  Span directions_;
  bool tabled_ = false;  // Workspace::table holds products for a diagonal's derivatives
};

// A checkpoint's number by the layer that it comes before; -1: it is not kept.
struct Kept {
  int first;
  int number(std::size_t layer) const {
    return static_cast<int>(layer) < first ? -1 : static_cast<int>(layer) - first;
  }
};

// Adds the passes of a readout but the last, which is left in `reading`.
void add_readout(const Layer& layer, int diagonal, const Shape& shape, std::vector<Pass>& passes,
                 std::vector<Pass>& reading) {
  const auto count = static_cast<int>(layer.rotations.size());
  const int directions = shape.directions - (diagonal >= 0 ? 1 : 0);
  Pass first;
  // What is left over before can wait for it.
  if (!passes.empty() && diagonal >= 0 && passes.back().diagonal < 0 &&
      passes.back().rotations < directions && fits(passes.back(), layer.rotations[0])) {
    first = std::move(passes.back());
    passes.pop_back();
  }
  first.diagonal = diagonal;
  first.before = first.rotations;
  first.add(layer.rotations[0], layer.angles[0]);
  const Side side{layer.rotations[0].x, layer.rotations[0].z};
  // What full passes leave over is done by the first, if it can.
  const int left = (count - 1) % shape.directions;
  Layer others{-1,
               {layer.rotations.begin() + 1, layer.rotations.end()},
               {layer.angles.begin() + 1, layer.angles.end()}};
  if (count > shape.directions && left < directions && first.before == 0) {
    others = take_from(others, [&](const Rotation& rotation, int angle) {
      const bool takes = first.rotations <= left && fits(first, rotation);
      if (takes) first.add(rotation, angle);
      return takes;
    });
    first.apart = first.rotations - 1;
  }
  passes.push_back(std::move(first));
  const std::size_t end = passes.size();
  if (others.rotations.empty()) passes.emplace_back();
  add_rotations(
      others, shape.directions, 0, [](int) { return true; }, passes);
  for (std::size_t p = end; p < passes.size(); ++p) passes[p].side = side;
  reading.push_back(std::move(passes.back()));
  passes.pop_back();
}

// The layer with rotations that a pass can take beside `other` at its end.
Layer with_fitting_last(const Layer& layer, const Rotation& other) {
  Pass pass;
  pass.add(other, 0);
  Layer result{layer.diagonal, {}, {}};
  for (const bool fitting : {false, true}) {
    for (std::size_t k = 0; k < layer.rotations.size(); ++k) {
      if (fits(pass, layer.rotations[k]) != fitting) continue;
      result.rotations.push_back(layer.rotations[k]);
      result.angles.push_back(layer.angles[k]);
    }
  }
  return result;
}

struct ValuesPasses {
  Pass start;
  std::vector<Pass> passes, reading;
};

ValuesPasses values_passes(const Layers& layers, const Shape& shape, bool later) {
  auto rest = layers.layers;
  if (layers.readout) rest.back() = {rest.back().diagonal, {}, {}};
  ValuesPasses result{take_pass(layers, rest, shape.vector_bytes, later), {}, {}};
  const std::size_t full = rest.size() - (layers.readout ? 1 : 0);
  if (layers.readout && full > 0)
    rest[full - 1] = with_fitting_last(rest[full - 1], layers.readout->layer.rotations[0]);
  for (std::size_t k = 0; k < full; ++k)
    std::ranges::move(passes_of(rest[k], shape.directions, true), std::back_inserter(result.passes));
  if (layers.readout)
    add_readout(layers.readout->layer, rest.back().diagonal, shape, result.passes, result.reading);
  return result;
}

void plan_values(const Layers& layers, const Shape& shape, Plans& plans) {
  auto all = values_passes(layers, shape, true);
  if (auto other = values_passes(layers, shape, false); other.passes.size() <= all.passes.size())
    all = std::move(other);
  plans.values.start = make_start(layers, all.start, shape.vector_bytes);
  Planner planner(layers, layers.qubits, true);
  planner.add(std::move(all.passes), shape);
  plans.values.windows = planner.take();
  planner.add(std::move(all.reading), shape);
  for (auto& window : planner.take()) plans.reading = std::move(window);
}

Plans::Forward forward_plan(const Layers& layers, const Shape& shape, const Kept& kept) {
  Planner planner(layers, layers.qubits, true);
  for (std::size_t k = 0; k < layers.layers.size(); ++k) {
    auto passes = passes_of(layers.layers[k], shape.directions, true);
    passes.front().from = kept.number(k);
    passes.back().to = kept.number(k + 1);
    planner.add(std::move(passes), shape);
  }
  Pass first;
  first.to = kept.number(0);
  return {make_start(layers, first, shape.vector_bytes), planner.take()};
}

std::vector<Pass> derivatives_by_diagonal(const Layers& layers, int diagonal, int checkpoint) {
  if (diagonal < 0 || !layers.diagonals[static_cast<std::size_t>(diagonal)].trains) return {};
  std::vector<Pass> passes(1);
  passes.front().diagonal = diagonal;
  passes.front().from = checkpoint;
  return passes;
}

std::vector<Pass> derivatives_by_rotations(const Layers& layers, const Layer& layer, int directions,
                                           int checkpoint) {
  const auto trains = [&](int angle) {
    return layers.angles[static_cast<std::size_t>(angle)].angle.trains();
  };
  std::vector<Pass> passes;
  add_rotations(layer, directions, 0, trains, passes);
  for (auto& pass : passes) pass.from = checkpoint;
  return passes;
}

std::vector<Pass> undone_together(const Layer& layer, const Shape& two) {
  auto passes = passes_of(layer, two.directions, false);
  for (auto& pass : passes) pass.undoes_both = true;
  return passes;
}

Plans::Inside plan_inside(const Layers& layers, const Half& half, std::size_t vector_bytes) {
  const Shape one(vector_bytes, 1), two(vector_bytes, 2);
  Planner alike(layers, half.end - half.begin, true), forward(layers, half.qubits(), true),
      backward(layers, half.qubits(), false);
  for (std::size_t k = 0; k < half.layers.size(); ++k) {
    (k < half.alike ? alike : forward).add(passes_of(half.layers[k], one.directions, true), one);
    backward.add(undone_together(half.layers[k], two), two);
  }
  return {alike.take(), forward.take(), backward.take()};
}

std::vector<Window> backward_plan(const Layers& layers, std::size_t vector_bytes, const Kept& kept) {
  const Shape one(vector_bytes, 1), two(vector_bytes, 2);
  Planner planner(layers, layers.qubits, false);
  for (std::size_t k = 0; k < layers.layers.size(); ++k) {
    const auto& layer = layers.layers[k];
    if (kept.number(k) < 0) {
      planner.add(undone_together(layer, two), two);
    } else {
      planner.add(derivatives_by_diagonal(layers, layer.diagonal, kept.number(k)), one);
      planner.add(passes_of(layer, one.directions, true), one);
      planner.add(derivatives_by_rotations(layers, layer, one.directions, kept.number(k + 1)), one);
    }
  }
  return planner.take();
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
  return pass.side.z == 0 || odd(pass.side.z & part) ? part : part ^ pass.side.x;
}

std::vector<Mask> tiles(const Pass& pass, std::span<const Mask> directions) {
  Span result;
  const Mask first = first_tile(pass, 0);
  for (const Mask b : directions) result.insert(first_tile(pass, b) ^ first);
  return result.ascending();
}

Plans make_plans(const Layers& layers, std::size_t vector_bytes) {
  const double state = std::ldexp(2.0 * static_cast<double>(vector_bytes), layers.qubits);
  const std::size_t all = layers.layers.size() + 1;
  const auto fitting =
      static_cast<std::size_t>(std::min(most_checkpoint_bytes / state, static_cast<double>(all)));
  const std::size_t count = fitting < 2 ? 0 : fitting;  // the last alone is the state at the end
  const Kept kept{static_cast<int>(all - count)};
  const Shape one(vector_bytes, 1);
  Plans plans{plan_inside(layers, layers.low, vector_bytes),
              plan_inside(layers, layers.high, vector_bytes),
              {},
              {},
              forward_plan(layers, one, kept),
              backward_plan(layers, vector_bytes, kept),
              count,
              std::min(all - count, layers.layers.size())};
  plan_values(layers, one, plans);
  return plans;
}

}  // namespace qupel::statevector
