#pragma once
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

// Ways to write a number that mean the same wherever they stand, so that nothing has to be decided by column:
// the sign, the exponent, the digits.
namespace qupel {

/// A number in ASCII: an optional '-' before all else, 'e' before an exponent, ' ' for every kind of space
/// and '\'' for every kind of apostrophe between digits. What is left to read is the decimal mark and the
/// groups. Text that is no such number comes back as it is.
///  - U+2212 and other dashes before a number are '-'
///  - (1.5), as accountants write it, and 1.5-, as SAP and COBOL do, are -1.5
///  - 1.5D+00 (Fortran) is 1.5e+00, where a point or the exponent's sign shows it
///  - full-width digits and those of other scripts are 0 to 9; the full-width point and comma are '.' and ','
///  - of the Arabic marks the decimal one is '.', and that between groups is '\'', so that it is nothing else
std::string plain_spelling(std::string_view cell);

/// The ASCII digit of a decimal digit of any script; 0 if it is none.
char decimal_digit(char32_t point);

/// Whether plain_spelling() could change the cell: a quick look, which most cells do not pass.
bool may_be_spelled_otherwise(std::string_view cell);

/// Where a number has its sign.
enum class SignPlace { before, around, behind };  // -1.5, (1.5), 1.5-
SignPlace sign_place(std::string_view cell);

/// How many cells of a column had each spelling.
class SpellingCounts {
 public:
  void add(std::string_view cell);
  /// "the minus sign U+2212 (3 cells), a minus sign after the number (1 cell)"; "" if all were plain.
  std::string words() const;
  bool has_trailing_minus() const { return counts_[trailing] > 0; }

 private:
  enum Kind { dash, parentheses, trailing, fortran, digits, kinds };
  std::array<std::size_t, kinds> counts_{};
};

}  // namespace qupel
