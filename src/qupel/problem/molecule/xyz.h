#pragma once
#include <string_view>
#include <vector>

#include "qupel/problem/molecule/molecule.h"

namespace qupel {

/// Reads XYZ: the number of atoms, a line of comment, then an atom a line, as its element and three
/// coordinates in angstrom (or in bohr if a word of the comment is "bohr"); whatever follows them on the line
/// is left out. Several such blocks one after another are several geometries. An element that begins with "@"
/// is a ghost. Molecules are neutral singlets, named by the source and, where there are several, their
/// number.
/// @param source what errors call the file
/// @throws InputError "source:line: ..." for a count that is wrong, an unknown element, what is no number or
/// lies beyond 10^6
std::vector<Molecule> read_xyz(std::string_view text, std::string_view source);

/// In angstrom with ten digits, with the comment on the second line.
std::string to_xyz(const Molecule& molecule, std::string_view comment);

}  // namespace qupel
