#include "qupel/engine/tiled/halves.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "qupel/engine/engine.h"
#include "qupel/engine/testing/random_circuit.h"
#include "qupel/engine/tiled/tiled_state.h"

namespace qupel {
namespace {

// RY and RZ on every qubit, then CX along a ring whose qubits are numbered by `order`.
Circuit ring_layers(Random& random, const std::vector<int>& order, int layers) {
  Circuit circuit(static_cast<int>(order.size()));
  for (int layer = 0; layer < layers; ++layer) {
    for (const int q : order)
      circuit.add("ry", {q}, {random.uniform(-3, 3)}).add("rz", {q}, {random.uniform(-3, 3)});
    for (std::size_t k = 0; k < order.size(); ++k)
      circuit.add("cx", {order[k], order[(k + 1) % order.size()]});
  }
  return circuit;
}

// Random operations on two qubits each of a random pairing, layer after layer.
Circuit pair_layers(Random& random, int qubits, int layers) {
  Circuit circuit(qubits);
  std::vector<int> order(static_cast<std::size_t>(qubits));
  for (int layer = 0; layer < layers; ++layer) {
    for (std::size_t k = 0; k < order.size(); ++k) order[k] = static_cast<int>(k);
    for (std::size_t k = order.size(); k > 1; --k) std::swap(order[k - 1], order[random.below(k)]);
    for (std::size_t k = 0; k + 1 < order.size(); k += 2) {
      const int a = order[k], b = order[k + 1];
      for (const int q : {a, b})
        circuit.add("u", {q}, {random.uniform(-3, 3), random.uniform(-3, 3), random.uniform(-3, 3)});
      for (const auto* name : {"rxx", "ryy", "rzz"}) circuit.add(name, {a, b}, {random.uniform(-3, 3)});
    }
  }
  return circuit;
}

std::vector<int> range(int size) {
  std::vector<int> result;
  for (int k = 0; k < size; ++k) result.push_back(k);
  return result;
}

std::size_t rotations(const std::vector<rotations::Rotation>& gates) {
  return static_cast<std::size_t>(std::ranges::count_if(gates, [](const auto& gate) { return gate.x != 0; }));
}

tiled::Halves halves_of(const Circuit& circuit) {
  return tiled::divide(rotations::lower(circuit).rotations, circuit.qubits());
}

TEST(Halves, TakeAllButTwoRotationsOfALayerAfterARing) {
  Random random(1);
  const auto halves = halves_of(ring_layers(random, range(20), 2));
  EXPECT_EQ(rotations(halves.rest), 2U);
  EXPECT_NE(halves.parts[0].version, 0U);
  EXPECT_NE(halves.parts[1].version, 0U);
}

// A division by the first pairs leaves nothing of them; one of neighbours would cut many.
TEST(Halves, KeepPairsTogether) {
  Random random(2);
  EXPECT_EQ(rotations(halves_of(pair_layers(random, 20, 1)).rest), 0U);
}

// By the engine of many samples.
std::vector<Complex> batch_state(const Circuit& circuit) {
  const auto all = engines();
  const auto batch = std::ranges::find(all, "batch", [](const Engine* engine) { return engine->name(); });
  Job job{circuit};
  job.state = true;
  return (*batch)->run(job).state;
}

TEST(Halves, StatesThatBeginWithThemAreThoseOfTheBatchEngine) {
  Random random(3);
  std::vector<Circuit> circuits;
  for (const int layers : {1, 3}) {
    auto order = range(16);
    for (std::size_t k = order.size(); k > 1; --k) std::swap(order[k - 1], order[random.below(k)]);
    circuits.push_back(ring_layers(random, range(16), layers));
    circuits.push_back(ring_layers(random, order, layers));
    circuits.push_back(pair_layers(random, 16, layers));
  }
  for (int repeat = 0; repeat < 6; ++repeat) {
    const auto circuit = testing::random_circuit(random, 16, 40);
    circuits.push_back(circuit.bind(testing::random_parameters(random, circuit.features()),
                                    testing::random_parameters(random, circuit.parameters())));
  }
  for (std::size_t c = 0; c < circuits.size(); ++c) {
    const auto expected = batch_state(circuits[c]);
    for (const auto precision : {Precision::single, Precision::double_}) {
      const auto found = TiledState(circuits[c], precision, 2).amplitudes();
      double most = 0;
      for (std::size_t i = 0; i < found.size(); ++i) most = std::max(most, std::abs(found[i] - expected[i]));
      EXPECT_LT(most, precision == Precision::single ? 3e-5 : 1e-12) << c;
    }
  }
}

// What shots and these observables see is the same without the gates that they do not see.
TEST(Halves, GatesThatNothingSeesMayBeLeftOut) {
  Random random(4);
  auto circuit = ring_layers(random, range(16), 3);
  for (int q = 0; q < 16; ++q) circuit.add("rz", {q}, {random.uniform(-3, 3)});
  std::vector<Observable> seen;
  for (int q = 0; q < 16; ++q) seen.push_back(Observable::z(q));
  const TiledState whole(circuit, Precision::double_, 1), needed(circuit, Precision::double_, 1, seen);
  EXPECT_LT(TiledState::plan(circuit, seen, Precision::double_).phases,
            TiledState::plan(circuit, {}, Precision::double_).phases);
  const auto a = whole.expectations(seen, 1), b = needed.expectations(seen, 1);
  for (std::size_t o = 0; o < seen.size(); ++o) EXPECT_NEAR(a[o], b[o], 1e-12);
  for (std::uint64_t s = 0; s < 1 << 16; s += 97)
    EXPECT_NEAR(std::norm(whole.amplitude(s)), std::norm(needed.amplitude(s)), 1e-13);
}

}  // namespace
}  // namespace qupel
