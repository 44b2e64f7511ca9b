#include "qupel/problem/tabular/quantity_text.h"

#include <array>
#include <string>
#include <utility>

#include "qupel/base/code_points.h"
#include "qupel/base/text.h"
#include "qupel/problem/tabular/number_spelling.h"

namespace qupel {
namespace {

/// Without a word before it that means "about".
std::string_view without_about(std::string_view cell) {
  constexpr std::array<std::string_view, 6> words{"ca.", "ca ", "circa ", "about ", "approx. ", "approx "};
  const auto start = lower(cell.substr(0, 8));
  for (const auto word : words)
    if (start.starts_with(word)) return cell.substr(word.size());
  return cell;
}

}  // namespace

bool begins_with_digit(std::string_view cell) {
  constexpr std::string_view marks = "+-([<>~='\"$ .";
  bool unusual = false;  // a sign or a currency that ASCII does not have
  cell = without_about(cell);
  while (!cell.empty()) {
    const char32_t point = take_code_point(cell);
    if (decimal_digit(point)) return true;
    const bool mark = point < 128 && marks.find(static_cast<char>(point)) != std::string_view::npos;
    if (!mark && (point < 128 || std::exchange(unusual, true))) return false;
  }
  return false;
}

}  // namespace qupel
