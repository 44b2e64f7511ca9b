#pragma once
#include <string>
#include <string_view>

// Text as code points: what readers and messages need to know of Unicode.
namespace qupel {

/// 0 to 9 of ASCII.
inline constexpr auto is_digit = [](auto point) { return point >= '0' && point <= '9'; };

/// Removes the first code point of UTF-8 text and returns it; U+FFFD, and one byte removed, where the text is
/// not well formed. @param text not empty
char32_t take_code_point(std::string_view& text);
void append_code_point(std::string& text, char32_t point);

/// Spaces and tabs of every width, also those that do not break a line (U+00A0, U+202F), and line ends.
bool is_space(char32_t point);
/// What takes no room: zero-width spaces and joiners, byte-order marks inside a text, soft hyphens, marks of
/// the writing direction.
bool is_invisible(char32_t point);

/// Without the spaces and invisible code points around it.
std::string_view trim(std::string_view text);

/// The first so many code points, and "..." if there are more; for a message, so that control characters
/// become spaces and what is not UTF-8 becomes U+FFFD.
std::string shortened(std::string_view text, std::size_t points);
/// The same between quotation marks: what a message calls a word of a file.
std::string in_quotes(std::string_view text, std::size_t points = 40);

/// UTF-16 as UTF-8; lone surrogates and a last odd byte become U+FFFD.
/// @param bytes without the byte-order mark
std::string utf8_from_utf16(std::string_view bytes, bool big_endian);

}  // namespace qupel
