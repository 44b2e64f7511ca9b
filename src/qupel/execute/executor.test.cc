#include "qupel/execute/executor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "qupel/base/error.h"

namespace qupel {
namespace {

Circuit ansatz() {
  Circuit circuit(3);
  for (int q = 0; q < 3; ++q) circuit.add("ry", {q}, {Angle::feature(q)});
  circuit.add("cx", {0, 1}).add("cx", {1, 2});
  for (int q = 0; q < 3; ++q) circuit.add("ry", {q}, {Angle::parameter(q)});
  return circuit;
}

Matrix<double> rows(std::size_t count) {
  Matrix<double> features(count, 3);
  for (std::size_t i = 0; i < features.values().size(); ++i)
    features.values()[i] = 0.37 * static_cast<double>(i % 17);
  return features;
}

const std::vector<double> parameters{0.1, -0.4, 2};

TEST(Executor, ChargesExpectations) {
  Executor executor(Precision::double_);
  const auto job = executor.prepare(ansatz(), {Observable::z(0), Observable::z(2)});
  const auto values = executor.expectations(job, rows(10), parameters);
  const auto state = dense_state(ansatz(), rows(10).row(9), parameters);
  EXPECT_NEAR(values(9, 1), dense_expectation(Observable::z(2), state), 1e-12);
  EXPECT_EQ(executor.ledger().circuits, 10);
  EXPECT_EQ(executor.ledger().shots, 0);
  EXPECT_EQ(executor.ledger().one_qubit_gates, 60);
  EXPECT_EQ(executor.ledger().two_qubit_gates, 20);
  EXPECT_EQ(executor.ledger().qubits, 3);
  EXPECT_EQ(executor.ledger().depth, ansatz().cost().depth);
  EXPECT_GT(executor.ledger().seconds[Stage::execute], 0);
}

TEST(Executor, ChargesAGradientAsOneCircuitASample) {
  Executor executor;
  const auto job = executor.prepare(ansatz(), {Observable::z(0)});
  const auto gradient = executor.gradient(job, rows(4), parameters, [](auto, const auto&, auto& d) {
    for (double& v : d.values()) v = 1;
  });
  EXPECT_EQ(gradient.parameters.size(), 3u);
  EXPECT_EQ(executor.ledger().circuits, 4);
  EXPECT_EQ(executor.ledger().gradients, 4);
}

TEST(Executor, ChargesEachGroupOfObservablesThatIsMeasured) {
  Executor executor;
  const auto job = executor.prepare(
      ansatz(), {Observable::z(0), parse_observable("Z1 Z2 + 0.5"), parse_observable("X0 - 0.5 Y1 + 2")});
  const auto estimates = executor.estimate(job, rows(5), parameters, 100, 1);
  EXPECT_EQ(estimates.columns(), 3u);
  EXPECT_EQ(executor.ledger().circuits, 5 * 2);  // one for all diagonal observables, one for X0 and Y1
  EXPECT_EQ(executor.ledger().shots, 5 * 2 * 100);
}

TEST(Executor, KernelsCostTheirStates) {
  Executor executor(Precision::double_);
  const auto job = executor.prepare(ansatz(), {});
  const auto a = executor.states(job, rows(6), parameters), b = executor.states(job, rows(4), parameters);
  const auto kernel = executor.kernel(a, b);
  EXPECT_NEAR(kernel(3, 3), 1, 1e-12);
  EXPECT_EQ(executor.ledger().circuits, 10);
}

// By hand: the ansatz has 3 feature and 3 parameter angles on Pauli rotations, one frequency each.
TEST(Executor, CountsTheCircuitsOfADevice) {
  Executor executor;
  const auto count = [&](auto run) {
    const auto before = executor.ledger().hardware_circuits;
    run();
    return executor.ledger().hardware_circuits - before;
  };
  const auto ones = [](auto, const auto&, auto& d) { std::ranges::fill(d.values(), 1); };
  const auto z = executor.prepare(ansatz(), {Observable::z(0), parse_observable("Z1 Z2")});  // one group
  const auto zx = executor.prepare(ansatz(), {Observable::z(0), parse_observable("X0")});    // two groups
  const auto states = executor.prepare(ansatz(), {});
  EXPECT_EQ(count([&] { executor.expectations(z, rows(10), parameters); }), 10);
  EXPECT_EQ(count([&] { executor.expectations(zx, rows(10), parameters); }), 20);
  EXPECT_EQ(count([&] { executor.estimate(zx, rows(10), parameters, 50, 1); }), 20);
  EXPECT_EQ(count([&] { executor.gradient(z, rows(4), parameters, ones); }), 4 * (1 + 2 * 3));
  EXPECT_EQ(count([&] { executor.gradient(z, rows(4), parameters, ones, true); }), 4 * (1 + 2 * 6));
  EXPECT_EQ(count([&] { executor.gradient(zx, rows(4), parameters, ones, true); }), 4 * 2 * (1 + 2 * 6));
  std::optional<StateSet> a, b;
  EXPECT_EQ(count([&] {
              a = executor.states(states, rows(6), parameters);
              b = executor.states(states, rows(4), parameters);
            }),
            0);
  EXPECT_EQ(count([&] { executor.kernel(*a, *b); }), 24);
  EXPECT_EQ(count([&] { executor.kernel(*a, *a); }), 15);
  EXPECT_EQ(count([&] { executor.estimate_kernel(states, *a, *b, 10, 1); }), 24);
  EXPECT_EQ(count([&] { executor.estimate_kernel(states, *a, *a, 10, 1); }), 15);
}

// A shared parameter is shifted gate by gate, and a controlled rotation has two frequencies.
TEST(Executor, CountsFourShiftsOfAControlledRotation) {
  Circuit circuit(2);
  circuit.add("ry", {0}, {Angle::parameter(0)}).add("ry", {1}, {Angle::parameter(0)});
  circuit.add("crx", {0, 1}, {Angle::parameter(1)}).add("rz", {1}, {0.3});
  Executor executor;
  const auto job = executor.prepare(circuit, {Observable::z(1)});
  executor.gradient(job, Matrix<double>(5, 0), std::vector<double>{0.1, 0.2},
                    [](auto, const auto&, auto& d) { std::ranges::fill(d.values(), 1); });
  EXPECT_EQ(executor.ledger().hardware_circuits, 5 * (1 + 2 + 2 + 4));
}

TEST(EstimateKernel, IsABinomialFrequencyOfEachFidelity) {
  Executor executor(Precision::double_);
  const auto job = executor.prepare(ansatz(), {});
  const auto a = executor.states(job, rows(60), parameters), b = executor.states(job, rows(40), parameters);
  const auto exact = executor.kernel(a, b);
  const long long before = executor.ledger().circuits;
  constexpr std::size_t shots = 400;
  const auto estimated = executor.estimate_kernel(job, a, b, shots, 3);
  double bias = 0, spread = 0, expected = 0;
  for (std::size_t i = 0; i < exact.values().size(); ++i) {
    const double p = exact.values()[i], error = estimated.values()[i] - p;
    bias += error;
    spread += error * error;
    expected += p * (1 - p) / shots;
  }
  EXPECT_LT(std::abs(bias), 4 * std::sqrt(expected));
  EXPECT_NEAR(spread / expected, 1, 0.15);
  EXPECT_EQ(executor.ledger().circuits - before, 60 * 40);
  EXPECT_EQ(executor.ledger().shots, 60 * 40 * static_cast<long long>(shots));
  EXPECT_EQ(executor.ledger().depth, 2 * ansatz().cost().depth);
  EXPECT_EQ(executor.ledger().two_qubit_gates, 100 * 2 + 60 * 40 * 4);
}

TEST(EstimateKernel, OfASetWithItselfMeasuresEachPairOnce) {
  Executor executor;
  const auto job = executor.prepare(ansatz(), {});
  const auto set = executor.states(job, rows(20), parameters);
  const auto kernel = executor.estimate_kernel(job, set, set, 50, 9);
  EXPECT_EQ(executor.ledger().circuits, 20 + 190);
  for (std::size_t i = 0; i < 20; ++i) {
    EXPECT_EQ(kernel(i, i), 1);
    for (std::size_t j = 0; j < 20; ++j) EXPECT_EQ(kernel(i, j), kernel(j, i));
  }
}

TEST(EstimateKernel, DependsOnTheSeedAndNotOnThreads) {
  const auto kernel = [](int threads, std::uint64_t seed) {
    Executor executor(Precision::single, threads);
    const auto job = executor.prepare(ansatz(), {});
    const auto set = executor.states(job, rows(17), parameters);
    return executor.estimate_kernel(job, set, set, 50, seed);
  };
  EXPECT_EQ(kernel(1, 4), kernel(3, 4));
  EXPECT_NE(kernel(1, 4), kernel(1, 5));
}

TEST(EstimateKernel, RefusesZeroShots) {
  Executor executor;
  const auto job = executor.prepare(ansatz(), {});
  const auto set = executor.states(job, rows(2), parameters);
  EXPECT_THROW(executor.estimate_kernel(job, set, set, 0, 1), InputError);
}

}  // namespace
}  // namespace qupel
