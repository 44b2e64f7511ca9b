#pragma once
#include <string_view>

#include "qupel/circuit/qasm/source.h"

namespace qupel::qasm {

struct Token {
  enum class Kind { end, name, integer, real, duration, string, symbol };
  Kind kind = Kind::end;
  std::string_view text;  ///< as written; a string without its quotes; empty at the end
  Location at;
};

/// Splits a source into tokens, one at a time; comments and white space are skipped.
class Lexer {
 public:
  explicit Lexer(const Source& source) : source_(&source), text_(source.text) {}

  /// @throws InputError for a character, number, string or comment that OpenQASM does not have
  Token next();
  /// Goes on after the line that `token` is in: pragmas and annotations end with their line.
  void skip_line(const Token& token);

 private:
  void skip_blanks();
  Token token(Token::Kind kind, std::size_t start, std::size_t end);
  Token number(std::size_t start);
  Token string(std::size_t start);
  std::size_t digits(std::size_t from) const;
  char at(std::size_t index) const { return index < text_.size() ? text_[index] : '\0'; }
  Location here(std::size_t offset) const { return {source_, offset}; }

  const Source* source_;
  std::string_view text_;
  std::size_t next_ = 0;
};

}  // namespace qupel::qasm
