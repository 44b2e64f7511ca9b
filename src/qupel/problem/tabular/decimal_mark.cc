#include "qupel/problem/tabular/decimal_mark.h"

#include <algorithm>
#include <string_view>

#include "qupel/problem/tabular/cell.h"
#include "qupel/problem/tabular/missing_marks.h"
#include "qupel/problem/tabular/number_spelling.h"

namespace qupel {
namespace {

bool reads_with(std::string_view cell, char decimal) {
  return std::ranges::any_of(all_number_formats, [=](auto format) {
    return format.decimal == decimal && parse_number(cell, format).has_value();
  });
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

/// Several marks of the other kind part groups: 1.234.567.
bool has_groups(std::string_view cell, char decimal) {
  return std::ranges::count(cell, decimal == '.' ? ',' : '.') > 1;
}

std::string without_its_unit(const std::string& cell) {
  const auto plain = plain_spelling(cell);
  const auto unit = unit_mark(plain);
  return unit.empty() ? plain : without_unit(plain, unit).value_or(plain);
}

/// Whether nine in ten of the first cells are numbers with this decimal mark, and some of them shows it.
bool shows(const std::vector<std::string>& cells, char decimal) {
  constexpr std::size_t sample = 200;
  std::size_t seen = 0, read = 0;
  bool shown = false;
  for (const auto& cell : cells) {
    if (is_missing(cell) || may_be_missing(cell)) continue;
    if (++seen > sample) break;
    const auto bare = without_its_unit(cell);
    if (!reads_with(bare, decimal)) {
      if (bare.find_first_of("0123456789") != bare.npos) return false;  // a number of another form
      continue;
    }
    ++read;
    shown |= ends_in_fraction(bare, decimal) || has_groups(bare, decimal);
  }
  return shown && 10 * read >= 9 * std::min(seen, sample);
}

}  // namespace

NumberMarks number_marks(std::span<const std::vector<std::string>> columns, char delimiter) {
  const auto some = [=](char mark) {
    return std::ranges::any_of(columns, [=](const auto& cells) { return shows(cells, mark); });
  };
  const bool comma = delimiter != ',' && some(','), point = some('.');
  const char only = comma == point ? '\0' : comma ? ',' : '.';
  return {.delimiter = delimiter, .decimal = only, .both = comma && point};
}

}  // namespace qupel
