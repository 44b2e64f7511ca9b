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

}  // namespace qupel::report
