#pragma once
#include <optional>
#include <string>
#include <vector>

#include "qupel/electrons/integrals.h"
#include "qupel/electrons/sector.h"
#include "qupel/problem/molecule/integrals.h"
#include "qupel/problem/molecule/scf.h"

namespace qupel {

/// Electrons in orbitals: "8,6".
struct ActiveSize {
  int electrons = 0, orbitals = 0;
};
/// Reads "8,6". @throws InputError for anything else
ActiveSize parse_active(std::string_view text);

/// What all methods of one molecule share: a Hamiltonian over few orbitals, and how many electrons are in
/// them. The lowest orbitals hold the reference determinant.
struct ElectronicSystem {
  OrbitalIntegrals integrals;
  int alpha = 0, beta = 0;
  double reference_energy = 0;   ///< of the reference determinant
  std::string reference = "HF";  ///< "RHF", "ROHF", "UHF", or "determinant" if only integrals are known
  int frozen = 0;                ///< doubly occupied orbitals that are in the core of the Hamiltonian
  int all_electrons = 0, all_orbitals = 0;  ///< of the molecule in its basis
  std::vector<double> occupations;   ///< natural occupations of the orbitals, by MP2; empty: not computed
  std::vector<std::string> choices;  ///< what was chosen and why, a sentence each

  int orbitals() const { return static_cast<int>(integrals.orbitals); }
  int electrons() const { return alpha + beta; }
  double determinants() const { return qupel::determinants(orbitals(), alpha, beta); }
};

/// The orbitals that a method uses.
struct OrbitalWindow {
  std::size_t frozen = 0, active = 0;  ///< the lowest ones, then those in use; all above are left out
};

/// The Hamiltonian over a window of the mean field's orbitals. @throws InputError if it does not fit in
/// memory
ElectronicSystem system_in(const Molecule& molecule, const AtomicIntegrals& atomic, const MeanField& field,
                           const OrbitalWindow& window);

/// How the orbitals are chosen.
struct ActiveOptions {
  std::optional<ActiveSize> active =
      std::nullopt;          ///< none: all but the frozen core, as far as `most_determinants` lets
  bool freeze_core = false;  ///< whether the core is frozen; with `active` it says itself what is
  double most_determinants = 1e6;
  int most_orbitals = 1000;  ///< without `active`: so many orbitals at most are active
};

/// Chooses active orbitals: the core (noble gas shells below the valence) is frozen if asked for, or if there
/// are too many determinants; of what is left those natural orbitals of second-order perturbation theory are
/// used whose occupations are furthest from 2 and 0. It says what it chose in ElectronicSystem::choices.
/// @throws InputError for an active space that does not fit
ElectronicSystem choose_active(const Molecule& molecule, const AtomicIntegrals& atomic,
                               const MeanField& field, const ActiveOptions& options);

/// The same system if it is small enough; else a part of it as choose_active() would take.
/// @param name what errors call the molecule
ElectronicSystem within_limits(ElectronicSystem system, const ActiveOptions& options, std::string_view name);

/// Orbitals of noble gas cores, one spin.
int core_orbitals(const Molecule& molecule);

}  // namespace qupel
