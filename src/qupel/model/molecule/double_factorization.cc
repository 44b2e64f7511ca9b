#include "qupel/model/molecule/double_factorization.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "qupel/base/decompositions.h"
#include "qupel/problem/molecule/orbital_rotation.h"

namespace qupel {
namespace {

using Eigen::Index;

/// A pair of an occupied and an empty orbital.
struct OrbitalPair {
  int occupied, empty;
};

/// Pairs of orbitals that at least one spin can be excited by.
std::vector<OrbitalPair> excitation_pairs(const ElectronicSystem& system) {
  std::vector<OrbitalPair> pairs;
  for (int i = 0; i < std::max(system.alpha, system.beta); ++i)
    for (int a = std::max(i + 1, std::min(system.alpha, system.beta)); a < system.orbitals(); ++a)
      pairs.push_back({i, a});
  return pairs;
}

/// The amplitude of second-order perturbation theory for an alpha electron excited by one pair and a beta
/// electron by another; 0 if these spins cannot be.
double amplitude(const ElectronicSystem& system, const std::array<RowMatrix, 2>& focks, OrbitalPair alpha,
                 OrbitalPair beta) {
  if (alpha.occupied >= system.alpha || alpha.empty < system.alpha || beta.occupied >= system.beta ||
      beta.empty < system.beta)
    return 0;
  const auto at = [&](OrbitalPair pair) {
    return system.integrals.pair(static_cast<std::size_t>(pair.occupied),
                                 static_cast<std::size_t>(pair.empty));
  };
  const double gap = focks[0](alpha.occupied, alpha.occupied) + focks[1](beta.occupied, beta.occupied) -
                     focks[0](alpha.empty, alpha.empty) - focks[1](beta.empty, beta.empty);
  return std::abs(gap) > 1e-6 ? system.integrals.g(0, 1)(at(alpha), at(beta)) / gap : 0;
}

Eigen::MatrixXd amplitude_matrix(const ElectronicSystem& system, const std::vector<OrbitalPair>& pairs) {
  const auto focks = fock_matrices(system.integrals, system.alpha, system.beta);
  const auto size = static_cast<Index>(pairs.size());
  Eigen::MatrixXd amplitudes(size, size);
  for (Index k = 0; k < size; ++k)
    for (Index l = 0; l < size; ++l)
      amplitudes(k, l) =
          amplitude(system, focks, pairs[static_cast<std::size_t>(k)], pairs[static_cast<std::size_t>(l)]);
  return (amplitudes + amplitudes.transpose()) / 2;
}

/// Columns sorted by the size of their values, largest first.
JastrowFactor sorted(JastrowFactor factor) {
  std::vector<Index> order(static_cast<std::size_t>(factor.values.size()));
  std::iota(order.begin(), order.end(), Index{0});
  std::ranges::stable_sort(order, [&](Index p, Index q) {
    return std::abs(factor.values[p]) > std::abs(factor.values[q]) + 1e-12;
  });
  JastrowFactor made = factor;
  for (std::size_t k = 0; k < order.size(); ++k) {
    made.values[static_cast<Index>(k)] = factor.values[order[k]];
    made.orbitals.col(static_cast<Index>(k)) = factor.orbitals.col(order[k]);
  }
  return made;
}

/// The factor of Y^2 with Y = ((1 -+ i) L + (1 +- i) L+) / 2: L^2 - L+^2 is i times the difference of both.
JastrowFactor quadrature(const Eigen::MatrixXd& excitation, double weight, double sign) {
  const std::complex<double> factor(0.5, -0.5 * sign);
  const Eigen::MatrixXcd matrix = factor * excitation.cast<std::complex<double>>() +
                                  std::conj(factor) * excitation.transpose().cast<std::complex<double>>();
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXcd> solved(matrix);
  return sorted({weight * sign, solved.eigenvalues(), solved.eigenvectors()});
}

}  // namespace

std::vector<JastrowFactor> jastrow_factors(const ElectronicSystem& system) {
  const auto pairs = excitation_pairs(system);
  if (pairs.empty()) return {};
  const auto solved = symmetric_eigen(amplitude_matrix(system, pairs));
  std::vector<Index> order(pairs.size());
  std::iota(order.begin(), order.end(), Index{0});
  const auto weight = [&](Index k) { return solved.values[k]; };
  std::ranges::stable_sort(
      order, [&](Index k, Index l) { return std::abs(weight(k)) > std::abs(weight(l)) + 1e-12; });
  std::vector<JastrowFactor> factors;
  for (const auto k : order) {
    if (std::abs(weight(k)) < 1e-9) break;
    Eigen::MatrixXd excitation = Eigen::MatrixXd::Zero(system.orbitals(), system.orbitals());
    for (std::size_t l = 0; l < pairs.size(); ++l)
      excitation(pairs[l].empty, pairs[l].occupied) = solved.vectors(static_cast<Index>(l), k);
    for (const double sign : {1.0, -1.0}) factors.push_back(quadrature(excitation, weight(k), sign));
  }
  return factors;
}

std::vector<PairTurn> turns_to_own_orbitals(Eigen::MatrixXcd orbitals) {
  std::vector<PairTurn> turns;
  for (Index p = 1; p < orbitals.rows(); ++p) {
    for (Index q = 0; q < p; ++q) {
      const auto kept = orbitals(q, q), removed = orbitals(p, q);
      PairTurn turn;
      if (std::abs(removed) > 1e-14) {
        turn.phase = std::abs(kept) > 1e-14 ? std::arg(kept) - std::arg(removed) : 0;
        turn.angle = -std::atan2(std::abs(removed), std::abs(kept));
        const Eigen::RowVectorXcd above = orbitals.row(q),
                                  below = std::polar(1.0, turn.phase) * orbitals.row(p);
        orbitals.row(q) = std::cos(turn.angle) * above - std::sin(turn.angle) * below;
        orbitals.row(p) = std::sin(turn.angle) * above + std::cos(turn.angle) * below;
      }
      turns.push_back(turn);
    }
  }
  return turns;
}

}  // namespace qupel
