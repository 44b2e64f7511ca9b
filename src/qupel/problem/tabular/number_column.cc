#include "qupel/problem/tabular/number_column.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <map>

#include "qupel/base/code_points.h"
#include "qupel/base/error.h"
#include "qupel/problem/tabular/missing_marks.h"
#include "qupel/problem/tabular/number_spelling.h"

namespace qupel {
namespace {

constexpr NumberFormat decimal_point{}, grouped_point{'.', ','}, decimal_comma{',', 0},
    grouped_comma{',', '.'}, spaced_point{'.', ' '}, spaced_comma{',', ' '}, quoted_point{'.', '\''},
    quoted_comma{',', '\''}, indian{'.', ',', true};

/// How many cells have a mark between groups of three digits, and how many are too small for one.
struct GroupedCells {
  std::size_t with = 0, without = 0;
};

/// Nothing if a cell is neither.
std::optional<GroupedCells> grouped_cells(const std::vector<std::string>& cells, char mark) {
  GroupedCells count;
  for (const auto& cell : cells) {
    if (std::ranges::none_of(cell, is_digit)) continue;  // missing, or a slip: other rules say which
    std::string_view digits = cell;
    if (digits.starts_with('-') || digits.starts_with('+')) digits.remove_prefix(1);
    std::size_t group = 0, marks = 0;  // digits since the last mark
    for (const char c : digits) {
      if (is_digit(c)) {
        ++group;
      } else if (c == mark && group > 0 && group <= 3 && (marks == 0 || group == 3)) {
        ++marks;
        group = 0;
      } else {
        return std::nullopt;
      }
    }
    if (marks > 0 ? group != 3 || digits.starts_with('0') : group > 3) return std::nullopt;
    ++(marks > 0 ? count.with : count.without);
  }
  return count;
}

/// Whether `mark` parts groups of three digits in every cell that holds it, and the others are too small for
/// one: 834 beside 1,274. Decimals would not all have three digits.
bool parts_groups(const std::vector<std::string>& cells, char mark) {
  const auto count = grouped_cells(cells, mark);
  return count && count->with > 1 && count->without > 0;
}

/// Whether it could.
bool could_part_groups(const std::vector<std::string>& cells, char mark) {
  const auto count = grouped_cells(cells, mark);
  return count && count->with > 0;
}

/// In the order in which they are tried.
std::array<NumberFormat, 9> formats(const std::vector<std::string>& cells, NumberMarks marks) {
  std::array first{decimal_point, decimal_comma, grouped_comma, grouped_point};
  if (marks.decimal == ',' && could_part_groups(cells, '.'))
    first = {grouped_comma, decimal_point, decimal_comma, grouped_point};
  else if (marks.decimal == '.' && could_part_groups(cells, ','))
    first = {grouped_point, decimal_point, decimal_comma, grouped_comma};
  else if (marks.delimiter == ',')
    first = {decimal_point, grouped_point, decimal_comma, grouped_comma};
  else if (parts_groups(cells, ','))
    first = {grouped_point, decimal_point, decimal_comma, grouped_comma};
  else if (parts_groups(cells, '.'))
    first = {grouped_comma, decimal_point, decimal_comma, grouped_point};
  return {first[0],     first[1],     first[2],     first[3], spaced_point,
          spaced_comma, quoted_point, quoted_comma, indian};
}

void refuse_infinite(const NumberColumn& read, const std::vector<std::string>& cells,
                     const std::vector<std::size_t>& lines, std::string_view column,
                     std::string_view source) {
  for (std::size_t row = 0; row < cells.size(); ++row)
    if (std::isinf(read.values[row]))
      throw InputError(
          fmt::format("{}:{}: column \"{}\" holds \"{}\", which is not a finite number; replace it, or empty "
                      "the cell if the value is missing",
                      source, lines[row], column, shortened(cells[row], 40)));
}

/// In the format that leaves the fewest cells unread, and how the cell's text becomes what is read.
std::optional<NumberColumn> read_best(const std::vector<std::string>& cells, NumberMarks marks,
                                      Strays strays) {
  std::optional<NumberColumn> best;
  for (const auto format : formats(cells, marks)) {
    auto read = read_cells(
        cells, [&](std::string_view cell) { return parse_number(cell, format); }, strays);
    if (!read || (best && read->unread.size() >= best->unread.size())) continue;
    best = NumberColumn{.values = std::move(read->values),
                        .unread = std::move(read->unread),
                        .numbers = read->read,
                        .format = format};
    if (best->unread.empty()) break;
  }
  return best;
}

/// The unit of the first cell that has one.
std::string first_unit(const std::vector<std::string>& cells) {
  for (const auto& cell : cells) {
    if (is_missing(cell) || may_be_missing(cell)) continue;
    return std::string(unit_mark(plain_spelling(cell)));
  }
  return "";
}

/// The same of cells that bear one unit. A cell without it is no number.
std::optional<NumberColumn> read_with_unit(const std::vector<std::string>& cells, NumberMarks marks,
                                           Strays strays) {
  const auto unit = first_unit(cells);
  if (unit.empty()) return std::nullopt;
  std::vector<std::string> bare;
  bare.reserve(cells.size());
  for (const auto& cell : cells) {
    if (is_missing(cell) || may_be_missing(cell))
      bare.push_back(cell);
    else
      bare.push_back(without_unit(plain_spelling(cell), unit).value_or("no number: " + cell));
  }
  auto read = read_best(bare, marks, strays);
  if (read) read->unit = unit;
  return read;
}

/// A cell such as 1,234 or -12.345: one mark, at most three digits before it and three behind it.
bool is_one_group(std::string_view cell, char mark) {
  if (cell.starts_with('-') || cell.starts_with('+')) cell.remove_prefix(1);
  const auto at = cell.find(mark);
  return at != cell.npos && at > 0 && at <= 3 && cell.size() == at + 4 && cell.front() != '0' &&
         std::ranges::all_of(cell.substr(0, at), is_digit) &&
         std::ranges::all_of(cell.substr(at + 1), is_digit);
}

/// Whether every cell with the mark could hold a group as well as decimals, and the others say nothing of it.
bool is_ambiguous(const std::vector<std::string>& cells, const NumberColumn& read, NumberMarks marks) {
  const bool groups = read.format.thousands != 0;
  const char mark = groups ? read.format.thousands : read.format.decimal;
  // A decimal point is usual, unless other columns have a decimal comma.
  if (mark != ',' && !(mark == '.' && (groups || marks.both))) return false;
  bool any = false;
  for (std::size_t row = 0; row < cells.size(); ++row) {
    const auto cell = plain_spelling(cells[row]);
    if (std::isnan(read.values[row])) continue;
    if (cell.find_first_of(",.") == cell.npos) {  // 8340 beside 1,274: groups have no mark
      if (std::ranges::count_if(cell, is_digit) > 3) return false;
      continue;
    }
    const auto bare = read.unit.empty() ? cell : without_unit(cell, read.unit).value_or("");
    if (!is_one_group(bare, mark)) return false;
    any = true;
  }
  return any && !parts_groups(cells, mark);
}

std::string spelling_of(const std::vector<std::string>& cells, const NumberColumn& read) {
  SpellingCounts counts;
  for (std::size_t row = 0; row < cells.size(); ++row)
    if (!std::isnan(read.values[row])) counts.add(cells[row]);
  return counts.words();
}

constexpr double exact_limit = 9007199254740992.0;  // 2^53

/// The digits of a number that is written out, with a minus before them, without marks between groups, a unit
/// or a fraction of zeros; "" for a number with an exponent.
std::string whole_digits(std::string_view cell) {
  if (cell.find_first_of("eE") != std::string_view::npos) return {};
  const auto point = cell.find_last_not_of('0');
  if (point != std::string_view::npos && cell[point] == '.') cell = cell.substr(0, point);
  std::string digits(cell.starts_with('-') ? "-" : "");
  std::ranges::copy_if(cell, std::back_inserter(digits), is_digit);
  return digits;
}

}  // namespace

std::optional<NumberColumn> read_numbers(const std::vector<std::string>& cells,
                                         const std::vector<std::size_t>& lines, NumberMarks marks,
                                         Strays strays, std::string_view column, std::string_view source) {
  auto read = read_best(cells, marks, strays);
  if (!read) read = read_with_unit(cells, marks, strays);
  if (!read) return read;
  refuse_infinite(*read, cells, lines, column, source);
  const bool two_readings = is_ambiguous(cells, *read, marks);
  read->as_others = two_readings && read->format.decimal == marks.decimal;
  read->ambiguous = two_readings && !read->as_others;
  read->spelling = spelling_of(cells, *read);
  return read;
}

std::string other_reading(NumberFormat format) {
  const bool groups = format.thousands != 0;
  const char mark = groups ? format.thousands : format.decimal;
  return fmt::format(
      "1{0}234 was read as {1}, and could be {2}: nothing in the column says which; write {3} to be sure",
      mark, groups ? "1234" : "1.234", groups ? "1.234" : "1234",
      groups        ? "1234, without a mark between groups"
      : mark == '.' ? "all columns of the table with one decimal mark"
                    : "1.234, with a decimal point");
}

std::string reading_as_others(NumberFormat format) {
  const bool groups = format.thousands != 0;
  return fmt::format("1{0}234 was read as {1}, as other columns have a decimal {2}",
                     groups ? format.thousands : format.decimal, groups ? "1234" : "1.234",
                     format.decimal == ',' ? "comma" : "point");
}

bool holds_rounded_numbers(const std::vector<std::string>& cells, const NumberColumn& numbers) {
  for (std::size_t row = 0; row < cells.size(); ++row)
    if (std::abs(numbers.values[row]) >= exact_limit && !whole_digits(cells[row]).empty()) return true;
  return false;
}

bool rounding_merges(const std::vector<std::string>& cells, const NumberColumn& numbers) {
  std::map<double, std::string> seen;
  for (std::size_t row = 0; row < cells.size(); ++row) {
    if (!(std::abs(numbers.values[row]) >= exact_limit)) continue;
    const auto digits = whole_digits(cells[row]);
    if (digits.empty()) continue;
    const auto [at, is_new] = seen.emplace(numbers.values[row], digits);
    if (!is_new && at->second != digits) return true;
  }
  return false;
}

}  // namespace qupel
