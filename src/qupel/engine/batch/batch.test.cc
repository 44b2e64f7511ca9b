#include "qupel/engine/batch/batch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "qupel/base/error.h"
#include "qupel/engine/batch/batch_checks.h"
#include "qupel/engine/testing/random_circuit.h"

namespace qupel {
namespace {

using namespace testing;
using ::testing::HasSubstr;

double distance(std::span<const Complex> a, std::span<const Complex> b) {
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) most = std::max(most, std::abs(a[i] - b[i]));
  return most;
}

void expect_states_match(const Circuit& circuit, Precision precision, std::size_t samples, Random& random) {
  const auto features = random_features(random, samples, static_cast<std::size_t>(circuit.features()));
  const auto parameters = random_parameters(random, circuit.parameters());
  const auto states = BatchProgram(circuit, {}, precision).states(features, parameters, 1);
  for (std::size_t i = 0; i < samples; ++i) {
    const auto expected = dense_state(circuit, features.row(i), parameters);
    ASSERT_LT(distance(states.row(i), expected), tolerance(precision)) << "sample " << i << "\n"
                                                                       << draw(circuit);
  }
}

TEST(BatchStates, EveryOperationMatchesItsDefinition) {
  Random random(1);
  for (const auto* spec : gates()) {
    for (int qubits = std::max(1, spec->qubits); qubits <= 6; ++qubits) {
      for (const auto precision : precisions) {
        SCOPED_TRACE(spec->name);
        Circuit circuit(qubits);
        for (int q = 0; q < qubits; ++q)
          circuit.add("u", {q}, {random.uniform(0, 3), random.uniform(0, 3), 0.1 * q});
        if (qubits > 1) circuit.add("cx", {0, qubits - 1});
        add_random(circuit, *spec, random);
        add_random(circuit, *spec, random);
        expect_states_match(circuit, precision, 3, random);
      }
    }
  }
}

TEST(BatchStates, RandomCircuitsMatchTheirDefinition) {
  Random random(2);
  for (int trial = 0; trial < 60; ++trial) {
    const auto circuit = random_circuit(random, 1 + trial % 6, 5 + trial);
    for (const auto precision : precisions) expect_states_match(circuit, precision, 5, random);
  }
}

// Where tangents are large, and scales small.
TEST(BatchStates, RotationsCloseToHalfATurnMatchTheirDefinition) {
  Random random(5);
  for (const double distance : {0.3, 1e-2, 1e-3, 1e-5, 0.0}) {
    Circuit circuit(7);
    for (int q = 0; q < 7; ++q) circuit.add("ry", {q}, {random_angle(random)});
    for (int layer = 0; layer < 6; ++layer) {
      for (int q = 0; q < 7; ++q) circuit.add("cx", {q, (q + 1 + layer % 3) % 7});
      for (int q = 0; q < 7; ++q) circuit.add("ry", {q}, {std::numbers::pi * (q % 2 ? 1 : -3) + distance});
    }
    for (const auto precision : precisions) expect_states_match(circuit, precision, 3, random);
  }
}

TEST(BatchStates, WindowsCoverStatesBeyondTheCache) {
  Random random(3);
  for (const int qubits : {9, 10, 11}) {
    const auto circuit = random_circuit(random, qubits, 80);
    for (const auto precision : precisions) expect_states_match(circuit, precision, 2, random);
  }
}

TEST(BatchStates, DiagonalsOfManyParitiesMatchTheirDefinition) {
  Random random(17);
  for (const bool varies : {false, true}) {
    Circuit circuit(9);
    for (int q = 0; q < 9; ++q) circuit.add("h", {q});
    for (int k = 0; k < 40; ++k) {
      const int count = 1 + static_cast<int>(random.below(9));
      const double scale = random.uniform(-4, 4);
      circuit.add_pauli_rotation(std::string(static_cast<std::size_t>(count), 'Z'),
                                 random_qubits(random, 9, count),
                                 varies ? Angle::feature(k % slots, scale) : Angle(scale));
    }
    for (int q = 0; q < 9; ++q) circuit.add("ry", {q}, {Angle::parameter(q % slots)});
    for (const auto precision : precisions) expect_states_match(circuit, precision, 3, random);
  }
}

TEST(BatchStates, WholeTurnsKeepTheirSign) {
  Circuit circuit(2);
  circuit.add("ry", {0}, {Angle::feature(0)}).add("cx", {0, 1}).add("rx", {0}, {Angle::feature(1)});
  circuit.add("rz", {1}, {Angle::parameter(0)}).add("ry", {1}, {Angle::parameter(1)});
  Matrix<double> features(1, 2);
  features(0, 0) = 7;
  features(0, 1) = -9.5;
  const std::vector<double> parameters{8, 10};
  const auto states = BatchProgram(circuit, {}, Precision::double_).states(features, parameters, 1);
  EXPECT_LT(distance(states.row(0), dense_state(circuit, features.row(0), parameters)), 1e-13);
}

TEST(BatchStates, RotationsByAnyMultipleOfAQuarterTurnAreExact) {
  for (int quarter = -8; quarter <= 8; ++quarter) {
    const double angle = quarter * std::numbers::pi / 2;
    Circuit circuit(3);
    for (int q = 0; q < 3; ++q) circuit.add("h", {q});
    circuit.add("cz", {0, 1}).add("cz", {1, 2});
    for (int q = 0; q < 3; ++q)
      circuit.add("ry", {q}, {Angle::parameter(q)}).add("rx", {q}, {Angle::feature(0)});
    circuit.add("cz", {0, 2})
        .add("rxx", {0, 1}, {Angle::parameter(0)})
        .add("ryy", {1, 2}, {Angle::feature(0)});
    const Matrix<double> features(1, 1, angle);
    const std::vector<double> parameters{angle, angle, -angle};
    const auto states = BatchProgram(circuit, {}, Precision::double_).states(features, parameters, 1);
    EXPECT_LT(distance(states.row(0), dense_state(circuit, features.row(0), parameters)), 1e-13) << quarter;
  }
}

TEST(BatchStates, DeepCircuitsStayNormalised) {
  Random random(4);
  Circuit circuit(4);
  for (int layer = 0; layer < 200; ++layer) {
    for (int q = 0; q < 4; ++q) circuit.add("ry", {q}, {Angle(random.uniform(-4, 4))});
    for (int q = 0; q < 4; ++q) circuit.add("rxx", {q, (q + 1) % 4}, {Angle(random.uniform(-4, 4))});
  }
  for (const auto precision : precisions) {
    const auto p = BatchProgram(circuit, {}, precision).probabilities(Matrix<double>(1, 0), {}, 1);
    double sum = 0;
    for (const double v : p.values()) sum += v;
    EXPECT_NEAR(sum, 1, precision == Precision::single ? 1e-4 : 1e-12);
  }
}

TEST(BatchExpectations, MatchTheDefinition) {
  Random random(5);
  for (int trial = 0; trial < 60; ++trial) {
    const int qubits = 1 + trial % 7;
    const auto circuit = random_circuit(random, qubits, 3 + trial / 2);
    std::vector<Observable> observables{Observable::z(0), random_observable(random, qubits, 5),
                                        random_observable(random, qubits, 12)};
    const auto features = random_features(random, 9, slots);
    const auto parameters = random_parameters(random, slots);
    for (const auto precision : precisions) {
      const auto values = BatchProgram(circuit, observables, precision).expectations(features, parameters, 1);
      for (std::size_t i = 0; i < features.rows(); ++i) {
        const auto state = dense_state(circuit, features.row(i), parameters);
        for (std::size_t o = 0; o < observables.size(); ++o) {
          ASSERT_NEAR(values(i, o), dense_expectation(observables[o], state), 4 * tolerance(precision))
              << to_string(observables[o]) << "\n"
              << draw(circuit);
        }
      }
    }
  }
}

TEST(BatchProgram, RunsCircuitsWithoutFeaturesOnce) {
  const BatchProgram program(Circuit(2).add("h", {0}).add("cx", {0, 1}),
                             {parse_observable("Z0 Z1"), Observable::z(0)}, Precision::single);
  const auto values = program.expectations(Matrix<double>(3, 0), {}, 1);
  ASSERT_EQ(values.rows(), 3u);
  EXPECT_NEAR(values(2, 0), 1, 1e-6);
  EXPECT_NEAR(values(2, 1), 0, 1e-6);
  EXPECT_EQ(program.expectations(Matrix<double>(0, 0), {}, 1).rows(), 0u);
}

TEST(BatchProgram, RefusesWrongShapes) {
  const auto message = [](const auto& work) -> std::string {
    try {
      work();
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  };
  const BatchProgram program(
      Circuit(2).add("ry", {0}, {Angle::feature(1)}).add("rz", {1}, {Angle::parameter(0)}),
      {Observable::z(0)}, Precision::single);
  EXPECT_THAT(message([&] { program.expectations(Matrix<double>(1, 1), std::vector{0.1}, 1); }),
              HasSubstr("reads 2 features, and the samples have 1"));
  EXPECT_THAT(message([&] { program.expectations(Matrix<double>(1, 2), {}, 1); }),
              HasSubstr("1 parameters, and 0 values"));
  EXPECT_THAT(message([&] { BatchProgram(Circuit(1), {Observable::z(1)}, Precision::single); }),
              HasSubstr("acts on qubit 1: the circuit has qubits 0 to 0"));
  EXPECT_THAT(message([&] { BatchProgram(Circuit(31), {}, Precision::single); }),
              HasSubstr("up to 30 qubits, not 31"));
  EXPECT_THAT(message([&] {
                BatchProgram(Circuit(30), {}, Precision::double_).states(Matrix<double>(64, 0), {}, 1);
              }),
              HasSubstr("GB may be used"));
  EXPECT_THAT(message([&] { program.estimate(Matrix<double>(1, 2), std::vector{0.1}, 0, 1, 1); }),
              HasSubstr("0 shots"));
}

TEST(SlowBatch, LargeStatesMatchTheirDefinition) {
  Random random(16);
  const auto circuit = random_circuit(random, 14, 60);
  for (const auto precision : precisions) expect_states_match(circuit, precision, 1, random);
}

}  // namespace
}  // namespace qupel
