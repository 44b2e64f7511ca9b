#include "qupel/base/text.h"

#include <fmt/format.h>
#include <locale.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <iterator>

#include "qupel/base/error.h"

namespace qupel {
namespace {

enum class Encoding { utf8, utf16_little, utf16_big };

// A mark decides; without one the zero bytes of ASCII characters in UTF-16 do.
Encoding encoding_of(std::string_view bytes) {
  if (bytes.starts_with("\xff\xfe")) return Encoding::utf16_little;
  if (bytes.starts_with("\xfe\xff")) return Encoding::utf16_big;
  constexpr std::size_t seen = 4;
  if (bytes.size() < seen) return Encoding::utf8;
  const auto zero = [&](std::size_t k) { return bytes[k] == '\0'; };
  if (!zero(0) && zero(1) && !zero(2) && zero(3)) return Encoding::utf16_little;
  if (zero(0) && !zero(1) && zero(2) && !zero(3)) return Encoding::utf16_big;
  return Encoding::utf8;
}

void append_utf8(std::uint32_t character, std::string& text) {
  const auto add = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
  if (character < 0x80) return add(character);
  if (character < 0x800) {
    add(0xc0 | character >> 6);
  } else {
    if (character < 0x10000) {
      add(0xe0 | character >> 12);
    } else {
      add(0xf0 | character >> 18);
      add(0x80 | (character >> 12 & 0x3f));
    }
    add(0x80 | (character >> 6 & 0x3f));
  }
  add(0x80 | (character & 0x3f));
}

[[noreturn]] void fail_utf16(std::string_view text, std::string_view source, std::string_view what) {
  const auto line = text.substr(text.rfind('\n') + 1);  // npos + 1 = 0: the first line
  const auto column = 1 + std::ranges::count_if(line, [](char c) { return (c & 0xC0) != 0x80; });
  throw InputError(fmt::format("{}:{}:{}: the text is UTF-16, and {}; save it as UTF-8", source,
                               1 + std::ranges::count(text, '\n'), column, what));
}

std::string from_utf16(std::string_view bytes, bool little, std::string_view source) {
  std::string text;
  const auto unit = [&](std::size_t k) {
    const auto first = static_cast<unsigned char>(bytes[k]),
               second = static_cast<unsigned char>(bytes[k + 1]);
    return static_cast<std::uint32_t>(little ? first | second << 8 : second | first << 8);
  };
  const auto is_low = [](std::uint32_t u) { return u >= 0xdc00 && u < 0xe000; };
  for (std::size_t k = 0; k < bytes.size(); k += 2) {
    if (k + 1 == bytes.size()) fail_utf16(text, source, "ends within a character");
    auto character = unit(k);
    if (character >= 0xd800 && character < 0xdc00) {  // the first of a pair
      if (k + 3 >= bytes.size() || !is_low(unit(k + 2)))
        fail_utf16(text, source, "half of a character is missing");
      character = 0x10000 + ((character - 0xd800) << 10) + (unit(k + 2) - 0xdc00);
      k += 2;
    } else if (is_low(character)) {
      fail_utf16(text, source, "half of a character is missing");
    }
    append_utf8(character, text);
  }
  return text;
}

std::string with_plain_line_ends(std::string text) {
  if (std::ranges::find(text, '\r') == text.end()) return text;
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t k = 0; k < text.size(); ++k) {
    if (text[k] != '\r')
      plain += text[k];
    else if (k + 1 == text.size() || text[k + 1] != '\n')
      plain += '\n';
  }
  return plain;
}

}  // namespace

std::string plain_text(std::string bytes, std::string_view source) {
  const auto encoding = encoding_of(bytes);
  if (encoding != Encoding::utf8) {
    const bool marked = bytes[0] == '\xff' || bytes[0] == '\xfe';
    bytes = from_utf16(std::string_view(bytes).substr(marked ? 2 : 0), encoding == Encoding::utf16_little,
                       source);
  }
  constexpr std::string_view mark = "\xef\xbb\xbf";
  if (bytes.starts_with(mark)) bytes.erase(0, mark.size());
  return with_plain_line_ends(std::move(bytes));
}

std::size_t unusual_space(std::string_view text) {
  if (text.empty() || static_cast<unsigned char>(text[0]) < 0xc2) return 0;
  // U+00A0; U+1680; U+180E; U+2000 to U+200F and U+2028 to U+202F, directions of writing among them;
  // U+205F to U+2064; U+3000; U+FEFF.
  constexpr std::string_view spaces[] = {"\xc2\xa0", "\xe1\x9a\x80", "\xe1\xa0\x8e", "\xe3\x80\x80",
                                         "\xef\xbb\xbf"};
  for (const auto space : spaces)
    if (text.starts_with(space)) return space.size();
  if (text.size() < 3 || text[0] != '\xe2') return 0;
  const auto second = static_cast<unsigned char>(text[1]), last = static_cast<unsigned char>(text[2]);
  const bool general = second == 0x80 && (last <= 0x8f || (last >= 0xa8 && last <= 0xaf)) && last >= 0x80;
  const bool further = second == 0x81 && last >= 0x9f && last <= 0xa4;
  return general || further ? 3 : 0;
}

std::optional<double> parse_double(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size()) return std::nullopt;
  if (error == std::errc{}) return value;
  if (error != std::errc::result_out_of_range) return std::nullopt;
  static const locale_t plain = ::newlocale(LC_ALL_MASK, "C", nullptr);
  return ::strtod_l(std::string(text).c_str(), nullptr, plain);
}

char lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& letter : result) letter = lower(letter);
  return result;
}

}  // namespace qupel
