#pragma once
#include "qupel/execute/executor.h"
#include "qupel/problem/optimization/qubo.h"

namespace qupel {

/// A QUBO from which variables are taken one by one: each is set equal to another one, or to its opposite, or
/// to a bit.
class Elimination {
 public:
  explicit Elimination(Qubo qubo);
  /// What is left; its variables are in the order of the whole's.
  const Qubo& rest() const { return rest_; }
  /// Takes the variable for which measurements of the rest show the strongest mean: of Z of one qubit with a
  /// linear term, or of Z Z of two that are coupled. @param counts of basis states, bit i being variable i
  void eliminate(const ShotCounts& counts);
  /// All variables, given those of the rest.
  Bits whole(const Bits& rest) const;

 private:
  struct Rule {
    std::size_t variable;  ///< of the rest as it was then
    std::size_t follows;   ///< another one of it; itself: it is set to `flipped`
    bool flipped;
  };
  void apply(const Rule& rule);

  Qubo rest_;
  std::vector<Rule> rules_;
};

}  // namespace qupel
