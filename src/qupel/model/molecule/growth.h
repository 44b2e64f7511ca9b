#pragma once
#include <functional>
#include <vector>

#include "qupel/model/molecule/vqe.h"

namespace qupel {

/// When an ansatz stops growing, and by how much at once.
struct GrowthRule {
  double slope = 1e-3;  ///< it stops when no operator's energy slope is above this, in hartree
  std::size_t operators = 0, at_once = 1;
};

/// The settings of a growth rule for a contender's record, and the rule that they make.
/// @param grown what the pool is made of, one of it: "operator"
std::vector<HyperParameter> growth_hyperparameters(std::string_view grown);
GrowthRule growth_rule(const Contender& spec, const Settings& settings);

/// Grows an ansatz by the operators of a pool along which the energy falls most (ADAPT: Grimsley et al., Nat.
/// Commun. 10, 3007, 2019). FitInfo::losses has the energy after each growth.
/// @param slopes of the pool's operators, for the parameters so far
/// @param append puts operator k of the pool at the end, with a new parameter
/// @param minimise optimises all parameters from these
VqeOptimum grow_ansatz(const GrowthRule& rule,
                       const std::function<std::vector<double>(const std::vector<double>&)>& slopes,
                       const std::function<void(std::size_t k)>& append,
                       const std::function<VqeOptimum(std::vector<double>)>& minimise);

}  // namespace qupel
