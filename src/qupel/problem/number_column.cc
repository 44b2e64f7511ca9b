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

}  // namespace

std::optional<NumberColumn> read_numbers(const std::vector<std::string>& cells,
                                         const std::vector<std::size_t>& lines, char delimiter,
                                         double stray_share, std::string_view column,
                                         std::string_view source) {
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
  if (best) refuse_infinite(*best, cells, lines, column, source);
  return best;
}

}  // namespace qupel
