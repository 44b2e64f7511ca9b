#include <gtest/gtest.h>

#include "qupel/engine/batch/batch_checks.h"
#include "qupel/engine/statevector/program.h"
#include "qupel/engine/testing/random_circuit.h"

namespace qupel::batch {
namespace {

using namespace testing;
using statevector::Program;

TEST(Start, MatchesTheDefinition) {
  Random random(1);
  for (int trial = 0; trial < 80; ++trial) {
    const int qubits = 2 + trial % 9;
    const auto circuit = entangled_layers(random, qubits, 1 + trial % 12, trial % 3);
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
    const auto circuit = entangled_layers(random, qubits, 1 + 2 * trial, 2);
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

Program ring_program(int qubits) {
  Circuit circuit(qubits);
  for (int q = 0; q < qubits; ++q) circuit.add("ry", {q}, {Angle::feature(q)});
  circuit.append(ring_layers(qubits, 4));
  return Program(circuit, std::vector{Observable::z(0)}, Program::Use::values);
}

TEST(Start, TakesAllRotationsOfARingButTwo) {
  for (const int qubits : {6, 7, 12}) {
    const auto program = ring_program(qubits);
    EXPECT_EQ(program.layers.layers.front().rotations.size(), 2U);
    EXPECT_NE(program.layers.low.other, 0U) << "the low half's signs depend on the high qubits' parity";
    for (const std::size_t vector_bytes : {16U, 64U}) {
      const auto& pass = program.plans(vector_bytes).values.start.pass;
      EXPECT_EQ(pass.rotations, 2);
      EXPECT_GE(pass.diagonal, 0);
    }
  }
}

TEST(Start, TakesRotationsOfTheNextLayerThatCommuteWithWhatIsLeft) {
  const auto program = ring_program(12);
  const auto& low = program.layers.low;
  EXPECT_EQ(low.end, 7) << "one more than half: fewer rotations are left for the whole state";
  EXPECT_EQ(low.layers.back().rotations.size(), 4U);
  EXPECT_EQ(low.alike, 1U) << "all but one rotation of the first layer do not reach into the other half";
  EXPECT_EQ(low.layers.front().rotations.size(), 5U);
  EXPECT_EQ(program.layers.layers[1].rotations.size(), 8U);
}

TEST(Start, IsTheProductStateBeforeADiagonal) {
  Circuit circuit(4);
  for (int q = 0; q < 4; ++q) circuit.add("h", {q}).add("rz", {q}, {Angle::feature(q)});
  for (int q = 0; q < 4; ++q) circuit.add("rzz", {q, (q + 1) % 4}, {Angle::feature(q)});
  for (int q = 0; q < 4; ++q) circuit.add("rx", {q}, {0.3});
  const Program program(circuit, std::vector{Observable::z(0)}, Program::Use::values);
  EXPECT_TRUE(program.layers.low.layers.empty() && program.layers.high.layers.empty());
  const auto& pass = program.plans(64).values.start.pass;
  EXPECT_EQ(pass.rotations, 0);
  EXPECT_EQ(pass.diagonal, 0);
}

}  // namespace
}  // namespace qupel::batch
