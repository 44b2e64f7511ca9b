#include <algorithm>
#include <utility>

#include "qupel/engine/statevector/plan.h"
#include "qupel/engine/statevector/span.h"

namespace qupel::statevector {
namespace {

// Smaller states take no longer than their halves.
constexpr int fewest_qubits = 6;

class HalfBuilder {
 public:
  HalfBuilder(int begin, int end)
      : half_{begin, end, 0, {}}, inside_(((Mask{1} << (end - begin)) - 1) << begin) {}

  // Takes a rotation if it moves indices inside this half only, the half then has two versions at most, and
  // neither half's rotations change with which version the other's indices go.
  bool take(const Rotation& rotation, int angle, const HalfBuilder& other) {
    const Mask reach = rotation.z & ~inside_;
    if ((rotation.x & ~inside_) != 0 || (reach_ != 0 && reach != 0 && reach != reach_)) return false;
    const auto disturbs = [&](const Rotation& o) { return odd(reach & o.x) || odd(o.z & rotation.x); };
    if (std::ranges::any_of(other.taken_, disturbs)) return false;
    reach_ |= reach;
    taken_.push_back(rotation);
    half_.turns.push_back({number(rotation.x), number(rotation.z), angle, reach != 0});
    return true;
  }

  Half finish(const HalfBuilder& other) const {
    Half half = half_;
    half.other = other.number(reach_);
    return half;
  }

 private:
  Mask number(Mask index) const { return (index & inside_) >> half_.begin; }

  Half half_;
  Mask inside_, reach_ = 0;
  std::vector<Rotation> taken_;
};

// Takes those of a layer's rotations away that take(rotation, angle) wants and that can come first.
template <class Take>
void take_from(Layers::Layer& layer, Take&& take) {
  Layers::Layer left{layer.diagonal, {}, {}};
  for (std::size_t k = 0; k < layer.rotations.size(); ++k) {
    const auto commutes = [&](const Rotation& other) { return commute(other, layer.rotations[k]); };
    if (std::ranges::all_of(left.rotations, commutes) && take(layer.rotations[k], layer.angles[k])) continue;
    left.rotations.push_back(layer.rotations[k]);
    left.angles.push_back(layer.angles[k]);
  }
  layer = std::move(left);
}

Place place_of(Mask index, const Layers& layers, std::size_t amplitude) {
  const auto &low = layers.low, &high = layers.high;
  const Mask low_index = index & ((Mask{1} << low.end) - 1), high_index = index >> high.begin;
  const auto source = [&](const Half& half, Mask own, Mask other) {
    const Mask version = odd(half.other & other) ? 1 : 0;
    return static_cast<std::uint32_t>((own | version << (half.end - half.begin)) * amplitude);
  };
  return {index * amplitude, source(low, low_index, high_index), source(high, high_index, low_index)};
}

}  // namespace

Layers with_halves(Layers layers) {
  const int middle = low_qubits(layers.qubits);
  HalfBuilder low(0, middle), high(middle, layers.qubits);
  if (auto layer = layers.layers.begin();
      layer != layers.layers.end() && layer->diagonal < 0 && layers.qubits >= fewest_qubits) {
    take_from(*layer, [&](const Rotation& rotation, int angle) {
      return low.take(rotation, angle, high) || high.take(rotation, angle, low);
    });
    if (layer->rotations.empty()) layers.layers.erase(layer);
  }
  layers.low = low.finish(high);
  layers.high = high.finish(low);
  return layers;
}

Pass take_pass(std::vector<Layers::Layer>& layers, std::size_t vector_bytes) {
  Pass pass;
  auto layer = layers.begin();
  if (layer != layers.end() && layer->diagonal < 0) {
    take_from(*layer, [&](const Rotation& rotation, int angle) {
      const bool takes = pass.rotations + 1 < register_qubits(vector_bytes) && fits(pass, rotation);
      if (takes) pass.add(rotation, angle);
      return takes;
    });
    if (layer->rotations.empty()) ++layer;
  }
  if (layer != layers.end()) pass.diagonal = std::exchange(layer->diagonal, -1);
  return pass;
}

Start make_start(const Layers& layers, const Pass& pass, std::size_t vector_bytes) {
  const std::size_t amplitude = 2 * vector_bytes;
  Start start{pass, {}, {}};
  for (std::size_t j = 0; j < most_directions; ++j) {
    start.offsets[j] = place_of(pass.x[j], layers, amplitude);
    start.pass.offset[j] = start.offsets[j].state;
  }
  std::vector<Mask> all;
  for (int q = 0; q < layers.qubits; ++q) all.push_back(Mask{1} << q);
  for (const Mask tile : tiles(pass, all)) start.steps.push_back(place_of(tile, layers, amplitude));
  return start;
}

}  // namespace qupel::statevector
