#include "qupel/problem/molecule/active_space.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "qupel/base/error.h"
#include "qupel/problem/molecule/molecule_problem.h"
#include "qupel/problem/molecule/perturbation.h"
#include "qupel/problem/molecule/xyz.h"

namespace qupel {
namespace {

constexpr std::string_view water =
    "3\n\nO 0 0 0\nH 0.7573659491752377 0.5866522130103075 0\nH -0.7573659491752377 0.5866522130103075 0\n";

struct Found {
  double reference, fci;
};
Found energies(std::string_view xyz, const MoleculeOptions& options = {}) {
  const MoleculeProblem problem("test", "test.xyz", read_xyz(xyz, "test.xyz"), options);
  return {problem.system(0).reference_energy, problem.reference(0).energy};
}

// References: PySCF 2.14.
TEST(MoleculeProblem, HasTheExactEnergiesOfOtherPrograms) {
  EXPECT_NEAR(energies("2\n\nH 0 0 0\nH 0 0 0.735\n").fci, -1.13730604, 1e-7);
  EXPECT_NEAR(energies("4\n\nH 0 0 0\nH 0 0 1\nH 0 0 2\nH 0 0 3\n").fci, -2.16638745, 1e-7);
  EXPECT_NEAR(energies("6\n\nH 0 0 0\nH 0 0 1.5\nH 0 0 3\nH 0 0 4.5\nH 0 0 6\nH 0 0 7.5\n").fci, -2.99556543,
              1e-7);
  EXPECT_NEAR(energies("2\n\nLi 0 0 0\nH 0 0 1.595\n").fci, -7.88240193, 1e-7);
  EXPECT_NEAR(energies("2\n\nN 0 0 0\nN 0 0 1.0977\n").fci, -107.65282873, 1e-7);
  const auto found = energies(water);
  EXPECT_NEAR(found.reference, -74.96305550, 1e-6);
  EXPECT_NEAR(found.fci, -75.01263953, 1e-6);
  MoleculeOptions active;
  active.active.active = ActiveSize{8, 6};
  EXPECT_NEAR(energies(water, active).fci, -75.01256148, 1e-6);
  EXPECT_NEAR(energies("2\n\nH 0 0 0\nH 0 0 0.735\n", {.basis = "6-31g"}).fci, -1.15161432, 1e-7);
  EXPECT_NEAR(energies("2\n\nH 0 0 0\nH 0 0 0.735\n", {.basis = "cc-pvdz"}).fci, -1.16320956, 1e-7);
}

}  // namespace
}  // namespace qupel
