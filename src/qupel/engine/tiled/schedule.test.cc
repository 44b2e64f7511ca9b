#include "qupel/engine/tiled/schedule.h"

#include <gtest/gtest.h>

#include "qupel/engine/rotations/span.h"
#include "qupel/engine/testing/rotation_reference.h"

namespace qupel::tiled {
namespace {

using testing::apply;
using testing::State;

std::vector<double> angles_of(std::span<const Rotation> gates) {
  std::vector<double> angles;
  for (const auto& gate : gates) angles.push_back(gate.angle.constant);
  return angles;
}

void apply_sweeps(const Schedule& schedule, std::span<const double> angles, State& state) {
  const auto run = [&](const std::vector<Rotation>& gates) {
    for (const auto& gate : gates) apply(gate, angles[static_cast<std::size_t>(gate.angle_index)], state);
  };
  for (const auto& sweep : schedule.sweeps) {
    for (const auto& window : sweep.windows) {
      for (const auto& stage : window.stages) {
        run(stage.phases);
        run(stage.rotations);
      }
    }
  }
}

// Gates on no qubit only change the phase of the whole state, and schedules leave them out.
State expected_state(std::span<const Rotation> gates, int qubits) {
  auto state = testing::zero_state(qubits);
  for (const auto& gate : gates)
    if ((gate.x | gate.z) != 0) apply(gate, gate.angle.constant, state);
  return state;
}

TEST(Schedule, IsTheCircuit) {
  Random random(derive(1, {key_of("schedule")}));
  for (int trial = 0; trial < 30; ++trial) {
    const auto program = testing::random_program(random, 9, 20 + 4 * trial);
    const Shape shape{9, 2, 4, 2};  // small levels, so that there are many sweeps and windows
    const auto schedule = tiled::schedule(numbered(program.rotations), shape);
    auto state = testing::zero_state(9);
    apply_sweeps(schedule, angles_of(program.rotations), state);
    ASSERT_LT(testing::distance(state, expected_state(program.rotations, 9)), 1e-12) << trial;
  }
}

TEST(Schedule, RotationsStayInTheSpanOfTheirLevel) {
  Random random(derive(2, {key_of("schedule")}));
  const auto program = testing::random_program(random, 12, 200);
  const Shape shape{12, 3, 5, 3};
  for (const auto& sweep : schedule(numbered(program.rotations), shape).sweeps) {
    ASSERT_EQ(sweep.directions.size(), 5U);
    rotations::Span tile;
    for (const Mask direction : sweep.directions) EXPECT_TRUE(tile.insert(direction));
    for (const auto& window : sweep.windows) {
      ASSERT_EQ(window.directions.size(), 3U);
      rotations::Span inside;
      for (const Mask direction : window.directions) {
        EXPECT_TRUE(inside.insert(direction & ~shape.lanes()));
        EXPECT_EQ(tile.reduce(direction & ~shape.lanes()), 0U);
      }
      for (const auto& stage : window.stages) {
        for (const auto& rotation : stage.rotations)
          EXPECT_EQ(inside.reduce(rotation.x & ~shape.lanes()), 0U);
      }
    }
  }
}

// A layer of single-qubit rotations within a tile needs one visit to memory, whatever their number.
TEST(Schedule, OneLayerInsideATileIsOneSweep) {
  std::vector<Rotation> gates;
  for (int q = 0; q < 6; ++q)
    gates.push_back({Mask{1} << q, Mask{1} << q, rotations::LinearAngle(0.1 * q + 0.1)});
  const auto schedule = tiled::schedule(numbered(gates), {8, 2, 4, 2});
  ASSERT_EQ(schedule.sweeps.size(), 1U);
  EXPECT_EQ(schedule.sweeps[0].windows.size(), 2U) << "two directions each, beside the lanes' two";
}

TEST(Halves, AreTheBeginningOfTheCircuit) {
  Random random(derive(3, {key_of("halves")}));
  const auto program = testing::random_program(random, 16, 60);
  const auto angles = angles_of(program.rotations);
  const auto halves = divide(numbered(program.rotations), 16);
  std::array<State, 2> parts;
  for (std::size_t k = 0; k < 2; ++k) {
    parts[k] = testing::zero_state(halves.parts[k].qubits());
    // Both versions begin with |0...0>.
    parts[k][std::size_t{1} << (halves.parts[k].qubits() - 1)] = 1;
    for (const auto& gate : halves.parts[k].rotations)
      apply(gate, angles[static_cast<std::size_t>(gate.angle_index)], parts[k]);
  }
  State state(std::size_t{1} << 16);
  for (Mask s = 0; s < state.size(); ++s)
    state[s] = parts[0][halves.parts[0].number(s)] * parts[1][halves.parts[1].number(s)];
  for (const auto& gate : halves.rest) apply(gate, angles[static_cast<std::size_t>(gate.angle_index)], state);
  auto expected = testing::zero_state(16);
  for (const auto& gate : program.rotations) apply(gate, gate.angle.constant, expected);
  EXPECT_FALSE(halves.empty());
  EXPECT_LT(testing::distance(state, expected), 1e-12);
}

}  // namespace
}  // namespace qupel::tiled
