#pragma once
#include <span>
#include <string>
#include <vector>

namespace qupel {

/// What a table shows of how all its numbers are written.
struct NumberMarks {
  char delimiter = ',';  ///< between cells
  char decimal = 0;      ///< '.' or ',' where some column has that decimal mark and none the other; else 0
  bool both = false;     ///< some columns have the one, others the other
};

/// With the decimal mark of the columns whose numbers can be read in one way alone: 3,5 and 1.234.567 have a
/// comma, 1,234 may have a mark between groups. Units and a few cells of other text are passed over.
/// @param delimiter between cells; where it is a comma, one in a cell shows nothing: "2,3" may be a list
NumberMarks number_marks(std::span<const std::vector<std::string>> columns, char delimiter);

}  // namespace qupel
