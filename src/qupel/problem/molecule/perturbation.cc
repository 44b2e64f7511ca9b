#include "qupel/problem/molecule/perturbation.h"

#include <array>
#include <cmath>

#include "qupel/base/decompositions.h"
#include "qupel/problem/molecule/orbital_rotation.h"

namespace qupel {
namespace {

using Eigen::Index;

/// Orbitals of one spin in which the Fock matrix is diagonal within occupied and within empty ones.
struct Semicanonical {
  RowMatrix orbitals;
  Eigen::VectorXd energies;
  Index occupied;
};

Semicanonical semicanonical(const RowMatrix& fock, int electrons) {
  const Index n = fock.rows(), occupied = electrons;
  Semicanonical made{RowMatrix::Zero(n, n), Eigen::VectorXd(n), occupied};
  for (const auto& [first, count] : {std::pair(Index{0}, occupied), std::pair(occupied, n - occupied)}) {
    if (count == 0) continue;
    const auto solved = symmetric_eigen(fock.block(first, first, count, count));
    made.orbitals.block(first, first, count, count) = solved.vectors;
    made.energies.segment(first, count) = solved.values;
  }
  return made;
}

/// (ia|jb) of two spins as a function.
class PairIntegrals {
 public:
  PairIntegrals(const OrbitalIntegrals& integrals, int s, int t, const Semicanonical& a,
                const Semicanonical& b)
      : n_(static_cast<std::size_t>(a.orbitals.cols())),
        values_(rotated_pairs(integrals.g(s, t), a.orbitals, b.orbitals)) {}
  double operator()(Index i, Index a, Index j, Index b) const {
    return values_(static_cast<std::size_t>(i) * n_ + static_cast<std::size_t>(a),
                   static_cast<std::size_t>(j) * n_ + static_cast<std::size_t>(b));
  }

 private:
  std::size_t n_;
  Matrix<double> values_;
};

/// Energy and densities (in semicanonical orbitals) that pairs of two spins add.
void add_pairs(const OrbitalIntegrals& integrals, int s, int t, const std::array<Semicanonical, 2>& spins,
               double& energy, std::array<RowMatrix, 2>& densities) {
  const auto& x = spins[static_cast<std::size_t>(s)];
  const auto& y = spins[static_cast<std::size_t>(t)];
  const PairIntegrals g(integrals, s, t, x, y);
  const Index n = x.orbitals.cols(), ox = x.occupied, oy = y.occupied, vx = n - ox, vy = n - oy;
  const bool same = s == t;
  // t[ij] is a matrix over a, b
  std::vector<RowMatrix> amplitudes(static_cast<std::size_t>(ox * oy), RowMatrix::Zero(vx, vy));
  for (Index i = 0; i < ox; ++i) {
    for (Index j = 0; j < oy; ++j) {
      auto& pair = amplitudes[static_cast<std::size_t>(i * oy + j)];
      for (Index a = 0; a < vx; ++a) {
        for (Index b = 0; b < vy; ++b) {
          const double direct = g(i, ox + a, j, oy + b), exchange = same ? g(i, oy + b, j, ox + a) : 0;
          const double gap = x.energies[i] + y.energies[j] - x.energies[ox + a] - y.energies[oy + b];
          if (std::abs(gap) < 1e-9) continue;
          pair(a, b) = (direct - exchange) / gap;
          energy += (same ? 0.5 : 1.0) * direct * pair(a, b);
        }
      }
    }
  }
  auto& dx = densities[static_cast<std::size_t>(s)];
  auto& dy = densities[static_cast<std::size_t>(t)];
  for (Index i = 0; i < ox; ++i) {
    for (Index j = 0; j < oy; ++j) {
      const auto& pair = amplitudes[static_cast<std::size_t>(i * oy + j)];
      dx.block(ox, ox, vx, vx) += (same ? 0.5 : 1.0) * pair * pair.transpose();
      if (!same) dy.block(oy, oy, vy, vy) += pair.transpose() * pair;
      for (Index k = 0; k < ox; ++k)
        dx(i, k) -=
            (same ? 0.5 : 1.0) * pair.cwiseProduct(amplitudes[static_cast<std::size_t>(k * oy + j)]).sum();
      for (Index k = 0; !same && k < oy; ++k)
        dy(j, k) -= pair.cwiseProduct(amplitudes[static_cast<std::size_t>(i * oy + k)]).sum();
    }
  }
}

}  // namespace

Perturbation second_order(const OrbitalIntegrals& integrals, int alpha, int beta) {
  const auto focks = fock_matrices(integrals, alpha, beta);
  const std::array spins{semicanonical(focks[0], alpha), semicanonical(focks[1], beta)};
  const auto n = static_cast<Index>(integrals.orbitals);
  std::array<RowMatrix, 2> densities{RowMatrix::Zero(n, n), RowMatrix::Zero(n, n)};
  Perturbation found{determinant_energy(integrals, alpha, beta), RowMatrix::Zero(n, n)};
  for (std::size_t s = 0; s < 2; ++s) {
    const auto& spin = spins[s];
    const RowMatrix fock = spin.orbitals.transpose() * focks[s] * spin.orbitals;
    for (Index i = 0; i < spin.occupied; ++i)
      for (Index a = spin.occupied; a < n; ++a)
        if (const double gap = spin.energies[i] - spin.energies[a]; std::abs(gap) > 1e-9)
          found.energy += fock(i, a) * fock(i, a) / gap;
  }
  add_pairs(integrals, 0, 0, spins, found.energy, densities);
  add_pairs(integrals, 1, 1, spins, found.energy, densities);
  add_pairs(integrals, 0, 1, spins, found.energy, densities);
  for (std::size_t s = 0; s < 2; ++s) {
    for (Index i = 0; i < spins[s].occupied; ++i) densities[s](i, i) += 1;
    found.density += spins[s].orbitals * densities[s] * spins[s].orbitals.transpose();
  }
  return found;
}

}  // namespace qupel
