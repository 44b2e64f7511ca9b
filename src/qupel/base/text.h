#pragma once
#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

// What every reader of texts does before it looks at their language: bytes become UTF-8 with line ends "\n".
namespace qupel {

/// The text that the bytes of a file hold: without a byte-order mark, from UTF-16 if they are that (with a
/// mark, or with a zero byte in every other place of an ASCII beginning), and with "\n" for the line ends
/// "\r\n" and "\r".
/// @param source what errors call the file
/// @throws InputError "source:line:column: ..." for UTF-16 that is cut off or not well-formed
std::string plain_text(std::string bytes, std::string_view source);

/// How many bytes the space that starts here takes in UTF-8, for those spaces that ASCII does not have: wide
/// and narrow ones, those that do not break, and those without a width (U+200B, U+FEFF, ...). 0: there is
/// none.
std::size_t unusual_space(std::string_view text);

/// The number that the whole text is, with a decimal point whatever the program's locale; infinite if it is
/// too large, and 0 if it is too small. Nothing if it is no number.
std::optional<double> parse_double(std::string_view text);

/// ASCII letters in lower case, whatever the locale.
char lower(char letter);
std::string lower(std::string_view text);
/// Whether the texts are equal but for the case of ASCII letters.
inline bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char one, char other) { return lower(one) == lower(other); });
}

}  // namespace qupel
