#include "qupel/electrons/sector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>

#include <bit>
#include <cmath>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/electrons/davidson.h"
#include "qupel/electrons/program.h"

namespace qupel {
namespace {

/// Random integrals with the symmetries of real orbitals.
OrbitalIntegrals random_integrals(std::size_t n, bool spins_differ) {
  OrbitalIntegrals all(n, spins_differ);
  Random random(7);
  all.core = 0.5;
  for (auto& h : all.one)
    for (std::size_t p = 0; p < n; ++p)
      for (std::size_t q = 0; q <= p; ++q)
        h(p, q) = h(q, p) = random.normal() + (p == q ? 3.0 * static_cast<double>(p) : 0);
  for (std::size_t m = 0; m < all.two.size(); ++m) {
    auto& g = all.two[m];
    for (std::size_t p = 0; p < n; ++p) {
      for (std::size_t q = 0; q <= p; ++q) {
        for (std::size_t r = 0; r < n; ++r) {
          for (std::size_t s = 0; s <= r; ++s) {
            const double value = 0.3 * random.normal();
            for (const auto a : {all.pair(p, q), all.pair(q, p)}) {
              for (const auto b : {all.pair(r, s), all.pair(s, r)}) {
                g(a, b) = value;
                if (m != 1) g(b, a) = value;
              }
            }
          }
        }
      }
    }
  }
  return all;
}

std::vector<double> random_vector(std::size_t size) {
  Random random(3);
  std::vector<double> vector(size);
  for (double& value : vector) value = random.normal();
  return vector;
}

Eigen::MatrixXd dense(const OrbitalIntegrals& integrals, const Sector& sector) {
  const auto n = static_cast<Eigen::Index>(sector.size());
  Eigen::MatrixXd matrix(n, n);
  for (Eigen::Index i = 0; i < n; ++i)
    for (Eigen::Index j = 0; j < n; ++j)
      matrix(i, j) = matrix_element(integrals, sector.determinant(static_cast<std::size_t>(i)),
                                    sector.determinant(static_cast<std::size_t>(j)));
  return matrix;
}

/// a+ or a on a qubit register with alpha's orbitals in the low bits: the definition of signs.
struct Amplitudes {
  int orbitals;
  std::vector<double> values;
  void ladder(int mode, bool create) {
    std::vector<double> next(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      const bool occupied = ((i >> mode) & 1) != 0;
      if (occupied == create) continue;
      const bool negative = (std::popcount(i & ((std::size_t{1} << mode) - 1)) & 1) != 0;
      next[i ^ (std::size_t{1} << mode)] = negative ? -values[i] : values[i];
    }
    values = std::move(next);
  }
};

TEST(Strings, AreIndexedInAscendingOrder) {
  const Strings strings(7, 3);
  ASSERT_EQ(strings.size(), 35U);
  for (std::size_t i = 0; i < strings.size(); ++i) {
    EXPECT_EQ(strings.index(strings[i]), i);
    if (i > 0) {
      EXPECT_LT(strings[i - 1], strings[i]);
    }
  }
  EXPECT_EQ(Strings(5, 0).size(), 1U);
  EXPECT_THROW(Strings(3, 4), InputError);
  EXPECT_THROW(Strings(64, 1), InputError);
}

// Slater and Condon's rules against ladder operators on all bit strings.
TEST(SectorHamiltonian, ElementsAreThoseOfLadderOperators) {
  const int n = 3;
  for (const bool differ : {false, true}) {
    const auto integrals = random_integrals(n, differ);
    const Sector sector(n, 2, 1);
    for (std::size_t j = 0; j < sector.size(); ++j) {
      const auto from = sector.determinant(j);
      std::vector<double> image(64);
      const auto apply = [&](std::initializer_list<std::pair<int, bool>> ladders, double factor) {
        Amplitudes state{n, std::vector<double>(64)};
        state.values[from.alpha | from.beta << n] = factor;
        for (const auto& [mode, create] : ladders) state.ladder(mode, create);
        for (std::size_t i = 0; i < 64; ++i) image[i] += state.values[i];
      };
      for (int s = 0; s < 2; ++s) {
        for (int p = 0; p < n; ++p) {
          for (int q = 0; q < n; ++q) {
            apply({{s * n + q, false}, {s * n + p, true}},
                  integrals.h(s)(static_cast<std::size_t>(p), static_cast<std::size_t>(q)));
            for (int t = 0; t < 2; ++t) {
              for (int r = 0; r < n; ++r) {
                for (int u = 0; u < n; ++u) {
                  const auto pq = integrals.pair(static_cast<std::size_t>(p), static_cast<std::size_t>(q)),
                             ru = integrals.pair(static_cast<std::size_t>(r), static_cast<std::size_t>(u));
                  const double g = s <= t ? integrals.g(s, t)(pq, ru) : integrals.g(t, s)(ru, pq);
                  apply({{s * n + q, false}, {t * n + u, false}, {t * n + r, true}, {s * n + p, true}},
                        0.5 * g);
                }
              }
            }
          }
        }
      }
      for (std::size_t i = 0; i < sector.size(); ++i) {
        const auto to = sector.determinant(i);
        EXPECT_NEAR(matrix_element(integrals, to, from), image[to.alpha | to.beta << n], 1e-12);
      }
    }
  }
}

TEST(SectorHamiltonian, AppliesItsElements) {
  for (const bool differ : {false, true}) {
    for (const auto& [alpha, beta] : {std::pair(3, 2), std::pair(2, 2), std::pair(1, 0), std::pair(0, 4)}) {
      const auto integrals = random_integrals(5, differ);
      const Sector sector(5, alpha, beta);
      const auto matrix = dense(integrals, sector);
      const auto vector = random_vector(sector.size());
      std::vector<double> image(vector.size()), again(vector.size());
      const SectorHamiltonian<double> hamiltonian(integrals, sector);
      hamiltonian.apply(vector, image, 1);
      const Eigen::VectorXd expected =
          matrix * Eigen::Map<const Eigen::VectorXd>(vector.data(), matrix.rows());
      for (std::size_t i = 0; i < image.size(); ++i)
        EXPECT_NEAR(image[i], expected[static_cast<Eigen::Index>(i)], 1e-11);
      hamiltonian.apply(vector, again, 3);
      EXPECT_EQ(image, again);
      const auto diagonal = hamiltonian.diagonal();
      for (std::size_t i = 0; i < image.size(); ++i)
        EXPECT_NEAR(diagonal[i], matrix(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(i)), 1e-11);
    }
  }
}

TEST(LowestStates, AreEigenstates) {
  const auto integrals = random_integrals(5, true);
  const Sector sector(5, 3, 2);
  const auto found = lowest_states(integrals, sector, {.states = 3});
  ASSERT_TRUE(found.converged);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(dense(integrals, sector));
  for (std::size_t k = 0; k < 3; ++k)
    EXPECT_NEAR(found.energies[k], solver.eigenvalues()[static_cast<Eigen::Index>(k)] + integrals.core, 1e-9);
  EXPECT_THROW(lowest_states(integrals, Sector(2, 2, 2), {.states = 2}), InputError);
}

// The preconditioned residual of a diagonal matrix is the vector that it came from.
TEST(LowestStates, OfADiagonalMatrixAreFound) {
  const std::vector<double> diagonal{-1, -0.2, 0.3, 0.8};
  const SymmetricMatrix matrix{diagonal, [&](std::span<const double> vector, std::span<double> image) {
                                 for (std::size_t i = 0; i < 4; ++i) image[i] = diagonal[i] * vector[i];
                               }};
  const auto found = lowest_eigenstates(matrix, {{1, 0.02, -0.03, 0.01}}, {});
  EXPECT_TRUE(found.converged);
  EXPECT_NEAR(found.energies[0], -1, 1e-10);
}

TEST(LowestStates, HaveASpin) {
  const auto integrals = random_integrals(4, false);
  const Sector sector(4, 2, 2);
  for (const auto& vector : lowest_states(integrals, sector, {.states = 4, .tolerance = 1e-8}).vectors) {
    const double spin = spin_squared(sector, vector);  // 0, 2 or 6
    EXPECT_NEAR(std::min({std::abs(spin), std::abs(spin - 2), std::abs(spin - 6)}), 0, 1e-6) << spin;
  }
}

ExcitationAnsatz example_ansatz() {
  ExcitationAnsatz ansatz{5, {0b00111, 0b00011}, {}};
  ansatz.gates = {{{{0b00010, 0b00010}, {0b01000, 0b10000}}, 0, 1},
                  {{{0b00110, 0}, {0b11000, 0}}, 1, 1},
                  {{{0, 0b00011}, {0, 0b10100}}, 2, -0.5},
                  {{{0b00100, 0}, {0b10000, 0}}, 3, 1},
                  {{{0, 0b00010}, {0, 0b00100}}, 3, 1},
                  {{{0b01000, 0b10000}, {0b00010, 0b00010}}, 0, 0.25},
                  {{{0b00001, 0b00001}, {0b00001, 0b01000}}, 4, 1}};
  return ansatz;
}

const std::vector<double> example_parameters{0.3, -0.4, 0.7, 0.2, -0.9};

// Gates against a Taylor series of ladder operators on all bit strings.
TEST(SectorProgram, GatesAreExponentialsOfLadderOperators) {
  const auto ansatz = example_ansatz();
  const SectorProgram<double> program(ansatz, random_integrals(5, false));
  const auto state = program.state(example_parameters, 1);
  Amplitudes all{5, std::vector<double>(1024)};
  all.values[ansatz.reference.alpha | ansatz.reference.beta << 5] = 1;
  const auto modes = [](const Determinant& d) {
    std::vector<int> list;
    for (int m = 0; m < 10; ++m)
      if (((d.alpha | d.beta << 5) >> m & 1) != 0) list.push_back(m);
    return list;
  };
  for (const auto& gate : ansatz.gates) {
    const auto generator = [&](const std::vector<double>& values) {
      Amplitudes up{5, values}, down{5, values};
      for (const int m : modes({gate.excitation.annihilate.alpha, 0})) up.ladder(m, false);
      for (const int m : modes({gate.excitation.create.alpha, 0})) up.ladder(m, true);
      for (const int m : modes({0, gate.excitation.annihilate.beta})) up.ladder(m, false);
      for (const int m : modes({0, gate.excitation.create.beta})) up.ladder(m, true);
      auto reversed = [&](const Determinant& d, bool create) {
        auto list = modes(d);
        for (std::size_t i = list.size(); i-- > 0;) down.ladder(list[i], create);
      };
      reversed({0, gate.excitation.create.beta}, false);
      reversed({0, gate.excitation.annihilate.beta}, true);
      reversed({gate.excitation.create.alpha, 0}, false);
      reversed({gate.excitation.annihilate.alpha, 0}, true);
      for (std::size_t i = 0; i < values.size(); ++i) up.values[i] -= down.values[i];
      return up.values;
    };
    const double angle = gate.scale * example_parameters[gate.parameter];
    auto term = all.values;
    for (int k = 1; k < 25; ++k) {
      term = generator(term);
      for (std::size_t i = 0; i < term.size(); ++i) {
        term[i] *= angle / k;
        all.values[i] += term[i];
      }
    }
  }
  for (std::size_t i = 0; i < state.size(); ++i) {
    const auto d = program.sector().determinant(i);
    EXPECT_NEAR(state[i], all.values[d.alpha | d.beta << 5], 1e-12);
  }
}

TEST(SectorProgram, GradientIsThatOfDifferences) {
  const auto integrals = random_integrals(5, true);
  const SectorProgram<double> program(example_ansatz(), integrals);
  const auto found = program.gradient(example_parameters, 1);
  EXPECT_NEAR(found.energy, program.energy(example_parameters, 1), 1e-12);
  for (std::size_t k = 0; k < example_parameters.size(); ++k) {
    auto up = example_parameters, down = example_parameters;
    up[k] += 1e-5;
    down[k] -= 1e-5;
    EXPECT_NEAR(found.gradient[k], (program.energy(up, 1) - program.energy(down, 1)) / 2e-5, 1e-7);
  }
  EXPECT_EQ(found.gradient, program.gradient(example_parameters, 4).gradient);
  const SectorProgram<float> single(example_ansatz(), integrals);
  for (std::size_t k = 0; k < example_parameters.size(); ++k)
    EXPECT_NEAR(single.gradient(example_parameters, 1).gradient[k], found.gradient[k], 1e-4);
}

TEST(SectorProgram, SlopesAreGradientsOfAppendedGates) {
  const auto integrals = random_integrals(5, false);
  auto ansatz = example_ansatz();
  const Excitation more{{0b00100, 0b00001}, {0b10000, 0b00100}};
  const auto slope =
      SectorProgram<double>(ansatz, integrals).slopes(example_parameters, std::array{more}, 1).front();
  ansatz.gates.push_back({more, 5, 1});
  auto parameters = example_parameters;
  parameters.push_back(0);
  EXPECT_NEAR(slope, SectorProgram<double>(ansatz, integrals).gradient(parameters, 1).gradient[5], 1e-12);
}

TEST(SectorProgram, RefusesWhatChangesTheNumberOfElectrons) {
  auto ansatz = example_ansatz();
  ansatz.gates.push_back({{{0b1, 0}, {0, 0b100}}, 0, 1});
  EXPECT_THROW(SectorProgram<double>(ansatz, random_integrals(5, false)), InputError);
}

}  // namespace
}  // namespace qupel
