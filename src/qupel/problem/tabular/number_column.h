#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "qupel/problem/tabular/cell.h"
#include "qupel/problem/tabular/cell_values.h"
#include "qupel/problem/tabular/decimal_mark.h"

namespace qupel {

/// A column of cells read as numbers.
struct NumberColumn {
  std::vector<double> values;       ///< one a row; NaN: missing
  std::vector<std::size_t> unread;  ///< rows whose text is no number, which are missing therefore
  std::size_t numbers = 0;          ///< cells that are numbers
  NumberFormat format;
  std::string unit = {};        ///< what every number bears (unit_mark()); "": none
  bool ambiguous = false;       ///< 1,234: another format reads all cells too, as other numbers
  bool as_others = false;       ///< the same, but other columns show which format is meant
  std::string spelling = {};    ///< how signs, exponents and digits are written; "" if plainly
  bool trailing_minus = false;  ///< some have the sign at the end: 1-
};

/// Reads the cells in the format that leaves the fewest unread, the first of these that does: a decimal
/// point; the same with commas between groups of three digits; a decimal comma; the same with points between
/// groups (where the delimiter is no comma, decimal commas are tried before commas between groups, unless 834
/// stands beside 1,274 and no column has a decimal comma); a decimal point, then a decimal comma, with spaces
/// or apostrophes between groups; a decimal point with commas between groups as in India, 12,34,567. Where
/// the table has one decimal mark, the other parts groups if it can: 1.100 beside a column with 3,5 is 1100.
/// If none fits, it reads what is left without the unit that the cells bear.
/// @return nothing if more other text stands there than `strays` allows, or there is no number at all
/// @throws InputError naming line and column for a number that is infinite or too large
std::optional<NumberColumn> read_numbers(const std::vector<std::string>& cells,
                                         const std::vector<std::size_t>& lines, NumberMarks marks,
                                         Strays strays, std::string_view column, std::string_view source);

/// Whether whole numbers beyond 2^53, which a double rounds, stand among the cells.
bool holds_rounded_numbers(const std::vector<std::string>& cells, const NumberColumn& numbers);
/// Whether rounding makes different ones of them equal.
bool rounding_merges(const std::vector<std::string>& cells, const NumberColumn& numbers);

}  // namespace qupel
