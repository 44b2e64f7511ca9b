#pragma once
#include <optional>
#include <utility>
#include <vector>

// Where the qubits of a device are drawn. Calibrations say what is coupled to what, not where it lies.
namespace qupel::report {

struct Place {
  double x = 0, y = 0;
};

/// Places on a square lattice on which coupled qubits, and no others of a drawn coupling, are next to each
/// other; nothing if none is found within a limited search. Numbers are taken as hints: they usually ascend
/// from left to right and then from top to bottom. Grids, heavy-hex lattices and lines have such places.
std::optional<std::vector<Place>> lattice_places(int qubits,
                                                 const std::vector<std::pair<int, int>>& couplings);

/// Places for any couplings, one apart where coupled as far as possible: those of the lattice; a circle where
/// every qubit is coupled to every other; else the distances in the drawing are close to the numbers of
/// couplings between two qubits (stress majorization: Gansner, Koren and North, Graph Drawing 2004). Left and
/// upper borders are at 0. The same couplings give the same places.
std::vector<Place> drawn_places(int qubits, const std::vector<std::pair<int, int>>& couplings);

}  // namespace qupel::report
