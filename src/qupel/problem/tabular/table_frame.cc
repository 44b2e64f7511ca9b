#include "qupel/problem/tabular/table_frame.h"

#include <algorithm>
#include <vector>

#include "qupel/base/code_points.h"

namespace qupel {
namespace {

/// Where a line of the text begins and ends, without its line end.
struct Line {
  std::size_t begin = 0, end = 0;
};

std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> lines;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find_first_of("\r\n", at), text.size());
    if (!trim(text.substr(at, end - at)).empty()) lines.push_back({at, end});
    at = end + 1;
  }
  return lines;
}

/// "+----+----+", "----+----", "|:---|---:|".
bool is_rule(std::string_view line) {
  constexpr auto shortest = 3;
  return line.find_first_not_of("+-|:= \t") == line.npos && std::ranges::count(line, '-') >= shortest &&
         line.find_first_of("+|") != line.npos;
}

/// "(12 rows)", "12 rows in set (0.00 sec)".
bool is_row_count(std::string_view line) {
  line = trim(line);
  if (line.starts_with('(')) line.remove_prefix(1);
  const auto digits = static_cast<std::size_t>(std::ranges::find_if_not(line, is_digit) - line.begin());
  if (digits == 0) return false;
  const auto rest = line.substr(digits);
  return rest == " row)" || rest == " rows)" || rest.starts_with(" row in set") ||
         rest.starts_with(" rows in set");
}

}  // namespace

std::optional<std::string> without_frame(std::string_view text) {
  const auto lines = lines_of(text.substr(0, std::min(text.size(), std::size_t{1} << 20)));
  const auto at = [&](std::size_t k) { return text.substr(lines[k].begin, lines[k].end - lines[k].begin); };
  // The names stand above the first rule, or below it where one is above them, too.
  if (lines.size() < 3 || (!is_rule(at(0)) && !is_rule(at(1)))) return std::nullopt;
  if (at(is_rule(at(0)) ? 1 : 0).find('|') == std::string_view::npos) return std::nullopt;
  std::string plain(text);
  const auto blank = [&](std::size_t from, std::size_t to) {
    std::fill(plain.begin() + static_cast<std::ptrdiff_t>(from),
              plain.begin() + static_cast<std::ptrdiff_t>(to), ' ');
  };
  const auto all = lines_of(text);
  for (const auto& [begin, end] : all) {
    const auto line = text.substr(begin, end - begin);
    if (is_rule(line) || (end == all.back().end && is_row_count(line))) {
      blank(begin, end);
      continue;
    }
    const auto first = text.find_first_not_of(" \t", begin), last = text.find_last_not_of(" \t", end - 1);
    if (text[first] != '|' || text[last] != '|' || first == last) continue;
    blank(first, first + 1);
    blank(last, last + 1);
  }
  return plain;
}

}  // namespace qupel
