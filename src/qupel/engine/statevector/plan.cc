#include "qupel/engine/statevector/plan.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>

#include "qupel/engine/statevector/span.h"

namespace qupel::statevector {
namespace {

// Some of a second-level cache's size: what is kept beyond it takes longer to read again than to undo.
constexpr double most_checkpoint_bytes = 3 * 0x1p20;

class LayerBuilder {
 public:
  explicit LayerBuilder(const Lowered& lowered) : frames_(lowered.frames) {
    result_.qubits = lowered.qubits;
    result_.product.resize(static_cast<std::size_t>(lowered.qubits));
    for (const auto& gate : lowered.gates) add(gate);
    if (!pending_.empty()) flush();
    for (std::size_t d = 0; d < result_.diagonals.size(); ++d) finish(d);
  }

  Layers take() { return std::move(result_); }

 private:
  void add(const Rotation& rotation) {
    const Mask bits = rotation.x | rotation.z;
    if (std::has_single_bit(bits) && (entangled_ & bits) == 0) return add_product(rotation);
    entangled_ |= bits;
    rotation.x == 0 ? add_phase(rotation) : add_rotation(rotation);
  }

  int angle(const LinearAngle& angle, Role role) {
    const auto index = static_cast<int>(result_.angles.size());
    for (const auto& [slot, coefficient] : angle.terms) {
      if (slot.kind == Slot::Kind::parameter)
        result_.parameters.push_back(
            {result_.angles.size(), static_cast<std::size_t>(slot.index), coefficient});
    }
    result_.angles.push_back({angle, role});
    if (angle.varies() && (role == Role::product || role == Role::rotation)) result_.varying.push_back(index);
    return index;
  }

  void add_product(const Rotation& rotation) {
    const auto qubit = static_cast<std::size_t>(std::countr_zero(rotation.z));
    result_.product[qubit].push_back({rotation.x == 0, angle(rotation.angle, Role::product)});
  }

  // Joins the latest diagonal that it commutes back to, else waits for the gate that forces it.
  void add_phase(const Rotation& rotation) {
    for (auto layer = result_.layers.rbegin(); layer != result_.layers.rend(); ++layer) {
      const auto commutes = [&](const Rotation& other) { return commute(other, rotation); };
      if (!std::ranges::all_of(layer->rotations, commutes)) break;
      if (layer->diagonal >= 0) return append(layer->diagonal, rotation);
    }
    pending_.push_back(rotation);
  }

  void add_rotation(const Rotation& rotation) {
    make_way(rotation);
    const auto commutes = [&](const Rotation& other) { return commute(other, rotation); };
    if (!std::ranges::all_of(result_.layers.back().rotations, commutes)) result_.layers.emplace_back();
    result_.layers.back().rotations.push_back(rotation);
    result_.layers.back().angles.push_back(angle(rotation.angle, Role::rotation));
  }

  // Starts a layer if waiting phases do not commute with the rotation.
  void make_way(const Rotation& rotation) {
    if (!std::ranges::all_of(pending_, [&](const Rotation& phase) { return commute(phase, rotation); }))
      return flush();
    if (result_.layers.empty()) result_.layers.emplace_back();
  }

  void flush() {
    const auto index = static_cast<int>(result_.diagonals.size());
    result_.layers.emplace_back().diagonal = index;
    result_.diagonals.emplace_back();
    frames_of_.emplace_back();
    for (const auto& phase : pending_) append(index, phase);
    pending_.clear();
  }

  void append(int index, const Rotation& phase) {
    auto& diagonal = result_.diagonals[static_cast<std::size_t>(index)];
    auto& frames = frames_of_[static_cast<std::size_t>(index)];
    if (std::ranges::find(frames, phase.frame) == frames.end()) frames.push_back(phase.frame);
    diagonal.masks.push_back(phase.z);
    diagonal.angles.push_back(angle(phase.angle, Role::phase));
    diagonal.varies |= phase.angle.varies();
    diagonal.trains |= phase.angle.trains();
  }

  void finish(std::size_t index) {
    auto& diagonal = result_.diagonals[index];
    const auto equal = [&](const Diagonal& other) { return terms(other) == terms(diagonal); };
    const auto first = std::ranges::find_if(result_.diagonals, equal);
    diagonal.same_as = static_cast<int>(first - result_.diagonals.begin());
    diagonal.parities = ParityTree(diagonal.masks, result_.qubits);
    const auto columns = coordinates(diagonal, frames_of_[index]);
    std::vector<std::pair<Mask, LinearAngle>> exponents;
    for (std::size_t k = 0; k < diagonal.masks.size(); ++k) {
      exponents.emplace_back(along(diagonal.masks[k], columns), angle_of(diagonal, k).times(-0.5));
    }
    const std::size_t most_nodes = std::max<std::size_t>(256, (std::size_t{1} << result_.qubits) / 16);
    diagonal.phases = PhaseTree(exponents, result_.qubits, most_nodes);
    diagonal.walk = walk(columns);
  }

  // Of the frames that the terms come from, the one in which they have the fewest bits.
  std::vector<Mask> coordinates(const Diagonal& diagonal, const std::vector<int>& frames) const {
    std::vector<Mask> best;
    int fewest = std::numeric_limits<int>::max();
    for (const int f : frames) {
      std::vector<Mask> columns;
      for (int q = 0; q < result_.qubits; ++q)
        columns.push_back(frames_[static_cast<std::size_t>(f)].column(q));
      int bits = 0;
      for (const Mask mask : diagonal.masks) bits += std::popcount(along(mask, columns));
      if (bits < fewest) {
        fewest = bits;
        best = columns;
      }
    }
    return best;
  }

