#include <gtest/gtest.h>

#include <algorithm>

#include "qupel/execute/execution_example.test.h"
#include "qupel/execute/executor.h"

// Samples of a noisy circuit together against one circuit after the other, which a named engine asks for.
namespace qupel::noisy_test {
namespace {

using execution_example::parameters, execution_example::rows;

const NoiseModel noise = parse_noise(
    "depolarizing(0.05) after two-qubit; amplitude-damping(0.1) after ry; thermal(50, 70) while idle; "
    "duration(0.3) of all; duration(2) of cx; readout(0.02, 0.06)");
const std::vector<Observable> observables{Observable::z(1), parse_observable("X0 + 0.5 Y1 Z2 - 0.3 Z0 + 2")};

Execution together(std::uint64_t shots = 0) {
  return {.noise = noise, .shots = shots, .precision = Precision::double_, .seed = 4};
}
Execution one_by_one(std::uint64_t shots = 0) {
  auto execution = together(shots);
  execution.engine = "density";
  return execution;
}

Circuit circuit() {
  auto made = execution_example::ansatz();
  made.add("crx", {2, 0}, {Angle::parameter(0, 0.5)}).add("rzz", {0, 1}, {Angle::feature(1)});
  return made;
}

void expect_near(const Matrix<double>& found, const Matrix<double>& expected, double tolerance) {
  ASSERT_EQ(found.rows(), expected.rows());
  ASSERT_EQ(found.columns(), expected.columns());
  for (std::size_t i = 0; i < found.values().size(); ++i)
    EXPECT_NEAR(found.values()[i], expected.values()[i], tolerance) << i;
}

/// Charged alike, but for seconds.
void expect_same_charge(const Ledger& found, const Ledger& expected) {
  EXPECT_EQ(found.circuits, expected.circuits);
  EXPECT_EQ(found.hardware_circuits, expected.hardware_circuits);
  EXPECT_EQ(found.shots, expected.shots);
  EXPECT_EQ(found.two_qubit_gates, expected.two_qubit_gates);
  EXPECT_EQ(found.depth, expected.depth);
}

TEST(Noisy, ExpectationsAreThoseOfJobs) {
  Executor batch(together()), jobs(one_by_one());
  expect_near(batch.expectations(batch.prepare(circuit(), observables), rows(20), parameters).values,
              jobs.expectations(jobs.prepare(circuit(), observables), rows(20), parameters).values, 1e-12);
  expect_same_charge(batch.ledger(), jobs.ledger());
}

TEST(Noisy, GradientByTheAdjointMethodIsThatByShiftRules) {
  const auto squares = [](std::size_t, const Matrix<double>& values, Matrix<double>& derivatives) {
    for (std::size_t i = 0; i < values.values().size(); ++i) derivatives.values()[i] = 2 * values.values()[i];
  };
  const auto run_with = [&](const Execution& execution, Ledger& ledger) {
    Executor executor(execution);
    auto gradient =
        executor.gradient(executor.prepare(circuit(), observables), rows(9), parameters, squares, true);
    ledger = executor.ledger();
    return gradient;
  };
  Ledger of_batch, of_jobs;
  const auto found = run_with(together(), of_batch), expected = run_with(one_by_one(), of_jobs);
  expect_near(found.values, expected.values, 1e-12);
  expect_near(found.features, expected.features, 1e-9);
  for (std::size_t p = 0; p < parameters.size(); ++p)
    EXPECT_NEAR(found.parameters[p], expected.parameters[p], 1e-9);
  EXPECT_EQ(of_batch.hardware_circuits, of_jobs.hardware_circuits);
  EXPECT_EQ(of_batch.circuits, 9);
  EXPECT_EQ(of_batch.gradients, 9);
}

// The same random numbers: counts differ only where a probability of another rounding decides.
TEST(Noisy, ShotsAreThoseOfJobs) {
  Executor batch(together(300)), jobs(one_by_one(300));
  const auto of_batch = batch.prepare(circuit(), observables), of_jobs = jobs.prepare(circuit(), observables);
  EXPECT_EQ(batch.samples(of_batch, rows(20), parameters), jobs.samples(of_jobs, rows(20), parameters));
  const auto found = batch.expectations(of_batch, rows(20), parameters),
             expected = jobs.expectations(of_jobs, rows(20), parameters);
  expect_near(found.values, expected.values, 1e-14);
  expect_near(found.errors, expected.errors, 1e-14);
  expect_same_charge(batch.ledger(), jobs.ledger());
}

TEST(Noisy, OverlapsAreThoseOfJobs) {
  Executor batch(together()), jobs(one_by_one());
  const auto kernel = [&](Executor& executor, std::size_t count, bool itself) {
    const auto prepared = executor.prepare(circuit(), {});
    const auto a = executor.encode(prepared, rows(5), parameters),
               b = executor.encode(prepared, rows(count), parameters);
    return executor.overlaps(a, itself ? a : b).values;
  };
  for (const bool itself : {false, true})
    expect_near(kernel(batch, 9, itself), kernel(jobs, 9, itself), 1e-12);
  expect_same_charge(batch.ledger(), jobs.ledger());
}

TEST(Noisy, BitsDoNotDependOnThreads) {
  for (const std::uint64_t shots : {0u, 40u}) {
    const auto run_with = [&](int threads) {
      Executor executor(together(shots), threads);
      const auto prepared = executor.prepare(circuit(), observables);
      const auto set = executor.encode(prepared, rows(30), parameters);
      return std::pair(executor.expectations(prepared, rows(30), parameters).values,
                       executor.overlaps(set, set).values);
    };
    EXPECT_EQ(run_with(1), run_with(3));
  }
}

// What an executor compiled for one noise is not used for another.
TEST(Noisy, EachExecutorHasItsOwnNoise) {
  Executor first(together()), second({.noise = parse_noise("bit-flip(0.2) after cx")});
  const auto prepared = first.prepare(circuit(), observables);
  const auto before = first.expectations(prepared, rows(3), parameters).values;
  EXPECT_NE(second.expectations(prepared, rows(3), parameters).values, before);
  EXPECT_EQ(first.expectations(prepared, rows(3), parameters).values, before);
}

}  // namespace
}  // namespace qupel::noisy_test
