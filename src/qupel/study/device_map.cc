#include "qupel/study/device_map.h"

#include <algorithm>

namespace qupel {
namespace {

/// The error of the best two-qubit operation on a coupled pair.
double coupling_error(const Device& device, int first, int second) {
  double best = 1;
  for (const auto& gate : device.gates)
    if (gate.qubits == std::vector{first, second} || gate.qubits == std::vector{second, first})
      best = std::min(best, gate.error);
  return best;
}

}  // namespace

DeviceMap map_of(const Device& device) {
  DeviceMap map;
  for (int q = 0; q < device.size(); ++q) {
    const auto& qubit = device.qubits[static_cast<std::size_t>(q)];
    map.readout_errors.push_back((qubit.one_for_zero + qubit.zero_for_one) / 2);
    if (!qubit.live) map.dead.push_back(q);
  }
  for (const auto& [a, b] : device.edges())
    map.couplings.push_back({a, b, coupling_error(device, a, b), false});
  for (const auto& [a, b] : device.dead_edges) map.couplings.push_back({a, b, 1, true});
  return map;
}

}  // namespace qupel
