#include "qupel/problem/tabular/label_spelling.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>

#include "qupel/problem/tabular/cell.h"
#include "qupel/problem/tabular/wording.h"

namespace qupel {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80; }

/// @param before, after the neighbours; 0: none
bool is_mark(char before, char mark, char after) {
  if (mark == '.' || mark == ',') return !(is_digit(before) && is_digit(after));
  if (mark == '-') return is_letter(before) && is_letter(after);
  return std::string_view(" \t\n\r;:!?_'\"()[]{}").find(mark) != std::string_view::npos;
}

}  // namespace

std::string bare_label(std::string_view label) {
  const auto low = lower(label);
  std::string bare;
  for (std::size_t i = 0; i < low.size(); ++i)
    if (!is_mark(i > 0 ? low[i - 1] : '\0', low[i], i + 1 < low.size() ? low[i + 1] : '\0')) bare += low[i];
  return bare.empty() ? low : bare;
}

std::vector<std::vector<std::string>> spellings(const std::vector<std::string>& labels) {
  std::map<std::string, std::vector<std::string>> by_bare;
  for (const auto& label : labels) by_bare[bare_label(label)].push_back(label);
  std::vector<std::vector<std::string>> alike;
  for (auto& [bare, set] : by_bare)
    if (set.size() > 1) alike.push_back(std::move(set));
  return alike;
}

std::string spelling_warning(const std::vector<std::string>& labels) {
  std::vector<std::string> sets;
  for (const auto& set : spellings(labels)) sets.push_back(fmt::format("\"{}\"", fmt::join(set, "\" = \"")));
  if (sets.empty()) return "";
  return fmt::format(
      "labels that differ only in case, spaces or punctuation are different classes: {}; write alike what is "
      "the same",
      listed(sets, "; "));
}

}  // namespace qupel
