#include "qupel/engine/qaoa/qaoa.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/circuit/circuit.h"
#include "qupel/engine/simd/instruction_set.h"
#include "qupel/engine/tiled/tiled_state.h"

namespace qupel {
namespace {

using ::testing::HasSubstr;

Observable random_cost(Random& random, int qubits) {
  Observable cost{{{0.7, {}}}};
  for (int t = 0; t < 2 * qubits; ++t) {
    Observable::Term term{random.uniform(-1, 1), {}};
    for (int q = 0; q < qubits; ++q) {
      if (random.below(3) == 0) term.pauli.set(q, 'Z');
    }
    cost.terms.push_back(term);
  }
  return cost;
}

QaoaAngles random_angles(Random& random, std::size_t layers) {
  QaoaAngles angles;
  for (std::size_t l = 0; l < layers; ++l) {
    angles.gammas.push_back(random.uniform(-2, 2));
    angles.betas.push_back(random.uniform(-4, 4));  // beyond a quarter turn too, where all bits are flipped
  }
  return angles;
}

/// The same as a circuit.
Circuit circuit_of(const Observable& cost, int qubits, const QaoaAngles& angles) {
  Circuit circuit(qubits);
  for (int q = 0; q < qubits; ++q) circuit.add("h", {q});
  for (std::size_t l = 0; l < angles.gammas.size(); ++l) {
    for (const auto& term : cost.terms) {
      std::vector<int> on;
      for (const auto& letter : term.pauli.letters()) on.push_back(letter.first);
      if (!on.empty())
        circuit.add_pauli_rotation(std::string(on.size(), 'Z'), on, 2 * angles.gammas[l] * term.weight);
    }
    for (int q = 0; q < qubits; ++q) circuit.add("rx", {q}, {2 * angles.betas[l]});
  }
  return circuit;
}

TEST(CostFunction, HasTheValuesOfItsObservable) {
  Random random(1);
  const auto cost = random_cost(random, 5);
  const CostFunction function(cost, 5);
  for (std::size_t s = 0; s < 32; ++s) {
    std::vector<Complex> basis(32);
    basis[s] = 1;
    EXPECT_NEAR(function.values()[s], dense_expectation(cost, basis), 1e-13);
  }
}

TEST(CostFunction, RefusesWhatIsNoCost) {
  EXPECT_THROW(CostFunction(std::vector<double>(3)), InputError);
  EXPECT_THROW(CostFunction(std::vector<double>{1, std::nan("")}), InputError);
  EXPECT_THROW(CostFunction(parse_observable("Z0 X1"), 2), InputError);
  EXPECT_THROW(CostFunction(parse_observable("Z3"), 3), InputError);
  EXPECT_THROW(Qaoa(CostFunction({0, 1}), Precision::double_, 1).objective({{0.1}, {}}), InputError);
}

TEST(Qaoa, IsItsCircuit) {
  Random random(2);
  for (int k = 0; k < 40; ++k) {
    const int qubits = 1 + k % 9;
    const auto cost = random_cost(random, qubits);
    const auto angles = random_angles(random, static_cast<std::size_t>(k % 4));
    const double expected = dense_expectation(cost, dense_state(circuit_of(cost, qubits, angles)));
    for (const auto precision : {Precision::double_, Precision::single}) {
      Qaoa qaoa(CostFunction(cost, qubits), precision, 1);
      EXPECT_NEAR(qaoa.objective(angles), expected, precision == Precision::single ? 2e-5 : 1e-12) << k;
    }
  }
}

void compare_with_differences(int qubits, Precision precision, double step, double tolerance) {
  Random random(3);
  const auto cost = random_cost(random, qubits);
  Qaoa qaoa(CostFunction(cost, qubits), precision, 2),
      exact(CostFunction(cost, qubits), Precision::double_, 2);
  const auto angles = random_angles(random, 3);
  const auto result = qaoa.gradient(angles);
  EXPECT_NEAR(result.objective, exact.objective(angles), tolerance);
  const auto slope = [&](std::vector<double> QaoaAngles::*kind, std::size_t layer) {
    auto up = angles, down = angles;
    (up.*kind)[layer] += step;
    (down.*kind)[layer] -= step;
    return (exact.objective(up) - exact.objective(down)) / (2 * step);
  };
  for (std::size_t l = 0; l < 3; ++l) {
    EXPECT_NEAR(result.gradient.gammas[l], slope(&QaoaAngles::gammas, l), tolerance) << qubits << " qubits";
    EXPECT_NEAR(result.gradient.betas[l], slope(&QaoaAngles::betas, l), tolerance) << qubits << " qubits";
  }
}

TEST(Qaoa, GradientIsTheSlope) {
  for (const int qubits : {1, 2, 3, 5, 8}) compare_with_differences(qubits, Precision::double_, 1e-5, 1e-7);
  compare_with_differences(6, Precision::single, 1e-5, 2e-3);
}

TEST(Qaoa, TailGradientIsTheSlopeOfTheMeanOfTheLowestCosts) {
  Random random(8);
  const int qubits = 6;
  const auto observable = random_cost(random, qubits);
  const CostFunction cost(observable, qubits);
  const auto angles = random_angles(random, 2);
  Qaoa qaoa(cost, Precision::double_, 1);
  const auto tail_mean = [&](const QaoaAngles& at, double share) {
    const auto state = dense_state(circuit_of(observable, qubits, at));
    std::vector<std::pair<double, double>> weighted;
    for (std::size_t s = 0; s < state.size(); ++s)
      weighted.emplace_back(cost.values()[s], std::norm(state[s]));
    std::ranges::sort(weighted);
    double left = share, sum = 0;
    for (const auto& [value, probability] : weighted) {
      const double taken = std::min(left, probability);
      sum += taken * value;
      left -= taken;
    }
    return sum / share;
  };
  for (const double share : {0.1, 0.5, 1.0}) {
    const auto found = qaoa.tail_gradient(angles, share);
    EXPECT_NEAR(found.objective, tail_mean(angles, share), 1e-11);
    auto up = angles, down = angles;
    up.gammas[1] += 1e-6, down.gammas[1] -= 1e-6;
    EXPECT_NEAR(found.gradient.gammas[1], (tail_mean(up, share) - tail_mean(down, share)) / 2e-6, 1e-6);
    up = down = angles;
    up.betas[0] += 1e-6, down.betas[0] -= 1e-6;
    EXPECT_NEAR(found.gradient.betas[0], (tail_mean(up, share) - tail_mean(down, share)) / 2e-6, 1e-6);
  }
  EXPECT_THROW(qaoa.tail_gradient(angles, 0), InputError);
}

// Beyond the qubits that one tile holds.
TEST(Qaoa, IsTheSameAcrossTiles) {
  compare_with_differences(16, Precision::double_, 1e-5, 1e-6);
  Random random(4);
  const auto cost = random_cost(random, 17);
  const auto angles = random_angles(random, 2);
  const TiledState state(circuit_of(cost, 17, angles), Precision::double_, 2);
  Qaoa qaoa(CostFunction(cost, 17), Precision::double_, 2);
  EXPECT_NEAR(qaoa.objective(angles), state.expectations(std::vector{cost}, 2)[0], 1e-11);
}

TEST(Qaoa, KeepsItsBitsForAnyNumberOfThreads) {
  Random random(5);
  const CostFunction cost(random_cost(random, 18), 18);
  const auto angles = random_angles(random, 2);
  const auto one = Qaoa(cost, Precision::single, 1).gradient(angles);
  for (const int threads : {2, 5}) {
    const auto many = Qaoa(cost, Precision::single, threads).gradient(angles);
    EXPECT_EQ(many.objective, one.objective);
    EXPECT_EQ(many.gradient.gammas, one.gradient.gammas);
    EXPECT_EQ(many.gradient.betas, one.gradient.betas);
  }
}

TEST(Qaoa, IsAlikeForEveryInstructionSet) {
  Random random(6);
  const CostFunction cost(random_cost(random, 10), 10);
  const auto angles = random_angles(random, 3);
  const auto expected = Qaoa(cost, Precision::double_, 1).gradient(angles);
  for (const auto& set : instruction_sets()) {
    force_instruction_set(set);
    const auto result = Qaoa(cost, Precision::double_, 1).gradient(angles);
    EXPECT_NEAR(result.objective, expected.objective, 1e-12) << set;
    for (std::size_t l = 0; l < 3; ++l)
      EXPECT_NEAR(result.gradient.betas[l], expected.gradient.betas[l], 1e-11) << set;
  }
  force_instruction_set("");
}

TEST(Qaoa, FindsTheLowestCostInSinglePrecisionToo) {
  Random random(7);
  const CostFunction cost(random_cost(random, 6), 6);  // costs that single precision rounds
  const auto angles = random_angles(random, 2);
  const double exact = Qaoa(cost, Precision::double_, 1).success_probability(angles);
  EXPECT_GT(exact, 0);
  EXPECT_NEAR(Qaoa(cost, Precision::single, 1).success_probability(angles), exact, 1e-5);
}

// One layer solves a single bit.
TEST(Qaoa, FindsTheBestBitStrings) {
  const CostFunction cost(parse_observable("Z0"), 1);
  Qaoa qaoa(cost, Precision::double_, 1);
  const double quarter = std::acos(0.0) / 2;
  const QaoaAngles angles{{-quarter}, {quarter}};
  EXPECT_NEAR(std::abs(qaoa.objective(angles)), 1, 1e-14);
  const double chance = qaoa.success_probability(angles);
  EXPECT_NEAR(chance, qaoa.objective(angles) < 0 ? 1 : 0, 1e-14);
  const auto counts = qaoa.counts(angles, 100, 1);
  ASSERT_EQ(counts.size(), 1U);
  EXPECT_EQ(counts[0].first, chance > 0.5 ? 1U : 0U);
}

}  // namespace
}  // namespace qupel
