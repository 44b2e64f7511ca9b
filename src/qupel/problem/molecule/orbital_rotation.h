#pragma once
#include "qupel/electrons/integrals.h"
#include "qupel/problem/molecule/fock.h"

namespace qupel {

/// The same Hamiltonian over new orbitals: columns of `alpha` and `beta` are they, in terms of the old ones.
/// New orbitals may be fewer; spins differ in the result if they do before or the matrices do.
OrbitalIntegrals rotated(const OrbitalIntegrals& integrals, const RowMatrix& alpha, const RowMatrix& beta);

/// Both Fock matrices of the determinant of the lowest orbitals.
std::array<RowMatrix, 2> fock_matrices(const OrbitalIntegrals& integrals, int alpha, int beta);

/// The energy of the determinant of the lowest orbitals, with the core.
double determinant_energy(const OrbitalIntegrals& integrals, int alpha, int beta);

/// sum M_pq,rs A_pt A_qu B_rv B_sw for a matrix M of pairs (p, q) by pairs (r, s).
Matrix<double> rotated_pairs(const Matrix<double>& values, const RowMatrix& a, const RowMatrix& b);

}  // namespace qupel
