#pragma once
#include <array>
#include <cstddef>
#include <vector>

#include "qupel/base/matrix.h"

namespace qupel {

/// The electronic Hamiltonian over orthonormal spatial orbitals,
/// core + sum h_pq a+_p a_q + 1/2 sum (pq|rs) a+_p a+_r a_s a_q, with real integrals in chemists' notation,
/// in hartree. Spin 0 is alpha, 1 is beta.
struct OrbitalIntegrals {
  std::size_t orbitals = 0;
  double core = 0;  ///< repulsion of the nuclei, and all that frozen electrons add
  /// h of alpha and of beta; the same for both if there is only one.
  std::vector<Matrix<double>> one;
  /// (pq|rs) as a matrix of p * orbitals + q and r * orbitals + s: alpha with alpha, alpha with beta, beta
  /// with beta; the same for all if there is only one.
  std::vector<Matrix<double>> two;

  /// All zero. @throws InputError if they do not fit in memory
  explicit OrbitalIntegrals(std::size_t count, bool spins_differ = false);
  OrbitalIntegrals() = default;

  bool spins_differ() const { return one.size() > 1; }
  const Matrix<double>& h(int spin) const { return one[spins_differ() ? static_cast<std::size_t>(spin) : 0]; }
  /// Pairs of the first spin by pairs of the second; only for spin_a <= spin_b.
  const Matrix<double>& g(int spin_a, int spin_b) const {
    return two[spins_differ() ? static_cast<std::size_t>(spin_a + spin_b) : 0];
  }
  std::size_t pair(std::size_t p, std::size_t q) const { return p * orbitals + q; }
};

}  // namespace qupel
