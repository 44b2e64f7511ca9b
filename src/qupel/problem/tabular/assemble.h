#pragma once
#include "qupel/problem/tabular/tabular.h"

namespace qupel {

/// What is done to every table once its columns are typed and its target is read: drops rows without a label
/// (-1) or number (NaN) and classes with one row, draws max_rows, and reports duplicates, imbalance, rows in
/// time and types. Findings about the target come first, warnings before the rest.
/// @param data all fields but rows_read set
/// @throws InputError: fewer than min_rows rows, one class only, no usable column
DataSet assemble(DataSet data, const DataSetOptions& options);

/// Removes the columns named in options.drop. @throws InputError for an unknown name (nearest)
void drop_columns(Table& table, const DataSetOptions& options);

}  // namespace qupel
