#pragma once
#include <Eigen/Core>
#include <functional>

#include "qupel/model/molecule/vqe.h"

// Excited states by diagonalising the Hamiltonian between a few vectors that an optimised ground state leads
// to.
namespace qupel {

/// The Hamiltonian between vectors, in hartree with the core, and their overlaps; both symmetric.
struct Subspace {
  Eigen::MatrixXd hamiltonian, overlap;
  double noise = 0;  ///< the largest standard error of an overlap; 0: exact
};
/// The n-th eigenvalue of H c = E S c, n = 0 the lowest, without directions whose overlap is too small to be
/// told from 0. @throws InputError if fewer than n + 1 are left
double subspace_energy(const Subspace& space, int n);
/// Of normalised vectors, exactly.
Subspace subspace_of(const std::vector<std::vector<double>>& vectors, const SectorProgram<double>& program);

/// Makes the matrices from a fitted ground state, as the executor measures them.
using SubspaceMaker =
    std::function<Subspace(const FittedAnsatz& ground, const ElectronicSystem& system, Executor& executor)>;
/// A contender that finds states by such matrices from vqe-uccsd's ground state: the record with all that
/// this needs.
Contender subspace_contender(Contender record, SubspaceMaker make);

}  // namespace qupel
