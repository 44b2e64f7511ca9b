#pragma once
#include "qupel/problem/molecule/fock.h"

namespace qupel {

/// The sum of the densities of neutral, spherical atoms, both spins together: where a self-consistent field
/// starts (van Lenthe et al., J. Comput. Chem. 27, 926, 2006).
RowMatrix atomic_densities(const Molecule& molecule, const BasisSet& basis);

}  // namespace qupel
