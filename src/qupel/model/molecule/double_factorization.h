#pragma once
#include <Eigen/Core>
#include <vector>

#include "qupel/problem/molecule/active_space.h"

namespace qupel {

/// exp(i weight / 2 sum over p, q of values_p values_q n_p n_q) of the occupations n (of both spins together)
/// of the orbitals that are the columns of `orbitals`: one factor of a unitary cluster Jastrow wave function.
struct JastrowFactor {
  double weight = 0;
  Eigen::VectorXd values;
  Eigen::MatrixXcd orbitals;  ///< unitary; column p holds orbital p in terms of the molecule's orbitals
};

/// The double excitations of second-order perturbation theory, T - T+, as i / 2 times a sum over such
/// factors: the amplitudes as a matrix of pairs (occupied, empty) by pairs are diagonalised, and each
/// eigenvector gives two factors with opposite weights (Motta et al., Chem. Sci. 14, 11213, 2023). With
/// unpaired electrons the amplitudes are those of one alpha and one beta electron, made symmetric. The
/// largest weights come first; orbitals of a factor are sorted so that those of values with equal size are
/// neighbours.
std::vector<JastrowFactor> jastrow_factors(const ElectronicSystem& system);

/// An orbital rotation as a product of turns of pairs of orbitals, in the order (0,1), (0,2), (1,2), (0,3)
/// and so on: first exp(i phase n_p), then exp(angle (a+_p a_q - a+_q a_p)) for each pair q < p.
struct PairTurn {
  double phase = 0, angle = 0;
};
/// The turns whose product takes the columns of a unitary matrix to the orbitals 0, 1, ... up to a phase of
/// each (decomposition by Givens rotations).
std::vector<PairTurn> turns_to_own_orbitals(Eigen::MatrixXcd orbitals);

}  // namespace qupel
