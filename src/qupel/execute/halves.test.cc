#include <gtest/gtest.h>

#include <cmath>

#include "qupel/execute/execution_example.test.h"
#include "qupel/execute/executor.h"
#include "qupel/mitigate/mitigation.h"

// Kernels on devices and under mitigation, from halves of circuits, against circuits one by one.
namespace qupel::halves_test {
namespace {

using execution_example::rows;

/// Qubits 0 and 3 meet, so that on a line some states pass through other qubits.
Circuit circuit() {
  Circuit made(4);
  for (int q = 0; q < 4; ++q) made.add("h", {q}).add("rz", {q}, {Angle::feature(q % 3)});
  made.add("rzz", {0, 3}, {Angle::feature(1)}).add("cx", {1, 2}).add("ry", {2}, {Angle::parameter(0)});
  return made;
}
const std::vector<double> parameters{0.4};

std::shared_ptr<const Device> line() {
  return std::make_shared<const Device>(
      device("line(6, two-qubit=0.02, one-qubit=0.002, readout=0.03, t1=60, t2=50, one-qubit-time=0.05, "
             "two-qubit-time=0.4, readout-time=1)"));
}

/// With errors that differ between |0> and |1>.
std::shared_ptr<const Device> uneven() {
  auto made = *line();
  for (auto& qubit : made.qubits) qubit.one_for_zero = 0.01, qubit.zero_for_one = 0.06;
  return std::make_shared<const Device>(std::move(made));
}

struct Kernel {
  Estimates found;
  Ledger ledger;
};

/// @param engine "" in halves; else one by one
Kernel kernel(Execution execution, const std::string& engine, bool of_itself = false) {
  execution.engine = engine;
  execution.precision = Precision::double_;
  Executor executor(execution);
  const auto prepared = executor.prepare(circuit(), {});
  const auto a = executor.encode(prepared, rows(5), parameters),
             b = executor.encode(prepared, rows(4), parameters);
  auto found = executor.overlaps(a, of_itself ? a : b);
  return {std::move(found), executor.ledger()};
}

void expect_near(const Matrix<double>& a, const Matrix<double>& b, double tolerance) {
  ASSERT_EQ(a.values().size(), b.values().size());
  for (std::size_t i = 0; i < a.values().size(); ++i) EXPECT_NEAR(a.values()[i], b.values()[i], tolerance);
}

void expect_same_charge(const Ledger& a, const Ledger& b) {
  EXPECT_EQ(a.circuits, b.circuits);
  EXPECT_EQ(a.hardware_circuits, b.hardware_circuits);
  EXPECT_EQ(a.mitigation_circuits, b.mitigation_circuits);
  EXPECT_EQ(a.shots, b.shots);
  EXPECT_EQ(a.two_qubit_gates, b.two_qubit_gates);
  EXPECT_NEAR(a.device_seconds, b.device_seconds, 1e-9 * b.device_seconds);
}

TEST(Halves, AreTheSameCircuits) {
  for (const auto& names : std::vector<std::vector<std::string>>{
           {}, {"zne"}, {"readout"}, {"zne(1 2)", "readout"}, {"twirl(3)", "readout"}, {"pec(4)"}}) {
    const auto technique = mitigation(names);
    const Execution execution{.device = uneven(), .mitigation = technique.get()};
    for (const bool of_itself : {false, true}) {
      const auto found = kernel(execution, "", of_itself), expected = kernel(execution, "density", of_itself);
      expect_near(found.found.values, expected.found.values, 1e-10);
      EXPECT_EQ(found.found.errors.empty(), expected.found.errors.empty());
      if (!found.found.errors.empty()) expect_near(found.found.errors, expected.found.errors, 1e-10);
      expect_same_charge(found.ledger, expected.ledger);
    }
  }
}

/// Means and spreads of entries over many seeds.
struct Spread {
  Matrix<double> mean, variance, error;
};
Spread spread_of(Execution execution, const std::string& engine, std::size_t draws) {
  Spread all{Matrix<double>(2, 2), Matrix<double>(2, 2), Matrix<double>(2, 2)};
  execution.engine = engine;
  Executor executor(execution);
  const auto prepared = executor.prepare(circuit(), {});
  const auto a = executor.encode(prepared, rows(2), parameters),
             b = executor.encode(prepared, rows(2), parameters);
  for (std::size_t draw = 0; draw < draws; ++draw) {
    const auto found = executor.overlaps(a, b);
    for (std::size_t k = 0; k < 4; ++k) {
      all.mean.values()[k] += found.values.values()[k] / static_cast<double>(draws);
      all.variance.values()[k] +=
          found.values.values()[k] * found.values.values()[k] / static_cast<double>(draws);
      all.error.values()[k] += found.errors.values()[k] / static_cast<double>(draws);
    }
  }
  for (std::size_t k = 0; k < 4; ++k) all.variance.values()[k] -= all.mean.values()[k] * all.mean.values()[k];
  return all;
}

TEST(Halves, AreDrawnLikeCircuits) {
  constexpr std::size_t draws = 150;
  const auto technique = mitigation(std::vector<std::string>{"zne(1 3)", "readout"});
  const Execution execution{.device = uneven(), .shots = 60, .mitigation = technique.get()};
  const auto found = spread_of(execution, "", draws), expected = spread_of(execution, "density", draws);
  for (std::size_t k = 0; k < 4; ++k) {
    const double variance = expected.variance.values()[k];
    EXPECT_NEAR(found.mean.values()[k], expected.mean.values()[k], 4.5 * std::sqrt(2 * variance / draws));
    EXPECT_NEAR(found.variance.values()[k] / variance, 1, 0.8);
    EXPECT_NEAR(found.error.values()[k], expected.error.values()[k], 0.12 * expected.error.values()[k]);
  }
  expect_same_charge(kernel(execution, "").ledger, kernel(execution, "density").ledger);
}

TEST(Halves, BitsDoNotDependOnThreads) {
  const auto technique = mitigation(std::vector<std::string>{"zne", "readout"});
  const auto run_with = [&](int threads) {
    Executor executor({.device = line(), .shots = 30, .mitigation = technique.get()}, threads);
    const auto prepared = executor.prepare(circuit(), {});
    const auto set = executor.encode(prepared, rows(20), parameters);
    return executor.overlaps(set, set).values;
  };
  EXPECT_EQ(run_with(1), run_with(3));
}

}  // namespace
}  // namespace qupel::halves_test
