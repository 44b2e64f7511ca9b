#pragma once
#include <map>
#include <string>
#include <string_view>

#include "qupel/problem/molecule/molecule.h"

namespace qupel {

/// Reads a Z-matrix: an atom a line, as its element, an earlier atom (from 1) and the distance to it in
/// angstrom, another and the angle there in degrees, a third and the dihedral angle. A line of two whole
/// numbers before the atoms is charge and multiplicity. Instead of a number a name may stand, with a sign,
/// whose value follows after the atoms as "name = value" or "name value". Lines that begin with "#" are
/// comments.
/// @throws InputError "source:line: ..." for an unknown element, an atom that does not come before, the same
/// atom twice, a distance that is not above 0, an angle outside 0 to 180 degrees, atoms in line where a
/// dihedral angle needs a plane, or a name without value
/// @param values for names, instead of those in the text
Molecule read_zmatrix(std::string_view text, std::string_view source,
                      const std::map<std::string, double>& values = {});

}  // namespace qupel
