#include "qupel/engine/heisenberg/polynomial.h"

#include <gtest/gtest.h>

#include "qupel/engine/batch/batch_checks.h"
#include "qupel/engine/simd/instruction_set.h"
#include "qupel/engine/testing/random_circuit.h"

namespace qupel::heisenberg {
namespace {

using namespace testing;
using statevector::Program;

// Every qubit by some features, then operations that all samples share.
Circuit random_separable(Random& random, int qubits, int size) {
  Circuit circuit(qubits);
  const char* rotations[] = {"rx", "ry", "rz"};
  for (int q = 0; q < qubits; ++q) {
    for (std::size_t g = random.below(4); g > 0; --g) {
      if (random.below(4) == 0) circuit.add("h", {q});
      circuit.add(rotations[random.below(3)], {q}, {random_angle(random)});
    }
  }
  Circuit shared = random_bound_circuit(random, qubits, size);
  for (int p = 0; p < slots; ++p) shared.add("crx", {p % qubits, (p + 1) % qubits}, {Angle::parameter(p)});
  return circuit.append(shared);
}

Matrix<double> by_states(const Circuit& circuit, const std::vector<Observable>& observables,
                         const Matrix<double>& features, std::span<const double> parameters) {
  const BatchProgram program(circuit, observables, Precision::double_);
  Matrix<double> values(features.rows(), observables.size());
  for (std::size_t i = 0; i < features.rows(); ++i) {
    Matrix<double> sample(1, features.columns());
    std::ranges::copy(features.row(i), sample.row(0).begin());
    std::ranges::copy(program.expectations(sample, parameters, 1).values(), values.row(i).begin());
  }
  return values;
}

template <class T>
Matrix<double> by_polynomial(const Circuit& circuit, const std::vector<Observable>& observables,
                             const Matrix<double>& features, std::span<const double> parameters,
                             int threads) {
  const Program program(circuit, observables, Program::Use::values);
  const auto inputs = Inputs::of(program, parameters);
  if (!inputs) return {};
  return heisenberg::expectations<T>(program, *inputs, features, parameters, threads);
}

void expect_near(const Matrix<double>& a, const Matrix<double>& b, double tolerance) {
  ASSERT_EQ(a.rows(), b.rows());
  for (std::size_t i = 0; i < a.values().size(); ++i) ASSERT_NEAR(a.values()[i], b.values()[i], tolerance);
}

TEST(Polynomial, MatchesTheStatesOnRandomCircuits) {
  Random random(1);
  for (int trial = 0; trial < 120; ++trial) {
    const int qubits = 2 + trial % 7;
    const auto circuit = random_separable(random, qubits, 4 + trial % 20);
    const std::vector observables{random_observable(random, qubits, 3), random_observable(random, qubits, 1)};
    const auto features = random_features(random, 1 + static_cast<std::size_t>(trial),
                                          static_cast<std::size_t>(circuit.features()));
    const auto parameters = random_parameters(random, circuit.parameters());
    SCOPED_TRACE(draw(circuit));
    const auto expected = by_states(circuit, observables, features, parameters);
    expect_near(by_polynomial<double>(circuit, observables, features, parameters, 1), expected, 1e-11);
    expect_near(by_polynomial<float>(circuit, observables, features, parameters, 1), expected, 4e-5);
  }
}

Circuit layered(int qubits, int layers) {
  Circuit circuit(qubits);
  for (int q = 0; q < qubits; ++q) circuit.add("ry", {q}, {Angle::feature(q)});
  return circuit.append(ring_layers(qubits, layers));
}

TEST(Polynomial, MatchesTheStatesOnEveryInstructionSet) {
  Random random(2);
  const auto circuit = layered(8, 3);
  const auto features = random_features(random, 150, 8);
  const std::vector observables{Observable::z(0)};
  const auto expected = by_states(circuit, observables, features, {});
  for (const auto& name : instruction_sets()) {
    SCOPED_TRACE(name);
    force_instruction_set(name);
    expect_near(by_polynomial<double>(circuit, observables, features, {}, 2), expected, 1e-11);
    expect_near(by_polynomial<float>(circuit, observables, features, {}, 2), expected, 4e-5);
  }
  force_instruction_set("");
}

TEST(Polynomial, HasTheSameBitsForAnyNumberOfThreads) {
  Random random(3);
  const auto circuit = layered(9, 3);
  const auto features = random_features(random, 1000, 9);
  const std::vector observables{Observable::z(0), Observable::z(4)};
  const auto one = by_polynomial<float>(circuit, observables, features, {}, 1);
  for (const int threads : {2, 3, 5})
    EXPECT_EQ(by_polynomial<float>(circuit, observables, features, {}, threads), one);
}

TEST(Polynomial, IsWhatBatchesOfManySamplesTake) {
  Random random(4);
  const auto circuit = layered(6, 3);
  const auto features = random_features(random, 5000, 6);
  const std::vector observables{Observable::z(0)};
  const BatchProgram program(circuit, observables, Precision::double_);
  EXPECT_EQ(program.expectations(features, {}, 1),
            by_polynomial<double>(circuit, observables, features, {}, 1));
}

TEST(Polynomial, NeedsFeaturesBeforeAnythingEntangles) {
  auto circuit = layered(3, 1);
  circuit.add("ry", {0}, {Angle::feature(0)});
  const std::vector observables{Observable::z(0)};
  EXPECT_FALSE(Inputs::of(Program(circuit, observables, Program::Use::values), {}));
}

TEST(Polynomial, HasNoTermsForLettersThatAreZero) {
  Circuit circuit(3);
  circuit.add("ry", {0}, {Angle::feature(0)}).add("h", {1}).add("rz", {1}, {Angle::feature(1)});
  circuit.add("rx", {2}, {Angle::feature(0)}).add("rz", {2}, {Angle::feature(1)});
  for (int q = 0; q < 3; ++q) circuit.add("cx", {q, (q + 1) % 3});
  for (int q = 0; q < 3; ++q) circuit.add("rx", {q}, {0.3}).add("ry", {q}, {0.2});
  const std::vector observables{Observable::z(0), Observable::z(1), Observable::z(2)};
  const auto inputs = Inputs::of(Program(circuit, observables, Program::Use::values), {});
  ASSERT_TRUE(inputs);
  ASSERT_EQ(inputs->factors.size(), 3U);
  EXPECT_EQ(inputs->terms(), 3U * 3 * 4);
}

}  // namespace
}  // namespace qupel::heisenberg