  const LinearAngle& angle_of(const Diagonal& diagonal, std::size_t k) const {
    return result_.angles[static_cast<std::size_t>(diagonal.angles[k])].angle;
  }

  std::vector<std::pair<Mask, LinearAngle>> terms(const Diagonal& diagonal) const {
    std::vector<std::pair<Mask, LinearAngle>> result;
    for (std::size_t k = 0; k < diagonal.masks.size(); ++k) {
      result.emplace_back(diagonal.masks[k], angle_of(diagonal, k));
    }
    std::ranges::sort(result, {}, &std::pair<Mask, LinearAngle>::first);
    return result;
  }

  const std::vector<Frame>& frames_;
  Layers result_;
  std::vector<std::vector<int>> frames_of_;  // by diagonal
  Mask entangled_ = 0;
  std::vector<Rotation> pending_;
};

// Adds the rotations of a layer that are wanted, in passes of at most `directions`. @param room how many the
// last pass still takes
template <class Wanted>
void add_rotations(const Layers::Layer& layer, int directions, int room, Wanted&& wanted,
                   std::vector<Pass>& passes) {
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

// A layer's passes. @param fused whether the diagonal's pass takes rotations, too
std::vector<Pass> passes_of(const Layers::Layer& layer, int directions, bool fused) {
  const bool multiplies = layer.diagonal >= 0;
  std::vector<Pass> passes(multiplies ? 1 : 0);
  if (multiplies) passes.front().diagonal = layer.diagonal;
  add_rotations(
      layer, directions, multiplies && fused ? directions - 1 : 0, [](int) { return true; }, passes);
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
  Planner(const Layers& layers, bool forward) : layers_(layers), forward_(forward) {}

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
    for (int q = 0; q < layers_.qubits; ++q) {
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

Plans::Forward values_plan(const Layers& layers, const Shape& shape) {
  auto rest = layers.layers;
  const auto first = take_pass(rest, shape.vector_bytes);
  std::vector<Pass> passes;
  for (const auto& layer : rest)
    std::ranges::move(passes_of(layer, shape.directions, true), std::back_inserter(passes));
  std::vector<Pass> last;
  if (!passes.empty() && passes.back().rotations > 0) {
    last.push_back(std::move(passes.back()));
    passes.pop_back();
  }
  Plans::Forward plan{make_start(layers, first, shape.vector_bytes), {}};
  Planner planner(layers, true);
  planner.add(std::move(passes), shape);
  plan.windows = planner.take();
  planner.add(std::move(last), shape);
  for (auto& window : planner.take()) plan.last = std::move(window);
  return plan;
}

Plans::Forward forward_plan(const Layers& layers, const Shape& shape, const Kept& kept) {
  Planner planner(layers, true);
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

std::vector<Pass> derivatives_by_rotations(const Layers& layers, const Layers::Layer& layer, int directions,
                                           int checkpoint) {
  const auto trains = [&](int angle) {
    return layers.angles[static_cast<std::size_t>(angle)].angle.trains();
  };
  std::vector<Pass> passes;
  add_rotations(layer, directions, 0, trains, passes);
  for (auto& pass : passes) pass.from = checkpoint;
  return passes;
}

std::vector<Window> backward_plan(const Layers& layers, std::size_t vector_bytes, const Kept& kept) {
  const Shape one(vector_bytes, 1), two(vector_bytes, 2);
  Planner planner(layers, false);
  for (std::size_t k = 0; k < layers.layers.size(); ++k) {
    const auto& layer = layers.layers[k];
    if (kept.number(k) < 0) {
      auto passes = passes_of(layer, two.directions, false);
      for (auto& pass : passes) pass.undoes_both = true;
      planner.add(std::move(passes), two);
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

std::vector<Mask> tiles(const Pass& pass, std::span<const Mask> directions) {
  Span result;
  for (Mask b : directions) {
    for (std::size_t j = 0; j < static_cast<std::size_t>(pass.rotations); ++j) {
      if (odd(pass.z[j] & b)) b ^= pass.x[j];
    }
    result.insert(b);
  }
  return result.ascending();
}

Layers make_layers(const Lowered& lowered) { return LayerBuilder(lowered).take(); }

double multiply_adds(const Layers& layers) {
  double count = 0;
  for (const auto& layer : layers.layers)
    count += 2.0 * static_cast<double>(layer.rotations.size()) + (layer.diagonal >= 0 ? 4 : 0);
  return std::ldexp(count, layers.qubits);
}

Plans make_plans(const Layers& layers, std::size_t vector_bytes) {
  const double state = std::ldexp(2.0 * static_cast<double>(vector_bytes), layers.qubits);
  const std::size_t all = layers.layers.size() + 1;
  const auto fitting =
      static_cast<std::size_t>(std::min(most_checkpoint_bytes / state, static_cast<double>(all)));
  const std::size_t count = fitting < 2 ? 0 : fitting;  // the last alone is the state at the end
  const Kept kept{static_cast<int>(all - count)};
  const Shape one(vector_bytes, 1);
  return {values_plan(layers, one), forward_plan(layers, one, kept),
          backward_plan(layers, vector_bytes, kept), count, std::min(all - count, layers.layers.size())};
}

}  // namespace qupel::statevector
