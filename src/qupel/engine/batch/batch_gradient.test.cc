#include "qupel/engine/batch/batch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "qupel/engine/batch/batch_checks.h"
#include "qupel/engine/testing/random_circuit.h"

namespace qupel {
namespace {

using namespace testing;

TEST(BatchGradient, MatchesFiniteDifferencesInParametersAndFeatures) {
  Random random(6);
  for (int trial = 0; trial < 24; ++trial) {
    const int qubits = 1 + trial % 6;
    const auto circuit = random_circuit(random, qubits, 4 + trial);
    const BatchProgram program(circuit, {random_observable(random, qubits, 4), Observable::z(qubits - 1)},
                               Precision::double_);
    auto features = random_features(random, 6, slots);
    auto parameters = random_parameters(random, slots);
    const auto gradient = program.gradient(features, parameters, squares, true, 1);
    const auto values = program.expectations(features, parameters, 1);
    for (std::size_t i = 0; i < values.values().size(); ++i)
      ASSERT_NEAR(gradient.values.values()[i], values.values()[i], 1e-13);
    const auto difference = [&](double& slot) {
      return central_difference(program, features, parameters, slot);
    };
    for (std::size_t p = 0; p < parameters.size(); ++p) {
      ASSERT_NEAR(gradient.parameters[p], difference(parameters[p]), 2e-7) << p << "\n" << draw(circuit);
    }
    for (std::size_t i = 0; i < features.rows(); ++i) {
      for (std::size_t f = 0; f < features.columns(); ++f) {
        ASSERT_NEAR(gradient.features(i, f), difference(features(i, f)), 2e-7) << i << ' ' << f << "\n"
                                                                               << draw(circuit);
      }
    }
  }
}

// Beyond some number of qubits each sample is a state of its own.
// Four and eight rotations behind a diagonal, the same for all samples or not: one pass takes both.
TEST(BatchGradient, OfFullPassesMatchesFiniteDifferences) {
  Random random(16);
  for (const int qubits : {4, 8}) {
    for (const bool varies : {false, true}) {
      Circuit circuit(qubits);
      for (int layer = 0; layer < 3; ++layer) {
        for (int q = 0; q < qubits; ++q) {
          circuit.add("ry", {q}, {Angle::parameter((q + layer) % slots, 1, q)});
          circuit.add("rz", {q}, {varies ? Angle::feature(q % slots) : Angle::parameter(q % slots, 2)});
        }
        for (int q = 0; q < qubits; ++q) circuit.add("cx", {q, (q + 1) % qubits});
      }
      if (!varies) circuit.add("ry", {0}, {Angle::feature(slots - 1)});
      const BatchProgram program(circuit, {Observable::z(0), random_observable(random, qubits, 3)},
                                 Precision::double_);
      auto features = random_features(random, 2, slots);
      auto parameters = random_parameters(random, slots);
      const auto gradient = program.gradient(features, parameters, squares, true, 1);
      const auto difference = [&](double& slot) {
        return central_difference(program, features, parameters, slot);
      };
      for (std::size_t p = 0; p < parameters.size(); ++p)
        ASSERT_NEAR(gradient.parameters[p], difference(parameters[p]), 2e-6);
      for (std::size_t f = 0; f < features.columns(); ++f)
        ASSERT_NEAR(gradient.features(1, f), difference(features(1, f)), 2e-6);
    }
  }
}

TEST(BatchGradient, OfLargeStatesMatchesFiniteDifferences) {
  Random random(9);
  for (const auto& [qubits, samples] : {std::pair{13, std::size_t{1}}, {14, 1}, {16, 3}}) {
    const auto circuit = random_circuit(random, qubits, 30);
    const BatchProgram program(circuit, {random_observable(random, qubits, 4), Observable::z(qubits - 1)},
                               Precision::double_);
    auto features = random_features(random, samples, slots);
    auto parameters = random_parameters(random, slots);
    const auto gradient = program.gradient(features, parameters, squares, true, 2);
    EXPECT_EQ(gradient.parameters, program.gradient(features, parameters, squares, false, 1).parameters);
    const auto difference = [&](double& slot) {
      return central_difference(program, features, parameters, slot);
    };
    for (std::size_t p = 0; p < parameters.size(); ++p)
      EXPECT_NEAR(gradient.parameters[p], difference(parameters[p]), 2e-7) << qubits;
    for (std::size_t f = 0; f < features.columns(); ++f)
      EXPECT_NEAR(gradient.features(0, f), difference(features(0, f)), 2e-7) << qubits;
  }
}

// States are kept on the way forward for the last layers (12 and 13 qubits), or for none. One sample alone is
// a tiled state, which keeps none.
TEST(BatchGradient, DoesNotDependOnTheStatesThatAreKept) {
  Random random(10);
  for (const int qubits : {12, 13, 14}) {
    Circuit circuit = random_circuit(random, qubits, 30);
    for (int layer = 0; layer < 6; ++layer) {
      for (int q = 0; q < qubits; ++q)
        circuit.add("ry", {q}, {Angle::parameter(q % 3)}).add("rz", {q}, {Angle::feature(layer % 3)});
      for (int q = 0; q + 1 < qubits; ++q) circuit.add("cx", {q, q + 1});
    }
    const BatchProgram program(circuit, {random_observable(random, qubits, 4)}, Precision::double_);
    const auto features = random_features(random, 9, slots);
    const auto parameters = random_parameters(random, slots);
    const auto together = program.gradient(features, parameters, squares, true, 2);
    std::vector<double> sums(parameters.size());
    for (std::size_t i = 0; i < features.rows(); ++i) {
      const auto one_by_one = [&](std::size_t, const Matrix<double>& values, Matrix<double>& derivatives) {
        squares(i, values, derivatives);
      };
      Matrix<double> row(1, features.columns());
      std::ranges::copy(features.row(i), row.data());
      const auto alone = program.gradient(row, parameters, one_by_one, true, 1);
      for (std::size_t p = 0; p < sums.size(); ++p) sums[p] += alone.parameters[p];
      for (std::size_t f = 0; f < features.columns(); ++f)
        EXPECT_NEAR(together.features(i, f), alone.features(0, f), 1e-10) << qubits;
    }
    for (std::size_t p = 0; p < sums.size(); ++p)
      EXPECT_NEAR(together.parameters[p], sums[p], 1e-10) << qubits;
  }
}

// d f / d angle from values at shifted angles, by the frequencies of f in it: Wierichs et al., Quantum 6,
// 677 (2022).
double by_shifts(const std::vector<double>& spectrum, const std::function<double(double)>& f) {
  using std::numbers::pi;
  if (spectrum.size() == 1) return spectrum[0] / 2 * (f(pi / 2 / spectrum[0]) - f(-pi / 2 / spectrum[0]));
  const double c1 = (std::numbers::sqrt2 + 1) / (4 * std::numbers::sqrt2),
               c2 = (std::numbers::sqrt2 - 1) / (4 * std::numbers::sqrt2);
  const double unit = 2 * spectrum[0];  // the rule is that of frequencies 1/2 and 1
  return unit *
         (c1 * (f(pi / 2 / unit) - f(-pi / 2 / unit)) - c2 * (f(3 * pi / 2 / unit) - f(-3 * pi / 2 / unit)));
}

TEST(BatchGradient, MatchesParameterShiftForEveryOperation) {
  Random random(7);
  for (const auto* spec : gates()) {
    const int qubits = std::max(3, spec->qubits);
    for (int k = 0; k < spec->angles; ++k) {
      if (spec->spectrum.size() > 2) continue;
      Circuit circuit(qubits);
      for (int q = 0; q < qubits; ++q) circuit.add("u", {q}, {0.3 + q, 0.7 * q, 1.1});
      for (int q = 0; q + 1 < qubits; ++q) circuit.add("cx", {q, q + 1});
      std::vector<Angle> angles(static_cast<std::size_t>(spec->angles), Angle(0.4));
      angles[static_cast<std::size_t>(k)] = Angle::parameter(0);
      if (spec->qubits == 0) {
        circuit.add_pauli_rotation("XYZ", {2, 0, 1}, angles[0]);
      } else {
        circuit.add(*spec, random_qubits(random, qubits, spec->qubits), angles);
      }
      for (int q = 0; q < qubits; ++q) circuit.add("ry", {q}, {0.2 + q});
      circuit.add("cx", {0, 2});
      const BatchProgram program(circuit, {random_observable(random, qubits, 6)}, Precision::double_);
      const Matrix<double> one(1, 0);
      const auto value = [&](double angle) { return program.expectations(one, std::vector{angle}, 1)(0, 0); };
      const auto gradient = program.gradient(
          one, std::vector{0.9}, [](auto, const auto&, auto& d) { d(0, 0) = 1; }, false, 1);
      EXPECT_NEAR(gradient.parameters[0], by_shifts(spec->spectrum, [&](double s) { return value(0.9 + s); }),
                  1e-12)
          << spec->name << ' ' << k;
    }
  }
}

TEST(BatchGradient, SinglePrecisionFollowsDouble) {
  Random random(8);
  for (const int qubits : {3, 6, 9, 10}) {
    const auto circuit = random_circuit(random, qubits, 60);
    const std::vector<Observable> observables{random_observable(random, qubits, 6)};
    const auto features = random_features(random, 5, slots);
    const auto parameters = random_parameters(random, slots);
    const auto exact = BatchProgram(circuit, observables, Precision::double_)
                           .gradient(features, parameters, squares, true, 1);
    const auto single = BatchProgram(circuit, observables, Precision::single)
                            .gradient(features, parameters, squares, true, 1);
    for (std::size_t p = 0; p < slots; ++p)
      EXPECT_NEAR(single.parameters[p], exact.parameters[p], 2e-3) << qubits;
    for (std::size_t i = 0; i < exact.features.values().size(); ++i) {
      EXPECT_NEAR(single.features.values()[i], exact.features.values()[i], 1e-3) << qubits;
    }
  }
}

TEST(BatchGradient, OfConstantsIsZero) {
  Circuit circuit(2);
  circuit.add("ry", {0}, {Angle::parameter(0)});
  const Observable identity{{{2.5, {}}}};
  const auto gradient = BatchProgram(circuit, {identity}, Precision::double_)
                            .gradient(Matrix<double>(3, 0), std::vector{0.3}, squares, true, 1);
  EXPECT_EQ(gradient.values(2, 0), 2.5);
  EXPECT_EQ(gradient.parameters[0], 0);
  EXPECT_TRUE(gradient.features.empty());
}

}  // namespace
}  // namespace qupel
