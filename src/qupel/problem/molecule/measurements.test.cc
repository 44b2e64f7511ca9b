#include "qupel/problem/molecule/measurements.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "qupel/electrons/hamiltonian.h"
#include "qupel/problem/molecule/molecule_problem.h"
#include "qupel/problem/molecule/xyz.h"

namespace qupel {
namespace {

// In the ground state of hydrogen, cos t |0101> - sin t |1010>, strings of Z add up to a constant but for
// what distinguishes the two determinants, and the four strings of X and Y to another: by hand 5 groups, 2 of
// them if commuting strings are measured together.
TEST(MeasurementPlan, OfHydrogen) {
  const MoleculeProblem problem("h2", "h2.xyz", read_xyz("2\n\nH 0 0 0\nH 0 0 0.735\n", "h2.xyz"), {});
  const auto plan = measurement_plan(problem.system(0), problem.reference(0).ground);
  EXPECT_EQ(plan.strings, 14U);
  ASSERT_EQ(plan.ways.size(), 3U);
  EXPECT_EQ(plan.ways[0].circuits, 5);
  EXPECT_EQ(plan.ways[1].circuits, 2);
  // One of two commuting groups has an energy of its own in either determinant: half the gap D = E1 - E0 of
  // their diagonal elements times sin 2t is its standard deviation, and the other one's has the same size,
  // since the sum of both has none.
  const auto& system = problem.system(0);
  const double lowest = matrix_element(system.integrals, {1, 1}, {1, 1}),
               highest = matrix_element(system.integrals, {2, 2}, {2, 2}),
               coupling = matrix_element(system.integrals, {1, 1}, {2, 2});
  const double sine = std::sin(std::atan2(2 * std::abs(coupling), highest - lowest));
  const double deviation = (highest - lowest) / 2 * sine;
  EXPECT_NEAR(plan.ways[1].shots_by_variance, std::pow(2 * deviation / plan.error, 2),
              1e-3 * plan.ways[1].shots_by_variance);
  EXPECT_GE(plan.ways[0].shots_even, plan.ways[0].shots_by_variance);
  EXPECT_GT(plan.ways[2].shots_even, plan.ways[1].shots_even);
}

TEST(MeasurementPlan, LargeRegistersHaveNone) {
  ElectronicSystem system;
  system.integrals = OrbitalIntegrals(8, false);
  system.alpha = system.beta = 1;
  EXPECT_TRUE(measurement_plan(system, {}).ways.empty());
}

}  // namespace
}  // namespace qupel
