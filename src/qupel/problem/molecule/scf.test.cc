#include "qupel/problem/molecule/scf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "qupel/base/error.h"
#include "qupel/problem/molecule/xyz.h"

namespace qupel {
namespace {

MeanField field_of(Molecule molecule, std::string_view basis,
                   SpinReference reference = SpinReference::restricted) {
  const auto& set = basis_set(basis);
  return mean_field(molecule, set, atomic_integrals(molecule, set), {.reference = reference});
}

Molecule molecule_of(std::string_view xyz, int charge = 0, int multiplicity = 1) {
  auto molecule = read_xyz(xyz, "test.xyz").front();
  molecule.charge = charge;
  molecule.multiplicity = multiplicity;
  return molecule;
}

constexpr std::string_view bent_water = "3\n\nO 0 0 0\nH 0.958 0 0\nH -0.23951 0.92757795 0\n";

// PySCF 2.14 for all.
TEST(MeanField, HasTheEnergiesOfOtherPrograms) {
  EXPECT_NEAR(field_of(molecule_of("2\n\nH 0 0 0\nH 0 0 0.735\n"), "sto-3g").energy, -1.11699900, 1e-7);
  EXPECT_NEAR(field_of(molecule_of("2\n\nLi 0 0 0\nH 0 0 1.595\n"), "sto-3g").energy, -7.86202386, 1e-7);
  EXPECT_NEAR(field_of(molecule_of("2\n\nN 0 0 0\nN 0 0 1.0977\n"), "sto-3g").energy, -107.49589331, 1e-7);
  EXPECT_NEAR(field_of(molecule_of("4\n\nH 0 0 0\nH 0 0 1\nH 0 0 2\nH 0 0 3\n"), "sto-3g").energy,
              -2.09854594, 1e-7);
  EXPECT_NEAR(
      field_of(molecule_of("6\n\nH 0 0 0\nH 0 0 1.5\nH 0 0 3\nH 0 0 4.5\nH 0 0 6\nH 0 0 7.5\n"), "sto-3g")
          .energy,
      -2.75015004, 1e-7);
}

// Far apart two atoms of hydrogen have twice the energy of one, -0.46658185 hartree in this basis.
TEST(MeanField, FindsABrokenSpinSymmetry) {
  const auto apart = molecule_of("2\n\nH 0 0 0\nH 0 0 6\n");
  const auto restricted = field_of(apart, "sto-3g");
  EXPECT_GT(restricted.energy, -0.8);
  EXPECT_THAT(restricted.instability, testing::HasSubstr("--unrestricted"));
  const auto free = field_of(apart, "sto-3g", SpinReference::unrestricted);
  EXPECT_NEAR(free.energy, 2 * -0.46658185, 1e-6);
  EXPECT_NEAR(free.spin_squared, 1, 1e-3);
  EXPECT_EQ(field_of(molecule_of(bent_water), "sto-3g").instability, "");
}

// The first field that is found lies 0.13 hartree higher, or 0.16 if unrestricted. The values are PySCF's
// after it followed instabilities until none was left.
TEST(SlowMeanField, OfUnpairedElectronsOfMetalsIsTheLowestOfSeveral) {
  const auto oxide = molecule_of("2\n\nFe 0 0 0\nO 0 0 1.62\n", 0, 5);
  EXPECT_NEAR(field_of(oxide, "sto-3g").energy, -1322.73772559, 1e-6);
  EXPECT_NEAR(field_of(oxide, "sto-3g", SpinReference::unrestricted).energy, -1322.89020839, 1e-6);
}

TEST(MeanField, SaysWhatWasTriedIfNothingConverges) {
  const auto molecule = molecule_of(bent_water);
  const auto& basis = basis_set("sto-3g");
  try {
    mean_field(molecule, basis, atomic_integrals(molecule, basis), {.most_iterations = 2});
    FAIL() << "converged in two iterations";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("DIIS"));
    EXPECT_THAT(error.what(), testing::HasSubstr("level shift"));
  }
}

}  // namespace
}  // namespace qupel
