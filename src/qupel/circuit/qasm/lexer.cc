#include "qupel/circuit/qasm/lexer.h"

#include <fmt/format.h>

#include <algorithm>

namespace qupel::qasm {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) {  // every byte of a character beyond ASCII counts: names may be Greek
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80) != 0;
}
bool is_word(char c) { return is_letter(c) || is_digit(c); }

// Longest first.
constexpr std::string_view long_symbols[] = {"**=", "<<=", ">>=", "->", "++", "**", "<<", ">>",
                                             "<=",  ">=",  "==",  "!=", "&&", "||", "+=", "-=",
                                             "*=",  "/=",  "%=",  "^=", "&=", "|="};
// Of durations; the micro sign and the Greek letter are one unit.
constexpr std::string_view units[] = {"ns", "us", "\xc2\xb5s", "\xce\xbcs", "ms", "s", "dt"};

constexpr std::string_view symbols = "()[]{},;:=+-*/%^<>!~&|@#$.";

}  // namespace

void Lexer::skip_blanks() {
  for (;;) {
    while (next_ < text_.size() && (text_[next_] == ' ' || (text_[next_] >= '\t' && text_[next_] <= '\r')))
      ++next_;
    const auto rest = text_.substr(next_);
    if (rest.starts_with("//")) {
      next_ = std::min(text_.find('\n', next_), text_.size());
    } else if (rest.starts_with("/*")) {
      const auto end = text_.find("*/", next_ + 2);
      if (end == std::string_view::npos) fail(here(next_), "this comment has no end: */ is missing");
      next_ = end + 2;
    } else {
      return;
    }
  }
}

Token Lexer::token(Token::Kind kind, std::size_t start, std::size_t end) {
  next_ = end;
  return {kind, text_.substr(start, end - start), here(start)};
}

std::size_t Lexer::digits(std::size_t from) const {
  while (is_digit(at(from)) || (at(from) == '_' && is_digit(at(from + 1)))) ++from;
  return from;
}

Token Lexer::number(std::size_t start) {
  std::size_t end = digits(start);
  auto kind = Token::Kind::integer;
  if (end == start + 1 && at(start) == '0' && std::string_view("xXbBoO").find(at(end)) != std::string::npos &&
      end < text_.size()) {
    ++end;
    while (is_word(at(end))) ++end;
    return token(kind, start, end);
  }
  if (at(end) == '.') {
    kind = Token::Kind::real;
    end = digits(end + 1);
  }
  if (at(end) == 'e' || at(end) == 'E') {
    const std::size_t sign = at(end + 1) == '+' || at(end + 1) == '-' ? 1 : 0;
    if (!is_digit(at(end + 1 + sign))) fail(here(start), "this number's exponent has no digits");
    kind = Token::Kind::real;
    end = digits(end + 1 + sign);
  }
  if (!is_letter(at(end))) return token(kind, start, end);
  std::size_t unit_end = end;
  while (is_word(at(unit_end))) ++unit_end;
  if (std::ranges::find(units, text_.substr(end, unit_end - end)) == std::end(units))
    fail(here(start), "a number followed by a unit other than those of time is not supported");
  return token(Token::Kind::duration, start, unit_end);
}

Token Lexer::string(std::size_t start) {
  const auto end = text_.find_first_of("\"\n", start + 1);
  if (end == std::string_view::npos || text_[end] == '\n')
    fail(here(start), "this string has no end: \" is missing");
  auto found = token(Token::Kind::string, start + 1, end);
  found.at = here(start);
  next_ = end + 1;
  return found;
}

Token Lexer::next() {
  skip_blanks();
  const std::size_t start = next_;
  if (start >= text_.size()) return token(Token::Kind::end, text_.size(), text_.size());
  const char first = text_[start];
  if (is_letter(first)) {
    std::size_t end = start;
    while (is_word(at(end))) ++end;
    return token(Token::Kind::name, start, end);
  }
  if (is_digit(first) || (first == '.' && is_digit(at(start + 1)))) return number(start);
  if (first == '"') return string(start);
  if (first == '$' && is_digit(at(start + 1))) {
    std::size_t end = start + 1;
    while (is_digit(at(end))) ++end;
    if (at(start + 1) == '0' && end > start + 2)
      fail(here(start), "the number of a physical qubit starts with 0");
    return token(Token::Kind::name, start, end);
  }
  const bool may_be_long = std::string_view("=>+*<&|").find(at(start + 1)) != std::string_view::npos;
  for (const auto symbol : long_symbols) {
    if (may_be_long && text_.substr(start, symbol.size()) == symbol) {
      return token(Token::Kind::symbol, start, start + symbol.size());
    }
  }
  if (symbols.find(first) == std::string_view::npos) {
    fail(here(start),
         first >= ' ' && first <= '~'
             ? fmt::format("the character '{}' has no meaning here", first)
             : fmt::format("the byte 0x{:02x} has no meaning here", static_cast<unsigned char>(first)));
  }
  return token(Token::Kind::symbol, start, start + 1);
}

void Lexer::skip_line(const Token& token) {
  next_ = std::min(text_.find('\n', token.at.offset), text_.size());
}

}  // namespace qupel::qasm
