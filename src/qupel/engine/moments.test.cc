#include "qupel/engine/moments.h"

#include <gtest/gtest.h>

#include "qupel/engine/density/density_matrix.h"
#include "qupel/engine/engine.h"
#include "qupel/engine/testing/random_circuit.h"

namespace qupel {
namespace {

// By the definition: the square as a Pauli sum, term by term.
Moments by_definition(const Observable& observable, std::span<const Complex> state) {
  return {dense_expectation(observable, state), dense_expectation(squared(observable), state)};
}

Observable random_sum(Random& random, int qubits, int terms, bool diagonal) {
  auto sum = testing::random_observable(random, qubits, terms);
  for (auto& term : sum.terms) {
    if (!diagonal) continue;
    const auto word = term.pauli.word();
    term.pauli = PauliString::of_masks(0, word.x | word.z);
  }
  return sum;
}

TEST(Moments, AreThoseOfTheDefinition) {
  Random random(1);
  for (int trial = 0; trial < 120; ++trial) {
    const int qubits = 1 + trial % 9;
    const auto state = dense_state(testing::random_bound_circuit(random, qubits, 30));
    const auto observable = random_sum(random, qubits, 1 + trial % 40, trial % 3 == 0);
    const auto expected = by_definition(observable, state);
    const auto found = moments(index_terms(observable), state, 2);
    EXPECT_NEAR(found.mean, expected.mean, 1e-11) << trial;
    EXPECT_NEAR(found.square, expected.square, 1e-10) << trial;
  }
}

TEST(Moments, HaveTheSameBitsForAnyNumberOfThreads) {
  Random random(2);
  const auto state = dense_state(testing::random_bound_circuit(random, 12, 40));
  const auto terms = index_terms(random_sum(random, 12, 50, false));
  const auto one = moments(terms, state, 1), three = moments(terms, state, 3);
  EXPECT_EQ(one.mean, three.mean);
  EXPECT_EQ(one.square, three.square);
}

// All engines, with observables of few terms, whose square is measured, and of many.
TEST(Variances, AreThoseOfTheDefinition) {
  Random random(3);
  for (int trial = 0; trial < 40; ++trial) {
    const int qubits = 1 + trial % 10;
    Job job{.circuit = testing::random_bound_circuit(random, qubits, 30)};
    job.observables = {testing::random_observable(random, qubits, 1 + trial),
                       testing::random_observable(random, qubits, 3)};
    job.variances = job.observables.size();
    job.threads = 1 + trial % 3;
    job.precision = trial % 4 == 0 ? Precision::single : Precision::double_;
    const double tolerance = job.precision == Precision::single ? 1e-3 : 1e-10;
    const auto state = dense_state(job.circuit);
    for (const auto* engine : engines()) {
      auto asked = job;
      asked.state = trial % 5 == 0 && engine->name() != "density";
      if (!engine->predict(asked).refusal.empty() || (engine->name() == "density" && qubits > 7)) continue;
      const auto outcome = engine->run(asked);
      ASSERT_EQ(outcome.variances.size(), 2U) << engine->name();
      for (std::size_t o = 0; o < 2; ++o) {
        const auto expected = by_definition(job.observables[o], state);
        EXPECT_NEAR(outcome.expectations[o], expected.mean, tolerance) << engine->name();
        EXPECT_NEAR(outcome.variances[o], expected.variance(), tolerance) << engine->name();
      }
    }
    EXPECT_NEAR(run(job).variances[0], by_definition(job.observables[0], state).variance(), tolerance);
  }
}

TEST(Variances, OfMixedStatesAreThoseOfTheDefinition) {
  Random random(4);
  const auto noise = parse_noise("depolarizing(0.1) after two-qubit; amplitude-damping(0.2) after one-qubit");
  for (const int terms : {3, 20}) {
    Job job{testing::random_bound_circuit(random, 4, 30), noise};
    job.observables = {testing::random_observable(random, 4, terms)};
    job.variances = job.observables.size();
    const DensityMatrix state(job.circuit, noise, Precision::double_, 1);
    const double mean = state.expectation(job.observables[0]);
    const double variance = state.expectation(squared(job.observables[0])) - mean * mean;
    EXPECT_NEAR(run(job).variances[0], variance, 1e-12);
    job.trajectories = 20000;
    const auto estimate = run(job);
    EXPECT_EQ(estimate.engine, "trajectories");
    EXPECT_NEAR(estimate.expectations[0], mean, 5 * estimate.errors[0]);
    EXPECT_NEAR(estimate.variances[0], variance, 0.05 * variance + 0.02) << terms;
  }
}

}  // namespace
}  // namespace qupel
