#include "qupel/engine/narrowing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qupel {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

// A circuit that uses qubits 3, 7 and 120 of 127, with gates that are no Clifford gates.
Circuit wide_circuit() {
  Circuit circuit(127);
  circuit.add_bits("c", 3);
  circuit.add("ry", {3}, {0.6})
      .add("cx", {3, 120})
      .add("ry", {7}, {std::numbers::pi})
      .barrier({0, 1, 2, 120});
  return circuit;
}

TEST(Narrowing, KeepsTheJobsOwnNumbers) {
  auto circuit = wide_circuit();
  const auto values = run({.circuit = circuit,
                           .observables = {parse_observable("Z3"), parse_observable("Z7 Z120"),
                                           parse_observable("Z126 + X3 X120")}});
  EXPECT_NEAR(values.expectations[0], std::cos(0.6), 1e-12);
  EXPECT_NEAR(values.expectations[1], -std::cos(0.6), 1e-12);
  EXPECT_NEAR(values.expectations[2], 1 + std::sin(0.6), 1e-12);
  circuit.measure(120, 0).measure(7, 1).measure(126, 2);
  const auto counts = run({.circuit = circuit, .shots = 1000, .seed = 1}).bit_counts;
  ASSERT_EQ(counts.size(), 2U);
  EXPECT_TRUE(counts.contains("010") && counts.contains("011"));
}

TEST(Narrowing, MeetsNoiseByTheJobsOwnNumbers) {
  auto circuit = wide_circuit();
  circuit.measure(120, 0).measure(7, 1).measure(126, 2);
  const auto counts = run({.circuit = circuit,
                           .noise = parse_noise("bit-flip(1) after ry on 7; readout(1, 1) on 126"),
                           .shots = 100})
                          .bit_counts;
  for (const auto& [bits, count] : counts) EXPECT_TRUE(bits == "100" || bits == "101") << bits;
  const auto values = run({.circuit = wide_circuit(),
                           .noise = parse_noise("bit-flip(1) after cx on 3>120"),
                           .observables = {parse_observable("Z3 Z120"), parse_observable("Z7")}});
  EXPECT_NEAR(values.expectations[0], 1, 1e-12);  // both were flipped
  EXPECT_NEAR(values.expectations[1], -1, 1e-12);
}

TEST(Narrowing, CountsQubitsOfWideRegisters) {
  Circuit circuit(60);
  circuit.add("x", {59}).add("rx", {2}, {std::numbers::pi});
  EXPECT_THAT(run({.circuit = circuit, .shots = 10}).counts,
              ElementsAre(Pair((std::uint64_t{1} << 59) + 4, 10)));
}

// What follows the last measurement does not change counts.
TEST(Planner, LeavesOutWhatFollowsTheLastMeasurement) {
  Circuit circuit(30);
  circuit.add_bits("c", 30);
  for (int q = 0; q < 30; ++q) circuit.add("ry", {q}, {std::numbers::pi}).measure(q, q).reset(q);
  circuit.add("h", {0});
  const auto outcome = run({.circuit = circuit, .shots = 10});
  EXPECT_THAT(outcome.bit_counts, ElementsAre(Pair(std::string(30, '1'), 10)));
}

}  // namespace
}  // namespace qupel
