#include <gtest/gtest.h>

#include <algorithm>

#include "qupel/base/random.h"
#include "qupel/model/qaoa/angles.h"
#include "qupel/model/qaoa/elimination.h"
#include "qupel/model/qaoa/qaoa_training.h"
#include "qupel/model/qaoa/variant_circuits.h"
#include "qupel/problem/optimization/enumeration.h"
#include "qupel/problem/optimization/maxcut.h"
#include "qupel/problem/optimization/relaxation.h"

namespace qupel {
namespace {

Qubo random_qubo(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) names.push_back("x" + std::to_string(i));
  QuboBuilder builder(names);
  for (std::size_t i = 0; i < count; ++i) {
    builder.add(i, random.uniform(-1, 1));
    for (std::size_t j = 0; j < i; ++j)
      if (random.below(2) == 0) builder.add(i, j, random.uniform(-1, 1));
  }
  return std::move(builder).build();
}

double mean_cost(const Circuit& circuit, const Qubo& qubo, const std::vector<double>& parameters) {
  const auto state = dense_state(circuit.bind({}, parameters));
  double mean = 0;
  for (std::size_t s = 0; s < state.size(); ++s) {
    Bits bits(qubo.size());
    for (std::size_t i = 0; i < bits.size(); ++i) bits[i] = static_cast<std::uint8_t>(s >> i & 1);
    mean += std::norm(state[s]) * qubo.energy(bits);
  }
  return mean;
}

TEST(Variants, BeginAtTheUsualQaoa) {
  const auto qubo = random_qubo(5, 1);
  const auto cost = ising_of(qubo);
  const auto known = fixed_angles(cost, 5, 2);
  const double usual = mean_cost(qaoa_circuit({cost, 5}, 2), qubo,
                                 {known.gammas[0], known.betas[0], known.gammas[1], known.betas[1]});
  const auto many = multi_angle_circuit(qubo, 2);
  EXPECT_NEAR(mean_cost(many.circuit, qubo, many.start), usual, 1e-12);
  EXPECT_GT(many.start.size(), 2 * 5u);
  const auto driven = counterdiabatic_circuit(qubo, 2);
  EXPECT_NEAR(mean_cost(driven.circuit, qubo, driven.start), usual, 1e-12);
  const auto even = warm_start_circuit(qubo, std::vector<double>(5, 0.5), 2);
  EXPECT_NEAR(mean_cost(even.circuit, qubo, even.start), usual, 1e-12);
}

TEST(Variants, WarmStartsAreTheProductState) {
  const auto qubo = random_qubo(4, 2);
  const std::vector<double> ones{0.25, 0.7, 0.4, 0.5};
  const auto warm = warm_start_circuit(qubo, ones, 1);
  const double found = mean_cost(warm.circuit, qubo, {0, 0.3});  // the mixer alone changes nothing
  double expected = qubo.constant;
  for (std::size_t i = 0; i < 4; ++i) expected += qubo.linear[i] * ones[i];
  for (const auto& c : qubo.couplings) expected += c.weight * ones[c.a] * ones[c.b];
  EXPECT_NEAR(found, expected, 1e-12);
}

TEST(Variants, GroverMixersTurnAboutTheEvenState) {
  const auto qubo = random_qubo(4, 3);
  const double gamma = 0.7, beta = 1.1;
  const auto grover = grover_circuit(qubo, 1);
  std::vector<std::complex<double>> state(16);
  std::complex<double> along = 0;
  const auto energy = [&](std::size_t s) {
    return qubo.energy(Bits{static_cast<std::uint8_t>(s & 1), static_cast<std::uint8_t>(s >> 1 & 1),
                            static_cast<std::uint8_t>(s >> 2 & 1), static_cast<std::uint8_t>(s >> 3 & 1)});
  };
  for (std::size_t s = 0; s < 16; ++s) {
    state[s] = std::polar(0.25, -gamma * energy(s));
    along += state[s] / 4.0;
  }
  double expected = 0;
  for (std::size_t s = 0; s < 16; ++s) {
    state[s] += (std::polar(1.0, -beta) - 1.0) * along / 4.0;
    expected += std::norm(state[s]) * energy(s);
  }
  EXPECT_NEAR(mean_cost(grover.circuit, qubo, {gamma, beta}), expected, 1e-12);
}

TEST(Elimination, KeepsTheEnergiesOfWhatItLeaves) {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const auto qubo = random_qubo(6, seed);
    Random random(seed);
    Elimination elimination(qubo);
    while (elimination.rest().size() > 2) {
      ShotCounts counts;
      for (std::uint64_t s = 0; s < 8; ++s) counts.emplace_back(random.below(64), 1 + random.below(5));
      elimination.eliminate(counts);
      const auto& rest = elimination.rest();
      for (std::uint64_t s = 0; s < (std::uint64_t{1} << rest.size()); ++s) {
        Bits bits(rest.size());
        for (std::size_t i = 0; i < bits.size(); ++i) bits[i] = static_cast<std::uint8_t>(s >> i & 1);
        EXPECT_NEAR(rest.energy(bits), qubo.energy(elimination.whole(bits)), 1e-12);
      }
    }
  }
}

TEST(Elimination, FollowsTheOptimum) {
  const auto qubo = random_qubo(6, 7);
  const auto best = lowest_energy(qubo);
  std::uint64_t state = 0;
  for (std::size_t i = 0; i < 6; ++i) state |= static_cast<std::uint64_t>(best.bits[i]) << i;
  Elimination elimination(qubo);
  // Where all measurements are of the optimum, every correlation is its own. The rest renumbers: any state of
  // the optimum's bits in the rest's order.
  elimination.eliminate({{state, 1}});
  EXPECT_NEAR(lowest_energy(elimination.rest()).energy, best.energy, 1e-12);
}

TEST(Relaxation, FindsGoodBits) {
  const auto qubo = MaxCut(random_regular_graph(14, 3, 5)).qubo();
  const auto ones = relaxed_bits(qubo, 3);
  EXPECT_EQ(ones, relaxed_bits(qubo, 3));
  Bits rounded;
  for (const double p : ones) rounded.push_back(p > 0.5 ? 1 : 0);
  EXPECT_LT(qubo.energy(rounded), 0.85 * lowest_energy(qubo).energy);
  for (const double p : softened(ones, 0.25)) EXPECT_TRUE(p >= 0.25 && p <= 0.75);
}

TEST(QaoaTraining, OfMoreLayersIsNoWorse) {
  const auto cost = ising_of(MaxCut(random_regular_graph(8, 3, 2)).qubo());
  Executor executor(Precision::double_);
  QaoaRuns runs(executor, {cost, 8});
  const double scale = coupling_scale(cost, 8);
  const auto by_depth = train_layer_by_layer(runs, fixed_angles(cost, 8, 1), 4, scale, {});
  ASSERT_EQ(by_depth.size(), 4u);
  for (std::size_t p = 1; p < 4; ++p)
    EXPECT_LT(runs.gradient(by_depth[p].angles).objective,
              runs.gradient(by_depth[p - 1].angles).objective + 1e-6);
  auto start = ramp_angles(4, 0.75);
  for (double& gamma : start.gammas) gamma /= scale;
  const auto ramp = train_ramp(runs, 4, scale, {}).angles;
  EXPECT_LT(runs.gradient(ramp).objective, runs.gradient(start).objective + 1e-9);
  EXPECT_NEAR(ramp.gammas[1] / ramp.gammas[0], 3, 1e-9);  // still a ramp
}

}  // namespace
}  // namespace qupel
