#include "qupel/base/code_points.h"

#include <algorithm>
#include <array>

namespace qupel {
namespace {

constexpr char32_t replacement = 0xfffd;

bool is_inner_byte(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

bool is_dropped(char32_t point) { return is_space(point) || is_invisible(point); }

/// The last code point of a text that is not empty.
std::string_view last_code_point(std::string_view text) {
  auto start = text.size() - 1;
  while (start > 0 && text.size() - start < 4 && is_inner_byte(text[start])) --start;
  return text.substr(start);
}

}  // namespace

char32_t take_code_point(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 0;
  constexpr std::array<unsigned, 5> lead_bits{0, 0x7f, 0x1f, 0x0f, 0x07};
  const bool whole =
      length > 0 && length <= text.size() && std::ranges::all_of(text.substr(1, length - 1), is_inner_byte);
  if (!whole) {
    text.remove_prefix(1);
    return replacement;
  }
  char32_t point = lead & lead_bits[length];
  for (std::size_t i = 1; i < length; ++i)
    point = (point << 6) | (static_cast<unsigned char>(text[i]) & 0x3f);
  text.remove_prefix(length);
  return point;
}

void append_code_point(std::string& text, char32_t point) {
  const auto add = [&](char32_t byte) { text += static_cast<char>(byte); };
  if (point < 0x80) return add(point);
  if (point < 0x800) {
    add(0xc0 | (point >> 6));
  } else if (point < 0x10000) {
    add(0xe0 | (point >> 12));
    add(0x80 | ((point >> 6) & 0x3f));
  } else {
    add(0xf0 | (point >> 18));
    add(0x80 | ((point >> 12) & 0x3f));
    add(0x80 | ((point >> 6) & 0x3f));
  }
  add(0x80 | (point & 0x3f));
}

bool is_space(char32_t point) {
  return point == ' ' || (point >= '\t' && point <= '\r') || point == 0x85 || point == 0xa0 ||
         point == 0x1680 || (point >= 0x2000 && point <= 0x200a) || point == 0x2028 || point == 0x2029 ||
         point == 0x202f || point == 0x205f || point == 0x3000;
}

bool is_invisible(char32_t point) {
  return point == 0xad || point == 0x34f || point == 0x180e || (point >= 0x200b && point <= 0x200f) ||
         (point >= 0x202a && point <= 0x202e) || (point >= 0x2060 && point <= 0x2069) ||
         (point >= 0xfe00 && point <= 0xfe0f) || point == 0xfeff;
}

std::string_view trim(std::string_view text) {
  while (!text.empty()) {
    auto rest = text;
    if (!is_dropped(take_code_point(rest))) break;
    text = rest;
  }
  while (!text.empty()) {
    auto last = last_code_point(text);
    const auto size = last.size();
    if (!is_dropped(take_code_point(last)) || !last.empty()) break;
    text.remove_suffix(size);
  }
  return text;
}

std::string shortened(std::string_view text, std::size_t points) {
  std::string shown;
  for (std::size_t i = 0; i < points && !text.empty(); ++i) {
    const auto point = take_code_point(text);
    append_code_point(shown, point < 0x20 || point == 0x7f ? ' ' : point);
  }
  return text.empty() ? shown : shown + "...";
}

std::string in_quotes(std::string_view text, std::size_t points) {
  return '"' + shortened(text, points) + '"';
}

std::string utf8_from_utf16(std::string_view bytes, bool big_endian) {
  const auto unit = [&](std::size_t i) {
    const auto one = static_cast<unsigned char>(bytes[i]), two = static_cast<unsigned char>(bytes[i + 1]);
    return static_cast<char32_t>(big_endian ? one << 8 | two : two << 8 | one);
  };
  const auto is_high = [](char32_t u) { return u >= 0xd800 && u < 0xdc00; };
  const auto is_low = [](char32_t u) { return u >= 0xdc00 && u < 0xe000; };
  std::string text;
  text.reserve(bytes.size() / 2);
  std::size_t i = 0;
  for (; i + 1 < bytes.size(); i += 2) {
    const auto first = unit(i);
    const auto second = is_high(first) && i + 3 < bytes.size() ? unit(i + 2) : 0;
    if (is_low(second)) {
      append_code_point(text, 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00));
      i += 2;
    } else {
      append_code_point(text, is_high(first) || is_low(first) ? replacement : first);
    }
  }
  if (i < bytes.size()) append_code_point(text, replacement);
  return text;
}

}  // namespace qupel
