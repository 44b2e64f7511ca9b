#pragma once
#include <optional>
#include <string_view>

namespace qupel {

/// The order in which a date tells year, month and day.
enum class DateOrder { year_first, day_first, month_first };

/// Days since 1970-01-01 of a date: three numbers with '-', '.' or '/' between them (2024-02-29, 29.2.2024,
/// 02/29/24), or with the month's English name (29-Feb-2024, 29FEB2024, Feb 29, 2024), perhaps behind the day
/// of the week and a comma. A year of two digits, which comes last, lies in 1969 to 2068, as POSIX reads it.
/// A time may follow after T, a space or a colon, as parse_time() reads it, which adds the fraction of the
/// day. Nothing for a day that no calendar has.
std::optional<double> parse_date(std::string_view cell, DateOrder order);

/// Whether parse_date() supplies the century.
bool has_short_year(std::string_view date);

/// Hours since midnight of a time of day, hh:mm[:ss[.f]] (or a comma for the point), with AM or PM after it,
/// or with Z, UTC, GMT, +hh:mm, +hhmm or +hh.
std::optional<double> parse_time(std::string_view cell);

}  // namespace qupel
