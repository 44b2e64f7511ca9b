#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "qupel/circuit/qasm_reader.h"
#include "qupel/engine/density/density_matrix.h"
#include "qupel/engine/engine.h"
#include "qupel/engine/testing/random_circuit.h"
#include "qupel/engine/trajectories/trajectories.h"
#include "qupel/noise/readout.h"

// Noise with places, on all engines: against the definition by dense matrices.
namespace qupel {
namespace {

constexpr auto noise_by_place =
    "depolarizing(0.05) after two-qubit on 0,1 2>1; amplitude-damping(0.1) after all on 0 3; thermal(50, 70) "
    "while "
    "idle; phase-flip(0.02) while idle on 1; thermal(90, 20) after one-qubit; duration(3) of all; "
    "duration(1) of "
    "one-qubit; duration(0) of rz z s; bit-flip(0.03) after c3x rccx";

// Some standard gates of many operations between others.
Circuit random_program(Random& random) {
  std::string text = "OPENQASM 3.0; include \"stdgates.inc\"; qubit[4] q;";
  const char* gates[] = {"c3x q[0], q[1], q[2], q[3];",
                         "rccx q[1], q[0], q[3];",
                         "h q[2];",
                         "ry(0.7) q[1];",
                         "cx q[1], q[0];",
                         "cx q[2], q[1];",
                         "s q[3];",
                         "cu3(0.3, 0.8, 1.1) q[3], q[1];"};
  for (int k = 0; k < 14; ++k) text += gates[random.below(std::size(gates))];
  return read_qasm(text, "random").circuit;
}

TEST(PlacedNoise, OfADensityMatrixIsTheDefinition) {
  Random random(1);
  for (int trial = 0; trial < 20; ++trial) {
    const auto circuit = random_program(random);
    auto text = std::string(noise_by_place);
    if (trial % 2 == 0) text += "; as-early-as-possible";
    if (trial % 3 == 0) text += "; x-rotation(0.1) after cx; z-rotation(-0.2) while idle on 2";
    const auto noise = parse_noise(text);
    const auto expected = dense_density(circuit, noise);
    const auto found = DensityMatrix(circuit, noise, Precision::double_, 1).matrix();
    double largest = 0;
    for (std::size_t i = 0; i < found.values().size(); ++i)
      largest = std::max(largest, std::abs(found.values()[i] - expected.values()[i]));
    EXPECT_LT(largest, 1e-13) << trial;
  }
}

TEST(PlacedNoise, OfTrajectoriesAveragesToTheDefinition) {
  Random random(2);
  const std::vector observables{parse_observable("Z0 Z1 + X2"), parse_observable("Z3 - Y1"),
                                parse_observable("Z0")};
  for (int trial = 0; trial < 6; ++trial) {
    const auto circuit = random_program(random);
    const auto noise = parse_noise(noise_by_place);
    const DensityMatrix exact(circuit, noise, Precision::double_, 1);
    const auto estimate = Trajectories(circuit, noise, observables, Precision::double_).run(20000, 0, 3, 2);
    for (std::size_t o = 0; o < observables.size(); ++o)
      EXPECT_NEAR(estimate.means[o], exact.expectation(observables[o]), 4.5 * estimate.errors[o] + 1e-12)
          << trial;
  }
}

TEST(ReadoutErrors, ChangeExpectationsAndCountsOfEveryEngine) {
  Random random(3);
  const auto circuit = testing::random_bound_circuit(random, 4, 30);
  const auto observable = parse_observable("Z0 Z1 - 0.5 X2 + 0.3 Z3");
  for (const std::string gates : {"", "; depolarizing(0.05) after all"}) {
    const auto noise = parse_noise("readout(0.1, 0.2); readout(0.05, 0) on 1" + gates);
    const DensityMatrix state(circuit, noise, Precision::double_, 1);
    const double expected = state.expectation(as_read(observable, noise));
    const double mean = state.expectation(observable);
    Job job{circuit, noise};
    job.observables = {observable};
    job.variances = job.observables.size();
    job.shots = 200000;
    auto outcome = run(job);
    EXPECT_EQ(outcome.engine, gates.empty() ? "batch" : "density");
    EXPECT_NEAR(outcome.expectations[0], expected, 1e-12);
    EXPECT_NEAR(outcome.variances[0], state.expectation(squared(observable)) - mean * mean, 1e-12);
    const double parity = state.expectation(as_read(parse_observable("Z0 Z1"), noise));
    double sum = 0;
    for (const auto& [basis, count] : outcome.counts)
      sum += (odd(basis & 3) ? -1.0 : 1.0) * static_cast<double>(count) / 200000;
    EXPECT_NEAR(sum, parity, 0.01);
    if (gates.empty()) continue;
    job.trajectories = 20000;
    outcome = run(job);
    EXPECT_EQ(outcome.engine, "trajectories");
    EXPECT_NEAR(outcome.expectations[0], expected, 5 * outcome.errors[0]);
  }
}

TEST(ReadoutErrors, OfManyTermsLeaveTheVariance) {
  Random random(4);
  const auto circuit = testing::random_bound_circuit(random, 5, 30);
  Job job{circuit, parse_noise("readout(0.1)")};
  job.observables = {testing::random_observable(random, 5, 30)};
  job.variances = job.observables.size();
  const auto state = dense_state(circuit);
  const auto& observable = job.observables[0];
  const double mean = dense_expectation(observable, state);
  const auto outcome = run(job);
  EXPECT_NEAR(outcome.expectations[0], dense_expectation(as_read(observable, job.noise), state), 1e-11);
  EXPECT_NEAR(outcome.variances[0], dense_expectation(squared(observable), state) - mean * mean, 1e-11);
}

TEST(ReadoutErrors, CertainOnesAreExact) {
  Circuit circuit(2);
  circuit.add("x", {0});
  Job job{circuit, parse_noise("readout(0, 1) on 0; readout(1, 0) on 1")};
  job.shots = 100;
  const auto counts = run(job).counts;
  ASSERT_EQ(counts.size(), 1U);
  EXPECT_EQ(counts[0], (std::pair<std::uint64_t, std::uint64_t>{2, 100}));
}

}  // namespace
}  // namespace qupel
