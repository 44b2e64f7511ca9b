#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "qupel/engine/rotations/span.h"
#include "qupel/engine/statevector/plan.h"

namespace qupel::statevector {

using namespace rotations;  // NOLINT(google-build-using-namespace): the form that all engines share

namespace {

class LayerBuilder {
 public:
  explicit LayerBuilder(const rotations::RotationProgram& program) : frames_(program.frames) {
    result_.qubits = program.qubits;
    result_.product.resize(static_cast<std::size_t>(program.qubits));
    for (const auto& rotation : program.rotations) add(rotation);
    if (!pending_.empty()) flush();
  }

  Layers take() {
    result_ = with_halves(std::move(result_));
    frames_of_.resize(result_.diagonals.size());
    drop_unused_diagonals();
    for (std::size_t d = 0; d < result_.diagonals.size(); ++d) finish(d);
    return std::move(result_);
  }

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
    result_.diagonals.emplace_back().qubits = result_.qubits;
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
  }

  void drop_unused_diagonals() {
    std::vector<Diagonal> diagonals;
    std::vector<std::vector<int>> frames_of;
    for (auto* layers : {&result_.low.layers, &result_.high.layers, &result_.layers}) {
      for (auto& layer : *layers) {
        if (layer.diagonal < 0) continue;
        const auto index = static_cast<std::size_t>(layer.diagonal);
        layer.diagonal = static_cast<int>(diagonals.size());
        diagonals.push_back(std::move(result_.diagonals[index]));
        frames_of.push_back(std::move(frames_of_[index]));
      }
    }
    result_.diagonals = std::move(diagonals);
    frames_of_ = std::move(frames_of);
  }

  void finish(std::size_t index) {
    auto& diagonal = result_.diagonals[index];
    for (std::size_t k = 0; k < diagonal.masks.size(); ++k) {
      diagonal.varies |= angle_of(diagonal, k).varies();
      diagonal.trains |= angle_of(diagonal, k).trains();
    }
    diagonal.same_as = first_equal(index);
    diagonal.parities = ParityTree(diagonal.masks, diagonal.qubits);
    const auto columns = coordinates(diagonal, frames_of_[index]);
    std::vector<std::pair<Mask, LinearAngle>> exponents;
    for (std::size_t k = 0; k < diagonal.masks.size(); ++k) {
      exponents.emplace_back(along(diagonal.masks[k], columns), angle_of(diagonal, k).times(-0.5));
    }
    const std::size_t most_nodes = std::max<std::size_t>(256, (std::size_t{1} << diagonal.qubits) / 16);
    diagonal.phases = PhaseTree(exponents, diagonal.qubits, most_nodes);
    diagonal.walk = walk(columns);
  }

  // The first diagonal up to this one with the same terms. Those that may be equal share a key, so that time
  // goes with the number of diagonals.
  int first_equal(std::size_t index) {
    const auto& diagonal = result_.diagonals[index];
    auto& alike = finished_[key_of_terms(diagonal)];
    for (const int other : alike) {
      const auto& earlier = result_.diagonals[static_cast<std::size_t>(other)];
      if (earlier.qubits == diagonal.qubits && terms(earlier) == terms(diagonal)) return other;
    }
    alike.push_back(static_cast<int>(index));
    return alike.back();
  }

  std::pair<Mask, double> key_of_terms(const Diagonal& diagonal) const {
    std::pair<Mask, double> key{static_cast<Mask>(diagonal.masks.size()), 0};
    for (std::size_t k = 0; k < diagonal.masks.size(); ++k) {
      key.first ^= diagonal.masks[k] * 0x9e3779b97f4a7c15;
      key.second = std::max(key.second, angle_of(diagonal, k).constant);
    }
    return key;
  }

  // Of the frames that the terms come from, the one in which they have the fewest bits.
  std::vector<Mask> coordinates(const Diagonal& diagonal, const std::vector<int>& frames) const {
    std::vector<Mask> best;
    for (int q = 0; q < diagonal.qubits; ++q) best.push_back(Mask{1} << q);
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
  std::vector<std::vector<int>> frames_of_;                       // by diagonal
  std::map<std::pair<Mask, double>, std::vector<int>> finished_;  // diagonals by key_of_terms()
  Mask entangled_ = 0;
  std::vector<Rotation> pending_;
};

}  // namespace

Layers make_layers(const rotations::RotationProgram& program) { return LayerBuilder(program).take(); }

double multiply_adds(const Layers& layers) {
  double count = 0;
  for (const auto& layer : layers.layers)
    count += 2.0 * static_cast<double>(layer.rotations.size()) + (layer.diagonal >= 0 ? 4 : 0);
  return std::ldexp(count, layers.qubits);
}

}  // namespace qupel::statevector
