#pragma once
#include <array>
#include <span>
#include <string>
#include <vector>

namespace qupel {

inline constexpr double bohr_per_angstrom = 1 / 0.529177210903;  ///< CODATA 2018

struct Atom {
  int number = 1;                    ///< of the element
  std::array<double, 3> position{};  ///< in bohr
  bool ghost = false;                ///< brings its basis functions, but neither charge nor electrons
};

/// Nuclei and how many electrons there are of either spin.
struct Molecule {
  std::string name;
  std::vector<Atom> atoms;
  int charge = 0;
  int multiplicity = 1;  ///< 2 S + 1: one more than there are unpaired electrons

  int electrons() const;
  int alpha() const { return (electrons() + multiplicity - 1) / 2; }
  int beta() const { return electrons() - alpha(); }
  double nuclear_repulsion() const;  ///< in hartree
  /// Of all atoms that are no ghosts: "C2H6O" with carbon, hydrogen, and the others by symbol; without carbon
  /// from metals to nonmetals, as "LiH", "NH3", "H2O".
  std::string formula() const;
};

/// In bohr.
double distance(const Atom& a, const Atom& b);

/// @throws InputError if there are no atoms or no electrons, two atoms are closer than 0.1 angstrom, or the
/// number of electrons does not go with the multiplicity; the message begins with the molecule's name
void require_possible(const Molecule& molecule);

}  // namespace qupel
