#include "qupel/execute/executor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "qupel/base/error.h"
#include "qupel/execute/execution_example.test.h"

namespace qupel {
namespace {

using namespace execution_example;

TEST(Executor, ChargesExpectations) {
  Executor executor(Precision::double_);
  const auto job = executor.prepare(ansatz(), {Observable::z(0), Observable::z(2)});
  const auto values = executor.expectations(job, rows(10), parameters).values;
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
  Executor executor({.shots = 100});
  const auto job = executor.prepare(
      ansatz(), {Observable::z(0), parse_observable("Z1 Z2 + 0.5"), parse_observable("X0 - 0.5 Y1 + 2")});
  const auto estimates = executor.expectations(job, rows(5), parameters);
  EXPECT_EQ(estimates.values.columns(), 3u);
  EXPECT_EQ(estimates.errors.columns(), 3u);
  EXPECT_EQ(executor.ledger().circuits, 5 * 2);  // one for all diagonal observables, one for X0 and Y1
  EXPECT_EQ(executor.ledger().shots, 5 * 2 * 100);
}

TEST(Executor, KernelsCostTheirStates) {
  Executor executor(Precision::double_);
  const auto job = executor.prepare(ansatz(), {});
  const auto a = executor.encode(job, rows(6), parameters), b = executor.encode(job, rows(4), parameters);
  const auto kernel = executor.overlaps(a, b);
  EXPECT_NEAR(kernel.values(3, 3), 1, 1e-12);
  EXPECT_TRUE(kernel.errors.empty());
  EXPECT_EQ(executor.ledger().circuits, 10);
}

// By hand: the ansatz has 3 feature and 3 parameter angles on Pauli rotations, one frequency each.
TEST(Executor, CountsTheCircuitsOfADevice) {
  const auto ones = [](auto, const auto&, auto& d) { std::ranges::fill(d.values(), 1); };
  for (const std::uint64_t shots : {0u, 50u}) {
    Executor executor({.shots = shots});
    const auto count = [&](auto run) {
      const auto before = executor.ledger().hardware_circuits;
      run();
      return executor.ledger().hardware_circuits - before;
    };
    const auto z = executor.prepare(ansatz(), {Observable::z(0), parse_observable("Z1 Z2")});  // one group
    const auto zx = executor.prepare(ansatz(), {Observable::z(0), parse_observable("X0")});    // two groups
    EXPECT_EQ(count([&] { executor.expectations(z, rows(10), parameters); }), 10);
    EXPECT_EQ(count([&] { executor.expectations(zx, rows(10), parameters); }), 20);
    EXPECT_EQ(count([&] { executor.gradient(z, rows(4), parameters, ones); }), 4 * (1 + 2 * 3));
    EXPECT_EQ(count([&] { executor.gradient(z, rows(4), parameters, ones, true); }), 4 * (1 + 2 * 6));
    EXPECT_EQ(count([&] { executor.gradient(zx, rows(4), parameters, ones, true); }), 4 * 2 * (1 + 2 * 6));
    const auto circuit = executor.prepare(ansatz(), {});
    const auto a = executor.encode(circuit, rows(6), parameters),
               b = executor.encode(circuit, rows(4), parameters);
    EXPECT_EQ(count([&] { executor.overlaps(a, b); }), 24);
    EXPECT_EQ(count([&] { executor.overlaps(a, a); }), 15);
  }
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

// An execution is read by the same model: what another executor prepared and encoded is used again.
TEST(Executor, RunsWhatAnotherOnePrepared) {
  Executor exact(Precision::double_), shots({.shots = 100, .precision = Precision::double_}),
      single(Precision::single);
  const auto circuit = exact.prepare(ansatz(), {Observable::z(1)});
  const auto rows_of_exact = exact.encode(circuit, rows(5), parameters);
  EXPECT_EQ(shots.overlaps(rows_of_exact, rows_of_exact).values(2, 2), 1);
  EXPECT_EQ(shots.ledger().circuits, 10);  // its pairs, and no states
  const auto expected = exact.overlaps(rows_of_exact, rows_of_exact).values;
  const auto found = single.overlaps(rows_of_exact, rows_of_exact).values;
  EXPECT_NEAR(found(1, 4), expected(1, 4), 1e-5);
  EXPECT_NEAR(single.expectations(circuit, rows(5), parameters).values(3, 0),
              exact.expectations(circuit, rows(5), parameters).values(3, 0), 1e-5);
}

TEST(Executor, DrawsAnewInEveryCallAndTheSameAgain) {
  const auto runs = [](std::uint64_t seed, int threads, Executor::Stream stream) {
    Executor executor({.shots = 64, .seed = seed}, threads);
    const auto circuit = executor.prepare(ansatz(), {Observable::z(2)});
    std::vector<Matrix<double>> values;
    for (int call = 0; call < 3; ++call)
      values.push_back(executor.expectations(circuit, rows(20), parameters, stream).values);
    return values;
  };
  const auto first = runs(3, 1, {});
  EXPECT_NE(first[0], first[1]);
  EXPECT_NE(first[1], first[2]);
  EXPECT_EQ(first, runs(3, 4, {}));
  EXPECT_NE(first[0], runs(4, 1, {})[0]);
  EXPECT_NE(first[0], runs(3, 1, 0)[0]);
}

TEST(Executor, CountsSamples) {
  for (const auto& noise : {NoiseModel{}, parse_noise("bit-flip(1) after cx")}) {
    Executor executor({.noise = noise, .shots = 200, .seed = 2});
    Circuit circuit(2);
    circuit.add("x", {0}).add("cx", {0, 1});
    const auto counts = executor.samples(executor.prepare(circuit, {}), Matrix<double>(3, 0), {});
    ASSERT_EQ(counts.size(), 3U);
    for (const auto& row : counts) EXPECT_EQ(row, (ShotCounts{{noise.empty() ? 3 : 0, 200}}));
    EXPECT_EQ(executor.ledger().circuits, 3);
    EXPECT_EQ(executor.ledger().shots, 600);
  }
  Executor exact;
  EXPECT_THROW(exact.samples(exact.prepare(Circuit(1), {}), Matrix<double>(1, 0), {}), InputError);
}

TEST(Executor, AnswersAllAboutOneCircuit) {
  Executor executor({.precision = Precision::double_, .seed = 5});
  Circuit circuit(2);
  circuit.add("h", {0}).add("cx", {0, 1});
  const auto outcome =
      executor.run(circuit, {.observables = {parse_observable("X0 X1")}, .state = true, .shots = 100});
  EXPECT_NEAR(outcome.expectations[0], 1, 1e-12);
  EXPECT_EQ(outcome.state.size(), 4U);
  EXPECT_EQ(outcome.engine, "batch");
  EXPECT_EQ(executor.ledger().shots, 100);
  EXPECT_EQ(executor.explain(circuit, {.state = true}).engine->name(), "batch");
  Executor chosen({.engine = "density"});
  EXPECT_EQ(chosen.run(circuit, {.observables = {Observable::z(0)}}).engine, "density");
  EXPECT_THROW(chosen.run(circuit, {.state = true}), InputError);
  EXPECT_THAT([&] { Executor({.engine = "densty"}).run(circuit, {.shots = 1}); },
              testing::ThrowsMessage<InputError>(testing::HasSubstr("did you mean \"density\"?")));
}

TEST(Executor, RefusesWhatItCannotMean) {
  EXPECT_THROW(Executor({.trajectories = 5}).prepare(ansatz(), {}), InputError);
  Executor noisy({.noise = parse_noise("bit-flip(0.1) after cx")});
  EXPECT_THROW(noisy.states(noisy.prepare(ansatz(), {}), rows(1), parameters), InputError);
  const auto prepared = noisy.prepare(ansatz(), {Observable::z(0)});
  EXPECT_THAT(
      [&] { noisy.expectations(prepared, Matrix<double>(1, 4), parameters); },
      testing::ThrowsMessage<InputError>(testing::HasSubstr("reads 3 features, and the samples have 4")));
  EXPECT_THAT([&] { noisy.expectations(prepared, rows(1), std::vector{0.1}); },
              testing::ThrowsMessage<InputError>(testing::HasSubstr("has 3 parameters, and 1 values")));
  EXPECT_EQ(noisy.ledger().circuits, 0);  // what did not run is not charged
}

}  // namespace
}  // namespace qupel
