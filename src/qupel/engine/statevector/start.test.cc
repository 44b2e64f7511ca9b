#include <gtest/gtest.h>

#include "qupel/engine/statevector/batch_checks.h"
#include "qupel/engine/statevector/program.h"
#include "qupel/engine/statevector/random_circuit.h"

namespace qupel::statevector {
namespace {

using namespace testing;

// Features on every qubit, some CX, then rotations: some of a half alone, some of both.
Circuit entangled(Random& random, int qubits, int gates, int layers) {
  Circuit circuit(qubits);
  for (int q = 0; q < qubits; ++q)
    circuit.add("ry", {q}, {random_angle(random)}).add("rz", {q}, {random_angle(random)});
  for (int layer = 0; layer < layers; ++layer) {
    for (int g = 0; g < gates; ++g) {
      const auto on = random_qubits(random, qubits, 2);
      circuit.add("cx", {on[0], on[1]});
    }
    for (int q = 0; q < qubits; ++q) {
      if (random.below(4) == 0) circuit.add("rx", {q}, {random_angle(random)});
      circuit.add("ry", {q}, {random_angle(random)}).add("rz", {q}, {random_angle(random)});
    }
  }
  return circuit;
}

TEST(Start, MatchesTheDefinition) {
  Random random(1);
  for (int trial = 0; trial < 80; ++trial) {
    const int qubits = 2 + trial % 9;
    const auto circuit = entangled(random, qubits, 1 + trial % 12, trial % 3);
    const auto features = random_features(random, 3, static_cast<std::size_t>(circuit.features()));
    const auto parameters = random_parameters(random, circuit.parameters());
    for (const auto precision : precisions) {
      const auto states = BatchProgram(circuit, {}, precision).states(features, parameters, 1);
      for (std::size_t i = 0; i < features.rows(); ++i) {
        const auto expected = dense_state(circuit, features.row(i), parameters);
        for (std::size_t s = 0; s < expected.size(); ++s)
          ASSERT_LT(std::abs(states(i, s) - expected[s]), tolerance(precision)) << draw(circuit);
      }
    }
  }
}

TEST(Start, GradientsMatchFiniteDifferences) {
  Random random(2);
  for (int trial = 0; trial < 8; ++trial) {
    const int qubits = 6 + trial % 4;
    const auto circuit = entangled(random, qubits, 1 + 2 * trial, 2);
    const BatchProgram program(circuit, {random_observable(random, qubits, 3), Observable::z(0)},
                               Precision::double_);
    auto features = random_features(random, 2, static_cast<std::size_t>(circuit.features()));
    auto parameters = random_parameters(random, circuit.parameters());
    const auto gradient = program.gradient(features, parameters, squares, true, 1);
    const auto difference = [&](double& slot) {
      return central_difference(program, features, parameters, slot);
    };
    for (std::size_t p = 0; p < parameters.size(); ++p)
      ASSERT_NEAR(gradient.parameters[p], difference(parameters[p]), 2e-7) << draw(circuit);
    for (std::size_t f = 0; f < features.columns(); ++f)
      ASSERT_NEAR(gradient.features(1, f), difference(features(1, f)), 2e-7) << draw(circuit);
  }
}

TEST(Start, TakesAllRotationsOfARingButTwo) {
  for (const int qubits : {6, 7, 12}) {
    Circuit circuit(qubits);
    for (int q = 0; q < qubits; ++q) circuit.add("ry", {q}, {Angle::feature(q)});
    circuit.append(ring_layers(qubits, 3));
    const Program program(circuit, std::vector{Observable::z(0)}, Program::Use::values);
    const auto &low = program.layers.low, &high = program.layers.high;
    EXPECT_EQ(low.turns.size() + high.turns.size(), static_cast<std::size_t>(qubits - 2));
    EXPECT_NE(low.other, 0U) << "the low half's signs depend on the high qubits' parity";
    for (const std::size_t vector_bytes : {16U, 64U}) {
      const auto& pass = program.plans(vector_bytes).values.start.pass;
      EXPECT_EQ(pass.rotations, 2);
      EXPECT_EQ(pass.diagonal, 0);
    }
  }
}

TEST(Start, IsTheProductStateBeforeADiagonal) {
  Circuit circuit(4);
  for (int q = 0; q < 4; ++q) circuit.add("h", {q}).add("rz", {q}, {Angle::feature(q)});
  for (int q = 0; q < 4; ++q) circuit.add("rzz", {q, (q + 1) % 4}, {Angle::feature(q)});
  for (int q = 0; q < 4; ++q) circuit.add("rx", {q}, {0.3});
  const Program program(circuit, std::vector{Observable::z(0)}, Program::Use::values);
  EXPECT_TRUE(program.layers.low.turns.empty() && program.layers.high.turns.empty());
  const auto& pass = program.plans(64).values.start.pass;
  EXPECT_EQ(pass.rotations, 0);
  EXPECT_EQ(pass.diagonal, 0);
}

}  // namespace
}  // namespace qupel::statevector
