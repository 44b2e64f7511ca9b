#pragma once
#include <string_view>

#include "qupel/circuit/qasm/source.h"

namespace qupel::qasm {

struct Token {
  enum class Kind { end, name, integer, real, imaginary, duration, string, symbol };
  Kind kind = Kind::end;
  std::string_view text;  ///< as written; a string without its quotes; empty at the end
  Location at;
};

/// Splits a source into tokens, one at a time; comments and white space are skipped.
class Lexer {
 public:
  explicit Lexer(const Source& source) : Lexer(source, 0, source.text.size()) {}
  /// Of the bytes from `begin` to before `end` only.
  Lexer(const Source& source, std::size_t begin, std::size_t end)
      : source_(&source), text_(std::string_view(source.text).substr(0, end)), next_(begin) {}

  /// @throws InputError for a character, number, string or comment that OpenQASM does not have
  Token next();
  /// Goes on after the line that `token` is in, and returns the line from `token` on: pragmas and annotations
  /// end with their line.
  std::string_view skip_line(const Token& token);
  /// Goes on after the next block in braces, from `token` on, whatever language it is in.
  /// @throws InputError if there is none, or it has no end
  void skip_block(const Token& token);
  /// Goes on after the next ";" from `token` on that is in no braces.
  /// @throws InputError if there is none
  void skip_statement(const Token& token);

 private:
  void skip_blanks();
  bool skip_comment();
  bool skip_annotation_or_pragma();
  std::size_t word_end(std::size_t from) const;
  std::size_t end_of_string(std::size_t start) const;
  void skip_past(char last, const Token& token, std::string_view missing);
  Token token(Token::Kind kind, std::size_t start, std::size_t end);
  Token number(std::size_t start);
  Token string(std::size_t start);
  std::size_t digits(std::size_t from) const;
  char at(std::size_t index) const { return index < text_.size() ? text_[index] : '\0'; }
  Location here(std::size_t offset) const { return {source_, offset}; }

  const Source* source_;
  std::string_view text_;
  std::size_t next_;
};

}  // namespace qupel::qasm
