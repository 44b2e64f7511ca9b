#include "qupel/problem/tabular/cell.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <limits>
#include <string>

#include "qupel/base/code_points.h"
#include "qupel/base/text.h"
#include "qupel/problem/tabular/missing_marks.h"
#include "qupel/problem/tabular/number_spelling.h"

namespace qupel {
namespace {

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, [](char c) { return lower(c); });
}

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

/// Two or more digits as a number.
std::optional<int> digits(std::string_view text) {
  int value = 0;
  if (text.empty() || !std::ranges::all_of(text, is_digit)) return std::nullopt;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// "hh:mm" or "h:mm" taken from the text's front, as minutes of the day.
std::optional<int> take_minutes(std::string_view& text) {
  const auto colon = text.find(':');
  if (colon == 0 || colon > 2 || text.size() < colon + 3) return std::nullopt;
  const auto hours = digits(text.substr(0, colon)), minutes = digits(text.substr(colon + 1, 2));
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  text.remove_prefix(colon + 3);
  return *hours * 60 + *minutes;
}

/// "AM" or "PM" taken from the text's front, if it is there: those minutes in the day's 24 hours.
std::optional<int> take_half_of_day(std::string_view& text, int minutes) {
  constexpr int noon = 12 * 60;
  const auto word = trim(text);
  const bool before = equals_ignoring_case(word, "am"), after = equals_ignoring_case(word, "pm");
  if (!before && !after) return minutes;
  if (minutes < 60 || minutes >= noon + 60) return std::nullopt;
  text = {};
  return minutes % noon + (after ? noon : 0);
}

/// Minutes that a time zone ("", Z, UTC, +02:00, +0200, +02) is ahead of UTC.
std::optional<int> zone(std::string_view text) {
  text = trim(text);
  for (const std::string_view none : {"", "z", "utc", "gmt"})
    if (equals_ignoring_case(text, none)) return 0;
  const int sign = text[0] == '+' ? 1 : text[0] == '-' ? -1 : 0;
  text.remove_prefix(1);
  std::string written(text);
  if (written.size() == 2) written += "00";
  if (written.size() == 4 && written.find(':') == std::string::npos) written.insert(2, ":");
  std::string_view rest = written;
  const auto minutes = written.size() == 5 ? take_minutes(rest) : std::nullopt;
  if (sign == 0 || !minutes || !rest.empty()) return std::nullopt;
  return sign * *minutes;
}

/// ":ss[.f]" or ":ss[,f]" taken from the text's front, if it is there.
std::optional<double> take_seconds(std::string_view& text) {
  if (!text.starts_with(':')) return 0.0;
  const auto length = std::min(text.find_first_not_of("0123456789.,", 1), text.size());
  std::string written(text.substr(1, length - 1));
  std::ranges::replace(written, ',', '.');
  const auto seconds = parse_double(written);
  if (length < 3 || !is_digit(text[1]) || !is_digit(text[2]) || !seconds || *seconds >= 61)
    return std::nullopt;
  text.remove_prefix(length);
  return seconds;
}

/// The fraction of a day that "hh:mm[:ss[.f]]" stands for, with AM, PM or a zone after it.
std::optional<double> time_of_day(std::string_view text) {
  auto minutes = take_minutes(text);
  if (!minutes) return std::nullopt;
  const auto seconds = take_seconds(text);
  if (!seconds) return std::nullopt;
  minutes = take_half_of_day(text, *minutes);
  if (!minutes) return std::nullopt;
  const auto ahead = zone(text);
  if (!ahead) return std::nullopt;
  return (*minutes - *ahead + *seconds / 60) / (24 * 60);
}

/// Days since 1970-01-01 of three numbers with one mark between them.
std::optional<double> calendar_day(std::string_view text, DateOrder order) {
  std::array<int, 3> parts{};
  const auto first_mark = text.find_first_of("-./");
  if (first_mark == std::string_view::npos) return std::nullopt;
  const char mark = text[first_mark];
  const std::size_t year_at = order == DateOrder::year_first ? 0 : 2;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto end = i < 2 ? text.find(mark) : text.size();
    if (end == std::string_view::npos || (i == year_at ? end != 4 : end > 2)) return std::nullopt;
    const auto number = digits(text.substr(0, end));
    if (!number) return std::nullopt;
    parts[i] = *number;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  const std::size_t month_at = order == DateOrder::month_first ? 0 : 1, day_at = 3 - month_at - year_at;
  const std::chrono::year_month_day date{std::chrono::year{parts[year_at]},
                                         std::chrono::month{static_cast<unsigned>(parts[month_at])},
                                         std::chrono::day{static_cast<unsigned>(parts[day_at])}};
  if (!date.ok()) return std::nullopt;
  return static_cast<double>(std::chrono::sys_days{date}.time_since_epoch().count());
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

std::optional<double> parse_date(std::string_view cell, DateOrder order) {
  const auto date_end = std::min(cell.find_first_of("T "), cell.size());
  const auto days = calendar_day(cell.substr(0, date_end), order);
  if (!days || date_end == cell.size()) return days;
  const auto time = time_of_day(cell.substr(date_end + 1));
  return time ? std::optional(*days + *time) : std::nullopt;
}

std::optional<double> parse_time(std::string_view cell) {
  const auto days = time_of_day(cell);
  return days ? std::optional(24 * *days) : std::nullopt;
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
