#include <algorithm>
#include <cmath>
#include <utility>

#include "qupel/engine/rotations/span.h"
#include "qupel/engine/statevector/plan.h"

namespace qupel::statevector {

using namespace rotations;  // NOLINT(google-build-using-namespace): the form that all engines share

namespace {

// Smaller states take no longer than two halves.
constexpr int fewest_qubits = 6;

// Builds one half, layer by layer.
class HalfBuilder {
 public:
  HalfBuilder(int begin, int end)
      : half_{begin, end, 0, {}}, inside_(((Mask{1} << (end - begin)) - 1) << begin) {}

  // Takes a rotation or phase if its x lies inside this half, the half then needs no more than two versions,
  // and no rotation of either half changes the parity that chooses the version of the other. Returns whether
  // it did.
  bool take(const Rotation& rotation, int angle, const HalfBuilder& other) {
    const Mask reach = rotation.z & ~inside_;
    if ((rotation.x & ~inside_) != 0 || (rotation.z & inside_) == 0) return false;
    if (reach_ != 0 && reach != 0 && reach != reach_) return false;
    const auto disturbs = [&](const Rotation& o) { return odd(reach & o.x) || odd(o.z & rotation.x); };
    if (std::ranges::any_of(other.taken_, disturbs)) return false;
    reach_ |= reach;
    taken_.push_back(rotation);
    add({number(rotation.x), number(rotation.z) | (reach != 0 ? version() : 0), {}}, angle);
    return true;
  }

  void end_layer(Layers& layers) {
    if (half_.layers.empty() && diagonal_.masks.empty()) divide_first();
    if (!diagonal_.masks.empty()) {
      layer_.diagonal = static_cast<int>(layers.diagonals.size());
      layers.diagonals.push_back(std::exchange(diagonal_, {}));
    }
    if (layer_.diagonal >= 0 || !layer_.rotations.empty()) half_.layers.push_back(std::exchange(layer_, {}));
  }

  Half finish(const HalfBuilder& other, Layers& layers) const {
    Half half = half_;
    half.other = other.number(reach_);
    for (const auto& layer : half.layers) {
      if (layer.diagonal >= 0)
        layers.diagonals[static_cast<std::size_t>(layer.diagonal)].qubits = half.qubits();
    }
    if (half.other != 0 && !half.layers.empty() && half.layers.front().diagonal < 0) {
      const auto differ = [&](const Rotation& rotation) { return differs(rotation); };
      half.alike = std::ranges::none_of(half.layers.front().rotations, differ) ? 1 : 0;
    }
    return half;
  }

 private:
  Mask number(Mask index) const { return (index & inside_) >> half_.begin; }
  Mask version() const { return Mask{1} << (half_.end - half_.begin); }
  bool differs(const Rotation& rotation) const { return (rotation.z & version()) != 0; }

  // Rotations that do the same to both versions become a layer of their own, before there are two versions.
  void divide_first() {
    Layer alike;
    layer_ = take_from(layer_, [&](const Rotation& rotation, int angle) {
      if (differs(rotation)) return false;
      alike.rotations.push_back(rotation);
      alike.angles.push_back(angle);
      return true;
    });
    if (!alike.rotations.empty()) half_.layers.push_back(std::move(alike));
  }

  void add(const Rotation& rotation, int angle) {
    if (rotation.x == 0) {
      diagonal_.masks.push_back(rotation.z);
      diagonal_.angles.push_back(angle);
    } else {
      layer_.rotations.push_back(rotation);
      layer_.angles.push_back(angle);
    }
  }

  Half half_;
  Mask inside_, reach_ = 0;
  std::vector<Rotation> taken_;  // in the coordinates of the whole state
  Layer layer_;
  Diagonal diagonal_;
};

struct Halves {
  HalfBuilder low, high;
  std::vector<Rotation> left{};  // rotations and phases that neither half could take

  // Gives a rotation to one of the halves if it commutes with all that were left. Returns whether one
  // took it.
  bool take(const Rotation& rotation, int angle) {
    const auto commutes = [&](const Rotation& other) { return commute(other, rotation); };
    if (std::ranges::all_of(left, commutes) &&
        (low.take(rotation, angle, high) || high.take(rotation, angle, low)))
      return true;
    left.push_back(rotation);
    return false;
  }

