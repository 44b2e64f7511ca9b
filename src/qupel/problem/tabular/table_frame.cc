#include "qupel/problem/tabular/table_frame.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "qupel/base/code_points.h"
#include "qupel/base/error.h"

namespace qupel {
namespace {

/// Where a line of the text begins and ends, without its line end.
struct Line {
  std::size_t begin = 0, end = 0, number = 0;
  std::string_view of(std::string_view text) const { return text.substr(begin, end - begin); }
};

/// Those that are not blank, `most` at most.
std::vector<Line> lines_of(std::string_view text, std::size_t most = std::string_view::npos) {
  std::vector<Line> lines;
  std::size_t number = 0;
  for (std::size_t at = 0; at < text.size() && lines.size() < most;) {
    const auto end = std::min(text.find_first_of("\r\n", at), text.size());
    ++number;
    if (!trim(text.substr(at, end - at)).empty()) lines.push_back({at, end, number});
    at = end + (text.substr(end).starts_with("\r\n") ? 2 : 1);
  }
  return lines;
}

std::vector<std::string_view> parted(std::string_view line, std::string_view marks) {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at <= line.size();) {
    const auto end = std::min(line.find_first_of(marks, at), line.size());
    parts.push_back(line.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

/// "+----+----+"
bool has_corners(std::string_view line) {
  line = trim(line);
  return line.size() > 2 && line.front() == '+' && line.back() == '+' &&
         line.find_first_not_of("+-=") == line.npos;
}

/// Nothing but box-drawing characters, U+2500 to U+257F.
bool is_box_rule(std::string_view line) {
  line = trim(line);
  if (line.empty()) return false;
  while (!line.empty()) {
    const auto point = take_code_point(line);
    if (point < 0x2500 || point > 0x257f) return false;
  }
  return true;
}

/// "----+----", "|:---|---:|": a row of dashes alone, "-|-|-", is none without pipes at its ends.
bool is_rule(std::string_view line) {
  constexpr std::size_t shortest = 3;
  line = trim(line);
  if (has_corners(line) || is_box_rule(line)) return true;
  const bool pipes = line.size() > 2 && line.front() == '|' && line.back() == '|';
  if (pipes) line = line.substr(1, line.size() - 2);
  const auto parts = parted(line, "|+");
  return (pipes || parts.size() > 1) && std::ranges::all_of(parts, [&](std::string_view part) {
           part = trim(part);
           if (part.starts_with(':')) part.remove_prefix(1);
           if (part.ends_with(':')) part.remove_suffix(1);
           return part.size() >= (pipes ? 1 : shortest) && part.find_first_not_of('-') == part.npos;
         });
}

/// "(12 rows)", "12 rows in set (0.00 sec)", and psql's "Time: 1.234 ms".
bool is_below_table(std::string_view line) {
  line = trim(line);
  if (line.starts_with("Time: ") && is_digit(line[6])) return line.find(" ms") != line.npos;
  const bool in_parentheses = line.starts_with('(');
  if (in_parentheses) line.remove_prefix(1);
  const auto digits = static_cast<std::size_t>(std::ranges::find_if_not(line, is_digit) - line.begin());
  if (digits == 0) return false;
  const auto rest = line.substr(digits);
  if (in_parentheses) return rest == " row)" || rest == " rows)";
  return rest.starts_with(" row in set") || rest.starts_with(" rows in set");
}

/// Vertical lines of a box become "|" and two spaces, as many bytes.
void draw_with_pipes(std::string& text) {
  for (const std::string_view line : {"\u2502", "\u2503", "\u2551"})
    for (auto at = text.find(line); at != text.npos; at = text.find(line, at)) text.replace(at, 3, "|  ");
}

/// psql ends a line of a cell with a "+" where the cell goes on below: the others of that row are blank
/// there.
void refuse_continued_cells(std::string_view text, const std::vector<Line>& rows, std::string_view source) {
  for (std::size_t k = 0; k + 1 < rows.size(); ++k) {
    const auto cells = parted(rows[k].of(text), "|"), below = parted(rows[k + 1].of(text), "|");
    if (cells.size() != below.size() || cells.size() < 2) continue;
    bool continued = false, alone = true;
    for (std::size_t c = 0; c < cells.size(); ++c) {
      const bool goes_on = cells[c].ends_with('+');
      continued |= goes_on;
      alone = alone && goes_on == !trim(below[c]).empty();
    }
    if (continued && alone)
      throw InputError(fmt::format(
          "{}:{}: a cell goes on in the next line, as psql shows it; write the table as CSV (\\pset format csv)",
          source, rows[k].number));
  }
}

void blank(std::string& text, std::size_t from, std::size_t to) {
  std::fill(text.begin() + static_cast<std::ptrdiff_t>(from), text.begin() + static_cast<std::ptrdiff_t>(to),
            ' ');
}

}  // namespace

std::optional<std::string> without_frame(std::string_view text, std::string_view source) {
  // The names stand above the first rule, or below it where one is above them, too. Most tables have none:
  // the others of their lines, which may be millions, are not looked at.
  const auto beginning = lines_of(text, 3);
  if (beginning.size() < 3) return std::nullopt;
  const bool rule_above = is_rule(beginning[0].of(text));
  if (!rule_above && !is_rule(beginning[1].of(text))) return std::nullopt;
  const auto lines = lines_of(text);
  std::string plain(text);
  draw_with_pipes(plain);
  const std::size_t head = rule_above ? 1 : 0;
  if (lines[head].of(plain).find('|') == std::string_view::npos) return std::nullopt;
  std::vector<Line> rows;
  auto table_end = lines.size();
  while (table_end > 0 && is_below_table(lines[table_end - 1].of(text))) --table_end;
  for (std::size_t k = 0; k < lines.size(); ++k) {
    const auto& [begin, end, number] = lines[k];
    const auto line = lines[k].of(text);
    const bool of_the_frame = k < head || (k == head + 1 && is_rule(line)) || has_corners(line) ||
                              is_box_rule(line) || k >= table_end;
    if (of_the_frame) {
      blank(plain, begin, end);
      continue;
    }
    rows.push_back(lines[k]);
  }
  refuse_continued_cells(plain, rows, source);
  for (const auto& [begin, end, number] : rows) {
    const auto first = plain.find_first_not_of(" \t", begin), last = plain.find_last_not_of(" \t", end - 1);
    if (plain[first] != '|' || plain[last] != '|' || first == last) continue;
    blank(plain, first, first + 1);
    blank(plain, last, last + 1);
  }
  return plain;
}

std::optional<std::string> without_row_count(std::string_view text) {
  auto table_end = text.size();
  while (true) {
    const auto end = text.substr(0, table_end).find_last_not_of(" \t\r\n");
    if (end == text.npos) return std::nullopt;
    const auto before = text.find_last_of("\r\n", end);
    const auto begin = before == text.npos ? 0 : before + 1;
    if (!is_below_table(text.substr(begin, end + 1 - begin))) break;
    table_end = begin;
  }
  if (table_end == text.size()) return std::nullopt;
  std::string plain(text);
  blank(plain, table_end, plain.size());
  return plain;
}

}  // namespace qupel
