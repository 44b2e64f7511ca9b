#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// Text formats of instances: lines of words between blanks.
namespace qupel {

struct TextLine {
  std::size_t number = 0;  ///< from 1
  std::vector<std::string_view> words;
  std::string_view whole;
};

/// Lines of a file, with the errors that a reader has to say about them.
class TextLines {
 public:
  /// @param separators between words, beside blanks. Both texts must outlive this.
  TextLines(std::string_view text, std::string_view source, std::string_view separators = "");

  /// The next line with a word in it; false at the end.
  bool next(TextLine& line);

  /// Each @throws InputError "source:line: ..." for what is no finite number, or outside of the range
  double number(const TextLine& line, std::string_view word) const;
  std::int64_t whole(const TextLine& line, std::string_view word, std::int64_t low, std::int64_t high) const;
  [[noreturn]] void fail(const TextLine& line, std::string_view message) const;
  [[noreturn]] void fail(std::string_view message) const;  ///< about the file

 private:
  std::string_view text_, source_;
  std::string separators_;
  std::size_t at_ = 0, number_ = 0;
};

/// Whether the word is a whole number from 0 on.
bool is_whole(std::string_view word);

}  // namespace qupel
