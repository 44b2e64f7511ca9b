#pragma once
#include <string>
#include <vector>

#include "qupel/base/matrix.h"
#include "qupel/problem/molecule/integrals.h"
#include "qupel/problem/molecule/molecule.h"

namespace qupel {

/// Molecular orbitals in the order of their energies, the occupied ones first.
struct Orbitals {
  Matrix<double> coefficients;   ///< basis functions x orbitals
  std::vector<double> energies;  ///< in hartree
};

enum class SpinReference {
  restricted,    ///< one set of orbitals for both spins: RHF, and ROHF with unpaired electrons
  unrestricted,  ///< UHF
};

/// Of the self-consistent field.
struct ScfOptions {
  SpinReference reference = SpinReference::restricted;
  int most_iterations = 150;
  double gradient_tolerance = 1e-8;  ///< on the largest element of the commutator of Fock and density matrix
};

/// The mean field: one determinant of the lowest energy.
struct MeanField {
  std::string name;      ///< "RHF", "ROHF" or "UHF"
  double energy = 0;     ///< in hartree, with nuclear repulsion
  Orbitals alpha, beta;  ///< the same twice, unless unrestricted
  int alpha_electrons = 0, beta_electrons = 0;
  int iterations = 0;
  double spin_squared = 0;  ///< <S^2>
  std::string how;          ///< what made it converge: "DIIS from atomic densities"
  /// Of RHF whose energy falls if both spins get orbitals of their own: a sentence on it. Else empty.
  std::string instability = {};
};

/// Tries DIIS (Pulay, J. Comput. Chem. 3, 556, 1982) from a superposition of atomic densities and from the
/// core Hamiltonian, and takes the lower energy; then with level shifts of 0.3 and 1 hartree. Without
/// unpaired electrons UHF starts once more from orbitals that differ by spin: of unrestricted fields the
/// lower energy is taken, of restricted ones MeanField::instability says that there is one.
/// @throws InputError saying what was tried, if nothing converges, or if the basis holds too few orbitals
MeanField mean_field(const Molecule& molecule, const BasisSet& basis, const AtomicIntegrals& integrals,
                     const ScfOptions& options = {});

}  // namespace qupel
