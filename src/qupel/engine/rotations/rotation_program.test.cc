#include "qupel/engine/rotations/rotation_program.h"

#include <gtest/gtest.h>

#include <cmath>
#include <ctime>

#include "qupel/engine/rotations/lower.h"
#include "qupel/engine/rotations/span.h"
#include "qupel/engine/testing/rotation_reference.h"

namespace qupel::rotations {
namespace {

using testing::State;

// Amplitudes of basis states after all rotations, by the slow definition.
State final_state(const RotationProgram& program) {
  auto stored = testing::zero_state(program.qubits);
  for (const auto& gate : program.rotations) testing::apply(gate, gate.angle.constant, stored);
  State state(stored.size());
  for (Mask b = 0; b < state.size(); ++b) state[b] = stored[program.frame.index(b)];
  return state;
}

TEST(RotationProgram, IsTheCircuit) {
  Random random(derive(1, {key_of("compiled")}));
  for (int trial = 0; trial < 40; ++trial) {
    auto circuit = testing::random_circuit(random, 1 + trial % 7, 5 + trial);
    circuit = circuit.bind(testing::random_parameters(random, circuit.features()),
                           testing::random_parameters(random, circuit.parameters()));
    const auto state = final_state(RotationProgram(circuit, {}, RotationProgram::Use::states));
    EXPECT_LT(testing::distance(state, dense_state(circuit)), 1e-12) << trial;
  }
}

TEST(RotationProgram, PermutationsOfBasisStatesAreNoRotations) {
  Circuit circuit(4);
  circuit.add("x", {0}).add("cx", {0, 1}).add("swap", {1, 3}).add("cx", {3, 2});
  const RotationProgram program(circuit, {}, RotationProgram::Use::states);
  EXPECT_TRUE(program.rotations.empty());
  EXPECT_EQ(program.frame.basis_state(0), 0b1101U);
}

TEST(RotationProgram, PauliRotationsBecomeRealRotationsBetweenCliffordPhases) {
  Circuit circuit(2);
  circuit.add("ry", {0}, {0.3}).add("rx", {1}, {0.4});
  const auto rotations = RotationProgram(circuit, {}, RotationProgram::Use::states).rotations;
  ASSERT_EQ(rotations.size(), 4U) << "RX is RY between two quarter turns around Z";
  EXPECT_EQ(rotations[0].x, 1U);
  EXPECT_EQ(rotations[0].z, 1U);
  EXPECT_EQ(rotations[1].x, 0U);
  EXPECT_EQ(rotations[2].x, 2U);
  EXPECT_NEAR(std::abs(rotations[2].angle.constant), 0.4, 1e-15);
  EXPECT_EQ(rotations[3].x, 0U);
}

TEST(RotationProgram, EqualRotationsJoin) {
  Circuit circuit(2);
  circuit.add("rz", {0}, {Angle::parameter(0)}).add("rzz", {0, 1}, {0.5}).add("rz", {0}, {0.25});
  const auto rotations = RotationProgram(circuit, {}, RotationProgram::Use::states).rotations;
  ASSERT_EQ(rotations.size(), 2U);
  EXPECT_EQ(rotations[0].angle.terms.size(), 1U);
  EXPECT_DOUBLE_EQ(rotations[0].angle.constant, 0.25);
}

// Global phases, which commute with all, must not be looked for in all gates before.
TEST(RotationProgram, TakesTimeInProportionToTheNumberOfGates) {
  const auto seconds = [](int gates) {
    Random random(3);  // gates before the phase cancel
    Circuit circuit(10);
    for (int k = 0; k < gates; ++k) {
      const int q = static_cast<int>(random.below(10));
      const auto kind = random.below(3);
      if (kind == 0) circuit.add("h", {q});
      if (kind == 1) circuit.add("rx", {q}, {random.uniform()});
      if (kind == 2) circuit.add("cx", {q, (q + 1) % 10});
    }
    const auto start = std::clock();
    static_cast<void>(lower(circuit));
    return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  };
  seconds(1000);  // tables are made once
  EXPECT_LT(seconds(80'000), 24 * seconds(10'000)) << "gates squared would be 64 times";
}

TEST(RotationProgram, LeavesOutWhatNoObservableSees) {
  Circuit circuit(9);
  for (int q = 0; q < 9; ++q) circuit.add("ry", {q}, {0.1 * q + 0.1});
  const std::vector observables{Observable::z(3)};
  const RotationProgram program(circuit, observables, RotationProgram::Use::values);
  ASSERT_EQ(program.rotations.size(), 1U);
  EXPECT_DOUBLE_EQ(program.rotations[0].angle.constant, 0.4);
  EXPECT_EQ(program.qubits, 8) << "smaller states are not worth other coordinates";
}

TEST(Span, KnowsWhatItHolds) {
  Span span;
  EXPECT_TRUE(span.insert(0b0110));
  EXPECT_TRUE(span.insert(0b0011));
  EXPECT_FALSE(span.insert(0b0101));
  EXPECT_EQ(span.dimension(), 2U);
  EXPECT_EQ(span.reduce(0b0101), 0U);
  EXPECT_NE(span.reduce(0b1101), 0U);
  EXPECT_EQ(span.pivots(), 0b0110U);
}

TEST(Duals, MeetTheirOwnMaskOnly) {
  const std::vector<Mask> masks{0b1011, 0b0110, 0b0010, 0b1000};
  const auto directions = duals(masks);
  for (std::size_t i = 0; i < masks.size(); ++i) {
    for (std::size_t j = 0; j < masks.size(); ++j) EXPECT_EQ(odd(masks[i] & directions[j]), i == j);
  }
}

}  // namespace
}  // namespace qupel::rotations
