#pragma once
#include <string>
#include <vector>

#include "qupel/study/result.h"

namespace qupel::report {

/// Energies of molecules or steps of a ladder by all contenders: a row a molecule, a column a contender, the
/// best contender first. An energy below the exact one says so, by how much; of one molecule all do.
struct EnergyTable {
  bool ranked = false;  ///< rows begin with the lowest energy of the best contender
  std::vector<std::string> contenders;
  struct Row {
    std::string name, active;           ///< active: "4 in 4", electrons in orbitals
    std::vector<std::string> energies;  ///< in hartree; "" if the contender has none
  };
  std::vector<Row> rows;
};
/// From the contenders' solutions; no rows if those hold no molecules.
EnergyTable energy_table(const StudyResult& result);

/// What follows from several energies of a contender, in a unit of its own: a binding energy, or how far
/// excited states lie above the ground state. A row a contender, the best first.
struct DerivedEnergies {
  std::string title;                ///< "Binding energy in kcal/mol"
  std::vector<std::string> header;  ///< "contender", then a column a value
  std::vector<std::vector<std::string>> rows;
};
/// From the contenders' metrics of all answers together; no rows if there are none.
DerivedEnergies derived_energies(const StudyResult& result);

}  // namespace qupel::report
