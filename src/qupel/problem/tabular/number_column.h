#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "qupel/problem/tabular/cell.h"

namespace qupel {

/// A column of cells read as numbers.
struct NumberColumn {
  std::vector<double> values;  ///< NaN: missing, or a stray
  NumberFormat format;
  std::string_view unit;  ///< what every cell bore (unit_mark()), as it stands in one of them; empty: none
  std::vector<std::size_t> strays;  ///< rows whose cell is neither missing nor a number
  std::size_t numbers = 0;
};

/// Reads the cells in the format that fits most of them: a decimal point; the same with commas between groups
/// of three digits; a decimal comma; the same with points between groups (where the delimiter is no comma,
/// decimal commas are tried before commas between groups, unless 834 stands beside 1,274). If none fits, and
/// every cell present bears the same unit, it reads what is left without it.
/// @param stray_share of the cells present that may be no numbers
/// @return nothing if no format fits, or there is no number at all
/// @throws InputError naming line and column for a number that is infinite or too large
std::optional<NumberColumn> read_numbers(const std::vector<std::string>& cells,
                                         const std::vector<std::size_t>& lines, char delimiter,
                                         double stray_share, std::string_view column,
                                         std::string_view source);

}  // namespace qupel
