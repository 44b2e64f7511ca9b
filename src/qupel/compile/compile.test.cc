#include "qupel/compile/compile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "qupel/base/error.h"
#include "qupel/circuit/dense.h"
#include "qupel/compile/devices_example.h"

namespace qupel {
namespace {

using std::numbers::pi;
using testing::HasSubstr;

std::size_t index(int k) { return static_cast<std::size_t>(k); }

struct NativeSet {
  const char* name;
  std::vector<std::string_view> operations;
};

const NativeSet native_sets[] = {
    {"cx", {"rz", "sx", "x", "cx"}},
    {"ecr", {"rz", "sx", "x", "ecr"}},
    {"cz_rx", {"rz", "rx", "cz"}},
    {"heron", {"rz", "sx", "x", "cz", "rzz"}},
    {"prx_cz", {"prx", "cz"}},
    {"prx_rz_rzz", {"prx", "rz", "rzz"}},
    {"sycamore", {"prx", "rz", "sqrt_iswapdg"}},
    {"u_cx", {"u", "cx"}},
    {"iswap", {"rz", "sx", "iswap"}},
    {"ion", {"gpi", "gpi2", "ms"}},
    {"rxx", {"rz", "rx", "rxx"}},
};

Angle random_angle(Random& random, bool slots) {
  const double angle =
      random.below(3) == 0 ? pi / 2 * static_cast<double>(random.below(4)) : random.uniform(-pi, pi);
  if (!slots || random.below(2) == 0) return angle;
  const int slot = static_cast<int>(random.below(3));
  const double scale = random.uniform(-2, 2);
  return random.below(2) == 0 ? Angle::feature(slot, scale, angle) : Angle::parameter(slot, scale, angle);
}

/// Operations of all kinds in a random order.
Circuit random_circuit(int qubits, int operations, bool slots, Random& random) {
  Circuit circuit(qubits);
  const auto all = gates();
  for (int k = 0; k < operations; ++k) {
    const auto& spec = *all[random.below(all.size())];
    std::vector<int> places(index(qubits));
    for (int q = 0; q < qubits; ++q) places[index(q)] = q;
    random.shuffle(std::span(places));
    const int width = spec.qubits > 0 ? spec.qubits : 1 + static_cast<int>(random.below(4));
    if (width > qubits) continue;
    places.resize(index(width));
    if (spec.qubits == 0) {
      std::string letters;
      for (int q = 0; q < width; ++q) letters += "XYZ"[random.below(3)];
      circuit.add_pauli_rotation(letters, places, random_angle(random, slots));
      continue;
    }
    std::vector<Angle> angles;
    for (int a = 0; a < spec.angles; ++a) angles.push_back(random_angle(random, slots));
    circuit.add(spec, places, angles);
  }
  return circuit;
}

std::vector<double> random_values(int count, Random& random) {
  std::vector<double> values;
  for (int k = 0; k < count; ++k) values.push_back(random.uniform(-pi, pi));
  return values;
}

/// Every operation is native, and stands where the device has it.
void expect_native(const Circuit& circuit, const Device& device) {
  EXPECT_EQ(circuit.qubits(), device.size());
  for (const auto& each : circuit.operations()) {
    if (!each.spec->gate()) continue;
    const auto stands = std::ranges::any_of(device.gates, [&](const DeviceGate& gate) {
      if (gate.spec != each.spec) return false;
      if (gate.qubits == each.qubits) return true;
      const bool symmetric = each.spec->name != "cx" && each.spec->name != "ecr";
      return symmetric && std::ranges::equal(gate.qubits.rbegin(), gate.qubits.rend(), each.qubits.begin(),
                                             each.qubits.end());
    });
    EXPECT_TRUE(stands) << each.spec->name << " on " << each.qubits[0] << " " << each.qubits.back();
  }
}

/// |overlap| of the state that the compiled circuit leaves, read where the final layout says, with the
/// circuit's own; 1 if they are the same.
double overlap(const Circuit& circuit, const Compiled& compiled, std::span<const double> features,
               std::span<const double> parameters) {
  const auto expected = dense_state(circuit, features, parameters);
  const auto small = compact(compiled.circuit, compiled.final_layout);
  const auto state = dense_state(small.circuit, features, parameters);
  Complex total = 0;
  for (std::size_t basis = 0; basis < expected.size(); ++basis) {
    std::size_t there = 0;
    for (int q = 0; q < circuit.qubits(); ++q) {
      const auto place =
          std::ranges::find(small.physical, compiled.final_layout[index(q)]) - small.physical.begin();
      there |= ((basis >> q) & 1) << place;
    }
    total += std::conj(expected[basis]) * state[there];
  }
  return std::abs(total);
}

void expect_same(const Circuit& circuit, const Device& device, std::uint64_t seed) {
  const auto compiled = compile(circuit, device, {.seed = seed});
  expect_native(compiled.circuit, device);
  Random random(seed);
  for (int draw = 0; draw < 2; ++draw) {
    const auto features = random_values(3, random), parameters = random_values(3, random);
    EXPECT_NEAR(overlap(circuit, compiled, features, parameters), 1, 1e-9) << seed;
  }
}

class EveryNativeSet : public testing::TestWithParam<NativeSet> {};
INSTANTIATE_TEST_SUITE_P(Compile, EveryNativeSet, testing::ValuesIn(native_sets),
                         [](const auto& instance) { return std::string(instance.param.name); });

TEST_P(EveryNativeSet, MakesTheSameOfEveryOperation) {
  const auto device = example::device_of(3, example::line(3), GetParam().operations);
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    Random random(derive(seed, {1}));
    expect_same(random_circuit(3, 1 + static_cast<int>(seed), seed % 2 == 1, random), device, seed);
  }
}

TEST_P(EveryNativeSet, MakesTheSameOnEveryTopology) {
  const std::pair<int, example::Pairs> topologies[] = {
      {6, example::line(6)}, {6, example::ring(6)}, {8, example::grid(2, 4)}, {5, example::all(5)}};
  std::uint64_t seed = 0;
  for (const auto& [qubits, pairs] : topologies) {
    const auto device = example::device_of(qubits, pairs, GetParam().operations);
    for (const int width : {2, 5}) {
      Random random(derive(++seed, {2}));
      expect_same(random_circuit(width, 25, seed % 2 == 1, random), device, seed);
    }
  }
}

}  // namespace
}  // namespace qupel
