#pragma once
#include <string_view>
#include <vector>

#include "qupel/problem/tabular/number_column.h"
#include "qupel/problem/tabular/table.h"

namespace qupel {

/// What to tell of how a column's numbers are written: the unit, the marks and the spelling; warnings where
/// the cells could be read as other numbers.
std::vector<Finding> format_findings(const NumberColumn& numbers, std::string_view column);

}  // namespace qupel
