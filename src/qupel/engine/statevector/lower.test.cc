#include "qupel/engine/rotations/lower.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numbers>

#include "qupel/engine/batch/batch.h"
#include "qupel/engine/testing/random_circuit.h"

namespace qupel {
namespace {

using std::numbers::pi;

// Compares the amplitudes, which come through lower(), with those of the dense definition.
void expect_exact(const Circuit& circuit) {
  const auto found = BatchProgram(circuit, {}, Precision::double_).states(Matrix<double>(1, 0), {}, 1);
  const auto expected = dense_state(circuit);
  for (std::size_t i = 0; i < expected.size(); ++i)
    ASSERT_LT(std::abs(found(0, i) - expected[i]), 1e-14) << i << "\n" << draw(circuit);
}

// A turn by a multiple of a quarter turn, and a little more or less.
double nearly_clifford(Random& random) {
  return pi / 2 * static_cast<double>(random.below(9)) + std::pow(10, random.uniform(-16, -3));
}

TEST(Lower, MergesOneQubitGatesNextToAFlipWithoutLoss) {
  Random random(1);
  for (int trial = 0; trial < 300; ++trial) {
    Circuit circuit(2);
    circuit.add("ry", {0}, {0.9}).add("rz", {0}, {0.4}).add("cx", {0, 1});
    for (int k = 0; k < 4; ++k) {
      const auto* const name = std::array{"sx", "p", "rx", "ry", "h"}[random.below(5)];
      const bool turns = operation(name).angles == 1;
      circuit.add(name, {0}, turns ? std::vector<Angle>{nearly_clifford(random)} : std::vector<Angle>{});
    }
    expect_exact(circuit);
  }
}

TEST(Lower, ReducesAnglesOfAnySize) {
  Random random(2);
  for (const auto* spec : gates()) {
    if (spec->angles == 0 || spec->qubits == 0) continue;
    for (int exponent = 1; exponent <= 60; exponent += 3) {
      Circuit circuit(spec->qubits);
      for (int q = 0; q < spec->qubits; ++q) circuit.add("u", {q}, {1 + 0.2 * q, 0.3, 0.4});
      std::vector<int> qubits;
      for (int q = 0; q < spec->qubits; ++q) qubits.push_back(q);
      std::vector<Angle> angles;
      for (int k = 0; k < spec->angles; ++k)
        angles.emplace_back(random.uniform(-1, 1) * std::pow(10, exponent / 4.0));
      circuit.add(*spec, qubits, angles);
      expect_exact(circuit);
    }
  }
}

// Neither rotations that are small nor their sum are lost.
TEST(Lower, AddsUpManySmallRotations) {
  constexpr int count = 20000;
  Circuit circuit(2);
  circuit.add("h", {1});
  for (int k = 0; k < count; ++k) circuit.add("u", {0}, {1.9e-12, 0, 0}).add("cx", {0, 1});
  const BatchProgram program(circuit, {parse_observable("X0")}, Precision::double_);
  EXPECT_NEAR(program.expectations(Matrix<double>(1, 0), {}, 1)(0, 0), count * 1.9e-12, 1e-15);
}

TEST(Lower, AddsUpManyLargeRotationsOfOneKind) {
  Circuit circuit(1);
  constexpr int count = 20000;
  for (int k = 0; k < count; ++k) circuit.add("rx", {0}, {10.0});
  const BatchProgram program(circuit, {parse_observable("Z0")}, Precision::double_);
  EXPECT_NEAR(program.expectations(Matrix<double>(1, 0), {}, 1)(0, 0), std::cos(10.0 * count), 1e-11);
}

}  // namespace
}  // namespace qupel
