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

// Values by PySCF 2.14: RHF or ROHF with conv_tol 1e-12, FCI with conv_tol 1e-11, spherical functions.
TEST(MoleculeProblem, HasTheEnergiesOfIonsDoubletsTripletsAndLargerBases) {
  struct Reference {
    std::string_view xyz, basis;
    int charge, multiplicity;
    double mean_field, fci;
  };
  constexpr std::string_view h6 = "6\n\nH 0 0 0\nH 0 0 2\nH 0 0 4\nH 0 0 6\nH 0 0 8\nH 0 0 10\n";
  constexpr std::string_view ammonia =
      "4\n\nN 0 0 0.116489\nH 0 0.939731 -0.271808\nH 0.813831 -0.469865 -0.271808\n"
      "H -0.813831 -0.469865 -0.271808\n";
  constexpr std::string_view oh = "2\n\nO 0 0 0\nH 0 0 0.97\n";
  for (const auto& [xyz, basis, charge, multiplicity, mean_field, fci] : std::vector<Reference>{
           {h6, "sto-3g", 0, 1, -2.36842128, -2.84719213},
           {"2\n\nLi 0 0 0\nH 0 0 1.595\n", "6-31g", 0, 1, -7.97926895, -7.99827613},
           {"2\n\nH 0 0 0\nF 0 0 0.917\n", "sto-3g", 0, 1, -98.57077999, -98.59662418},
           {"3\n\nBe 0 0 0\nH 0 0 1.33\nH 0 0 -1.33\n", "sto-3g", 0, 1, -15.56009838, -15.59511756},
           {oh, "sto-3g", 0, 2, -74.36156196, -74.38718474},
           {oh, "sto-3g", -1, 1, -74.05739919, -74.08172336},
           {"2\n\nO 0 0 0\nO 0 0 1.2075\n", "sto-3g", 0, 3, -147.63216699, -147.74403543},
           {"3\n\nC 0 0 0\nH 0 0.9926 0.4264\nH 0 -0.9926 0.4264\n", "sto-3g", 0, 3, -38.42943470,
            -38.47264457},
           {"3\n\nH 0 0 0\nH 0 0.87 0\nH 0 0.435 0.75344\n", "6-31g", 1, 1, -1.27367469, -1.30396626},
           {"2\n\nHe 0 0 0\nH 0 0 0.774\n", "cc-pvtz", 1, 1, -2.93224916, -2.97518423},
           {"2\n\nN 0 0 0\nO 0 0 1.151\n", "sto-3g", 0, 2, -127.52611118, -127.65943697},
           {"1\n\nLi 0 0 0\n", "6-31g*", 0, 2, -7.43123499, -7.43156617},
           {"2\n\nC 0 0 0\nO 0 0 1.128\n", "sto-3g", 0, 1, -111.22455870, -111.36332032},
           {ammonia, "sto-3g", 0, 1, -55.45456088, -55.52046148},
           {"2\n\nNa 0 0 0\nH 0 0 1.887\n", "sto-3g", 0, 1, -160.30221756, -160.35848904},
           {"2\n\nC 0 0 0\nN 0 0 1.172\n", "sto-3g", 0, 2, -90.99740315, -91.17329653},
           {"2\n\nB 0 0 0\nH 0 0 1.2325\n", "6-31g", 0, 1, -25.10897440, -25.17265993},
           {"1\n\nBe 0 0 0\n", "6-31g*", 0, 3, -14.50771834, -14.51169374},
           {"2\n\nHe 0 0 0\nHe 0 0 1.08\n", "cc-pvdz", 1, 2, -4.90623085, -4.96601237},
           {"3\n\nH 0 0 0\nH 0 0 1.1\nH 0 0 2.3\n", "cc-pvdz", 0, 2, -1.57139858, -1.63031407}}) {
    auto molecules = read_xyz(xyz, "test.xyz");
    molecules.front().charge = charge;
    molecules.front().multiplicity = multiplicity;
    const MoleculeProblem problem("test", "test.xyz", std::move(molecules), {.basis = std::string(basis)});
    EXPECT_NEAR(problem.system(0).reference_energy, mean_field, 1e-6) << xyz;
    EXPECT_NEAR(problem.reference(0).energy, fci, 1e-6) << xyz;
  }
}

TEST(MoleculeProblem, LimitsQubitsByNaturalOrbitals) {
  MoleculeOptions options;
  options.active.most_orbitals = 4;
  const MoleculeProblem problem("water", "water.xyz", read_xyz(water, "water.xyz"), options);
  const auto& system = problem.system(0);
  EXPECT_EQ(system.orbitals(), 4);
  EXPECT_EQ(system.occupations.size(), 4U);
  EXPECT_THAT(system.choices.back(), testing::HasSubstr("that give at most 4 orbitals"));
  EXPECT_GT(problem.reference(0).energy, -75.0126);
  EXPECT_LT(problem.reference(0).energy, system.reference_energy - 0.01);
}

}  // namespace
}  // namespace qupel
