#pragma once
#include "qupel/problem/gate.h"
#include "qupel/problem/tabular/tabular.h"

// Checks of a table whose target is a number.
namespace qupel {

/// Refused: a column is the target on another scale (its values follow the target's order, or its straight
/// line, in practically every row). Warning: one column alone leaves less than 2 % of the variance.
Gate number_leak_gate(const DataSet& table);

/// Warning: few rows hold most of the target's variance, so that the root of the mean square says little
/// about the others.
Gate outlier_gate(const DataSet& table);

}  // namespace qupel
