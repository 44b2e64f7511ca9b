#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "qupel/base/random.h"
#include "qupel/device/device.h"

// Small devices for tests.
namespace qupel::example {

using Pairs = std::vector<std::pair<int, int>>;

inline Pairs line(int qubits) {
  Pairs pairs;
  for (int q = 0; q + 1 < qubits; ++q) pairs.emplace_back(q, q + 1);
  return pairs;
}
inline Pairs ring(int qubits) {
  auto pairs = line(qubits);
  pairs.emplace_back(qubits - 1, 0);
  return pairs;
}
inline Pairs grid(int rows, int columns) {
  Pairs pairs;
  for (int r = 0; r < rows; ++r) {
    for (int c = 0; c < columns; ++c) {
      const int q = r * columns + c;
      if (c + 1 < columns) pairs.emplace_back(q, q + 1);
      if (r + 1 < rows) pairs.emplace_back(q + columns, q);
    }
  }
  return pairs;
}
inline Pairs all(int qubits) {
  Pairs pairs;
  for (int a = 0; a < qubits; ++a)
    for (int b = 0; b < a; ++b) pairs.emplace_back(a, b);
  return pairs;
}

/// One with these native operations, two-qubit ones on these pairs in this direction, with errors, times and
/// relaxation that differ from place to place.
inline Device device_of(int qubits, const Pairs& pairs, const std::vector<std::string_view>& native) {
  Random random(key_of("example device"));
  Device device;
  device.name = "example";
  for (int q = 0; q < qubits; ++q) {
    DeviceQubit qubit;
    qubit.t1 = random.uniform(80, 150);
    qubit.t2 = random.uniform(50, 100);
    qubit.one_for_zero = random.uniform(0.005, 0.02);
    qubit.zero_for_one = random.uniform(0.01, 0.04);
    qubit.readout_time = 1;
    device.qubits.push_back(qubit);
  }
  for (const auto name : native) {
    const auto& spec = operation(name);
    const bool frame = name == "rz" || name == "p";
    device.native.push_back({&spec, frame});
    if (spec.qubits == 2) {
      for (const auto& [a, b] : pairs)
        device.gates.push_back({&spec, {a, b}, 0.3, random.uniform(0.004, 0.015)});
    } else {
      for (int q = 0; q < qubits; ++q)
        device.gates.push_back({&spec, {q}, frame ? 0 : 0.05, frame ? 0 : random.uniform(1e-4, 5e-4)});
    }
  }
  return device;
}

}  // namespace qupel::example
