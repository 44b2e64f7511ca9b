#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/circuit/dense.h"
#include "qupel/execute/execution_example.test.h"
#include "qupel/execute/executor.h"
#include "qupel/execute/placement.h"
#include "qupel/mitigate/mitigation.h"
#include "qupel/noise/circuit_noise.h"
#include "qupel/noise/readout.h"

// Executions on devices, against ideal ones and against the definition of noise.
namespace qupel::device_test {
namespace {

using execution_example::parameters, execution_example::rows;

Circuit circuit() {
  auto made = execution_example::ansatz("rx");
  made.add("cz", {0, 2}).add("rzz", {2, 0}, {Angle::parameter(0, 0.5)});
  return made;
}

const std::vector<Observable> observables{Observable::z(1), parse_observable("X0 + 0.5 Y1 Z2 - 0.3 Z0 + 2")};

std::shared_ptr<const Device> perfect() { return std::make_shared<const Device>(device("line(5)")); }
std::shared_ptr<const Device> noisy() {
  return std::make_shared<const Device>(
      device("line(4, two-qubit=0.02, one-qubit=0.002, readout=0.03, t1=60, t2=50, one-qubit-time=0.05, "
             "two-qubit-time=0.4, readout-time=1)"));
}

void expect_equal(const Matrix<double>& a, const Matrix<double>& b, double tolerance) {
  ASSERT_EQ(a.values().size(), b.values().size());
  for (std::size_t i = 0; i < a.values().size(); ++i) EXPECT_NEAR(a.values()[i], b.values()[i], tolerance);
}

TEST(OnDevice, APerfectOneGivesIdealValues) {
  Executor ideal(Precision::double_), there({.device = perfect(), .precision = Precision::double_});
  const auto prepared = ideal.prepare(circuit(), observables);
  expect_equal(there.expectations(prepared, rows(9), parameters).values,
               ideal.expectations(prepared, rows(9), parameters).values, 1e-12);
}

TEST(OnDevice, APerfectOneGivesIdealGradients) {
  Executor ideal(Precision::double_), there({.device = perfect(), .precision = Precision::double_});
  const auto prepared = ideal.prepare(circuit(), observables);
  const Cotangent sum_of_squares = [](std::size_t, const Matrix<double>& values,
                                      Matrix<double>& derivatives) {
    for (std::size_t i = 0; i < values.values().size(); ++i) derivatives.values()[i] = 2 * values.values()[i];
  };
  const auto wanted = ideal.gradient(prepared, rows(5), parameters, sum_of_squares, true);
  const auto found = there.gradient(prepared, rows(5), parameters, sum_of_squares, true);
  for (std::size_t p = 0; p < parameters.size(); ++p)
    EXPECT_NEAR(found.parameters[p], wanted.parameters[p], 1e-10);
  expect_equal(found.features, wanted.features, 1e-10);
}

TEST(OnDevice, APerfectOneGivesIdealOverlaps) {
  Executor ideal(Precision::double_), there({.device = perfect(), .precision = Precision::double_});
  const auto prepared = ideal.prepare(circuit(), {});
  const auto a = ideal.encode(prepared, rows(4), parameters), b = ideal.encode(prepared, rows(6), parameters);
  const auto c = there.encode(prepared, rows(4), parameters), d = there.encode(prepared, rows(6), parameters);
  expect_equal(there.overlaps(c, d).values, ideal.overlaps(a, b).values, 1e-10);
}

// Qubits 0 and 4 meet somewhere on the line; what is counted are the circuit's own qubits again.
TEST(OnDevice, CountsAreOfTheCircuitsOwnQubits) {
  Circuit bell(5);
  bell.add("h", {0}).add("cx", {0, 4}).add("x", {2});
  Executor there({.device = perfect(), .shots = 500, .precision = Precision::double_});
  const auto counts = there.samples(there.prepare(bell, {}), Matrix<double>(1, 0), {}).front();
  ASSERT_EQ(counts.size(), 2u);
  EXPECT_EQ(counts[0].first, 0b00100u);
  EXPECT_EQ(counts[1].first, 0b10101u);
}

/// By the definition: dense matrices of the compiled circuit, each channel at its place, and readout.
double by_definition(const Placement& place, const Circuit& bound, const Observable& observable) {
  const auto noise = device_noise(place.device, place.physical);
  const auto density = dense_density(bound, noise);
  double sum = 0;
  for (const auto& term : as_read(moved(observable, place), noise).terms) {
    std::string letters;
    for (int q = 0; q < bound.qubits(); ++q) letters += term.pauli.letter(q);
    const auto matrix = pauli_matrix(letters);
    for (std::size_t i = 0; i < density.rows(); ++i)
      for (std::size_t j = 0; j < density.rows(); ++j)
        sum += term.weight * (density(i, j) * matrix(j, i)).real();
  }
  return sum;
}

TEST(OnDevice, NoiseIsThatOfTheCompiledCircuit) {
  Executor there({.device = noisy(), .precision = Precision::double_});
  const auto prepared = there.prepare(circuit(), observables);
  const auto values = there.expectations(prepared, rows(3), parameters).values;
  const auto place = placed(circuit(), noisy());
  for (std::size_t r = 0; r < 3; ++r)
    for (std::size_t o = 0; o < observables.size(); ++o)
      EXPECT_NEAR(values(r, o),
                  by_definition(place, place.circuit.bind(rows(3).row(r), parameters), observables[o]), 1e-9);
}

TEST(OnDevice, NoiseTakesSomethingAwayAndLeavingItOutGivesItBack) {
  Executor ideal(Precision::double_), there({.device = noisy(), .precision = Precision::double_});
  Executor quiet({.device = noisy(),
                  .device_noise = {.gates = false, .idle = false, .readout = false},
                  .precision = Precision::double_});
  const auto prepared = ideal.prepare(circuit(), observables);
  const auto wanted = ideal.expectations(prepared, rows(2), parameters).values;
  const auto found = there.expectations(prepared, rows(2), parameters).values;
  EXPECT_GT(std::abs(found(0, 0) - wanted(0, 0)), 1e-3);
  expect_equal(quiet.expectations(prepared, rows(2), parameters).values, wanted, 1e-10);
}

TEST(OnDevice, ShotsAgreeWithExactValues) {
  Executor exact({.device = noisy(), .precision = Precision::double_});
  Executor counted({.device = noisy(), .shots = 20000, .precision = Precision::double_});
  const auto prepared = exact.prepare(circuit(), observables);
  const auto wanted = exact.expectations(prepared, rows(4), parameters).values;
  const auto found = counted.expectations(prepared, rows(4), parameters);
  for (std::size_t i = 0; i < wanted.values().size(); ++i) {
    // The change of basis before a measurement adds a gate's noise, which exact values do not have.
    EXPECT_NEAR(found.values.values()[i], wanted.values()[i], 5 * found.errors.values()[i] + 0.02);
    EXPECT_GT(found.errors.values()[i], 0);
  }
}

TEST(OnDevice, ItsClockIsCharged) {
  const auto on = noisy();
  Executor there({.device = on, .shots = 100, .precision = Precision::double_});
  const auto prepared = there.prepare(circuit(), {Observable::z(0)});
  const auto forecast = there.forecast_expectations(prepared, 3);
  there.expectations(prepared, rows(3), parameters);
  EXPECT_NEAR(there.ledger().device_seconds, placed(circuit(), on).seconds(100, 3), 1e-12);
  EXPECT_NEAR(forecast.device_seconds, there.ledger().device_seconds, 1e-12);
  EXPECT_EQ(there.ledger().shots, 300);
  Executor exact({.device = on});
  exact.expectations(prepared, rows(3), parameters);
  EXPECT_EQ(exact.ledger().device_seconds, 0);  // no shot was fired
}

TEST(OnDevice, ItsPriceIsCharged) {
  auto sold = *noisy();
  sold.prices = {{.vendor = "a", .currency = "EUR", .per_second = 2, .per_task = 0.3, .per_shot = 0.01}};
  const auto on = std::make_shared<const Device>(std::move(sold));
  Executor there({.device = on, .shots = 100, .precision = Precision::double_});
  const auto prepared = there.prepare(circuit(), {Observable::z(0)});
  const auto forecast = there.forecast_expectations(prepared, 3);
  there.expectations(prepared, rows(3), parameters);
  EXPECT_NEAR(there.ledger().money, 3 * (0.3 + 1) + 2 * there.ledger().device_seconds, 1e-9);
  EXPECT_NEAR(forecast.money, there.ledger().money, 1e-9);
  Executor poor({.device = on, .shots = 100, .budget = {.money = 3.5}});
  EXPECT_THROW(poor.expectations(prepared, rows(3), parameters), OverBudget);
}

TEST(OnDevice, ARehearsalIsChargedAlike) {
  const auto run_with = [&](bool rehearsal, const Mitigation* with) {
    Executor there({.device = noisy(), .shots = 20, .mitigation = with, .rehearsal = rehearsal});
    const auto prepared = there.prepare(circuit(), observables);
    there.expectations(prepared, rows(3), parameters);
    const auto set = there.encode(prepared, rows(4), parameters);
    there.overlaps(set, set);
    there.samples(prepared, rows(2), parameters);
    auto charged = there.ledger();
    charged.seconds.clear();
    return charged;
  };
  EXPECT_EQ(run_with(true, nullptr), run_with(false, nullptr));
  for (const auto& names :
       std::vector<std::vector<std::string>>{{"zne", "readout"}, {"trex(4)"}, {"cdr(4)"}}) {
    const auto technique = mitigation(names);
    EXPECT_EQ(run_with(true, technique.get()), run_with(false, technique.get())) << names.front();
  }
}

TEST(OnDevice, ARehearsalLearnsSomethingThatMakesSense) {
  for (const std::string name :
       {"trex(4)", "correlated-readout", "cdr(4)", "pec(4, learned, randomizations 2)"}) {
    const auto technique = mitigation(std::vector<std::string>{name});
    Executor there({.device = noisy(), .shots = 20, .mitigation = technique.get(), .rehearsal = true});
    EXPECT_NO_THROW(there.expectations(there.prepare(circuit(), observables), rows(3), parameters)) << name;
  }
}

TEST(OnDevice, CircuitsOfAMitigationShareJobs) {
  auto slow = *noisy();
  slow.job_overhead = 2e6;
  slow.circuits_per_job = 7;
  const auto seconds = [](const Device& device) {
    const auto technique = mitigation(std::vector<std::string>{"zne(1 3 5)"});
    Executor there(
        {.device = std::make_shared<const Device>(device), .shots = 20, .mitigation = technique.get()});
    there.expectations(there.prepare(circuit(), {Observable::z(0)}), rows(5), parameters);
    return there.ledger().device_seconds;
  };
  const double jobs = 3;  // of 3 x 5 circuits
  EXPECT_NEAR(seconds(slow), seconds(*noisy()) + 2 * jobs, 1e-9);
}

TEST(OnDevice, RefusesWhatItCannotMean) {
  EXPECT_THROW(Executor({.device = noisy(), .noise = parse_noise("bit-flip(0.1) after cx")}), InputError);
  Executor there({.device = noisy()});
  EXPECT_THROW(there.states(there.prepare(circuit(), {}), rows(1), parameters), InputError);
  Circuit wide(9);
  wide.add("h", {8});
  EXPECT_THROW(there.prepare(wide, {}), InputError);
}

/// How many operations that take time stand on this qubit.
long pulses_on(const Circuit& circuit, int qubit) {
  return std::ranges::count_if(circuit.operations(), [&](const Operation& operation) {
    return operation.qubits == std::vector{qubit} && operation.spec->name != "rz";
  });
}

TEST(OnDevice, TurnsBeforeMeasurementsJoinTheGateBeforeThem) {
  Circuit turned(1);
  turned.add("ry", {0}, {Angle(0.7)}).add("rz", {0}, {Angle::parameter(0)});
  const auto there = placed(turned, perfect());
  const auto observable = moved(parse_observable("X0"), there);
  const auto group = measurement_groups(std::vector{observable.terms[0].pauli}).front();
  const auto whole = rotated_to_z(there.circuit, group, &there);
  EXPECT_EQ(pulses_on(there.circuit, 0), 2);
  EXPECT_LE(pulses_on(whole, 0), 4);
  const std::vector<double> angle{0.4};
  const auto state = dense_state(whole, {}, angle);
  EXPECT_NEAR(std::norm(state[0]) - std::norm(state[1]), std::sin(0.7) * std::cos(0.4), 1e-12);

  const auto bound = placed(turned.bind({}, angle), perfect());
  const auto joined = rotated_to_z(bound.circuit, group, &bound);
  EXPECT_LE(pulses_on(joined, 0), 2);
  const auto same = dense_state(joined, {}, {});
  EXPECT_NEAR(std::norm(same[0]) - std::norm(same[1]), std::sin(0.7) * std::cos(0.4), 1e-12);

  auto folded = bound.circuit;  // three times the pulses that a compiled gate has
  folded.append(folded.inverse()).append(bound.circuit);
  const auto kept = rotated_to_z(folded, group, &bound);
  EXPECT_GE(pulses_on(kept, 0), pulses_on(folded, 0));
}

// Beyond the ten qubits to which compiled circuits are compared with dense matrices.
TEST(OnDevice, WideCircuitsAreTheSameOnPerfectDevices) {
  constexpr int width = 13;
  Random random(7);
  for (const auto* name : {"heavy-hex(3x9, gate=ecr)", "grid(4x4, gate=cx)", "line(13)", "ibm-marrakesh"}) {
    Circuit wide(width);
    for (int k = 0; k < 60; ++k) {
      const int a = static_cast<int>(random.below(width)), b = static_cast<int>(random.below(width));
      wide.add("ry", {a}, {Angle(random.uniform(-3, 3))});
      if (a == b) continue;
      if (k % 2 == 0)
        wide.add("cx", {a, b});
      else
        wide.add("rzz", {a, b}, {Angle(0.4)});
    }
    std::vector<Observable> asked;
    for (int q = 0; q < width; ++q)
      asked.push_back(parse_observable(fmt::format("Z{} + 0.5 X{} Y{}", q, q, (q + 5) % width)));
    const auto there = placed(wide, std::make_shared<const Device>(device(name)));
    Executor ideal(Precision::double_);
    std::vector<Observable> moved_there;
    for (const auto& observable : asked) moved_there.push_back(moved(observable, there));
    const Matrix<double> one_row(1, 0);
    expect_equal(ideal.expectations(ideal.prepare(there.circuit, moved_there), one_row, {}).values,
                 ideal.expectations(ideal.prepare(wide, asked), one_row, {}).values, 1e-10);
  }
}

}  // namespace
}  // namespace qupel::device_test
