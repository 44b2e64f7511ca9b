#pragma once
#include "qupel/problem/check.h"
#include "qupel/problem/tabular/tabular.h"

// Checks of a table whose target is a number.
namespace qupel {

/// Refused: a column is the target on another scale (its values follow the target's order, or its straight
/// line, in practically every row). Warning: one column alone leaves less than 2 % of the variance.
Check number_leak_check(const DataSet& table);

/// Warning: few rows hold most of the target's variance, so that the root of the mean square says little
/// about the others.
Check outlier_check(const DataSet& table);

}  // namespace qupel
