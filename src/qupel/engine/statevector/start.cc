#include <algorithm>
#include <utility>

#include "qupel/engine/statevector/plan.h"
#include "qupel/engine/statevector/span.h"

namespace qupel::statevector {
namespace {

// One half of the stored qubits, and the rotations that turn it.
class HalfBuilder {
 public:
  HalfBuilder(int from, int to)
      : from_(from), qubits_(to - from), inside_(((Mask{1} << qubits_) - 1) << from) {}

  // Takes a rotation if it moves indices inside this half only, the half then has two versions at most, and
  // neither half's rotations change which version the other's indices go with.
  bool take(const Rotation& rotation, int angle, const HalfBuilder& other) {
    const Mask reach = rotation.z & ~inside_;
    if ((rotation.x & ~inside_) != 0 || (reach_ != 0 && reach != 0 && reach != reach_)) return false;
    const auto disturbs = [&](const Rotation& o) { return odd(reach & o.x) || odd(o.z & rotation.x); };
    if (std::ranges::any_of(other.taken_, disturbs)) return false;
    reach_ |= reach;
    taken_.push_back(rotation);
    angles_.push_back(angle);
    return true;
  }

  Start::Half finish(const HalfBuilder& other) const {
    Start::Half half{other.number(reach_), {}};
    for (std::size_t k = 0; k < taken_.size(); ++k) {
      const auto& rotation = taken_[k];
      half.turns.push_back(
          {number(rotation.x), number(rotation.z), angles_[k], (rotation.z & ~inside_) != 0});
    }
    return half;
  }

  // The index in this half's table of both versions that belongs to a stored index.
  Mask source(Mask index) const { return number(index) | Mask{odd(reach_ & index)} << qubits_; }

 private:
  Mask number(Mask index) const { return (index & inside_) >> from_; }

  int from_, qubits_;
  Mask inside_, reach_ = 0;  // reach_: the parity in the other half that tells versions apart
  std::vector<Rotation> taken_;
  std::vector<int> angles_;
};

// Gives those of a layer's rotations away that take(rotation, angle) takes.
template <class Take>
void give(Layers::Layer& layer, Take&& take) {
  Layers::Layer left{layer.diagonal, {}, {}};
  for (std::size_t k = 0; k < layer.rotations.size(); ++k) {
    if (take(layer.rotations[k], layer.angles[k])) continue;
    left.rotations.push_back(layer.rotations[k]);
    left.angles.push_back(layer.angles[k]);
  }
  layer = std::move(left);
}

}  // namespace

Start take_start(std::vector<Layers::Layer>& layers, int qubits, std::size_t vector_bytes) {
  const int middle = low_qubits(qubits);
  HalfBuilder low(0, middle), high(middle, qubits);
  Pass pass;
  auto layer = layers.begin();
  if (layer != layers.end() && layer->diagonal < 0) {
    give(*layer, [&](const Rotation& rotation, int angle) {
      return low.take(rotation, angle, high) || high.take(rotation, angle, low);
    });
    give(*layer, [&](const Rotation& rotation, int angle) {
      return pass.rotations + 1 < register_qubits(vector_bytes) && fits(pass, rotation) &&
             (pass.add(rotation, angle), true);
    });
    if (layer->rotations.empty()) ++layer;
  }
  if (layer != layers.end()) pass.diagonal = std::exchange(layer->diagonal, -1);
  const std::size_t amplitude = 2 * vector_bytes;
  const auto place = [&](Mask index) {
    return Place{index * amplitude, static_cast<std::uint32_t>(low.source(index) * amplitude),
                 static_cast<std::uint32_t>(high.source(index) * amplitude)};
  };
  Start start{low.finish(high), high.finish(low), pass, {}, {}};
  std::vector<Mask> all;
  for (int q = 0; q < qubits; ++q) all.push_back(Mask{1} << q);
  for (const Mask tile : tiles(pass, all)) start.steps.push_back(place(tile));
  for (std::size_t j = 0; j < most_directions; ++j) {
    start.offsets[j] = place(pass.x[j]);
    start.pass.offset[j] = start.offsets[j].state;
  }
  return start;
}

}  // namespace qupel::statevector
