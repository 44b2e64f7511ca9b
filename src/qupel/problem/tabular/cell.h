#pragma once
#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "qupel/problem/tabular/date.h"

// The meaning of one cell of a table.
namespace qupel {

/// How numbers are written.
struct NumberFormat {
  char decimal = '.';
  char thousands = 0;   ///< the mark between groups of digits: , . ' or a space of any kind; 0: none
  bool indian = false;  ///< the last group has three digits, those before it two: 12,34,567
  friend bool operator==(const NumberFormat&, const NumberFormat&) = default;
};

namespace number_formats {
inline constexpr NumberFormat decimal_point{}, grouped_point{'.', ','}, decimal_comma{',', 0},
    grouped_comma{',', '.'}, spaced_point{'.', ' '}, spaced_comma{',', ' '}, quoted_point{'.', '\''},
    quoted_comma{',', '\''}, indian{'.', ',', true};
}
/// Those that columns are tried in.
inline constexpr std::array all_number_formats{
    number_formats::decimal_point, number_formats::grouped_point, number_formats::decimal_comma,
    number_formats::grouped_comma, number_formats::spaced_point,  number_formats::spaced_comma,
    number_formats::quoted_point,  number_formats::quoted_comma,  number_formats::indian};

/// The number a cell holds, sign and exponent allowed, in any spelling that plain_spelling() knows; infinite
/// if it says so (inf, infinity) or is too large for a double. Nothing if it is no number in this format.
std::optional<double> parse_number(std::string_view cell, NumberFormat format = {});

/// Whether that is a number in any of the formats.
bool is_number(std::string_view cell);

/// true, yes, t, y: true; false, no, f, n: false; in any case.
std::optional<bool> parse_boolean(std::string_view cell);
/// Whether all cells with a truth are said by words that belong together: true, t, false and f, or yes, y, no
/// and n. T and Y in one column are letters (of amino acids), not truths.
bool are_of_one_language(std::span<const std::string> cells);

/// The unit that a finite number bears, "" for none; nothing if the cell is no such number in any format.
std::optional<std::string> unit_of_number(std::string_view cell);

/// How the cells of a column were read as numbers, so that later ones are read alike.
struct CellReading {
  enum class Kind { number, boolean, date, time } kind = Kind::number;
  NumberFormat number = {};
  std::string unit = {};  ///< that every number bore; "" for none
  DateOrder date = DateOrder::year_first;
  /// Other texts that stood among the numbers and were read as missing, sorted; the first few of many.
  std::vector<std::string> missing_texts = {};
};
/// What a column holds, in words: "numbers in kg with a decimal comma".
std::string describe(const CellReading& reading);
/// A cell that is not missing as a number, with or without the unit; NaN for a text that stands for a missing
/// value there; nothing if it does not read so.
std::optional<double> read_cell(std::string_view cell, const CellReading& reading);

/// The mark of a number's unit: %, a currency's sign or code ($, EUR) at the cell's start or end, or a short
/// word after the number (kg, km/h); else empty.
std::string_view unit_mark(std::string_view cell);

/// The cell without that mark and the spaces beside it, its sign kept: "-5" of "-$ 5"; nothing if it has
/// another one or none.
std::optional<std::string> without_unit(std::string_view cell, std::string_view mark);

}  // namespace qupel
