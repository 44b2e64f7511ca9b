#pragma once
#include <string>
#include <string_view>

// What two texts may differ in and still look the same to a reader.
namespace qupel {

/// The text's code points without those that take no room, every space as ' ', full-width letters, digits and
/// marks as ASCII, sharp s as ss, and composed Latin, Greek and Cyrillic letters as the letter and its marks
/// (the canonical decomposition, Unicode NFD).
std::u32string folded(std::string_view text);

/// Latin, Greek and Cyrillic letters in lower case.
std::u32string in_lower_case(std::u32string text);

/// Greek and Cyrillic letters that look like Latin ones as those: the Cyrillic A as A.
std::u32string in_latin(std::u32string text);

}  // namespace qupel
