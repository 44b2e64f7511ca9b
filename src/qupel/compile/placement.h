#pragma once
#include <limits>
#include <span>
#include <vector>

#include "qupel/base/random.h"
#include "qupel/compile/step.h"
#include "qupel/compile/target.h"

namespace qupel {

/// How often two qubits of some steps are coupled, and how often one is read.
struct Interactions {
  std::vector<std::vector<std::pair<int, double>>> with;  ///< of each qubit: the others, and how often
  std::vector<double> readouts;
};
Interactions interactions(std::span<const CompileStep> steps, int qubits);

/// The placement on coupled pairs with the least -log fidelity, found by matching the graph of interactions
/// with a part of the device's (backtracking as in Cordella et al., "A (sub)graph isomorphism algorithm for
/// matching large graphs", IEEE TPAMI 26, 1367, 2004), the best one within a number of steps. Qubits that
/// interact with none are put where reading is best.
/// @returns physical qubit of each one; empty: none was found that costs less than `below`
std::vector<int> matched_placement(const Interactions& interactions, const CompileTarget& target,
                                   double below = std::numeric_limits<double>::infinity());
/// -log of the fidelity of the interactions with this placement, which couples all of them.
double matched_cost(const Interactions& interactions, const CompileTarget& target,
                    std::span<const int> placement);

/// A placement to start routing from: on a connected part, around a random qubit.
std::vector<int> random_placement(int qubits, const CompileTarget& target, Random& random);

}  // namespace qupel
