#pragma once
#include "qupel/problem/tabular/tabular.h"

namespace qupel {

/// What is done to every table once its columns are typed and its target is read: drops rows without a label
/// (-1) and classes with one row, draws max_rows, and reports duplicates, imbalance, rows in time and types.
/// Findings about the target come first, warnings before the rest.
/// @param problem all fields but rows_read set
/// @throws InputError: fewer than min_rows rows, one class only, no usable column
TabularProblem assemble(TabularProblem problem, const TabularOptions& options);

/// Removes the columns named in options.drop. @throws InputError for an unknown name (nearest)
void drop_columns(Table& table, const TabularOptions& options);

}  // namespace qupel
