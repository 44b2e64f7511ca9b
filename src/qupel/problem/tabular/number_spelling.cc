#include "qupel/problem/tabular/number_spelling.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "qupel/base/code_points.h"
#include "qupel/problem/wording.h"

namespace qupel {
namespace {

bool is_dash(char32_t point) {
  return point == 0x2212 || (point >= 0x2010 && point <= 0x2015) || point == 0xfe63 || point == 0xff0d;
}

bool is_apostrophe(char32_t point) { return point == '\'' || point == 0x2019 || point == 0x02bc; }

/// The ASCII digit of a decimal digit of another script; 0 if it is none.
char ascii_digit(char32_t point) {
  for (const char32_t zero : {U'\uff10', U'\u0660', U'\u06f0', U'\u0966'})
    if (point >= zero && point <= zero + 9) return static_cast<char>('0' + (point - zero));
  return 0;
}

/// Dashes, apostrophes, digits and spaces in ASCII, one code point by one.
std::string in_ascii(std::string_view cell) {
  std::string text;
  while (!cell.empty()) {
    const auto point = take_code_point(cell);
    if (is_invisible(point)) continue;
    if (const char digit = ascii_digit(point))
      text += digit;
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
