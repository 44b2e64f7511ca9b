#include "qupel/circuit/qasm/lexer.h"

#include <fmt/format.h>

#include <algorithm>

#include "qupel/base/text.h"

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

bool Lexer::skip_comment() {
  const auto rest = text_.substr(next_);
  if (rest.starts_with("//")) {
    next_ = std::min(text_.find('\n', next_), text_.size());
  } else if (rest.starts_with("/*")) {
    const auto end = text_.find("*/", next_ + 2);
    if (end == std::string_view::npos) fail(here(next_), "this comment has no end: */ is missing");
    next_ = end + 2;
  } else {
    return false;
  }
  return true;
}

void Lexer::skip_blanks() {
  do {
    for (;;) {
      const bool blank = at(next_) == ' ' || (at(next_) >= '\t' && at(next_) <= '\r');
      const auto bytes = blank ? 1 : unusual_space(text_.substr(std::min(next_, text_.size())));
      if (bytes == 0) break;
      next_ += bytes;
    }
  } while (skip_comment());
}

std::size_t Lexer::word_end(std::size_t from) const {
  while (is_word(at(from)) && unusual_space(text_.substr(from)) == 0) ++from;
  return from;
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
    return token(kind, start, word_end(end + 1));
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
  const auto unit_end = word_end(end);
  if (unit_end == end) return token(kind, start, end);
  if (text_.substr(end, unit_end - end) == "im") return token(Token::Kind::imaginary, start, unit_end);
  if (std::ranges::find(units, text_.substr(end, unit_end - end)) == std::end(units))
    fail(here(start), "a number followed by a unit other than those of time is not supported");
  return token(Token::Kind::duration, start, unit_end);
}

// Where the closing quotation mark is: strings stand in single or double ones, and end with their line.
std::size_t Lexer::end_of_string(std::size_t start) const {
  const char quote = text_[start];
  const auto end = std::min(text_.find(quote, start + 1), text_.find('\n', start + 1));
  if (end == std::string_view::npos || text_[end] == '\n')
    fail(here(start), fmt::format("this string has no end: {} is missing", quote));
  return end;
}

Token Lexer::string(std::size_t start) {
  const auto end = end_of_string(start);
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
  const auto rest = text_.substr(start);
  if (rest.starts_with("\xe2\x80\x98") || rest.starts_with("\xe2\x80\x99") ||
      rest.starts_with("\xe2\x80\x9c") || rest.starts_with("\xe2\x80\x9d"))
    fail(here(start), "a typographic quotation mark: write \" or '");
  if (is_letter(first)) return token(Token::Kind::name, start, word_end(start));
  if (is_digit(first) || (first == '.' && is_digit(at(start + 1)))) return number(start);
  if (first == '"' || first == '\'') return string(start);
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

std::string_view Lexer::skip_line(const Token& token) {
  next_ = std::min(text_.find('\n', token.at.offset), text_.size());
  return text_.substr(token.at.offset, next_ - token.at.offset);
}

// A line of them, in which quotes and braces mean nothing.
bool Lexer::skip_annotation_or_pragma() {
  const auto rest = text_.substr(next_);
  const bool annotation = rest.starts_with('@') && is_letter(at(next_ + 1));
  if (!annotation && !rest.starts_with('#') && !rest.starts_with("pragma ")) return false;
  const auto before = text_.substr(0, next_).find_last_not_of(" \t");
  if (before != std::string_view::npos && text_[before] != '\n') return false;
  next_ += std::min(rest.find('\n'), rest.size());
  return true;
}

// Past the first `last` outside of comments, strings, and braces that open on the way.
void Lexer::skip_past(char last, const Token& token, std::string_view missing) {
  next_ = token.at.offset;
  for (int open = 0; next_ < text_.size();) {
    if (skip_comment() || skip_annotation_or_pragma()) continue;
    const char c = text_[next_];
    if (c == '"' || c == '\'') next_ = end_of_string(next_);
    ++next_;
    if (c == '{') ++open;
    if (c == '}') --open;
    if (c == last && open <= 0) return;
  }
  fail(token.at, missing);
}

void Lexer::skip_block(const Token& token) {
  skip_past('}', token, "this has no end: a block in braces is missing, or its }");
}

void Lexer::skip_statement(const Token& token) {
  skip_past(';', token, "this statement has no end: ; is missing");
}

}  // namespace qupel::qasm
