#pragma once
#include <vector>

#include "qupel/electrons/integrals.h"
#include "qupel/problem/molecule/fock.h"

namespace qupel {

/// Second-order Moller-Plesset perturbation theory on the determinant of the lowest orbitals. Orbitals are
/// first made semicanonical: Fock matrices become diagonal within occupied and within empty ones; singles are
/// counted if they are not zero then (Knowles et al., Chem. Phys. Lett. 186, 130, 1991).
struct Perturbation {
  double energy = 0;  ///< in hartree, with reference and core
  /// One-electron density in the orbitals handed in, both spins together, without relaxation.
  RowMatrix density;
};
Perturbation second_order(const OrbitalIntegrals& integrals, int alpha, int beta);

}  // namespace qupel
