#include "qupel/problem/number_column.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "qupel/base/error.h"

namespace qupel {
namespace {

std::array<NumberFormat, 4> formats(char delimiter) {
  constexpr NumberFormat point{}, grouped_point{'.', ','}, comma{',', 0}, grouped_comma{',', '.'};
  if (delimiter == ',') return {point, grouped_point, comma, grouped_comma};
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
  for (const auto format : formats(delimiter)) {
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
