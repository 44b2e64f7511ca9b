#pragma once
#include <string_view>
#include <vector>

#include "qupel/problem/molecule/molecule.h"

namespace qupel {

/// A whole and its two parts, each of these with the atoms of the other as ghosts. The whole's charge stays
/// with the first part.
/// @param atoms of the first part, counted from 1, as "1-3,5"; the others are the second
/// @throws InputError for what is not that, or if a part has no atoms
std::vector<Molecule> with_fragments(const Molecule& whole, std::string_view atoms);

}  // namespace qupel
