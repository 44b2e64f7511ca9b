#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "qupel/electrons/davidson.h"
#include "qupel/electrons/hamiltonian.h"

namespace qupel {

/// The lowest state within chosen determinants.
struct SelectedState {
  std::vector<Determinant> determinants;
  std::vector<double> amplitudes;
  double energy = 0;  ///< in hartree, with the core
  bool converged = true;
};

/// Diagonalises the Hamiltonian within determinants, which differ and have equal numbers of electrons, by
/// Davidson's method on a sparse matrix. @throws InputError if it does not fit in memory, or for no
/// determinants
SelectedState diagonalise_within(const OrbitalIntegrals& integrals, std::vector<Determinant> determinants);

/// Heat-bath configuration interaction without perturbation theory (Holmes, Tubman and Umrigar, J. Chem.
/// Theory Comput. 12, 3674, 2016): determinants join that a determinant of the state couples to by more than
/// `threshold` times its amplitude, until hardly any does.
struct SelectionOptions {
  double threshold = 1e-4;  ///< in hartree
  std::size_t most_determinants = 200000;
  int most_rounds = 12;
};
SelectedState select_and_diagonalise(const OrbitalIntegrals& integrals, const Determinant& start,
                                     const SelectionOptions& options = {});

/// <S^2> of such a state, as far as flips of spins stay among its determinants.
double spin_squared(const SelectedState& state);

}  // namespace qupel
