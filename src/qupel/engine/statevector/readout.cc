#include <algorithm>
#include <numbers>
#include <utility>

#include "qupel/engine/statevector/plan.h"

// Let the last layer R turn the parity O: each of its rotations R_j = exp(angle_j/2 G_j) anticommutes with O,
// so R^T O R = O R_1^2 R_2^2 ... Turned by pi/2 more, the first leaves M = -O G_1 in place of O R_1^2 between
// itself and its transpose. M leads from even to odd parity of z_1, which no other rotation changes, and
// back: with phi the state after the turned first, its even and odd parts E and D,
//
//   <O> = <phi| M R_2^2 R_3^2 ... |phi> = 2 Re <E| M R_2^2 R_3^2 ... |D>.
//
// So the others turn half of the state only, and nothing is written after them.
namespace qupel::statevector {

using namespace rotations;  // NOLINT(google-build-using-namespace): the form that all engines share

namespace {

bool one_each(const Rotation& a, const Rotation& b) { return !odd(a.z & b.x) && !odd(b.z & a.x); }

// The number of a rotation whose z no other of the layer changes, and the other way round, or that of all;
// of several, one that shares passes with most of the layer before.
std::size_t find_first(const Layer& layer, const Layer* before) {
  std::size_t best = layer.rotations.size();
  std::ptrdiff_t most = -1;
  for (std::size_t k = 0; k < layer.rotations.size(); ++k) {
    const auto& first = layer.rotations[k];
    const auto fits = [&](const Rotation& r) { return &r == &first || one_each(r, first); };
    if (!std::ranges::all_of(layer.rotations, fits)) continue;
    const auto shares = before == nullptr ? 0 : std::ranges::count_if(before->rotations, fits);
    if (shares <= most) continue;
    most = shares;
    best = k;
  }
  return best;
}

}  // namespace

Layers with_readout(Layers layers, std::span<const Measurement> measurements) {
  if (!is_one_parity(measurements) || layers.layers.empty()) return layers;
  Readout readout{layers.layers.back(), measurements.front().masks.front()};
  auto& rotations = readout.layer.rotations;
  const auto turns = [&](const Rotation& r) { return odd(readout.mask & r.x) && !r.angle.varies(); };
  const std::size_t count = layers.layers.size();
  const std::size_t first = find_first(readout.layer, count > 1 ? &layers.layers[count - 2] : nullptr);
  if (first == rotations.size() || !std::ranges::all_of(rotations, turns)) return layers;
  std::swap(rotations[0], rotations[first]);
  for (std::size_t k = 0; k < rotations.size(); ++k) {
    auto& angle = rotations[k].angle;
    angle = k > 0 ? angle.times(2) : LinearAngle(std::numbers::pi / 2).add(angle, 1);
    readout.layer.angles[k] = static_cast<int>(layers.angles.size());
    layers.angles.push_back({angle, Role::rotation});
  }
  layers.readout = std::move(readout);
  return layers;
}

}  // namespace qupel::statevector
