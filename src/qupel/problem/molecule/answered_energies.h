#pragma once
#include <map>
#include <span>

#include "qupel/problem/problem.h"

namespace qupel {

/// The energy that was answered for each molecule, by row, in hartree.
std::map<std::size_t, double> energies_by_row(std::span<const Answered> answers);

}  // namespace qupel
