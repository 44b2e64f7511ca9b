#include "qupel/problem/tabular/number_column.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "qupel/base/error.h"

namespace qupel {
namespace {

constexpr NumberFormat point{}, grouped_point{'.', ','}, comma{',', 0}, grouped_comma{',', '.'};

/// Whether `mark` parts groups of three digits in every cell that holds it, and the others are too small for
/// one: 834 beside 1,274. Decimals would not all have three digits.
bool parts_groups(const std::vector<std::string>& cells, char mark) {
  std::size_t with = 0, without = 0;
  for (const auto& cell : cells) {
    if (is_missing(cell)) continue;
    std::string_view digits = cell;
    if (digits.starts_with('-') || digits.starts_with('+')) digits.remove_prefix(1);
    std::size_t group = 0, marks = 0;  // digits since the last mark
    for (const char c : digits) {
      if (c >= '0' && c <= '9') {
        ++group;
      } else if (c == mark && group > 0 && group <= 3 && (marks == 0 || group == 3)) {
        ++marks;
        group = 0;
      } else {
        return false;
      }
    }
    if (marks > 0 ? group != 3 || digits.starts_with('0') : group > 3) return false;
    ++(marks > 0 ? with : without);
  }
  return with > 1 && without > 0;
}

/// In the order in which they are tried.
std::array<NumberFormat, 4> formats(const std::vector<std::string>& cells, char delimiter) {
  if (delimiter == ',') return {point, grouped_point, comma, grouped_comma};
  if (parts_groups(cells, ',')) return {grouped_point, point, comma, grouped_comma};
  if (parts_groups(cells, '.')) return {grouped_comma, point, comma, grouped_point};
  return {point, comma, grouped_comma, grouped_point};
}

/// Gives up when more than `limit` cells are no numbers.
std::optional<NumberColumn> read_in_format(const std::vector<std::string>& cells, NumberFormat format,
                                           std::size_t limit) {
  NumberColumn column{.values = std::vector(cells.size(), std::numeric_limits<double>::quiet_NaN()),
                      .format = format,
                      .unit = {},
                      .strays = {}};
  for (std::size_t row = 0; row < cells.size(); ++row) {
    if (is_missing(cells[row])) continue;
    if (const auto value = parse_number(cells[row], format)) {
      column.values[row] = *value;
      ++column.numbers;
    } else if (column.strays.push_back(row); column.strays.size() > limit) {
      return std::nullopt;
    }
  }
  return column.numbers > 0 ? std::optional(std::move(column)) : std::nullopt;
}

void refuse_infinite(const NumberColumn& read, const std::vector<std::string>& cells,
                     const std::vector<std::size_t>& lines, std::string_view column,
                     std::string_view source) {
  for (std::size_t row = 0; row < cells.size(); ++row)
    if (std::isinf(read.values[row]))
      throw InputError(
          fmt::format("{}:{}: column \"{}\" holds \"{}\", which is not a finite number; replace it, or empty "
                      "the cell if the value is missing",
                      source, lines[row], column, cells[row]));
}

/// In the format that fits most cells.
std::optional<NumberColumn> read_best(const std::vector<std::string>& cells, char delimiter,
                                      double stray_share) {
  auto limit = static_cast<std::size_t>(stray_share * static_cast<double>(cells.size()));
  std::optional<NumberColumn> best;
  for (const auto format : formats(cells, delimiter)) {
    auto read = read_in_format(cells, format, limit);
    if (!read) continue;
    const auto strays = read->strays.size();
    if (static_cast<double>(strays) > stray_share * static_cast<double>(strays + read->numbers)) continue;
    best = std::move(read);
    if (strays == 0) break;
    limit = strays - 1;
  }
  return best;
}

/// The same of cells that all bear one unit.
std::optional<NumberColumn> read_with_unit(const std::vector<std::string>& cells, char delimiter) {
  const auto first = std::ranges::find_if_not(cells, is_missing);
  if (first == cells.end()) return std::nullopt;
  const auto unit = unit_mark(*first);
  if (unit.empty()) return std::nullopt;
  std::vector<std::string> bare;
  bare.reserve(cells.size());
  for (const auto& cell : cells) {
    auto number = is_missing(cell) ? std::optional<std::string>("") : without_unit(cell, unit);
    if (!number) return std::nullopt;
    bare.push_back(std::move(*number));
  }
  auto read = read_best(bare, delimiter, 0);
  if (read) read->unit = unit;
  return read;
}

}  // namespace

std::optional<NumberColumn> read_numbers(const std::vector<std::string>& cells,
                                         const std::vector<std::size_t>& lines, char delimiter,
                                         double stray_share, std::string_view column,
                                         std::string_view source) {
  auto read = read_best(cells, delimiter, stray_share);
  if (!read) read = read_with_unit(cells, delimiter);
  if (read) refuse_infinite(*read, cells, lines, column, source);
  return read;
}

}  // namespace qupel
