#include "qupel/problem/tabular/decimal_mark.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "qupel/base/code_points.h"
#include "qupel/problem/tabular/cell.h"
#include "qupel/problem/tabular/missing_marks.h"

namespace qupel {
namespace {

/// The formats with this decimal mark.
std::array<NumberFormat, 4> formats_with(char decimal) {
  const char other = decimal == '.' ? ',' : '.';
  return {NumberFormat{decimal, 0}, NumberFormat{decimal, other}, NumberFormat{decimal, ' '},
          NumberFormat{decimal, '\''}};
}

bool reads_with(std::string_view cell, char decimal) {
  return std::ranges::any_of(formats_with(decimal),
                             [=](auto format) { return parse_number(cell, format).has_value(); });
}

/// Whether the digits behind the last mark cannot be a group: 3,5 and 1.234,5 and 0,125.
bool ends_in_fraction(std::string_view cell, char decimal) {
  const auto at = cell.rfind(decimal);
  const auto first = cell.find_first_of("0123456789");
  if (at == cell.npos || first == cell.npos) return false;
  const auto digits = cell.substr(at + 1, cell.find_first_not_of("0123456789", at + 1) - at - 1).size();
  const bool could_be_groups = cell[first] != '0' && at > first && at <= first + 3;
  return digits != 3 || !could_be_groups;
}

/// Whether the first cells are numbers with this decimal mark and some of them shows it.
bool shows(const std::vector<std::string>& cells, char decimal) {
  constexpr std::size_t sample = 200;
  std::size_t seen = 0;
  bool shown = false;
  for (const auto& cell : cells) {
    if (is_missing(cell) || may_be_missing(cell)) continue;
    if (!reads_with(cell, decimal)) return false;
    shown |= ends_in_fraction(cell, decimal);
    if (++seen == sample) break;
  }
  return shown;
}

}  // namespace

char decimal_mark(std::span<const std::vector<std::string>> columns) {
  const auto some = [=](char mark) {
    return std::ranges::any_of(columns, [=](const auto& cells) { return shows(cells, mark); });
  };
  const bool comma = some(','), point = some('.');
  return comma == point ? '\0' : comma ? ',' : '.';
}

}  // namespace qupel
