#include "qupel/problem/tabular/number_spelling.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <vector>

#include "qupel/base/code_points.h"
#include "qupel/problem/wording.h"

namespace qupel {
namespace {

bool is_dash(char32_t point) {
  return point == 0x2212 || (point >= 0x2010 && point <= 0x2015) || point == 0xfe63 || point == 0xff0d;
}

bool is_apostrophe(char32_t point) { return point == '\'' || point == 0x2019 || point == 0x02bc; }

/// The zeros of other scripts, each followed by its digits 1 to 9 (general category Nd of Unicode 14; those
/// beyond U+FFFF are of mathematics and of scripts that few write).
constexpr std::array<char32_t, 36> zeros{
    0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66,
    0x0de6, 0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90,
    0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10};

/// Marks of numbers in other scripts. Between groups an apostrophe stands for any mark that is nothing else.
char ascii_mark(char32_t point) {
  switch (point) {
    case 0x066b:  // Arabic decimal mark
    case 0xff0e:
      return '.';
    case 0xff0c:
      return ',';
    case 0x066c:  // Arabic mark between groups
      return '\'';
    default:
      return 0;
  }
}

/// Dashes, apostrophes, digits and spaces in ASCII, one code point by one.
std::string in_ascii(std::string_view cell) {
  std::string text;
  while (!cell.empty()) {
    const auto point = take_code_point(cell);
    if (is_invisible(point)) continue;
    if (const char digit = decimal_digit(point))
      text += digit;
    else if (const char mark = ascii_mark(point))
      text += mark;
    else if (is_dash(point) && text.find_first_of("0123456789") == text.npos)
      text += '-';
    else if (is_apostrophe(point))
      text += '\'';
    else if (is_space(point))
      text += ' ';
    else
      append_code_point(text, point);
  }
  return text;
}

bool has_digit(std::string_view text) { return std::ranges::any_of(text, is_digit); }

/// "(1.5)": the text between the parentheses; empty if the cell is not so.
std::string_view in_parentheses(std::string_view text) {
  if (text.size() < 3 || text.front() != '(' || text.back() != ')') return {};
  const auto inner = trim(text.substr(1, text.size() - 2));
  const bool plain = has_digit(inner) && inner.find_first_of("()+-") == inner.npos;
  return plain ? inner : std::string_view{};
}

/// "1.5-": the text before the sign; empty if the cell is not so.
std::string_view before_trailing_minus(std::string_view text) {
  if (text.size() < 2 || text.back() != '-') return {};
  const auto rest = trim(text.substr(0, text.size() - 1));
  const bool number = !rest.empty() && (is_digit(rest.back()) || rest.back() == '.') &&
                      (is_digit(rest.front()) || rest.front() == '.') && rest.find('-') == rest.npos;
  return number ? rest : std::string_view{};
}

/// Where the D of a Fortran exponent stands; npos if there is none.
std::size_t fortran_exponent(std::string_view text) {
  const auto at = text.find_first_of("dD");
  if (at == text.npos || at == 0 || at + 1 >= text.size()) return text.npos;
  const bool sign = text[at + 1] == '+' || text[at + 1] == '-';
  const auto mantissa = text.substr(0, at), exponent = text.substr(at + (sign ? 2 : 1));
  const bool numbers = has_digit(mantissa) && mantissa.find_first_not_of("+-.0123456789") == mantissa.npos &&
                       !exponent.empty() && std::ranges::all_of(exponent, is_digit);
  return numbers && (sign || mantissa.find('.') != mantissa.npos) ? at : text.npos;
}

}  // namespace

char decimal_digit(char32_t point) {
  if (point < 0x80) return is_digit(point) ? static_cast<char>(point) : '\0';
  const auto after = std::ranges::upper_bound(zeros, point);
  if (after == zeros.begin()) return 0;
  const auto value = point - *std::prev(after);
  return value <= 9 ? static_cast<char>('0' + value) : '\0';
}

bool may_be_spelled_otherwise(std::string_view cell) {
  const char first = cell.empty() ? '\0' : cell.front(), last = cell.empty() ? '\0' : cell.back();
  return first == '(' || last == '-' || std::ranges::any_of(cell, [](char c) {
           return static_cast<unsigned char>(c) >= 0x80 || c == 'd' || c == 'D';
         });
}

std::string plain_spelling(std::string_view cell) {
  if (!may_be_spelled_otherwise(cell)) return std::string(cell);
  auto text = in_ascii(cell);
  if (!has_digit(text)) return std::string(cell);
  if (const auto inner = in_parentheses(text); !inner.empty()) text = "-" + std::string(inner);
  if (const auto before = before_trailing_minus(text); !before.empty()) text = "-" + std::string(before);
  if (const auto at = fortran_exponent(text); at != text.npos) text[at] = 'e';
  return text;
}

SignPlace sign_place(std::string_view cell) {
  if (!may_be_spelled_otherwise(cell)) return SignPlace::before;
  const auto text = in_ascii(cell);
  return !in_parentheses(text).empty()          ? SignPlace::around
         : !before_trailing_minus(text).empty() ? SignPlace::behind
                                                : SignPlace::before;
}

void SpellingCounts::add(std::string_view cell) {
  if (!may_be_spelled_otherwise(cell)) return;
  const auto text = in_ascii(cell);
  counts_[digits] += !has_digit(cell);
  counts_[dash] += text.find('-') != text.npos && cell.find('-') == cell.npos;
  counts_[parentheses] += !in_parentheses(text).empty();
  counts_[trailing] += !before_trailing_minus(text).empty();
  counts_[fortran] += fortran_exponent(text) != text.npos;
}

std::string SpellingCounts::words() const {
  constexpr std::array<std::string_view, kinds> names{
      "a dash such as U+2212 as minus sign", "parentheses for numbers below 0",
      "the minus sign after the number", "D before the exponent", "digits of another script"};
  std::vector<std::string> told;
  for (std::size_t k = 0; k < kinds; ++k)
    if (counts_[k] > 0) told.push_back(fmt::format("{} ({})", names[k], counted(counts_[k], "cell")));
  return listed(told);
}

}  // namespace qupel
