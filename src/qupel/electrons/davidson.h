#pragma once
#include <functional>
#include <span>
#include <vector>

#include "qupel/electrons/hamiltonian.h"

namespace qupel {

struct DavidsonOptions {
  std::size_t states = 1;   ///< how many of the lowest
  double tolerance = 1e-6;  ///< on the norm of each residual
  int most_iterations = 200;
  int threads = 1;
};

/// The lowest eigenstates of a sector: full configuration interaction.
struct Eigenstates {
  std::vector<double> energies;              ///< in hartree, with the core
  std::vector<std::vector<double>> vectors;  ///< normalised
  int iterations = 0;
  bool converged = false;
};

/// Davidson's method (J. Comput. Phys. 17, 87, 1975) with the diagonal as preconditioner, from the
/// eigenvectors of the determinants with the lowest diagonal elements. @throws InputError if vectors do not
/// fit in memory, or for more states than there are determinants
Eigenstates lowest_states(const OrbitalIntegrals& integrals, const Sector& sector,
                          const DavidsonOptions& options = {});

/// A symmetric matrix that is known by what it does to vectors.
struct SymmetricMatrix {
  std::vector<double> diagonal;
  std::function<void(std::span<const double> vector, std::span<double> image)> apply;
};
/// The same method for any such matrix, from guesses, at least one a state, linearly independent. Energies
/// are its eigenvalues.
Eigenstates lowest_eigenstates(const SymmetricMatrix& matrix, std::vector<std::vector<double>> guesses,
                               const DavidsonOptions& options);

/// <S^2> of a vector of the sector.
double spin_squared(const Sector& sector, std::span<const double> vector);

}  // namespace qupel
