#include "qupel/problem/tabular/label_spelling.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "qupel/base/code_points.h"
#include "qupel/problem/tabular/letter_forms.h"
#include "qupel/problem/wording.h"

namespace qupel {
namespace {

bool is_letter(char32_t c) { return (c >= 'a' && c <= 'z') || c >= 0x80; }

/// @param before, after the neighbours; 0: none
bool is_mark(char32_t before, char32_t mark, char32_t after) {
  if (mark == '.' || mark == ',') return !(is_digit(before) && is_digit(after));
  if (mark == '-') return is_letter(before) && is_letter(after);
  return std::u32string_view(U" \t\n\r;:!?_'\"()[]{}").find(mark) != std::u32string_view::npos;
}

/// Without the marks that mean nothing, in UTF-8; a text of such marks alone stays as it is.
std::string without_marks(const std::u32string& low) {
  std::string bare, whole;
  for (std::size_t i = 0; i < low.size(); ++i) {
    const char32_t before = i > 0 ? low[i - 1] : 0, after = i + 1 < low.size() ? low[i + 1] : 0;
    if (!is_mark(before, low[i], after)) append_code_point(bare, low[i]);
    append_code_point(whole, low[i]);
  }
  return bare.empty() ? whole : bare;
}

/// What labels that look like this one have in common with it. One key for letters of one alphabet in either
/// case, one for letters of several alphabets that look alike.
std::string across_alphabets(std::string_view label) {
  return without_marks(in_lower_case(in_latin(folded(label))));
}

/// A label in quotes, and the first of its code points that a reader may take for another one.
std::string shown_label(const std::string& label) {
  std::string_view rest = label;
  while (!rest.empty())
    if (const auto point = take_code_point(rest); point >= 0x80)
      return fmt::format("\"{}\" (with U+{:04X})", label, static_cast<std::uint32_t>(point));
  return fmt::format("\"{}\"", label);
}

}  // namespace

std::string bare_label(std::string_view label) { return without_marks(in_lower_case(folded(label))); }

std::vector<std::vector<std::string>> spellings(const std::vector<std::string>& labels) {
  struct Set {
    std::string bare, latin;
    std::vector<std::string> labels;
  };
  std::vector<Set> sets;
  for (const auto& label : labels) {
    Set own{bare_label(label), across_alphabets(label), {}};
    auto found = std::ranges::find_if(
        sets, [&](const Set& set) { return set.bare == own.bare || set.latin == own.latin; });
    if (found == sets.end()) found = sets.insert(sets.end(), std::move(own));
    found->labels.push_back(label);
  }
  std::vector<std::vector<std::string>> alike;
  for (auto& set : sets)
    if (set.labels.size() > 1) alike.push_back(std::move(set.labels));
  return alike;
}

std::string spelling_warning(const std::vector<std::string>& labels) {
  std::vector<std::string> sets;
  for (const auto& set : spellings(labels)) {
    std::vector<std::string> names;
    std::ranges::transform(set, std::back_inserter(names), shown_label);
    sets.push_back(fmt::format("{}", fmt::join(names, " = ")));
  }
  if (sets.empty()) return "";
  return fmt::format(
      "labels that look alike (but for case, spaces, punctuation or letters of another alphabet) are "
      "different "
      "classes: {}; write alike what is the same",
      listed(sets, "; "));
}

}  // namespace qupel
