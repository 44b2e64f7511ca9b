#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "qupel/base/error.h"
#include "qupel/electrons/davidson.h"
#include "qupel/problem/molecule/fcidump.h"
#include "qupel/problem/molecule/fragments.h"
#include "qupel/problem/molecule/molecule_problem.h"
#include "qupel/problem/molecule/orbital_rotation.h"
#include "qupel/problem/molecule/xyz.h"
#include "qupel/problem/molecule/zmatrix.h"

namespace qupel {
namespace {

using ::testing::HasSubstr;

template <class Read>
std::string message(Read&& read) {
  try {
    read();
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}
std::string xyz_error(std::string_view text) {
  return message([&] { read_xyz(text, "a.xyz"); });
}
std::string dump_error(std::string_view text) {
  return message([&] { read_fcidump(text, "a.fcidump"); });
}
std::string problem_error(std::string_view xyz, int charge, int multiplicity, MoleculeOptions options = {}) {
  return message([&] {
    auto molecules = read_xyz(xyz, "a.xyz");
    molecules[0].charge = charge;
    molecules[0].multiplicity = multiplicity;
    MoleculeProblem("a", "a.xyz", std::move(molecules), std::move(options)).system(0);
  });
}
double exact_energy(const ElectronicSystem& system) {
  return lowest_states(system.integrals, Sector(system.orbitals(), system.alpha, system.beta))
      .energies.front();
}

constexpr std::string_view h2 = "2\n\nH 0 0 0\nH 0 0 0.735\n";

TEST(Xyz, IsReadInAngstromOrBohr) {
  const auto two =
      read_xyz("2\nwater has more\n@O 0 0 0 more\nh 0 1.0D0 0\n\n1\nin bohr\n7 1 0 0\n", "a.xyz");
  ASSERT_EQ(two.size(), 2U);
  EXPECT_TRUE(two[0].atoms[0].ghost);
  EXPECT_EQ(two[0].formula(), "H");
  EXPECT_NEAR(two[0].atoms[1].position[1], 1.8897261246, 1e-9);
  EXPECT_EQ(two[1].atoms[0].number, 7);
  EXPECT_EQ(two[1].atoms[0].position[0], 1);
  EXPECT_EQ(to_xyz(read_xyz(h2, "a")[0], ""),
            "2\n\nH 0.0000000000 0.0000000000 0.0000000000\nH 0.0000000000 0.0000000000 0.7350000000\n");
}

TEST(Xyz, TakesTheUnitThatTheCommentNames) {
  const auto second = [](std::string_view comment) {
    return read_xyz(fmt::format("2\n{}\nH 0 0 0\nH 0 0 1\n", comment), "a.xyz").front().atoms[1].position[2];
  };
  for (const auto* comment :
       {"units: a.u.", "Units=au", "unit=bohr", "H2 (Bohr)", "units atomic", "R 1.0, bohr"})
    EXPECT_EQ(second(comment), 1) << comment;
  for (const auto* comment : {"", "E = -1.13 a.u.", "Au2", "units: angstrom", "no units"})
    EXPECT_EQ(second(comment), bohr_per_angstrom) << comment;
}

TEST(Xyz, TakesChargeAndMultiplicityThatTheCommentSays) {
  const auto said = [](std::string_view comment) {
    const auto molecule = read_xyz(fmt::format("1\n{}\nO 0 0 0\n", comment), "a.xyz").front();
    return std::pair(molecule.charge, molecule.multiplicity);
  };
  EXPECT_EQ(said("0 3"), std::pair(0, 3));
  EXPECT_EQ(said("-1 2"), std::pair(-1, 2));
  EXPECT_EQ(said("charge=+1 mult=4"), std::pair(1, 4));
  EXPECT_EQ(said("O2 from a paper, Charge: -1, multiplicity 2"), std::pair(-1, 2));
  for (const auto* comment : {"", "1", "2 0", "1 2 3", "charge 0.5", "charges 1 2", "E = -1.5 3"})
    EXPECT_EQ(said(comment), std::pair(0, 1)) << comment;
}

TEST(Xyz, ThatNamesTwoUnitsIsRefused) {
  EXPECT_THROW(read_xyz("1\nconverted from Bohr to angstrom\nH 0 0 0\n", "a.xyz"), InputError);
  EXPECT_THROW(read_xyz("1\nunits: \u00c5ngstr\u00f6m, not bohr\nH 0 0 0\n", "a.xyz"), InputError);
}

TEST(Molecule, HasTheFormulaThatChemistsWrite) {
  const auto formula = [](const std::vector<int>& numbers) {
    Molecule molecule;
    for (const int number : numbers) molecule.atoms.push_back({.number = number});
    return molecule.formula();
  };
  EXPECT_EQ(formula({1, 8, 1}), "H2O");
  EXPECT_EQ(formula({1, 3}), "LiH");
  EXPECT_EQ(formula({4, 1, 1}), "BeH2");
  EXPECT_EQ(formula({7, 1, 1, 1}), "NH3");
  EXPECT_EQ(formula({8, 26}), "FeO");
  EXPECT_EQ(formula({9, 1}), "HF");
  EXPECT_EQ(formula({8, 1, 6, 1, 1, 1}), "CH4O");
  EXPECT_EQ(formula({7, 6, 17, 6}), "C2ClN");
  EXPECT_EQ(formula({1, 2}), "HeH");
}

// A bond that is cut leaves an unpaired electron on either side.
TEST(Fragments, HaveTheLowestMultiplicityThatTheirElectronsAllow) {
  const auto parts = with_fragments(read_xyz(h2, "a.xyz")[0], "1");
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_EQ(parts[0].multiplicity, 1);
  EXPECT_EQ(parts[1].multiplicity, 2);
  EXPECT_EQ(parts[2].multiplicity, 2);
}

TEST(Fragments, SayWhichAtomsThereAre) {
  for (const auto* atoms : {"1-2", "3", "x"})
    EXPECT_THAT(message([&] { with_fragments(read_xyz(h2, "a.xyz")[0], atoms); }),
                HasSubstr("counted from 1 to 2, as in \"1-3,5\"; the others are the second part"));
}

TEST(Xyz, SaysWhatIsWrong) {
  EXPECT_THAT(xyz_error(""), HasSubstr("a.xyz:1: the file is empty"));
  EXPECT_THAT(xyz_error("3\n\nH 0 0 0\nH 0 0 1\n"),
              HasSubstr("a.xyz:1: 3 atoms are announced, but only 2 follow"));
  EXPECT_THAT(xyz_error("1\n\nH 0 0 0\nH 0 0 1\n"),
              HasSubstr("a.xyz:4: a geometry begins with its number of atoms"));
  EXPECT_THAT(xyz_error("1\n\nHx 0 0 0\n"), HasSubstr("a.xyz:3: \"Hx\" is not an element; did you mean"));
  EXPECT_THAT(xyz_error("1\n\nH 0 0 nan\n"), HasSubstr("\"nan\" is not a coordinate"));
  EXPECT_THAT(xyz_error("1\n\nH 0 0\n"), HasSubstr("three coordinates; this line has 3 words"));
}

TEST(MoleculeProblem, SaysWhatCannotBe) {
  EXPECT_THAT(
      problem_error(h2, 1, 1),
      HasSubstr(
          "the number of electrons is 1, of which multiplicity 1 leaves 0 unpaired: that cannot be; choose multiplicity 2, or"));
  EXPECT_THAT(problem_error(h2, 2, 1), HasSubstr("leaves 0 electrons"));
  EXPECT_THAT(problem_error("2\n\nH 0 0 0\nH 0 0 0.01\n", 0, 1),
              HasSubstr("atoms 1 (H) and 2 (H) are 0.01 angstrom apart"));
  EXPECT_THAT(problem_error("1\n\nXe 0 0 0\n", 0, 1), HasSubstr("the basis set sto-3g lacks Xe"));
  EXPECT_THAT(problem_error(h2, 0, 1, {.basis = "sto-4g"}), HasSubstr("did you mean \"sto-3g\"?"));
  MoleculeOptions options;
  options.active.active = ActiveSize{2, 3};
  EXPECT_THAT(problem_error(h2, 0, 1, options),
              HasSubstr("2 electrons in 3 orbitals does not fit: there are 2 orbitals"));
  options.active.active = ActiveSize{1, 1};
  EXPECT_THAT(problem_error(h2, 0, 1, options), HasSubstr("must be an even number"));
  EXPECT_THAT(message([] { parse_active("8;6"); }), HasSubstr("as in \"8,6\""));
}

TEST(ZMatrix, PlacesAtoms) {
  const auto water = read_zmatrix("0 1\nO\nH 1 r\nH 1 r 2 104.4776\n\nr = 0.958\n", "a.zmat");
  EXPECT_NEAR(distance(water.atoms[0], water.atoms[2]) / bohr_per_angstrom, 0.958, 1e-12);
  EXPECT_NEAR(distance(water.atoms[1], water.atoms[2]) / bohr_per_angstrom, 2 * 0.7573659491752377, 1e-9);
  const auto peroxide = read_zmatrix("H\nO 1 0.95\nO 2 1.4 1 100\nH 3 0.95 2 100 1 180\n", "a.zmat");
  const auto cis = read_zmatrix("H\nO 1 0.95\nO 2 1.4 1 100\nH 3 0.95 2 100 1 0\n", "a.zmat");
  EXPECT_GT(distance(peroxide.atoms[0], peroxide.atoms[3]), distance(cis.atoms[0], cis.atoms[3]) + 1);
  const auto error = [](std::string_view text) { return message([&] { read_zmatrix(text, "a.zmat"); }); };
  EXPECT_THAT(error("H\nH 2 1\n"), HasSubstr("a.zmat:2: \"2\" is not one of the 1 atoms before"));
  EXPECT_THAT(error("H\nH 1 r\n"), HasSubstr("\"r\" is neither a number nor a name with a value"));
  EXPECT_THAT(error("H\nH 1 -1\n"), HasSubstr("a distance must be above 0"));
  EXPECT_THAT(error("H\nH 1 1\nH 1 1 1 90\n"), HasSubstr("an atom is named twice"));
  EXPECT_THAT(error("H\nC 1 1\nN 2 1 1 180\nH 3 1 2 90 1 0\n"), HasSubstr("lie in a line"));
}

TEST(Fcidump, IsReadAsItWasWritten) {
  const MoleculeProblem problem("a", "a.xyz", read_xyz("2\n\nLi 0 0 0\nH 0 0 1.595\n", "a.xyz"), {});
  const auto& system = problem.system(0);
  const auto again = read_fcidump(to_fcidump(system), "a.fcidump");
  EXPECT_NEAR(again.reference_energy, system.reference_energy, 1e-12);
  EXPECT_NEAR(exact_energy(again), problem.reference(0).energy, 1e-9);
  auto triplet = read_xyz("2\n\nLi 0 0 0\nH 0 0 1.595\n", "a.xyz");
  triplet[0].multiplicity = 3;
  const MoleculeProblem unrestricted("a", "a.xyz", triplet, {.reference = SpinReference::unrestricted});
  const auto both = read_fcidump(to_fcidump(unrestricted.system(0)), "a.fcidump");
  EXPECT_TRUE(both.integrals.spins_differ());
  EXPECT_NEAR(exact_energy(both), unrestricted.reference(0).energy, 1e-9);
}

/// Two electrons in two orbitals: h = diag(-1.25, -0.47), as in hydrogen.
constexpr std::string_view lines =
    " 0.6757 1 1 1 1\n 0.1809D0 2 1 2 1\n 0.6646 2 2 1 1\n 0.6986 2 2 2 2\n -1.2563 1 1 0 0\n -0.4719 2 2 0 0\n"
    " -0.58 1 0 0 0\n 0.72 0 0 0 0\n";

TEST(Fcidump, IsReadInAllDialects) {
  const double expected = exact_energy(read_fcidump(
      " &FCI NORB=  2,NELEC= 2,MS2=0,\n  ORBSYM=1,5,\n  ISYM=1,\n &END\n" + std::string(lines), "a"));
  EXPECT_NEAR(expected, -1.137, 1e-3);
  for (const auto* header :
       {"&FCI NORB=2, NELEC=2, MS2=0 /\n", "&fci norb=2 nelec=2 ms2=0\n&end\n",
        "$FCI NORB = 2,\nNELEC = 2, ORBSYM=1,1\n$END\n", "&FCI NORB=2,NELEC=2,UHF=.FALSE.,\n/\n"})
    EXPECT_NEAR(exact_energy(read_fcidump(header + std::string(lines), "a")), expected, 1e-12) << header;
  const std::string two = " 0.6757 1 1 1 1\n 0.1809 2 1 2 1\n 0.6646 2 2 1 1\n 0.6986 2 2 2 2\n";
  const std::string cross =
      " 0.6757 1 1 1 1\n 0.1809 2 1 2 1\n 0.6646 2 2 1 1\n 0.6646 1 1 2 2\n 0.6986 2 2 2 2\n";
  const std::string one = " -1.2563 1 1 0 0\n -0.4719 2 2 0 0\n", end = " 0.0 0 0 0 0\n";
  const auto molpro = "&FCI NORB=2,NELEC=2,MS2=0,IUHF=1\n/\n" + two + end + two + end + cross + end + one +
                      end + one + end + " 0.72 0 0 0 0\n";
  EXPECT_NEAR(exact_energy(read_fcidump(molpro, "a")), expected, 1e-12);
}

// NECI and HANDE number orbitals of both spins by turns, and NORB counts all of them.
TEST(Fcidump, OfOrbitalsOfEitherSpinByTurnsIsRead) {
  auto molecules = read_xyz(h2, "a.xyz");
  molecules[0].charge = 1;
  molecules[0].multiplicity = 2;
  MoleculeOptions options;
  options.reference = SpinReference::unrestricted;
  options.basis = "6-31g";
  const MoleculeProblem problem("a", "a.xyz", molecules, options);
  const auto& system = problem.system(0);
  std::istringstream written(to_fcidump(system));
  std::string line, text = "&FCI NORB=8,NELEC=1,MS2=1,UHF=.TRUE.,ISYM=1,\n&END\n";
  while (std::getline(written, line) && line.find("&END") == std::string::npos) continue;
  double value;
  while (written >> value) {
    text += fmt::format("{}", value);
    for (int k = 0, index; k < 4 && written >> index; ++k)
      text += fmt::format(" {}", index == 0 ? 0 : index <= 4 ? 2 * index - 1 : 2 * (index - 4));
    text += "\n";
  }
  const auto read = read_fcidump(text, "a.fcidump");
  EXPECT_EQ(read.orbitals(), 4);
  EXPECT_NEAR(read.reference_energy, system.reference_energy, 1e-9);
  EXPECT_NEAR(exact_energy(read), system.reference_energy, 1e-9);  // of one electron the mean field is exact
  EXPECT_THAT(dump_error("&FCI NORB=3,NELEC=2,MS2=0,UHF=.TRUE.,\n&END\n1.0 1 1 0 0\n0.5 0 0 0 0\n"),
              HasSubstr("NORB = 3 is odd"));
}

// Molpro and Psi4 list orbitals by symmetry. The determinant is that of the mean field all the same.
TEST(Fcidump, FindsTheOccupiedOrbitalsInAnyOrder) {
  const auto water = read_xyz("3\n\nO 0 0 0\nH 0 0.757160 0.586932\nH 0 -0.757160 0.586932\n", "a.xyz");
  for (const int multiplicity : {1, 3}) {
    for (const auto spin : {SpinReference::restricted, SpinReference::unrestricted}) {
      auto molecules = water;
      molecules[0].multiplicity = multiplicity;
      MoleculeOptions options;
      options.reference = spin;
      const MoleculeProblem problem("a", "a.xyz", molecules, options);
      auto system = problem.system(0);
      RowMatrix order = RowMatrix::Zero(7, 7);
      for (Eigen::Index k = 0; const Eigen::Index from : {0, 1, 3, 5, 4, 2, 6}) order(from, k++) = 1;
      system.integrals = rotated(system.integrals, order, order);
      ASSERT_GT(determinant_energy(system.integrals, system.alpha, system.beta),
                system.reference_energy + 0.1);
      const auto read = read_fcidump(to_fcidump(system), "a.fcidump");
      EXPECT_NEAR(read.reference_energy, system.reference_energy, 1e-9) << multiplicity;
      EXPECT_THAT(read.choices.back(), HasSubstr("sorted by energy"));
    }
  }
}

TEST(Fcidump, SaysWhatIsWrong) {
  const std::string header = "&FCI NORB=2,NELEC=2,MS2=0 /\n";
  EXPECT_THAT(dump_error(""), HasSubstr("begins with &FCI"));
  EXPECT_THAT(dump_error("&FCI NORB=2,NELEC=2\n"), HasSubstr("has no end"));
  EXPECT_THAT(dump_error("&FCI NELEC=2 /\n"), HasSubstr("the header has no NORB"));
  EXPECT_THAT(dump_error("&FCI NORB=2,NELEC=3,MS2=0 /\n"), HasSubstr("3 electrons cannot have MS2 = 0"));
  EXPECT_THAT(dump_error("&FCI NORB=2,NELEC=6 /\n"), HasSubstr("do not fit into 2 orbitals"));
  EXPECT_THAT(dump_error(header + " 0.5 1 1 1 1\n"), HasSubstr("without a line of the core energy"));
  EXPECT_THAT(
      dump_error(header + " 0.5 1 1 1 1\n 0.3 1 2"),
      HasSubstr(
          "a.fcidump:3: a line is a value and four indices; this one has 3 words: was the file cut off?"));
  EXPECT_THAT(dump_error(header + " 0.5 1 1 1 3\n"),
              HasSubstr("a.fcidump:2: \"3\" is not an orbital: indices are 0 to 2"));
  EXPECT_THAT(dump_error(header + " x 1 1 1 1\n"), HasSubstr("\"x\" is not a number"));
  EXPECT_THAT(dump_error(header + " 0.5 1 0 1 1\n"), HasSubstr("indices 1 0 1 1"));
  EXPECT_THAT(dump_error(header + " (0.5,0.1) 1 1 1 1\n"), HasSubstr("complex"));
  EXPECT_THAT(dump_error(header + " 0.5 1 2 1 1\n 0.5 2 1 1 1\n 0.4 1 1 2 1\n"),
              HasSubstr("a.fcidump:4: this integral was 0.5 before"));
  EXPECT_THAT(dump_error(header + " -1 1 2 0 0\n -1.1 2 1 0 0\n"),
              HasSubstr("a.fcidump:3: this integral was -1 before"));
}

}  // namespace
}  // namespace qupel
