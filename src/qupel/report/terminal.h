#pragma once
#include <cstddef>
#include <string>
#include <string_view>

// Text for terminals: columns are not bytes, and what comes from users
// must not reach the terminal as commands.
namespace qupel::report {

/// The text with control characters (escape sequences, line ends, tabs) replaced by U+FFFD.
std::string printable(std::string_view text);

/// Terminal columns of UTF-8 text: none for combining marks, two for wide characters (East Asian, emoji),
/// else one.
std::size_t columns_of(std::string_view text);

/// At most `width` columns; what is cut off is replaced by "…".
std::string shortened(std::string_view text, std::size_t width);

enum class Align { left, right };
/// Exactly `width` columns unless the text has more.
std::string padded(std::string_view text, std::size_t width, Align align = Align::left);

/// Lines of at most `width` columns, broken at spaces, or inside a word that is longer than a line. Continued
/// lines begin with `indent` spaces.
std::string wrapped(std::string_view text, std::size_t width, std::size_t indent = 0);

}  // namespace qupel::report