  // The phases of the diagonal that neither half can take.
  Diagonal take_from(const Diagonal& diagonal) {
    Diagonal rest;
    rest.qubits = diagonal.qubits;
    for (std::size_t k = 0; k < diagonal.masks.size(); ++k) {
      if (take({0, diagonal.masks[k], {}}, diagonal.angles[k])) continue;
      rest.masks.push_back(diagonal.masks[k]);
      rest.angles.push_back(diagonal.angles[k]);
    }
    return rest;
  }
};

// Gives what they can take of a layer to the halves, provided that this saves the layer's diagonal or some
// rotation. Otherwise the layer stays as it is. Returns whether the halves took something.
bool take_layer(std::size_t number, Layers& layers, Halves& halves) {
  auto& layer = layers.layers[number];
  Halves with = halves;
  Diagonal rest;
  const auto index = static_cast<std::size_t>(layer.diagonal);
  if (layer.diagonal >= 0) {
    if (layers.diagonals[index].noisy) return false;
    rest = with.take_from(layers.diagonals[index]);
  }
  auto left = take_from(layer, [&](const Rotation& r, int angle) { return with.take(r, angle); });
  const bool emptied = layer.diagonal >= 0 && rest.masks.empty();
  if (!emptied && left.rotations.size() == layer.rotations.size()) return false;
  if (layer.diagonal >= 0) layers.diagonals[index] = std::move(rest);
  if (emptied) left.diagonal = -1;
  layer = std::move(left);
  halves = std::move(with);
  halves.low.end_layer(layers);
  halves.high.end_layer(layers);
  return true;
}

Layers divided(Layers layers, int low_qubits) {
  Halves halves{{0, low_qubits}, {low_qubits, layers.qubits}};
  if (layers.qubits >= fewest_qubits) {
    for (std::size_t k = 0; k < layers.layers.size() && take_layer(k, layers, halves); ++k) {
    }
  }
  std::erase_if(layers.layers, [](const Layer& l) { return l.diagonal < 0 && l.rotations.empty(); });
  layers.low = halves.low.finish(halves.high, layers);
  layers.high = halves.high.finish(halves.low, layers);
  return layers;
}

// The cost of layers on so many qubits, in passes of four rotations: a pass takes about as long as two
// rotations.
double cost(const std::vector<Layer>& layers, int qubits) {
  double sum = 0;
  for (const auto& layer : layers) {
    const auto rotations = static_cast<double>(layer.rotations.size());
    sum += rotations + 2 * std::ceil(rotations / most_directions) + (layer.diagonal >= 0 ? 2 : 0);
  }
  return std::ldexp(sum, qubits);
}

double cost(const Layers& layers) {
  return cost(layers.layers, layers.qubits) + cost(layers.low.layers, layers.low.qubits()) +
         cost(layers.high.layers, layers.high.qubits());
}

StartPosition position_of(Mask index, const Layers& layers, std::size_t amplitude) {
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
  const int middle = layers.qubits / 2;
  Layers best = divided(layers, middle);
  if (layers.qubits < fewest_qubits) return best;
  for (const int low : {middle + 1, middle + 2}) {
    if (auto other = divided(layers, low); cost(other) < cost(best)) best = std::move(other);
  }
  return best;
}

Pass take_pass(std::vector<Layer>& rest, std::size_t vector_bytes) {
  Pass pass;
  const auto has_room = [&] { return pass.rotations + 1 < register_qubits(vector_bytes); };
  auto layer = rest.begin();
  if (layer != rest.end() && layer->diagonal < 0) {
    std::vector<Rotation> left;
    *layer = take_from(*layer, [&](const Rotation& rotation, int angle) {
      const auto commutes = [&](const Rotation& other) { return commute(other, rotation); };
      const bool takes = has_room() && fits(pass, rotation) && std::ranges::all_of(left, commutes);
      takes ? pass.add(rotation, angle) : left.push_back(rotation);
      return takes;
    });
    if (layer->rotations.empty()) ++layer;
  }
  if (layer == rest.end()) return pass;
  pass.diagonal = std::exchange(layer->diagonal, -1);
  return pass;
}

Start make_start(const Layers& layers, const Pass& pass, std::size_t vector_bytes) {
  const std::size_t amplitude = 2 * vector_bytes;
  Start start{pass, {}, {}};
  for (std::size_t j = 0; j < most_directions; ++j) {
    start.offsets[j] = position_of(pass.x[j], layers, amplitude);
    start.pass.offset[j] = start.offsets[j].state;
  }
  std::vector<Mask> all;
  for (int q = 0; q < layers.qubits; ++q) all.push_back(Mask{1} << q);
  for (const Mask tile : tiles(pass, all)) start.steps.push_back(position_of(tile, layers, amplitude));
  return start;
}

}  // namespace qupel::statevector
