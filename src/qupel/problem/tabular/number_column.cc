#include "qupel/problem/tabular/number_column.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <iterator>
#include <map>

#include "qupel/base/code_points.h"
#include "qupel/base/error.h"
#include "qupel/problem/tabular/group_marks.h"
#include "qupel/problem/tabular/missing_marks.h"
#include "qupel/problem/tabular/number_spelling.h"

namespace qupel {
namespace {

using namespace number_formats;

/// A mark that stands before decimals in some column of the table parts no groups in another.
bool may_part_groups(NumberMarks marks, char mark) { return marks.decimal != mark && !marks.both; }

/// In the order in which they are tried.
std::array<NumberFormat, all_number_formats.size()> formats(const std::vector<std::string>& cells,
                                                            NumberMarks marks) {
  std::array first{decimal_point, decimal_comma, grouped_comma, grouped_point};
  if (marks.decimal == ',' && could_part_groups(cells, '.'))
    first = {grouped_comma, decimal_point, decimal_comma, grouped_point};
  else if (marks.decimal == '.' && could_part_groups(cells, ','))
    first = {grouped_point, decimal_point, decimal_comma, grouped_comma};
  else if (marks.delimiter == ',')
    first = {decimal_point, grouped_point, decimal_comma, grouped_comma};
  else if (may_part_groups(marks, ',') && parts_groups(cells, ','))
    first = {grouped_point, decimal_point, decimal_comma, grouped_comma};
  else if (may_part_groups(marks, '.') && parts_groups(cells, '.'))
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

/// The unit that most of the first cells bear; "" if they bear none.
std::string usual_unit(const std::vector<std::string>& cells) {
  constexpr std::size_t sample = 200;
  std::map<std::string, std::size_t, std::less<>> counts;
  std::size_t seen = 0;
  for (const auto& cell : cells) {
    if (is_missing(cell) || may_be_missing(cell)) continue;
    const auto plain = plain_spelling(cell);
    if (const auto unit = unit_mark(plain); !unit.empty()) ++counts[std::string(unit)];
    if (++seen == sample) break;
  }
  const auto most = std::ranges::max_element(counts, {}, [](const auto& unit) { return unit.second; });
  return most == counts.end() ? "" : most->first;
}

/// The same of cells that bear one unit. A cell without it is no number.
std::optional<NumberColumn> read_with_unit(const std::vector<std::string>& cells, NumberMarks marks,
                                           Strays strays) {
  const auto unit = usual_unit(cells);
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
  return any;
}

SpellingCounts spellings_of(const std::vector<std::string>& cells, const NumberColumn& read) {
  SpellingCounts counts;
  for (std::size_t row = 0; row < cells.size(); ++row)
    if (!std::isnan(read.values[row])) counts.add(cells[row]);
  return counts;
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
  const bool like_others = read->format.decimal == marks.decimal;
  // With 834 beside 1,274 the column says what other columns say.
  read->as_others = two_readings && like_others &&
                    !(read->format.thousands != 0 && parts_groups(cells, read->format.thousands));
  read->ambiguous = two_readings && !like_others;
  const auto spellings = spellings_of(cells, *read);
  read->spelling = spellings.words();
  read->trailing_minus = spellings.has_trailing_minus();
  return read;
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
