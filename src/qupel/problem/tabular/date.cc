#include "qupel/problem/tabular/date.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <string>

#include "qupel/base/code_points.h"
#include "qupel/base/text.h"

namespace qupel {
namespace {

/// Digits alone as a number.
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

/// Where each of the three stands.
struct Positions {
  std::size_t year, month, day;
};

Positions positions(DateOrder order) {
  switch (order) {
    case DateOrder::year_first:
      return {0, 1, 2};
    case DateOrder::day_first:
      return {2, 1, 0};
    case DateOrder::month_first:
      break;
  }
  return {2, 0, 1};
}

/// The three parts of a date, and what stands between them.
struct Parts {
  std::array<std::string_view, 3> text;
  std::array<std::string_view, 2> marks;
  bool named = false;  ///< the month is a name
};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Digits or letters, as many as there are, taken from the text's front.
std::string_view take_part(std::string_view& text) {
  const bool letters = !text.empty() && is_letter(text.front());
  const auto* const end =
      std::ranges::find_if_not(text, [=](char c) { return letters ? is_letter(c) : is_digit(c); });
  const auto part = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(part.size());
  return part;
}

/// The first three parts; `text` keeps what follows.
Parts take_parts(std::string_view& text) {
  Parts parts;
  for (std::size_t k = 0; k < 3; ++k) {
    parts.text[k] = take_part(text);
    parts.named |= !parts.text[k].empty() && is_letter(parts.text[k].front());
    if (k == 2) break;
    parts.marks[k] = text.substr(0, std::min(text.find_first_not_of("-./, "), text.size()));
    text.remove_prefix(parts.marks[k].size());
  }
  return parts;
}

/// 1 to 12 of "Jan", "january", "SEPT".
std::optional<int> month_named(std::string_view word) {
  constexpr std::array<std::string_view, 12> names{"january",   "february", "march",    "april",
                                                   "may",       "june",     "july",     "august",
                                                   "september", "october",  "november", "december"};
  if (word.size() < 3) return std::nullopt;
  for (std::size_t k = 0; k < names.size(); ++k)
    if (equals_ignoring_case(word, names[k]) || equals_ignoring_case(word, names[k].substr(0, 3)) ||
        (k == 8 && equals_ignoring_case(word, "sept")))
      return static_cast<int>(k) + 1;
  return std::nullopt;
}

/// Between numbers one and the same of - . and /; beside a month's name also spaces and a comma, or nothing.
bool are_marks(const Parts& parts) {
  const auto& [first, second] = parts.marks;
  if (!parts.named)
    return first == second && first.size() == 1 && std::string_view("-./").find(first) != first.npos;
  return std::ranges::all_of(parts.marks, [](std::string_view mark) {
    return mark.size() <= 1 ? mark != "," : mark == ", " || mark == ". ";
  });
}

/// Two digits are a year behind / or a month's name, or where day and month have two digits, too: 1.2.10 may
/// be a version.
bool may_have_short_year(const Parts& parts) {
  return parts.named || parts.marks[0] == "/" || (parts.text[0].size() == 2 && parts.text[1].size() == 2);
}

/// As POSIX reads them: 69 to 99 are 1969 to 1999, 00 to 68 are 2000 to 2068.
int with_century(int short_year) { return short_year + (short_year < 69 ? 2000 : 1900); }

std::optional<int> year_of(const Parts& parts, std::size_t at) {
  const auto text = parts.text[at];
  const auto year = digits(text);
  if (!year || text.size() == 4) return year;
  if (text.size() != 2 || at == 0 || !may_have_short_year(parts)) return std::nullopt;
  return with_century(*year);
}

/// Days since 1970-01-01 of the date taken from the text's front.
std::optional<double> take_date(std::string_view& text, DateOrder order) {
  const auto parts = take_parts(text);
  if (!are_marks(parts)) return std::nullopt;
  const auto at = positions(order);
  const auto month = parts.named ? month_named(parts.text[at.month]) : digits(parts.text[at.month]);
  const auto year = year_of(parts, at.year), day = digits(parts.text[at.day]);
  const bool short_enough =
      parts.text[at.day].size() <= 2 && (parts.named || parts.text[at.month].size() <= 2);
  if (!year || !month || !day || !short_enough) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return static_cast<double>(std::chrono::sys_days{date}.time_since_epoch().count());
}

/// "Mon, " and "Monday, ", which the date itself says again.
void skip_day_of_week(std::string_view& text) {
  const auto comma = text.find(", ");
  if (comma == text.npos || comma < 3) return;
  for (const std::string_view name :
       {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"})
    if (equals_ignoring_case(text.substr(0, comma), name) ||
        equals_ignoring_case(text.substr(0, comma), name.substr(0, 3)))
      text.remove_prefix(comma + 2);
}

}  // namespace

std::optional<double> parse_date(std::string_view cell, DateOrder order) {
  skip_day_of_week(cell);
  const auto days = take_date(cell, order);
  if (!days || cell.empty()) return days;
  if (std::string_view("T :").find(cell.front()) == std::string_view::npos) return std::nullopt;
  const auto time = time_of_day(cell.substr(1));
  return time ? std::optional(*days + *time) : std::nullopt;
}

std::optional<double> parse_time(std::string_view cell) {
  const auto days = time_of_day(cell);
  return days ? std::optional(24 * *days) : std::nullopt;
}

bool has_short_year(std::string_view date) {
  skip_day_of_week(date);
  return std::ranges::none_of(take_parts(date).text,
                              [](auto part) { return part.size() == 4 && is_digit(part[0]); });
}

}  // namespace qupel
