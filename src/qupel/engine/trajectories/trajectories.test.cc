#include "qupel/engine/trajectories/trajectories.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "qupel/base/error.h"
#include "qupel/engine/density/density_matrix.h"
#include "qupel/engine/engine.h"
#include "qupel/engine/every_channel.test.h"
#include "qupel/engine/testing/random_circuit.h"
#include "qupel/engine/trajectories/unravel.h"
#include "qupel/noise/circuit_noise.h"

namespace qupel {
namespace {

using trajectories::unravel;

// Sanitized kernels take ten times as long.
#ifdef QUPEL_SANITIZED
constexpr std::uint64_t enough = 400;
#else
constexpr std::uint64_t enough = 4000;
#endif

std::vector<Observable> observables(int qubits) {
  std::vector<Observable> result{parse_observable("0.5 Z0 - 0.25 I + 0.3 X0"), parse_observable("Y0")};
  if (qubits > 1) result.push_back(parse_observable("Z0 Z1 + X0 Y1"));
  return result;
}

// What a channel's damping and errors do to Pauli expectation values is what the channel does.
TEST(Unravel, IsTheChannel) {
  Circuit circuit(1);
  circuit.add("h", {0});
  for (const auto* rule : {"amplitude-damping(0.3)", "amplitude-damping(1)", "thermal-relaxation(50, 40, 9)",
                           "thermal-relaxation(50, 100, 9)", "depolarizing(0.2)", "phase-damping(0.4)",
                           "pauli(0.1, 0.2, 0.3)", "bit-flip(1)"}) {
    const auto noise = parse_noise(std::string(rule) + " after h");
    const auto steps = CircuitNoise(circuit, noise).steps_after(0);
    const auto parts = unravel(steps[0]);
    ASSERT_TRUE(parts) << rule;
    const auto expected = transfer_matrix(steps[0].kraus());
    const auto& e = parts->errors;
    const double x = e[0] + e[1] - e[2] - e[3], y = e[0] - e[1] + e[2] - e[3], z = e[0] - e[1] - e[2] + e[3];
    const double kept = std::sqrt(1 - parts->damping);
    EXPECT_NEAR(e[0] + e[1] + e[2] + e[3], 1, 1e-12) << rule;
    EXPECT_NEAR(x * kept, expected(1, 1), 1e-12) << rule;
    EXPECT_NEAR(y * kept, expected(2, 2), 1e-12) << rule;
    EXPECT_NEAR(z * (1 - parts->damping), expected(3, 3), 1e-12) << rule;
    EXPECT_NEAR(z * parts->damping, expected(3, 0), 1e-12) << rule;
  }
}

TEST(Trajectories, WithoutChanceAreTheState) {
  Random random(1);
  const auto noise = parse_noise(
      "pauli(1, 0, 0) after one-qubit; pauli(0, 0, 1) after two-qubit; amplitude-damping(0) after h");
  for (int k = 0; k < 60; ++k) {
    const int qubits = 1 + k % 5;
    const auto circuit = testing::random_bound_circuit(random, qubits, 30);
    const auto wanted = observables(qubits);
    const DensityMatrix exact(circuit, noise, Precision::double_, 1);
    const auto estimate = Trajectories(circuit, noise, wanted, Precision::double_).run(3, 0, 1, 1);
    const auto single = Trajectories(circuit, noise, wanted, Precision::single).run(1, 0, 1, 1);
    for (std::size_t o = 0; o < wanted.size(); ++o) {
      EXPECT_NEAR(estimate.means[o], exact.expectation(wanted[o]), 1e-12) << k;
      EXPECT_NEAR(single.means[o], exact.expectation(wanted[o]), 2e-5) << k;
      EXPECT_LT(estimate.errors[o], 1e-7) << k;
    }
  }
}

// Every operation and channel: the mean lies where the mixed state has it, in standard errors.
TEST(Trajectories, AverageToTheMixedState) {
  Random random(2);
  const auto noise = parse_noise(every_channel);
  double squares = 0;
  int values = 0;
  for (int k = 0; k < 40; ++k) {
    const int qubits = 1 + k % 6;
    const auto circuit = testing::random_bound_circuit(random, qubits, 25);
    const auto wanted = observables(qubits);
    const DensityMatrix exact(circuit, noise, Precision::double_, 1);
    const auto precision = k % 2 == 0 ? Precision::double_ : Precision::single;
    const auto estimate = Trajectories(circuit, noise, wanted, precision).run(enough, 0, 5, 2);
    for (std::size_t o = 0; o < wanted.size(); ++o) {
      const double deviation = estimate.means[o] - exact.expectation(wanted[o]);
      EXPECT_LT(std::abs(deviation), 4.5 * estimate.errors[o] + 1e-4)
          << "circuit " << k << ", observable " << o;
      if (estimate.errors[o] < 1e-3) continue;
      squares += std::pow(deviation / estimate.errors[o], 2);
      ++values;
    }
  }
  EXPECT_GT(values, 80);
  EXPECT_NEAR(squares / values, 1, 5 * std::sqrt(2.0 / values));
}

// Strong damping between entanglers, where one decision changes the odds of the next.
TEST(Trajectories, DampingIsDecidedByTheState) {
  Random random(3);
  const auto noise =
      parse_noise("amplitude-damping(0.6) after one-qubit; amplitude-damping(0.5) after cx cz");
  for (int k = 0; k < 10; ++k) {
    Circuit circuit(4);
    for (int layer = 0; layer < 3; ++layer) {
      for (int q = 0; q < 4; ++q)
        circuit.add("ry", {q}, {random.uniform(-3, 3)}).add("rz", {q}, {random.uniform(-3, 3)});
      for (int q = 0; q < 4; ++q) circuit.add(q % 2 == 0 ? "cx" : "cz", {q, (q + 1) % 4});
      circuit.add("rxx", {0, 3}, {0.7}).add("ryy", {1, 2}, {1.1}).add("crx", {2, 0}, {0.4});
    }
    const std::vector wanted{parse_observable("Z0 Z1 Z2 Z3"), parse_observable("X0 X1"),
                             parse_observable("Y2 Z3")};
    const DensityMatrix exact(circuit, noise, Precision::double_, 1);
    const auto estimate = Trajectories(circuit, noise, wanted, Precision::double_).run(10 * enough, 0, 5, 2);
    for (std::size_t o = 0; o < wanted.size(); ++o)
      EXPECT_LT(std::abs(estimate.means[o] - exact.expectation(wanted[o])), 4.5 * estimate.errors[o]) << k;
  }
}

TEST(Trajectories, ShotsFollowTheMixedState) {
  Random random(4);
  const auto noise = parse_noise(every_channel);
  const auto circuit = testing::random_bound_circuit(random, 4, 30);
  const auto expected = DensityMatrix(circuit, noise, Precision::double_, 1).probabilities();
  const auto estimate =
      Trajectories(circuit, noise, std::vector<Observable>{}, Precision::single).run(30000, 60000, 7, 2);
  double total = 0;
  for (std::size_t s = 0; s < expected.size(); ++s) {
    const auto found = estimate.counts.find(s);
    const double share = found == estimate.counts.end() ? 0 : static_cast<double>(found->second) / 60000;
    total += share;
    // Two shots of a trajectory are not independent.
    EXPECT_NEAR(share, expected[s], 5 * std::sqrt(expected[s] / 30000) + 1e-4) << s;
  }
  EXPECT_NEAR(total, 1, 1e-12);
}

TEST(Trajectories, HaveTheSameBitsForAnyThreadCount) {
  Random random(5);
  const auto noise = parse_noise(every_channel);
  const auto circuit = testing::random_bound_circuit(random, 6, 60);
  const Trajectories trajectories(circuit, noise, observables(6), Precision::single);
  const auto one = trajectories.run(1000, 300, 3, 1);
  for (const int threads : {2, 5}) {
    const auto many = trajectories.run(1000, 300, 3, threads);
    EXPECT_EQ(one.means, many.means);
    EXPECT_EQ(one.errors, many.errors);
    EXPECT_EQ(one.counts, many.counts);
  }
  EXPECT_NE(one.means, trajectories.run(1000, 300, 4, 1).means);
}

// Most seeds draw none of the rare jumps, and the mean of those is off by more than nothing.
TEST(Trajectories, KnowOfJumpsThatTheyDidNotDraw) {
  Circuit circuit(1);
  circuit.add("x", {0});
  const std::vector wanted{parse_observable("5 I - Z0")};
  for (const auto& [rules, value] :
       {std::pair{"amplitude-damping(1e-4) after x", 6 - 2e-4}, std::pair{"bit-flip(1e-4) after x", 6 - 2e-4},
        std::pair{"bit-flip(0.9999) after x", 4 + 2e-4}}) {
    const Trajectories trajectories(circuit, parse_noise(rules), wanted, Precision::double_);
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      const auto estimate = trajectories.run(50, 0, seed, 1);
      EXPECT_LE(std::abs(estimate.means[0] - value), 2 * estimate.errors[0]) << rules << ", seed " << seed;
      EXPECT_LT(estimate.errors[0], 0.07) << rules;
    }
  }
}

// An error that changes nothing says nothing of the others that may happen in its place.
TEST(Trajectories, KnowOfErrorsBesideThoseThatTheyDrew) {
  Circuit circuit(2);
  circuit.add("h", {0}).add("swap", {0, 1});
  const auto noise = parse_noise("depolarizing(0.001) after swap");
  const std::vector wanted{parse_observable("0.791 X0 X1 - 0.397 X1 + 0.854 I")};
  const double exact = DensityMatrix(circuit, noise, Precision::double_, 1).expectation(wanted[0]);
  const Trajectories trajectories(circuit, noise, wanted, Precision::double_);
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    const auto estimate = trajectories.run(400, 0, seed, 1);
    EXPECT_LE(std::abs(estimate.means[0] - exact), 4 * estimate.errors[0]) << seed;
  }
}

