#include "qupel/problem/optimization/text_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "qupel/base/code_points.h"
#include "qupel/base/error.h"

namespace qupel {
TextLines::TextLines(std::string_view text, std::string_view source, std::string_view separators)
    : text_(text), source_(source), separators_(" \t\r\v\f") {
  separators_ += separators;
}

bool TextLines::next(TextLine& line) {
  while (at_ < text_.size()) {
    const auto end = std::min(text_.find('\n', at_), text_.size());
    line.whole = text_.substr(at_, end - at_);
    line.number = ++number_;
    line.words.clear();
    at_ = end + 1;
    for (std::size_t from = 0; (from = line.whole.find_first_not_of(separators_, from)) != line.whole.npos;) {
      const auto to = std::min(line.whole.find_first_of(separators_, from), line.whole.size());
      line.words.push_back(line.whole.substr(from, to - from));
      from = to;
    }
    if (!line.words.empty()) return true;
  }
  return false;
}

double TextLines::number(const TextLine& line, std::string_view word) const {
  if (word.starts_with('+')) word.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || end != word.data() + word.size() || !std::isfinite(value))
    fail(line, in_quotes(word) + " is not a number");
  return value;
}

std::int64_t TextLines::whole(const TextLine& line, std::string_view word, std::int64_t low,
                              std::int64_t high) const {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || end != word.data() + word.size() || value < low || value > high)
    fail(line, fmt::format("{} is not a whole number from {} to {}", in_quotes(word), low, high));
  return value;
}

void TextLines::fail(const TextLine& line, std::string_view message) const {
  throw InputError(fmt::format("{}:{}: {}", source_, line.number, message));
}

void TextLines::fail(std::string_view message) const {
  throw InputError(fmt::format("{}: {}", source_, message));
}

bool is_whole(std::string_view word) {
  return !word.empty() && word.size() < 18 &&
         std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace qupel
