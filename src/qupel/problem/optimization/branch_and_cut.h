#pragma once
#include <limits>

#include "qupel/problem/optimization/decision.h"
#include "qupel/problem/optimization/integer_program.h"

namespace qupel {

/// What branch and cut over linear relaxations comes to.
struct BranchAndCut {
  Values values;        ///< the best whole numbers that were found; none if there were none
  bool proven = false;  ///< they are the optimum
  /// No whole numbers are better; infinite (for a minimum minus that) if nothing is known.
  double bound = std::numeric_limits<double>::infinity();
};

/// Whether this Qupel was built with CBC, which does it.
bool has_branch_and_cut();

/// @param nodes of the search tree, at most. @throws InputError without CBC
BranchAndCut branch_and_cut(const IntegerProgram& program, std::size_t nodes);

}  // namespace qupel
