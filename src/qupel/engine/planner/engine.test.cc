#include "qupel/engine/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "qupel/base/error.h"
#include "qupel/engine/testing/random_circuit.h"

namespace qupel {
namespace {

using ::testing::HasSubstr;

// Every engine against the definition: random circuits, both precisions, 1 to 5 threads.
void compare_engines(int circuits, int most_qubits) {
  Random random(derive(1, {key_of("engines")}));
  for (int k = 0; k < circuits; ++k) {
    const int qubits = 1 + static_cast<int>(random.below(static_cast<std::size_t>(most_qubits)));
    Job job{.circuit = testing::random_bound_circuit(random, qubits, static_cast<int>(random.below(40))),
            .state = true};
    job.observables = {testing::random_observable(random, qubits, 4), Observable::z(0)};
    job.precision = random.below(2) == 0 ? Precision::single : Precision::double_;
    job.threads = 1 + static_cast<int>(random.below(5));
    const auto expected = dense_state(job.circuit);
    const double tolerance = job.precision == Precision::single ? 1e-4 : 1e-11;
    for (const auto* engine : engines()) {
      auto asked = job;
      const bool mixed = !engine->supports().has(Ability::amplitudes);  // density costs 4^n
      asked.state = !mixed && k % 3 > 0;  // values alone may leave gates and amplitudes out
      if (!engine->predict(asked).refusal.empty() || (mixed && qubits > 8)) continue;
      const auto outcome = engine->run(asked);
      ASSERT_EQ(outcome.state.size(), asked.state ? expected.size() : 0U);
      for (std::size_t i = 0; i < outcome.state.size(); ++i)
        ASSERT_LT(std::abs(outcome.state[i] - expected[i]), tolerance) << engine->name() << ", circuit " << k;
      for (std::size_t o = 0; o < job.observables.size(); ++o)
        ASSERT_NEAR(outcome.expectations[o], dense_expectation(job.observables[o], expected), 5 * tolerance)
            << engine->name() << ", circuit " << k;
    }
  }
}

TEST(Engines, AgreeWithTheDefinition) { compare_engines(150, 10); }
TEST(SlowEngines, AgreeWithTheDefinitionOnTenThousandCircuits) { compare_engines(10000, 12); }

TEST(Planner, TakesTheFastestEngineThatFits) {
  Circuit small(4), large(22);
  for (int q = 0; q < 22; ++q) large.add("h", {q}).add("ry", {q}, {0.3});
  EXPECT_EQ(choose({.circuit = small}).engine->name(), "batch");
  EXPECT_EQ(choose({.circuit = large}).engine->name(), "tiled");
  EXPECT_THAT(choose({.circuit = small}).reason, HasSubstr("tiled: takes 8 to 64 qubits"));
  EXPECT_EQ(run({.circuit = small, .observables = {Observable::z(0)}}).engine, "batch");
}

TEST(Planner, TakesTheDensityMatrixForNoise) {
  Circuit circuit(9);
  circuit.add("h", {0}).add("cx", {0, 1});
  const Job job{.circuit = circuit,
                .noise = parse_noise("depolarizing(0.15) after cx"),
                .observables = {parse_observable("Z0 Z1"), parse_observable("Z0")}};
  EXPECT_THAT(choose(job).reason, HasSubstr("tiled: a state vector has no noise"));
  const auto outcome = run(job);
  EXPECT_EQ(outcome.engine, "density");
  EXPECT_NEAR(outcome.expectations[0], 1 - 16 * 0.15 / 15, 1e-14);
  EXPECT_NEAR(outcome.expectations[1], 0, 1e-14);
}

TEST(Planner, SaysWhyNothingFits) {
  const auto message = [](const Job& job) -> std::string {
    try {
      choose(job);
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  };
  Circuit large(45);
  for (int q = 0; q < 45; ++q) large.add("ry", {q}, {0.1});
  EXPECT_THAT(message({.circuit = large}), HasSubstr("no engine can run this circuit of 45 qubits"));
  EXPECT_THAT(message({.circuit = large}), HasSubstr("GB of memory"));
  EXPECT_THAT(message({.circuit = Circuit(2), .observables = {Observable::z(2)}}),
              HasSubstr("acts on qubit 2"));
  EXPECT_THAT(message({.circuit = Circuit(1).add("rx", {0}, {Angle::parameter(0)})}),
              HasSubstr("the input \"theta0\" has no value"));
}

}  // namespace
}  // namespace qupel
