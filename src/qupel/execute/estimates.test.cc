#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "qupel/base/error.h"
#include "qupel/engine/density/density_matrix.h"
#include "qupel/execute/execution_example.test.h"
#include "qupel/execute/executor.h"
#include "qupel/noise/noise_model.h"

// Expectation values and overlaps under each execution, against definitions.
namespace qupel::estimates_test {
namespace {

using execution_example::parameters, execution_example::rows;

Circuit circuit() { return execution_example::ansatz("rx"); }

const std::vector<Observable> observables{Observable::z(1), parse_observable("X0 + 0.5 Y1 Z2 - 0.3 Z0 + 2")};
const NoiseModel noise = parse_noise("depolarizing(0.05) after two-qubit; amplitude-damping(0.1) after rx");

std::vector<Execution> inexact() {
  return {{.shots = 200, .precision = Precision::double_},
          {.noise = noise, .shots = 200, .precision = Precision::double_},
          {.noise = noise, .trajectories = 200, .precision = Precision::double_}};
}

/// Exact values of the same execution.
Matrix<double> exact_values(const NoiseModel& with, const Matrix<double>& x) {
  Matrix<double> values(x.rows(), observables.size());
  for (std::size_t r = 0; r < x.rows(); ++r) {
    const DensityMatrix state(circuit().bind(x.row(r), parameters), with, Precision::double_, 1);
    for (std::size_t o = 0; o < observables.size(); ++o) values(r, o) = state.expectation(observables[o]);
  }
  return values;
}

TEST(Estimates, OfANoisyExecutionAreThoseOfItsMixedState) {
  Executor executor({.noise = noise, .precision = Precision::double_}, 2);
  const auto found = executor.expectations(executor.prepare(circuit(), observables), rows(70), parameters);
  const auto expected = exact_values(noise, rows(70));
  EXPECT_TRUE(found.errors.empty());
  for (std::size_t i = 0; i < expected.values().size(); ++i)
    EXPECT_NEAR(found.values.values()[i], expected.values()[i], 1e-12);
  EXPECT_EQ(executor.ledger().circuits, 70);
  EXPECT_EQ(executor.ledger().hardware_circuits, 70 * 2);  // two groups of strings
}

// Over many seeds: unbiased, and the spread is the standard error that is stated. (That of trajectories is
// larger: it counts jumps that none of them met.)
TEST(Estimates, SpreadAsTheirStandardErrorsSay) {
  for (auto execution : inexact()) {
    const auto expected = exact_values(execution.noise, rows(1));
    constexpr int seeds = 300;
    std::vector<double> bias(2), square(2), said(2);
    for (int seed = 0; seed < seeds; ++seed) {
      execution.seed = static_cast<std::uint64_t>(seed);
      Executor executor(execution);
      const auto found = executor.expectations(executor.prepare(circuit(), observables), rows(1), parameters);
      for (std::size_t o = 0; o < 2; ++o) {
        const double error = found.values(0, o) - expected(0, o);
        bias[o] += error / seeds;
        square[o] += error * error / seeds;
        said[o] += std::pow(found.errors(0, o), 2) / seeds;
      }
    }
    for (std::size_t o = 0; o < 2; ++o) {
      EXPECT_LT(std::abs(bias[o]), 4.5 * std::sqrt(said[o] / seeds)) << o;
      EXPECT_LT(square[o] / said[o], 1 + 5 * std::sqrt(2.0 / seeds)) << o;
      if (execution.trajectories == 0) {
        EXPECT_GT(square[o] / said[o], 1 - 5 * std::sqrt(2.0 / seeds)) << o;
      }
    }
  }
}

TEST(Estimates, HaveTheSameBitsForAnyThreads) {
  for (const auto& execution : inexact()) {
    const auto run = [&](int threads) {
      Executor executor(execution, threads);
      return executor.expectations(executor.prepare(circuit(), observables), rows(9), parameters).values;
    };
    EXPECT_EQ(run(1), run(4));
  }
}

/// Overlaps of rows by the definition.
Matrix<double> dense_overlaps(const Matrix<double>& a, const Matrix<double>& b) {
  Matrix<double> values(a.rows(), b.rows());
  for (std::size_t i = 0; i < a.rows(); ++i)
    for (std::size_t j = 0; j < b.rows(); ++j) {
      const auto left = dense_state(circuit(), a.row(i), parameters),
                 right = dense_state(circuit(), b.row(j), parameters);
      Complex sum = 0;
      for (std::size_t s = 0; s < left.size(); ++s) sum += std::conj(left[s]) * right[s];
      values(i, j) = std::norm(sum);
    }
  return values;
}

Matrix<double> other_rows(std::size_t count) {
  auto x = rows(count);
  for (double& value : x.values()) value = 1.3 * value + 0.2;
  return x;
}

TEST(Overlaps, AreTheDefinitionWhereExact) {
  const auto expected = dense_overlaps(rows(7), other_rows(5));
  // By states, and by compute-uncompute circuits whose noise never happens.
  for (const auto& with : {NoiseModel{}, parse_noise("bit-flip(0) after cx")}) {
    Executor executor({.noise = with, .precision = Precision::double_});
    const auto prepared = executor.prepare(circuit(), {});
    const auto found = executor.overlaps(executor.encode(prepared, rows(7), parameters),
                                         executor.encode(prepared, other_rows(5), parameters));
    EXPECT_TRUE(found.errors.empty());
    for (std::size_t i = 0; i < expected.values().size(); ++i)
      EXPECT_NEAR(found.values.values()[i], expected.values()[i], 1e-12);
  }
}

// Drawn from fidelities without noise, counted over compute-uncompute circuits with it: frequencies both.
TEST(Overlaps, WithShotsAreBinomialFrequencies) {
  constexpr std::uint64_t shots = 400;
  const auto expected = dense_overlaps(rows(30), other_rows(20));
  for (const auto& with : {NoiseModel{}, parse_noise("bit-flip(0) after cx")}) {
    Executor executor({.noise = with, .shots = shots, .precision = Precision::double_, .seed = 3});
    const auto prepared = executor.prepare(circuit(), {});
    const auto a = executor.encode(prepared, rows(30), parameters),
               b = executor.encode(prepared, other_rows(20), parameters);
    const auto before = executor.ledger();
    const auto found = executor.overlaps(a, b);
    double bias = 0, spread = 0, variance = 0, said = 0;
    for (std::size_t i = 0; i < expected.values().size(); ++i) {
      const double p = expected.values()[i], error = found.values.values()[i] - p;
      bias += error;
      spread += error * error;
      variance += p * (1 - p) / shots;
      said += std::pow(found.errors.values()[i], 2);
    }
    EXPECT_LT(std::abs(bias), 4 * std::sqrt(variance));
    EXPECT_NEAR(spread / variance, 1, 0.25);
    EXPECT_NEAR(said / variance, 1, 0.05);
    EXPECT_EQ(executor.ledger().circuits - before.circuits, 600);
    EXPECT_EQ(executor.ledger().shots - before.shots, 600 * static_cast<long long>(shots));
    EXPECT_EQ(executor.ledger().two_qubit_gates - before.two_qubit_gates, 600 * 4);
  }
}

TEST(Overlaps, OfASetWithItselfMeasureEachPairOnce) {
  for (const auto& with : {NoiseModel{}, noise}) {
    Executor executor({.noise = with, .shots = 50, .seed = 9});
    const auto set = executor.encode(executor.prepare(circuit(), {}), rows(20), parameters);
    const auto before = executor.ledger().circuits;
    const auto kernel = executor.overlaps(set, set);
    EXPECT_EQ(executor.ledger().circuits - before, 190);
    for (std::size_t i = 0; i < 20; ++i) {
      EXPECT_EQ(kernel.values(i, i), 1);
      EXPECT_EQ(kernel.errors(i, i), 0);
      for (std::size_t j = 0; j < 20; ++j) EXPECT_EQ(kernel.values(i, j), kernel.values(j, i));
    }
  }
}

TEST(Overlaps, DependOnTheSeedAndNotOnThreads) {
  const auto kernel = [](const NoiseModel& with, int threads, std::uint64_t seed) {
    Executor executor({.noise = with, .shots = 50, .seed = seed}, threads);
    const auto set = executor.encode(executor.prepare(circuit(), {}), rows(17), parameters);
    return executor.overlaps(set, set).values;
  };
  for (const auto& with : {NoiseModel{}, noise}) {
    EXPECT_EQ(kernel(with, 1, 4), kernel(with, 3, 4));
    EXPECT_NE(kernel(with, 1, 4), kernel(with, 1, 5));
  }
}

// Noise lowers the chance that a circuit and its inverse end where they began.
TEST(Overlaps, OfEqualRowsFallWithNoise) {
  Executor executor({.noise = noise});
  const auto prepared = executor.prepare(circuit(), {});
  const auto a = executor.encode(prepared, rows(2), parameters),
             b = executor.encode(prepared, rows(2), parameters);
  const auto found = executor.overlaps(a, b).values;
  EXPECT_LT(found(0, 0), 0.9);
  EXPECT_GT(found(0, 0), 0.3);
}

TEST(Overlaps, AreOfOneCircuit) {
  Executor executor({.noise = noise});
  auto longer = circuit();
  longer.add("x", {0});
  const auto a = executor.encode(executor.prepare(circuit(), {}), rows(2), parameters),
             b = executor.encode(executor.prepare(longer, {}), rows(2), parameters);
  EXPECT_THROW(executor.overlaps(a, b), InputError);
}

}  // namespace
}  // namespace qupel::estimates_test
