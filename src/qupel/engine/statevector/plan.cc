#include "qupel/engine/statevector/plan.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "qupel/engine/statevector/span.h"

namespace qupel::statevector {
namespace {

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

bool fits(const Pass& pass, const Rotation& rotation) {
  for (std::size_t j = 0; j < static_cast<std::size_t>(pass.rotations); ++j) {
    if (odd(pass.z[j] & rotation.x) || odd(rotation.z & pass.x[j])) return false;
  }
  return true;
}

// A layer's passes of at most `directions` rotations; a fused diagonal takes the place of one.
std::vector<Pass> passes_of(const Layers::Layer& layer, int directions, bool fused) {
  std::vector<Pass> passes;
  if (layer.diagonal >= 0) passes.emplace_back().diagonal = layer.diagonal;
  for (std::size_t k = 0; k < layer.rotations.size(); ++k) {
    const auto& rotation = layer.rotations[k];
    const auto room = [&](const Pass& p) {
      const int taken = p.diagonal < 0 ? 0 : fused ? 1 : directions;
      return p.rotations + taken < directions && fits(p, rotation);
    };
    if (passes.empty() || !room(passes.back())) passes.emplace_back();
    auto& pass = passes.back();
    const auto at = static_cast<std::size_t>(pass.rotations++);
    pass.x[at] = rotation.x;
    pass.z[at] = rotation.z;
    pass.angle[at] = layer.angles[k];
  }
  return passes;
}

class Planner {
 public:
  Planner(const Layers& layers, const Shape& shape, bool forward)
      : layers_(layers), shape_(shape), forward_(forward) {
    for (const auto& layer : layers.layers) {
      for (auto& pass : passes_of(layer, shape.directions, forward)) add(std::move(pass));
    }
    close();
  }

  std::vector<Window> take() { return std::move(windows_); }

 private:
  void add(Pass pass) {
    Span wider = directions_;
    for (int j = 0; j < pass.rotations; ++j) wider.insert(pass.x[static_cast<std::size_t>(j)]);
    const bool second_diagonal = !forward_ && pass.diagonal >= 0 && diagonal_;
    const bool noisy = pass.diagonal >= 0 && layers_.diagonals[static_cast<std::size_t>(pass.diagonal)].noisy;
    const bool too_wide = wider.dimension() > static_cast<std::size_t>(shape_.window_qubits);
    if (!open_.empty() && (second_diagonal || noisy || too_wide)) {
      close();
      return add(std::move(pass));
    }
    directions_ = wider;
    diagonal_ |= pass.diagonal >= 0;
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
    diagonal_ = false;
  }

  void finish(Pass& pass) const {
    Span rest;
    for (Mask b : directions_.ascending()) {
      for (std::size_t j = 0; j < static_cast<std::size_t>(pass.rotations); ++j) {
        if (odd(pass.z[j] & b)) b ^= pass.x[j];
      }
      rest.insert(b);
    }
    const std::size_t amplitude = 2 * shape_.vector_bytes;
    if (pass.diagonal < 0) pass.steps.push_back(shape_.vector_bytes);
    for (const Mask b : rest.ascending()) pass.steps.push_back(b * amplitude);
    for (std::size_t j = 0; j < most_directions; ++j) pass.offset[j] = pass.x[j] * amplitude;
  }

  const Layers& layers_;
  Shape shape_;
  bool forward_;
  std::vector<Window> windows_;
  std::vector<Pass> open_;
  Span directions_;
  bool diagonal_ = false;
};

}  // namespace

Layers make_layers(const Lowered& lowered) { return LayerBuilder(lowered).take(); }

double multiply_adds(const Layers& layers) {
  double count = 0;
  for (const auto& layer : layers.layers)
    count += 2.0 * static_cast<double>(layer.rotations.size()) + (layer.diagonal >= 0 ? 4 : 0);
  return std::ldexp(count, layers.qubits);
}

std::vector<Window> forward_plan(const Layers& layers, const Shape& shape) {
  return Planner(layers, shape, true).take();
}

std::vector<Window> backward_plan(const Layers& layers, const Shape& shape) {
  return Planner(layers, shape, false).take();
}

}  // namespace qupel::statevector
