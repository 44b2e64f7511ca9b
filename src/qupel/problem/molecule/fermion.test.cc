#include "qupel/problem/molecule/fermion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "qupel/base/error.h"
#include "qupel/electrons/davidson.h"
#include "qupel/problem/molecule/active_space.h"
#include "qupel/problem/molecule/xyz.h"

namespace qupel {
namespace {

ElectronicSystem system_of(std::string_view xyz) {
  const auto molecule = read_xyz(xyz, "test.xyz").front();
  const auto& basis = basis_set("sto-3g");
  const auto integrals = atomic_integrals(molecule, basis);
  return choose_active(molecule, integrals, mean_field(molecule, basis, integrals), {});
}

ElectronicSystem hydrogen() { return system_of("2\n\nH 0 0 0\nH 0 0 0.735\n"); }

std::map<std::string, double> by_letters(const Observable& observable, int qubits) {
  std::map<std::string, double> weights;
  for (const auto& term : observable.terms) {
    std::string letters;
    for (int q = qubits; q-- > 0;) letters += term.pauli.letter(q);
    weights[letters] = term.weight;
  }
  return weights;
}

// The coefficients of shared references (PySCF's integrals): the leftmost letter is the highest qubit.
TEST(FermionEncoding, GivesTheKnownHamiltonianOfHydrogen) {
  const auto system = hydrogen();
  auto electronic = system.integrals;
  electronic.core = 0;
  auto weights = by_letters(qubit_hamiltonian(electronic, FermionEncoding::jordan_wigner(4)), 4);
  const std::map<std::string, double> known{
      {"IIII", -0.8105479816}, {"ZIII", -0.2257534907}, {"IIZI", -0.2257534907}, {"IZII", 0.1721839321},
      {"IIIZ", 0.1721839321},  {"ZZII", 0.1209126324},  {"IIZZ", 0.1209126324},  {"ZIZI", 0.1746434306},
      {"IZZI", 0.1661454324},  {"ZIIZ", 0.1661454324},  {"IZIZ", 0.1689275385}};
  for (const auto& [letters, weight] : known) {
    EXPECT_NEAR(weights[letters], weight, 2e-7) << letters;
    weights.erase(letters);
  }
  EXPECT_EQ(weights.size(), 4U);
  for (const auto& [letters, weight] : weights) EXPECT_NEAR(std::abs(weight), 0.0452328, 2e-7) << letters;
  weights =
      by_letters(qubit_hamiltonian(electronic, FermionEncoding::parity(4).without_spin_parities(1, 1)), 2);
  EXPECT_NEAR(weights["II"], -1.0523732, 2e-7);
  EXPECT_NEAR(weights["ZI"], -0.39793742, 2e-7);
  EXPECT_NEAR(weights["IZ"], 0.39793742, 2e-7);
  EXPECT_NEAR(weights["ZZ"], -0.0112801, 2e-7);
  EXPECT_NEAR(std::abs(weights["XX"]), 0.1809312, 2e-7);
}

/// <d| observable |d> and the sum of |<e| observable |d>|^2, for determinants in an encoding, by masks.
double diagonal_element(const Observable& observable, std::uint64_t bits) {
  double sum = 0;
  for (const auto& term : observable.terms)
    if (term.pauli.word().x == 0) sum += odd(term.pauli.word().z & bits) ? -term.weight : term.weight;
  return sum;
}
double norm_of_image(const Observable& observable, std::uint64_t bits) {
  std::map<std::uint64_t, Complex> image;
  for (const auto& term : observable.terms) {
    const auto [phase, x, z] = term.pauli.word();
    const Complex turns[] = {1, {0, 1}, -1, {0, -1}};
    image[bits ^ x] += term.weight * turns[phase] * (odd(z & bits) ? -1.0 : 1.0);
  }
  double sum = 0;
  for (const auto& [to, amplitude] : image) sum += std::norm(amplitude);
  return sum;
}

TEST(FermionEncoding, AllAgreeWithTheSector) {
  const auto system = system_of("2\n\nLi 0 0 0\nH 0 0 1.595\n");
  const int n = system.orbitals();
  const Sector sector(n, system.alpha, system.beta);
  const SectorHamiltonian<double> hamiltonian(system.integrals, sector);
  const auto jordan_wigner = FermionEncoding::jordan_wigner(2 * n);
  const auto reference = occupations(sector.lowest(), n);
  const auto tapered = jordan_wigner.tapered(qubit_hamiltonian(system.integrals, jordan_wigner), reference);
  EXPECT_EQ(tapered.qubits(), 8);  // two spins and two mirror planes
  const auto parity = FermionEncoding::parity(2 * n);
  for (const auto& encoding : {jordan_wigner, parity, FermionEncoding::bravyi_kitaev(2 * n),
                               parity.without_spin_parities(system.alpha, system.beta), tapered}) {
    const auto observable = qubit_hamiltonian(system.integrals, encoding);
    EXPECT_LE(observable.qubits(), encoding.qubits());
    std::vector<double> unit(sector.size()), image(sector.size());
    for (const std::size_t i : {std::size_t{0}, sector.index({0b000101, 0b000101})}) {
      const auto bits = encoding.bits(occupations(sector.determinant(i), n));
      EXPECT_EQ(encoding.occupations(bits), occupations(sector.determinant(i), n)) << encoding.name();
      EXPECT_NEAR(diagonal_element(observable, bits),
                  matrix_element(system.integrals, sector.determinant(i), sector.determinant(i)) +
                      system.integrals.core,
                  1e-9)
          << encoding.name();
      std::ranges::fill(unit, 0.0);
      unit[i] = 1;
      hamiltonian.apply(unit, image, 1);
      image[i] += system.integrals.core;
      double norm = 0;
      for (const double value : image) norm += value * value;
      EXPECT_NEAR(norm_of_image(observable, bits), norm, 1e-9) << encoding.name();
    }
  }
}

TEST(FermionEncoding, SaysWhichMappingsThereAre) {
  try {
    FermionEncoding::named("jordan-wagner", 4);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("did you mean \"jordan-wigner\"?"));
  }
  EXPECT_THROW(FermionEncoding::jordan_wigner(65), InputError);
}

}  // namespace
}  // namespace qupel
