#include "qupel/engine/batch/batch.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

#include "qupel/base/error.h"
#include "qupel/engine/batch/batch_checks.h"
#include "qupel/engine/simd/instruction_set.h"
#include "qupel/engine/testing/random_circuit.h"

namespace qupel {
namespace {

using namespace testing;

struct Reproducible : ::testing::TestWithParam<Precision> {};

TEST_P(Reproducible, SameBitsForAnyNumberOfThreads) {
  Random random(9);
  const auto circuit = random_circuit(random, 6, 40);
  const BatchProgram program(circuit, {Observable::z(0), random_observable(random, 6, 4)}, GetParam());
  const auto features = random_features(random, 1500, slots);
  const auto parameters = random_parameters(random, slots);
  const auto values = program.expectations(features, parameters, 1);
  const auto gradient = program.gradient(features, parameters, squares, true, 1);
  std::vector<std::size_t> some(200);
  std::iota(some.begin(), some.end(), std::size_t{0});
  const auto few = take_rows(features, some);
  const auto set = program.prepare(few, parameters, 1);
  const auto kernel = fidelities(set, set, 1);
  const auto shots = program.counts(features, parameters, 10, 3, 1);
  const auto estimates = program.estimate(features, parameters, 10, 3, 1).values;
  for (const int threads : {2, 5}) {
    EXPECT_EQ(values, program.expectations(features, parameters, threads));
    const auto again = program.gradient(features, parameters, squares, true, threads);
    EXPECT_EQ(gradient.parameters, again.parameters);
    EXPECT_EQ(gradient.features, again.features);
    const auto prepared = program.prepare(few, parameters, threads);
    EXPECT_EQ(kernel, fidelities(prepared, prepared, threads));
    EXPECT_EQ(shots, program.counts(features, parameters, 10, 3, threads));
    EXPECT_EQ(estimates, program.estimate(features, parameters, 10, 3, threads).values);
  }
}

TEST_P(Reproducible, ASampleDoesNotDependOnTheRestOfTheBatch) {
  Random random(10);
  const auto circuit = random_circuit(random, 5, 40);
  const BatchProgram program(circuit, {Observable::z(0), random_observable(random, 5, 4)}, GetParam());
  const auto parameters = random_parameters(random, slots);
  const auto features = random_features(random, 33, slots);
  const auto values = program.expectations(features, parameters, 1);
  const auto gradient = program.gradient(features, parameters, squares, true, 1);
  for (const std::size_t count : {1u, 7u, 33u}) {
    for (std::size_t first = 0; first + count <= features.rows(); first += 5) {
      std::vector<std::size_t> rows(count);
      for (std::size_t i = 0; i < count; ++i) rows[i] = first + i;
      const auto part = take_rows(features, rows);
      EXPECT_EQ(take_rows(values, rows), program.expectations(part, parameters, 1));
      const auto shifted = [&](std::size_t at, const Matrix<double>& v, Matrix<double>& d) {
        squares(first + at, v, d);
      };
      EXPECT_EQ(take_rows(gradient.features, rows),
                program.gradient(part, parameters, shifted, true, 1).features);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Batch, Reproducible, ::testing::ValuesIn(precisions), [](const auto& tested) {
  return tested.param == Precision::single ? "single" : "double";
});

TEST(InstructionSets, AgreeWithinRounding) {
  Random random(11);
  const auto circuit = random_circuit(random, 7, 60);
  const auto features = random_features(random, 33, slots);
  const auto parameters = random_parameters(random, slots);
  const std::vector<Observable> observables{random_observable(random, 7, 6)};
  const auto sets = instruction_sets();
  ASSERT_FALSE(sets.empty());
  for (const auto precision : precisions) {
    const BatchProgram program(circuit, observables, precision);
    const auto best = program.gradient(features, parameters, squares, true, 1);
    const double bound = tolerance(precision) * 30;
    for (const auto& name : sets) {
      force_instruction_set(name);
      const auto forced = program.gradient(features, parameters, squares, true, 2);
      const auto states = program.prepare(features, parameters, 1);
      EXPECT_NEAR(fidelities(states, states, 1)(32, 32), 1, bound) << name;
      for (std::size_t i = 0; i < 33; ++i) EXPECT_NEAR(forced.values(i, 0), best.values(i, 0), bound) << name;
      for (std::size_t p = 0; p < slots; ++p)
        EXPECT_NEAR(forced.parameters[p], best.parameters[p], 33 * bound) << name;
    }
    force_instruction_set("");
  }
}

TEST(InstructionSets, RefuseUnknownNames) { EXPECT_THROW(force_instruction_set("MMX"), InputError); }

}  // namespace
}  // namespace qupel
