#pragma once
#include "qupel/electrons/program.h"
#include "qupel/problem/molecule/active_space.h"

namespace qupel {

/// Unitary coupled cluster with singles and doubles in one Trotter step: all double excitations of spin
/// orbitals from the reference determinant, then all single ones, a parameter each.
ExcitationAnsatz uccsd_ansatz(const ElectronicSystem& system);

/// Amplitudes of second-order perturbation theory for the double excitations of that ansatz, by gate; 0 for
/// others. Orbital energies are the diagonal of the Fock matrices.
std::vector<double> doubles_amplitudes(const ElectronicSystem& system, const ExcitationAnsatz& ansatz);

}  // namespace qupel
