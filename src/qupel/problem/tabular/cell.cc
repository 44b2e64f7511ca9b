#include "qupel/problem/tabular/cell.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>
#include <string>

#include "qupel/base/code_points.h"
#include "qupel/base/text.h"
#include "qupel/problem/tabular/missing_marks.h"
#include "qupel/problem/tabular/number_spelling.h"

namespace qupel {
namespace {

/// "1,234,567" of a number's digits before the decimal mark: one to three digits, then groups of exactly
/// three; in India "12,34,567", one or two digits, then groups of two, then three.
bool well_grouped(std::string_view digits, NumberFormat format) {
  const std::size_t inner = format.indian ? 2 : 3;
  std::size_t group = 0;
  bool first = true;
  for (const char c : digits) {
    if (c != format.thousands) {
      ++group;
    } else if (group == 0 || group > inner || (!first && group != inner)) {
      return false;
    } else {
      group = 0;
      first = false;
    }
  }
  return first || (group == 3 && digits.front() != '0');
}

/// The same number as "1234.5"; nothing if its marks are misplaced.
std::optional<std::string> with_point(std::string_view cell, NumberFormat format) {
  const auto end_of_whole = std::min(cell.find(format.decimal), cell.find_first_of("eE"));
  const auto sign = cell.starts_with('-') ? 1u : 0u;
  const auto whole =
      cell.substr(sign, end_of_whole == std::string_view::npos ? end_of_whole : end_of_whole - sign);
  if (format.thousands != 0 && !well_grouped(whole, format)) return std::nullopt;
  std::string plain(cell.substr(0, sign));
  for (std::size_t i = sign; i < cell.size(); ++i) {
    if (format.thousands != 0 && cell[i] == format.thousands) {
      if (i > end_of_whole) return std::nullopt;
      continue;
    }
    if (cell[i] == '.' && format.decimal != '.') return std::nullopt;
    plain += cell[i] == format.decimal ? '.' : cell[i];
  }
  return plain;
}

/// A mark that ends with another one stands before it.
constexpr std::array<std::string_view, 34> unit_marks{
    "US$", "CA$", "AU$", "HK$", "A$",  "C$",  "R$",  "S$",  "$",   "%",  "€", "£",
    "¥",   "₹",   "₽", "₩",   "₺",   "₪",   "₫",   "₴",   "₦",   "₱",  "฿", "Rs.",
    "Rs",  "USD", "EUR", "GBP", "CHF", "JPY", "CNY", "INR", "CAD", "AUD"};

std::string_view unsigned_part(std::string_view cell) {
  return cell.starts_with('-') || cell.starts_with('+') ? cell.substr(1) : cell;
}

}  // namespace

namespace {

/// A number in ASCII, with the sign before it.
std::optional<double> parse_spelled_plainly(std::string_view cell, NumberFormat format) {
  if (cell.starts_with('+') && !cell.starts_with("+-")) cell.remove_prefix(1);
  if (cell.empty()) return std::nullopt;
  const char start = cell[0] == '-' && cell.size() > 1 ? cell[1] : cell[0];
  if (!is_digit(start) && start != format.decimal) {
    const auto word = cell[0] == '-' ? cell.substr(1) : cell;
    if (!equals_ignoring_case(word, "inf") && !equals_ignoring_case(word, "infinity")) return std::nullopt;
    const double infinity = std::numeric_limits<double>::infinity();
    return cell[0] == '-' ? -infinity : infinity;
  }
  if (format == NumberFormat{}) return parse_double(cell);
  const auto plain = with_point(cell, format);
  return plain ? parse_double(*plain) : std::nullopt;
}

}  // namespace

std::optional<double> parse_number(std::string_view cell, NumberFormat format) {
  if (const auto value = parse_spelled_plainly(cell, format)) return value;
  if (!may_be_spelled_otherwise(cell)) return std::nullopt;
  return parse_spelled_plainly(plain_spelling(cell), format);
}

bool is_number(std::string_view cell) {
  return std::ranges::any_of(all_number_formats,
                             [=](auto format) { return parse_number(cell, format).has_value(); });
}

bool are_of_one_language(std::span<const std::string> cells) {
  bool truth = false, answer = false;
  for (const std::string_view cell : cells) {
    if (!parse_boolean(cell)) continue;
    const char first = static_cast<char>(cell[0] | 0x20);
    (first == 't' || first == 'f' ? truth : answer) = true;
  }
  return !(truth && answer);
}

std::optional<bool> parse_boolean(std::string_view cell) {
  for (const std::string_view yes : {"true", "yes", "t", "y"})
    if (equals_ignoring_case(cell, yes)) return true;
  for (const std::string_view no : {"false", "no", "f", "n"})
    if (equals_ignoring_case(cell, no)) return false;
  return std::nullopt;
}

std::string_view unit_mark(std::string_view cell) {
  for (const auto mark : unit_marks) {
    if (cell.ends_with(mark)) return mark;
    if (unsigned_part(cell).starts_with(mark)) return mark;
  }
  constexpr std::size_t longest = 8;  // km/h and the like, not a sentence
  const auto digits = cell.find_last_of("0123456789");
  if (digits == std::string_view::npos || !is_digit(unsigned_part(cell).front())) return {};
  const auto word = trim(cell.substr(digits + 1));
  return word.size() <= longest && word.find('"') == word.npos ? word : std::string_view{};
}

std::optional<std::string> without_unit(std::string_view cell, std::string_view mark) {
  if (cell.ends_with(mark)) return std::string(trim(cell.substr(0, cell.size() - mark.size())));
  const auto bare = unsigned_part(cell);
  if (!bare.starts_with(mark)) return std::nullopt;
  return std::string(cell.substr(0, cell.size() - bare.size())).append(trim(bare.substr(mark.size())));
}

std::optional<std::string> unit_of_number(std::string_view cell) {
  const auto is_finite = [](std::string_view number) {
    return std::ranges::any_of(number, is_digit) && is_number(number);
  };
  if (is_finite(cell)) return "";
  const auto plain = plain_spelling(cell);
  const auto unit = unit_mark(plain);
  const auto bare = unit.empty() ? std::nullopt : without_unit(plain, unit);
  return bare && is_finite(*bare) ? std::optional(std::string(unit)) : std::nullopt;
}

std::string describe(const CellReading& reading) {
  switch (reading.kind) {
    case CellReading::Kind::boolean:
      return "true and false";
    case CellReading::Kind::date:
      return reading.date == DateOrder::year_first  ? "dates (year, month, day)"
             : reading.date == DateOrder::day_first ? "dates (day, month, year)"
                                                    : "dates (month, day, year)";
    case CellReading::Kind::time:
      return "times of day";
    case CellReading::Kind::number:
      break;
  }
  std::string text = "numbers";
  if (!reading.unit.empty()) text += " in " + reading.unit;
  if (reading.number.decimal == ',') text += " with a decimal comma";
  return text;
}

namespace {

std::optional<double> read_number(std::string_view cell, const CellReading& reading) {
  if (!reading.unit.empty())
    if (const auto bare = without_unit(plain_spelling(cell), reading.unit))
      return parse_number(*bare, reading.number);
  return parse_number(cell, reading.number);
}

std::optional<double> read_value(std::string_view cell, const CellReading& reading) {
  switch (reading.kind) {
    case CellReading::Kind::boolean:
      break;
    case CellReading::Kind::date:
      return parse_date(cell, reading.date);
    case CellReading::Kind::time:
      return parse_time(cell);
    case CellReading::Kind::number:
      return read_number(cell, reading);
  }
  const auto truth = parse_boolean(cell);
  return truth ? std::optional(*truth ? 1.0 : 0.0) : std::nullopt;
}

bool stands_for_missing(std::string_view cell, const CellReading& reading) {
  if (std::ranges::binary_search(reading.missing_texts, cell)) return true;
  return reading.kind != CellReading::Kind::boolean && may_be_missing(cell);
}

}  // namespace

std::optional<double> read_cell(std::string_view cell, const CellReading& reading) {
  if (const auto value = read_value(cell, reading)) return value;
  return stands_for_missing(cell, reading) ? std::optional(std::numeric_limits<double>::quiet_NaN())
                                           : std::nullopt;
}

}  // namespace qupel