// A long circuit neither vanishes nor overflows.
TEST(Trajectories, StayNormalised) {
  Circuit circuit(2);
  for (int k = 0; k < 300; ++k)
    circuit.add("ry", {k % 2}, {0.7}).add("rz", {k % 2}, {0.3}).add("cx", {k % 2, 1 - k % 2});
  const auto noise = parse_noise("amplitude-damping(0.3) after one-qubit");
  const std::vector wanted{parse_observable("Z0")};
  const auto estimate = Trajectories(circuit, noise, wanted, Precision::single).run(2000, 0, 1, 2);
  const double exact = DensityMatrix(circuit, noise, Precision::double_, 1).expectation(wanted[0]);
  EXPECT_LT(std::abs(estimate.means[0] - exact), 4.5 * estimate.errors[0]);
}

TEST(Trajectories, ThePlannerTakesThemWhenAsked) {
  Circuit circuit(3);
  circuit.add("h", {0}).add("cx", {0, 1}).add("cx", {1, 2});
  Job job{circuit, parse_noise("depolarizing(0.1) after two-qubit")};
  job.observables = {parse_observable("Z0 Z1")};
  EXPECT_EQ(choose(job).engine->name(), "density");
  job.trajectories = 1000;
  EXPECT_EQ(choose(job).engine->name(), "trajectories");
  const auto outcome = run(job);
  EXPECT_GT(outcome.errors.at(0), 0);
  EXPECT_NEAR(outcome.expectations[0], 0.7, 0.3);
  EXPECT_THROW(Trajectories(circuit, job.noise, job.observables, Precision::single).run(0, 0, 1, 1),
               InputError);
}

TEST(Trajectories, DrawShotsWhereTheMixedStateDoesNotFit) {
  Circuit circuit(20);
  circuit.add("h", {0});
  for (int q = 1; q < 20; ++q) circuit.add("cx", {q - 1, q});
  Job job{circuit, parse_noise("bit-flip(0.01) after cx")};
  job.shots = 40;
  job.precision = Precision::single;
  ASSERT_EQ(choose(job).engine->name(), "trajectories");
  std::uint64_t shots = 0;
  for (const auto& [state, count] : run(job).counts) shots += count;
  EXPECT_EQ(shots, 40U);
}

}  // namespace
}  // namespace qupel
