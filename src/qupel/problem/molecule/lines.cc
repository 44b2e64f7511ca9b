#include "qupel/problem/molecule/lines.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "qupel/base/error.h"
#include "qupel/problem/molecule/element.h"

namespace qupel {
namespace {

std::vector<std::string_view> words_of(std::string_view line) {
  constexpr std::string_view spaces = " \t\r\v\f";
  std::vector<std::string_view> words;
  for (std::size_t at = line.find_first_not_of(spaces); at != std::string_view::npos;) {
    const auto end = std::min(line.find_first_of(spaces, at), line.size());
    words.push_back(line.substr(at, end - at));
    at = line.find_first_not_of(spaces, end);
  }
  return words;
}

}  // namespace

std::vector<ChemistryLine> text_lines(std::string_view text) {
  std::vector<ChemistryLine> lines;
  for (std::size_t at = 0, number = 1; at < text.size(); ++number) {
    const auto end = std::min(text.find('\n', at), text.size());
    const auto line = text.substr(at, end - at);
    lines.push_back({number, line, words_of(line)});
    at = end + 1;
  }
  return lines;
}

std::optional<double> chemists_number(std::string_view word) {
  if (word.starts_with('+')) word.remove_prefix(1);
  std::string copy(word);
  for (char& c : copy)
    if (c == 'd' || c == 'D') c = 'e';
  double value = 0;
  const auto [end, error] = std::from_chars(copy.data(), copy.data() + copy.size(), value);
  if (error != std::errc{} || end != copy.data() + copy.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<int> whole_number(std::string_view word) {
  if (word.starts_with('+')) word.remove_prefix(1);
  int value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc{} || end != word.data() + word.size()) return std::nullopt;
  return value;
}

void fail_at(std::string_view source, const ChemistryLine& line, std::string_view message) {
  throw InputError(fmt::format("{}:{}: {}", source, line.number, message));
}

int read_element(std::string_view word, std::string_view source, const ChemistryLine& line) {
  const int number = element_number(word);
  if (number > 0) return number;
  std::vector<std::string> symbols;
  for (int z = 1; z <= most_element; ++z) symbols.emplace_back(element_symbol(z));
  const auto near = nearest(word, symbols);
  fail_at(source, line,
          fmt::format("\"{}\" is not an element{}", word.substr(0, 40),
                      near.empty() ? std::string() : fmt::format("; did you mean \"{}\"?", near)));
}

}  // namespace qupel
