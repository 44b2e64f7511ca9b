#pragma once
#include <optional>
#include <string>
#include <string_view>

// The meaning of one cell of a table.
namespace qupel {

/// How numbers are written.
struct NumberFormat {
  char decimal = '.';
  char thousands = 0;  ///< the mark between groups of three digits; 0: none
  friend bool operator==(const NumberFormat&, const NumberFormat&) = default;
};

/// Empty, or one of NA, N/A, NaN, null, ?, -, . (in any case).
bool is_missing(std::string_view cell);

/// The number a cell holds, sign and exponent allowed; infinite if it says so (inf, infinity) or is too large
/// for a double. Nothing if it is no number in this format.
std::optional<double> parse_number(std::string_view cell, NumberFormat format = {});

/// true, yes, t, y: true; false, no, f, n: false; in any case.
std::optional<bool> parse_boolean(std::string_view cell);

/// Days since 1970-01-01 of YYYY-MM-DD, or of YYYY-MM-DDThh:mm[:ss[.f]] (a space will do for T) with nothing,
/// Z or +hh:mm after it, with the fraction of the day. Nothing for a day that no calendar has.
std::optional<double> parse_iso_date(std::string_view cell);

/// Without the spaces and tabs around it.
std::string_view trim(std::string_view text);

/// ASCII letters in lower case.
std::string lower(std::string_view text);

}  // namespace qupel
