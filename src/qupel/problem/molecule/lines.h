#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What the readers of chemists' text formats share: lines, words and numbers with a place for errors.
namespace qupel {

/// The lines of a text, each with its words; numbers of lines count from 1.
struct ChemistryLine {
  std::size_t number = 0;
  std::string_view text;
  std::vector<std::string_view> words;
};
std::vector<ChemistryLine> text_lines(std::string_view text);

/// A number as programs of chemistry write it: exponents by e, d or their capitals; a sign of plus may come
/// first. Nothing if it is none or not finite.
std::optional<double> chemists_number(std::string_view word);
std::optional<int> whole_number(std::string_view word);

/// @throws InputError "source:line: message"
[[noreturn]] void fail_at(std::string_view source, const ChemistryLine& line, std::string_view message);

/// The atomic number. @throws InputError naming the line and the nearest element
int read_element(std::string_view word, std::string_view source, const ChemistryLine& line);

}  // namespace qupel
