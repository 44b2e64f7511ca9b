#pragma once
#include <functional>

#include "qupel/base/random.h"
#include "qupel/problem/optimization/tries.h"

// Decomposition: what has too many variables for a solver is improved part by part.
namespace qupel {

/// Bits that stand for candidates of a part, the most promising ones at least.
using SolvePart = std::function<std::vector<Bits>(const Qubo& part, std::size_t round)>;

struct PartSearch {
  std::size_t most_bits = 12;  ///< of a part
  std::size_t rounds = 100;
  std::uint64_t seed = 0;
};

/// Begins with the decision's first answer; in every round a part is chosen at random, and the best of its
/// candidates taken if the whole gets better by it. One try.
Assignment improve_by_parts(const Decision& decision, const PartSearch& search, const SolvePart& solve);

/// A part of a decision whose answers are the bits of its QUBO: neighbouring variables, at most so many, from
/// a random one on, while the others are as they are now.
DecisionPart part_of(const Qubo& qubo, const Neighbours& neighbours, const Values& now, std::size_t most_bits,
                     Random& random);

/// The whole decision as a QUBO if it has at most so many variables; else its first part: of the answer that
/// is known at first.
Qubo first_qubo(const Decision& decision, std::size_t most);

}  // namespace qupel
