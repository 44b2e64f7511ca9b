#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "qupel/base/error.h"
#include "qupel/execute/execution_example.test.h"
#include "qupel/execute/executor.h"

namespace qupel {
namespace {

using namespace execution_example;

/// Slots that stand in several gates, with factors.
Circuit shared_slots() {
  auto circuit = ansatz();
  circuit.add("rx", {1}, {Angle::parameter(0, -0.5, 0.2)}).add("crz", {2, 0}, {Angle::feature(1, 2)});
  return circuit;
}

std::vector<Observable> observables() { return {Observable::z(0), parse_observable("X1 Z2 - 0.5 Y0")}; }

/// Each derivative by central differences of exact expectation values.
void expect_differences(Executor& executor, const Jacobian& found, double tolerance) {
  const auto circuit = executor.prepare(shared_slots(), observables());
  const auto values_at = [&](int feature, int parameter, double shift) {
    auto x = rows(4);
    auto theta = parameters;
    for (std::size_t r = 0; feature >= 0 && r < x.rows(); ++r)
      x(r, static_cast<std::size_t>(feature)) += shift;
    if (parameter >= 0) theta[static_cast<std::size_t>(parameter)] += shift;
    return executor.expectations(circuit, x, theta).values;
  };
  constexpr double step = 1e-4;
  for (int slot = 0; slot < 6; ++slot) {
    const int feature = slot < 3 ? slot : -1, parameter = slot < 3 ? -1 : slot - 3;
    const auto up = values_at(feature, parameter, step), down = values_at(feature, parameter, -step);
    for (std::size_t r = 0; r < 4; ++r)
      for (std::size_t k = 0; k < 2; ++k) {
        const auto& matrix = slot < 3 ? found.features : found.parameters;
        EXPECT_NEAR(matrix(2 * r + k, static_cast<std::size_t>(slot % 3)),
                    (up(r, k) - down(r, k)) / (2 * step), tolerance)
            << slot << ' ' << r << ' ' << k;
      }
  }
}

TEST(Jacobian, IsThatOfDifferences) {
  Executor executor(Precision::double_);
  expect_differences(executor,
                     executor.jacobian(executor.prepare(shared_slots(), observables()), rows(4), parameters),
                     1e-6);
}

TEST(Jacobian, IsThatOfDifferencesWithNoise) {
  Executor executor({.noise = parse_noise("depolarizing(0.05) after all"), .precision = Precision::double_});
  expect_differences(executor,
                     executor.jacobian(executor.prepare(shared_slots(), observables()), rows(4), parameters),
                     1e-6);
}

TEST(Jacobian, OfShotsIsNearThatWithoutThem) {
  Executor shots({.shots = 200000, .precision = Precision::double_}), exact(Precision::double_);
  const auto found = shots.jacobian(shots.prepare(shared_slots(), observables()), rows(4), parameters);
  expect_differences(exact, found, 0.05);
}

TEST(Jacobian, RefusesWrongShapes) {
  Executor executor(Precision::double_);
  const auto circuit = executor.prepare(shared_slots(), observables());
  EXPECT_THROW(executor.jacobian(circuit, Matrix<double>(2, 4), parameters), InputError);
  EXPECT_THROW(executor.jacobian(circuit, rows(2), std::vector<double>{1}), InputError);
}

TEST(Jacobian, IsForecastAsManyCircuitsAsItTakes) {
  for (const bool noisy : {false, true}) {
    Execution execution{.precision = Precision::double_, .budget = {.circuits = 12}};
    if (noisy) execution.noise = parse_noise("depolarizing(0.05) after all");
    Executor enough(execution);
    enough.jacobian(enough.prepare(shared_slots(), observables()), rows(4), parameters);
    EXPECT_EQ(enough.ledger().circuits, 12) << noisy;
    execution.budget.circuits = 11;
    Executor little(execution);
    EXPECT_THROW(little.jacobian(little.prepare(shared_slots(), observables()), rows(4), parameters),
                 OverBudget);
  }
}

}  // namespace
}  // namespace qupel
