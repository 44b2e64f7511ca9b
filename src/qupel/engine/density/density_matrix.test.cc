#include "qupel/engine/density/density_matrix.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "qupel/base/error.h"
#include "qupel/circuit/circuit.h"
#include "qupel/circuit/distance.test.h"
#include "qupel/engine/density/transfer.h"
#include "qupel/engine/every_channel.test.h"
#include "qupel/engine/simd/instruction_set.h"
#include "qupel/engine/testing/random_circuit.h"

namespace qupel {
namespace {

TEST(DensityMatrix, IsTheDefinition) {
  Random random(1);
  const auto noise = parse_noise(every_channel);
  for (int k = 0; k < 60; ++k) {
    const int qubits = 1 + k % 5;
    const auto circuit = testing::random_bound_circuit(random, qubits, 30);
    const auto expected = dense_density(circuit, noise);
    EXPECT_LT(distance(DensityMatrix(circuit, noise, Precision::double_, 1).matrix(), expected), 1e-13) << k;
    EXPECT_LT(distance(DensityMatrix(circuit, noise, Precision::single, 1).matrix(), expected), 1e-6) << k;
  }
}

// More qubits than a window and its lanes hold, and every place of the lowest two.
TEST(DensityMatrix, IsTheDefinitionAcrossWindows) {
  Random random(2);
  const auto noise = parse_noise("depolarizing(0.1) after two-qubit; amplitude-damping(0.2) after one-qubit");
  for (const auto& [qubits, layers] : {std::pair{6, 5}, {7, 2}, {8, 1}}) {
    Circuit circuit(qubits);
    for (int layer = 0; layer < layers; ++layer) {
      const auto order = testing::random_qubits(random, qubits, qubits);
      for (const int q : order) circuit.add("u", {q}, {random.uniform(-3, 3), random.uniform(-3, 3), 0.3});
      for (std::size_t q = 0; q + 1 < order.size(); ++q) {
        if (q % 2 == 0)
          circuit.add("cx", {order[q], order[q + 1]});
        else
          circuit.add("rxx", {order[q], order[q + 1]}, {0.7});
      }
    }
    const auto expected = dense_density(circuit, noise);
    EXPECT_LT(distance(DensityMatrix(circuit, noise, Precision::double_, 2).matrix(), expected), 1e-13);
  }
}

TEST(DensityMatrix, GivesExpectationsPurityAndProbabilities) {
  Random random(3);
  const auto circuit = testing::random_bound_circuit(random, 4, 20);
  const auto noise = parse_noise(every_channel);
  const auto rho = dense_density(circuit, noise);
  const DensityMatrix state(circuit, noise, Precision::double_, 1);
  const auto probabilities = state.probabilities();
  double purity = 0;
  for (const auto& entry : rho.values()) purity += std::norm(entry);
  EXPECT_NEAR(state.purity(), purity, 1e-13);
  for (std::size_t b = 0; b < 16; ++b) EXPECT_NEAR(probabilities[b], rho(b, b).real(), 1e-14);
  // tr(rho Z0 Z2) from the diagonal, <X1> from the entries that X1 joins
  double zz = 0, x = 0;
  for (std::size_t b = 0; b < 16; ++b) {
    zz += std::popcount(b & 0b101U) % 2 == 0 ? rho(b, b).real() : -rho(b, b).real();
    x += rho(b ^ 2, b).real();
  }
  EXPECT_NEAR(state.expectation(parse_observable("2 Z0 Z2 - 0.5 X1 + 3 I")), 2 * zz - 0.5 * x + 3, 1e-13);
}

TEST(DensityMatrix, KeepsItsBitsForAnyNumberOfThreads) {
  const auto noise =
      parse_noise("depolarizing(0.01) after two-qubit; amplitude-damping(0.01) after one-qubit");
  const auto circuit = testing::ring_layers(8, 5);
  const auto matrix = DensityMatrix(circuit, noise, Precision::double_, 1).matrix();
  for (const int threads : {2, 5})
    EXPECT_EQ(DensityMatrix(circuit, noise, Precision::double_, threads).matrix(), matrix);
}

TEST(DensityMatrix, IsAlikeForEveryInstructionSet) {
  const auto noise =
      parse_noise("depolarizing(0.01) after two-qubit; amplitude-damping(0.01) after one-qubit");
  const auto circuit = testing::ring_layers(7, 5);
  const auto expected = dense_density(circuit, noise);
  for (const auto& set : instruction_sets()) {
    force_instruction_set(set);
    EXPECT_LT(distance(DensityMatrix(circuit, noise, Precision::double_, 2).matrix(), expected), 1e-14)
        << set;
    EXPECT_LT(distance(DensityMatrix(circuit, noise, Precision::single, 2).matrix(), expected), 1e-7) << set;
  }
  force_instruction_set("");
}

TEST(DensityMatrix, DrawsShotsFromItsProbabilities) {
  Circuit circuit(3);
  circuit.add("x", {0}).add("h", {2});
  const DensityMatrix state(circuit, parse_noise("bit-flip(0.25) after x"), Precision::double_, 1);
  constexpr std::uint64_t shots = 100000;
  const auto drawn = state.counts(shots, 5, 1);
  std::uint64_t total = 0;
  for (const auto& [basis, count] : drawn) {
    EXPECT_EQ(basis & 2, 0U);
    const double p = (basis & 1) != 0 ? 0.375 : 0.125;
    EXPECT_NEAR(static_cast<double>(count), p * shots, 5 * std::sqrt(p * (1 - p) * shots));
    total += count;
  }
  EXPECT_EQ(total, shots);
  EXPECT_EQ(drawn, state.counts(shots, 5, 3));
}

TEST(DensityMatrix, RefusesWhatDoesNotFit) {
  EXPECT_THROW(DensityMatrix(Circuit(25), {}, Precision::double_, 1), InputError);
  Circuit open(2);
  open.add("rx", {0}, {Angle::parameter(0)});
  EXPECT_THROW(DensityMatrix(open, {}, Precision::double_, 1), InputError);
}

TEST(Transfers, NeighboursOnTheSameQubitsAreOne) {
  Circuit circuit(3);
  circuit.add("ry", {0}, {0.1}).add("rz", {0}, {0.2}).add("cx", {0, 1}).add("rz", {1}, {0.3});
  circuit.add("cx", {1, 2}).add("cx", {1, 2});
  const auto noise = parse_noise("depolarizing(0.1) after two-qubit; amplitude-damping(0.1) after one-qubit");
  EXPECT_EQ(density::transfers(circuit, noise).size(), 4U);
}

TEST(Schedule, KeepsTheOrderOnEveryQubit) {
  const auto transfers = density::transfers(testing::ring_layers(9, 5), {});
  std::size_t scheduled = 0;
  for (const auto& sweep : density::schedule(transfers, 9, 5)) {
    EXPECT_EQ(sweep.window.size(), 5U);
    scheduled += sweep.transfers.size();
    for (const auto& transfer : sweep.transfers) {
      for (const int q : transfer.qubits) EXPECT_TRUE(std::ranges::binary_search(sweep.window, q));
    }
  }
  EXPECT_EQ(scheduled, transfers.size());
}

}  // namespace
}  // namespace qupel
