#include "qupel/report/terminal.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace qupel::report {
namespace {

struct CodePoints {
  char32_t first, last;
};
constexpr std::array wide{
    CodePoints{0x1100, 0x115F},   CodePoints{0x2E80, 0x303E},  CodePoints{0x3041, 0xA4CF},
    CodePoints{0xAC00, 0xD7A3},   CodePoints{0xF900, 0xFAFF},  CodePoints{0xFE30, 0xFE6F},
    CodePoints{0xFF00, 0xFF60},   CodePoints{0xFFE0, 0xFFE6},  CodePoints{0x1F300, 0x1F64F},
    CodePoints{0x1F900, 0x1F9FF}, CodePoints{0x20000, 0x3FFFD}};
constexpr std::array combining{CodePoints{0x0300, 0x036F}, CodePoints{0x1AB0, 0x1AFF},
                               CodePoints{0x1DC0, 0x1DFF}, CodePoints{0x200B, 0x200F},
                               CodePoints{0x20D0, 0x20FF}, CodePoints{0xFE00, 0xFE0F},
                               CodePoints{0xFE20, 0xFE2F}};

template <std::size_t size>
bool in(const std::array<CodePoints, size>& ranges, char32_t point) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const CodePoints& r) { return point >= r.first && point <= r.last; });
}

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

/// The first character of a text that is not empty: its bytes.
std::string_view first_character(std::string_view text) {
  std::size_t size = 1;
  while (size < text.size() && size < 4 && continues(text[size])) ++size;
  return text.substr(0, size);
}

char32_t code_point(std::string_view character) {
  const auto lead = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return lead;
  char32_t point = lead & (0x7FU >> character.size());
  for (const char byte : character.substr(1)) point = point << 6 | (static_cast<unsigned char>(byte) & 0x3FU);
  return point;
}

std::size_t columns_of_character(std::string_view character) {
  const auto point = code_point(character);
  return in(combining, point) ? 0 : in(wide, point) ? 2 : 1;
}

/// Bytes of the longest beginning that fits in `width` columns.
std::size_t fitting(std::string_view text, std::size_t width) {
  std::size_t bytes = 0;
  while (bytes < text.size()) {
    const auto character = first_character(text.substr(bytes));
    const auto columns = columns_of_character(character);
    if (columns > width) break;
    width -= columns;
    bytes += character.size();
  }
  return bytes;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  for (; !text.empty(); text.remove_prefix(first_character(text).size())) {
    const auto character = first_character(text);
    const auto point = code_point(character);
    out += point < 0x20 || (point >= 0x7F && point < 0xA0) ? std::string_view("\uFFFD") : character;
  }
  return out;
}

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  for (; !text.empty(); text.remove_prefix(first_character(text).size()))
    columns += columns_of_character(first_character(text));
  return columns;
}

std::string shortened(std::string_view text, std::size_t width) {
  if (columns_of(text) <= width) return std::string(text);
  if (width == 0) return "";
  return std::string(text.substr(0, fitting(text, width - 1))) + "…";
}

std::string padded(std::string_view text, std::size_t width, Align align) {
  const auto columns = columns_of(text);
  const std::string space(width - std::min(width, columns), ' ');
  return align == Align::right ? space + std::string(text) : std::string(text) + space;
}

std::string wrapped(std::string_view text, std::size_t width, std::size_t indent) {
  indent = std::min(indent, width / 2);
  std::string out;
  std::size_t column = 0;
  bool line_empty = true;
  const auto new_line = [&] {
    out += '\n' + std::string(indent, ' ');
    column = indent;
    line_empty = true;
  };
  while (!text.empty()) {
    auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (word.empty()) continue;
    if (!line_empty && column + 1 + columns_of(word) > width) new_line();
    if (!line_empty) out += ' ', ++column;
    while (columns_of(word) > width - column) {
      const auto bytes = std::max(fitting(word, width - column), first_character(word).size());
      out += word.substr(0, bytes);
      word.remove_prefix(bytes);
      new_line();
    }
    out += word;
    column += columns_of(word);
    line_empty = false;
  }
  return out;
}

}  // namespace qupel::report
