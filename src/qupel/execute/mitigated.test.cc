#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <tuple>

#include "qupel/base/error.h"
#include "qupel/execute/execution_example.test.h"
#include "qupel/execute/executor.h"
#include "qupel/mitigate/mitigation.h"

// Every technique where models need it: for samples of a circuit with open slots, in training, for kernels;
// exact and with shots, on a device.
namespace qupel::mitigated_test {
namespace {

using execution_example::parameters, execution_example::rows;

/// Turns about Z and XX alone: states have even parity, for those techniques that ask for it.
Circuit circuit() {
  Circuit made(3);
  for (int q = 0; q < 3; ++q) made.add("rxx", {q, (q + 1) % 3}, {Angle::feature(q)});
  for (int q = 0; q < 3; ++q) made.add("rz", {q}, {Angle::parameter(q)});
  return made.add("rxx", {0, 1}, {Angle(0.8)});
}

const std::vector<Observable> observables{Observable::z(1), parse_observable("0.5 X0 X1 - 0.3 Z0 + 0.1")};

std::shared_ptr<const Device> on(const char* name) { return std::make_shared<const Device>(device(name)); }

/// With few circuits.
std::vector<std::string> techniques() {
  return {"vd",
          "symmetry",
          "cdr(8)",
          "lre(degree 1)",
          "zne(1 3)",
          "dd",
          "pea(1 2, circuits 2)",
          "twirl(2)",
          "pec(4)",
          "readout",
          "correlated-readout",
          "trex(4)",
          "zne(1 3), pec(2), readout"};
}

std::unique_ptr<Mitigation> technique(const std::string& names) {
  if (names == techniques().back())
    return mitigation(std::vector<std::string>{"zne(1 3)", "pec(2)", "readout"});
  return mitigation(std::vector<std::string>{names});
}

class EveryTechnique : public ::testing::TestWithParam<std::string> {};

TEST_P(EveryTechnique, GivesIdealValuesOnAPerfectDevice) {
  const auto mitigation = technique(GetParam());
  Executor ideal(Precision::double_),
      there({.device = on("line(3)"), .mitigation = mitigation.get(), .precision = Precision::double_});
  const auto prepared = ideal.prepare(circuit(), observables);
  const auto wanted = ideal.expectations(prepared, rows(4), parameters),
             found = there.expectations(prepared, rows(4), parameters);
  for (std::size_t i = 0; i < wanted.values.values().size(); ++i)
    EXPECT_NEAR(found.values.values()[i], wanted.values.values()[i], 1e-9);
}

TEST_P(EveryTechnique, RunsInTrainingAndForKernels) {
  const auto mitigation = technique(GetParam());
  const auto device =
      on("line(3, two-qubit=0.01, one-qubit=0.001, readout=0.03, t1=90, t2=80, one-qubit-time=0.05, "
         "two-qubit-time=0.4, readout-time=1)");
  for (const std::uint64_t shots : {0u, 200u}) {
    Executor executor({.device = device, .shots = shots, .mitigation = mitigation.get(), .seed = 4});
    const auto prepared = executor.prepare(circuit(), observables), bare = executor.prepare(circuit(), {});
    const auto forecast = executor.forecast_expectations(prepared, 2);
    const auto values = executor.expectations(prepared, rows(2), parameters);
    for (const double value : values.values.values()) EXPECT_LE(std::abs(value), 3);
    if (shots > 0) {
      EXPECT_EQ(values.errors.rows(), 2u);
      EXPECT_GE(forecast.shots, 0.3 * static_cast<double>(executor.ledger().shots));
    }
    const Cotangent sum = [](std::size_t, const Matrix<double>&, Matrix<double>& derivatives) {
      std::ranges::fill(derivatives.values(), 1.0);
    };
    for (const double slope : executor.gradient(prepared, rows(1), parameters, sum).parameters)
      EXPECT_TRUE(std::isfinite(slope));
    const auto encoded = executor.encode(bare, rows(2), parameters);
    const auto kernel = executor.overlaps(encoded, encoded);
    EXPECT_EQ(kernel.values(0, 0), 1);
    EXPECT_TRUE(std::isfinite(kernel.values(0, 1)));
  }
}

INSTANTIATE_TEST_SUITE_P(Named, EveryTechnique, ::testing::ValuesIn(techniques()), [](const auto& technique) {
  std::string name;
  for (const char c : technique.param)
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) name += c;
  return name;
});

// What is learned, is learned on the device, from circuits that count.
TEST(Cancellation, LearnsOnTheDevice) {
  Circuit pair(2);
  pair.add("ry", {0}, {Angle(0.5)}).add("cz", {0, 1}).add("ry", {1}, {Angle(0.3)}).add("cz", {0, 1});
  pair.add("ry", {0}, {Angle(0.2)});
  const auto learned = mitigation(std::vector<std::string>{"pec(150, learned, randomizations 2)"});
  const auto value = [&](std::shared_ptr<const Device> device, const Mitigation* with, std::uint64_t seed) {
    Executor executor({.device = std::move(device),
                       .shots = 4000,
                       .mitigation = with,
                       .precision = Precision::double_,
                       .seed = seed});
    const auto prepared = executor.prepare(pair, {parse_observable("Z0 Z1")});
    const auto found = executor.expectations(prepared, Matrix<double>(1, 0), {});
    return std::tuple(found.values(0, 0), found.errors(0, 0), executor.ledger());
  };
  const auto noisy = on("line(2, two-qubit=0.06)");
  const auto [ideal, ideal_error, ideal_ledger] = value(on("line(2)"), nullptr, 2);
  const auto [raw, raw_error, raw_ledger] = value(noisy, nullptr, 2);
  const auto [first, error, ledger] = value(noisy, learned.get(), 0);
  constexpr int seeds = 8;  // what is learned from few circuits scatters, too, which errors do not include
  double mean = first / seeds;
  for (std::uint64_t seed = 1; seed < seeds; ++seed)
    mean += std::get<0>(value(noisy, learned.get(), seed)) / seeds;
  EXPECT_GT(ideal - raw, 0.08);
  EXPECT_LT(std::abs(mean - ideal), 0.5 * (ideal - raw))
      << mean << " for " << ideal << ", raw " << raw << " +- " << error;
  EXPECT_EQ(ledger.circuits, 150 + 9 * 3 * 2);  // both gates are one layer, learned once
  EXPECT_EQ(ledger.shots, 4000 * ledger.circuits);
}

// Over many runs with shots: values scatter as their errors say around what they are without shots.
TEST(VirtualDistillation, HasErrorsOfItsOwn) {
  Circuit pair(2);
  pair.add("ry", {0}, {Angle(0.8)}).add("cx", {0, 1}).add("rx", {1}, {Angle(0.3)});
  const auto distillation = mitigation(std::vector<std::string>{"vd"});
  const auto measured = [&](std::uint64_t shots, std::uint64_t seed) {
    Executor executor({.noise = parse_noise("depolarizing(0.2) after two-qubit"),
                       .shots = shots,
                       .mitigation = distillation.get(),
                       .precision = Precision::double_,
                       .seed = seed});
    return executor.expectations(executor.prepare(pair, {parse_observable("Z0 X1 + 0.5 Z1 - 0.2")}),
                                 Matrix<double>(1, 0), {});
  };
  const double exact = measured(0, 0).values(0, 0);
  constexpr int runs = 60;
  double mean = 0, square = 0, stated = 0;
  for (int r = 0; r < runs; ++r) {
    const auto found = measured(200, 10 + static_cast<std::uint64_t>(r));
    mean += found.values(0, 0) / runs;
    square += std::pow(found.values(0, 0) - exact, 2) / runs;
    stated += found.errors(0, 0) / runs;
  }
  EXPECT_NEAR(mean, exact, 4 * stated / std::sqrt(runs));
  EXPECT_NEAR(std::sqrt(square) / stated, 1, 0.35);
}

TEST(Decoupling, UndoesDetuningOfWaitingQubits) {
  const auto device = on("line(3, t1=500, t2=500, one-qubit-time=0.03, two-qubit-time=0.4)");
  Circuit waiting(3);
  waiting.add("h", {0}).add("cx", {0, 1});
  for (int i = 0; i < 4; ++i) waiting.add("cx", {1, 2}).add("ry", {2}, {Angle(0.3)});
  waiting.add("cx", {0, 1}).add("h", {0});
  const auto value = [&](const Mitigation* mitigation, double detuning) {
    Executor executor({.device = device,
                       .device_noise = {.idle = false, .detuning = detuning},
                       .mitigation = mitigation,
                       .precision = Precision::double_});
    const auto prepared = executor.prepare(waiting, {Observable::z(0)});
    return executor.expectations(prepared, Matrix<double>(1, 0), {}).values(0, 0);
  };
  const auto decoupled = mitigation(std::vector<std::string>{"dd(xy4)"});
  const double best = value(nullptr, 0), detuned = value(nullptr, 0.8);
  EXPECT_GT(best - detuned, 0.1);
  EXPECT_LT(best - value(decoupled.get(), 0.8), 0.2 * (best - detuned));
}

// The inner qubits of two halves wait together; pulses that come later on one of them undo what couples them.
TEST(Decoupling, UndoesZzBetweenWaitingNeighboursIfStaggered) {
  const auto device = on("line(6, t1=500, t2=500, one-qubit-time=0.03, two-qubit-time=0.4)");
  Circuit halves(6);
  halves.add("h", {2}).add("h", {3});
  for (const auto& [inner, middle, outer] : {std::tuple(2, 1, 0), std::tuple(3, 4, 5)}) {
    halves.add("cz", {inner, middle});
    for (int k = 0; k < 3; ++k) halves.add("cz", {middle, outer}).add("rx", {middle}, {Angle(0.1)});
    halves.add("cz", {inner, middle});
  }
  halves.add("h", {2}).add("h", {3});
  const auto value = [&](const Mitigation* mitigation, double zz) {
    Executor executor({.device = device,
                       .device_noise = {.idle = false, .idle_zz = zz},
                       .mitigation = mitigation,
                       .precision = Precision::double_});
    const auto prepared = executor.prepare(halves, {Observable::z(2)});
    return executor.expectations(prepared, Matrix<double>(1, 0), {}).values(0, 0);
  };
  const auto staggered = mitigation(std::vector<std::string>{"dd(xx, staggered)"});
  const double best = value(nullptr, 0), coupled = value(nullptr, 1.2);
  EXPECT_GT(best - coupled, 0.1);
  EXPECT_LT(best - value(staggered.get(), 1.2), 0.3 * (best - coupled));
}

}  // namespace
}  // namespace qupel::mitigated_test
