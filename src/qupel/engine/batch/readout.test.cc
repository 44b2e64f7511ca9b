#include <gtest/gtest.h>

#include "qupel/engine/batch/batch_checks.h"
#include "qupel/engine/statevector/program.h"
#include "qupel/engine/testing/random_circuit.h"

namespace qupel::batch {
namespace {

using namespace testing;
using statevector::Program;

Observable parity(Random& random, int qubits) {
  Observable::Term term{random.uniform(-2, 2), {}};
  for (const int q :
       random_qubits(random, qubits, 1 + static_cast<int>(random.below(static_cast<std::size_t>(qubits)))))
    term.pauli.set(q, 'Z');
  return {{term}};
}

Circuit trainable_ring(int qubits, int layers) {
  Circuit circuit(qubits);
  for (int q = 0; q < qubits; ++q) circuit.add("ry", {q}, {Angle::feature(q % slots)});
  int next = 0;
  for (int layer = 0; layer < layers; ++layer) {
    for (int q = 0; q < qubits; ++q) {
      circuit.add("ry", {q}, {Angle::parameter(next % slots, 1, next)});
      circuit.add("rz", {q}, {Angle::parameter(++next % slots)});
    }
    for (int q = 0; qubits > 1 && q < qubits; ++q) circuit.add("cx", {q, (q + 1) % qubits});
  }
  return circuit;
}

// Values of few samples, which are read off states.
void check(const Circuit& circuit, const Observable& observable, Random& random) {
  const auto features = random_features(random, 3, static_cast<std::size_t>(circuit.features()));
  const auto parameters = random_parameters(random, circuit.parameters());
  for (const auto precision : precisions) {
    const auto values = BatchProgram(circuit, {observable}, precision).expectations(features, parameters, 1);
    for (std::size_t i = 0; i < features.rows(); ++i) {
      const auto expected = dense_expectation(observable, dense_state(circuit, features.row(i), parameters));
      ASSERT_NEAR(values(i, 0), expected, tolerance(precision)) << draw(circuit);
    }
  }
}

TEST(Readout, MatchesTheDefinition) {
  Random random(1);
  for (int trial = 0; trial < 120; ++trial) {
    const int qubits = 1 + trial % 10;
    const auto circuit = qubits == 1 ? random_circuit(random, 1, 5)
                                     : entangled_layers(random, qubits, 1 + trial % 7, trial % 4);
    check(circuit, parity(random, qubits), random);
  }
}

TEST(Readout, MatchesTheDefinitionForRings) {
  Random random(2);
  for (int qubits = 1; qubits <= 11; ++qubits) {
    for (const int layers : {1, 2, 3, 4}) check(trainable_ring(qubits, layers), Observable::z(0), random);
  }
}

TEST(Readout, TurnsHalfOfTheStateByAllButOneRotation) {
  const std::vector observables{Observable::z(0)};
  const Program program(trainable_ring(10, 4), observables, Program::Use::values);
  ASSERT_TRUE(program.layers.readout);
  EXPECT_EQ(program.layers.readout->layer.rotations.size(), 9U) << "all but one qubit's";
  const auto& plans = program.plans(64);
  const auto& last = plans.values.windows.back().passes.back();
  EXPECT_EQ(last.rotations, 4);
  EXPECT_NE(last.side.z, 0U);
  EXPECT_EQ(plans.reading.passes.front().rotations, 4);
  EXPECT_EQ(plans.reading.passes.front().side.z, last.side.z);
}

// Ten qubits: six rotations of the third layer are left once a start has taken one, so two wait for the pass
// of the diagonal and the readout's first.
TEST(Readout, SharesPassesWithWhatIsLeftBefore) {
  const Program program(trainable_ring(10, 4), std::vector{Observable::z(0)}, Program::Use::values);
  const auto& plan = program.plans(64).values;
  EXPECT_EQ(plan.start.pass.before, 2);
  EXPECT_EQ(plan.start.pass.rotations, 3) << "one after the diagonal";
  std::vector<std::array<int, 2>> passes;
  for (const auto& window : plan.windows) {
    for (const auto& pass : window.passes) passes.push_back({pass.before, pass.rotations});
  }
  EXPECT_EQ(passes, (std::vector<std::array<int, 2>>{{0, 4}, {2, 3}, {0, 4}}));
}

TEST(Readout, IsNotForFeaturesOrSeveralValues) {
  auto circuit = trainable_ring(4, 2);
  const std::vector both{Observable::z(0), Observable::z(1)};
  EXPECT_FALSE(Program(circuit, both, Program::Use::values).layers.readout);
  circuit.add("ry", {0}, {Angle::feature(0)});
  EXPECT_FALSE(Program(circuit, std::vector{Observable::z(0)}, Program::Use::values).layers.readout);
  EXPECT_FALSE(Program(circuit, {}, Program::Use::states).layers.readout);
}

}  // namespace
}  // namespace qupel::batch
