#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "qupel/problem/tabular/number_column.h"
#include "qupel/problem/tabular/table.h"

namespace qupel {

/// What to warn of: the cells could be read as other numbers. Sentences.
std::vector<std::string> doubts(const NumberColumn& numbers);

/// What to tell of how a column's numbers are written: the unit, the marks and the spelling; the
/// doubts are warnings.
std::vector<Finding> format_findings(const NumberColumn& numbers, std::string_view column);

}  // namespace qupel
