#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace qupel {

/// One cell as it lies in the text.
struct Field {
  std::string_view text;   ///< without the quotes around it
  std::size_t offset = 0;  ///< of its first byte
  bool quoted = false;
  std::string cell() const;  ///< doubled quotes undone, spaces around it dropped
};

/// Splits delimited text into records (RFC 4180, and lone CR as a line end). A space as delimiter stands for
/// runs of spaces and tabs, and those around a record are none. Views into the text, nothing is copied.
class RecordReader {
 public:
  /// @param offset where to begin
  /// @param quotes false where they are characters like others
  RecordReader(std::string_view bytes, std::string_view source, char delimiter, std::size_t offset = 0,
               bool quotes = true);

  /// The next record that is not blank; false at the end. @throws InputError: unterminated quote, text after
  /// a quoted field
  bool next(std::vector<Field>& fields);

  std::size_t line() const { return record_line_; }         ///< on which the last record began
  std::size_t blank_lines() const { return blank_lines_; }  ///< skipped so far

  /// "source:line:column" of an offset.
  std::string place_of(std::size_t offset) const;

 private:
  Field field();
  Field quoted_field(std::size_t open);
  bool at_end_of_line() const;
  bool is_padding(char c) const { return c == ' ' || (c == '\t' && delimiter_ == ' '); }
  void skip_padding();
  bool is_delimiter(char c) const { return c == delimiter_ || (delimiter_ == ' ' && is_padding(c)); }
  void skip_line_end();
  bool skip_blank_line();

  std::string_view bytes_, source_;
  char delimiter_;
  bool quotes_;
  std::size_t at_;
  std::size_t line_ = 1, record_line_ = 0, blank_lines_ = 0;
};

}  // namespace qupel
