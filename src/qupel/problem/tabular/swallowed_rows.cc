#include "qupel/problem/tabular/swallowed_rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "qupel/problem/wording.h"

namespace qupel {

/// Whether every line between the first and the last, which are parts of rows, has as many delimiters as a
/// row, on several lines. Of two columns, exactly one: prose has commas too.
bool SwallowedRows::looks_like_rows(std::string_view cell) const {
  constexpr std::size_t several = 2;
  std::size_t lines = 0;
  for (auto at = cell.find('\n'); at != cell.npos;) {
    const auto end = cell.find('\n', at + 1);
    if (end == cell.npos) break;
    const auto line = cell.substr(at + 1, end - at - 1);
    const auto marks = static_cast<std::size_t>(std::ranges::count(line, delimiter_));
    if (marks < columns_ - 1 || (columns_ == 2 && marks > 1)) return false;
    ++lines;
    at = end;
  }
  return lines >= several;
}

void SwallowedRows::look_at(const std::vector<Field>& record, const RecordReader& reader) {
  if (columns_ < 2) return;
  auto line = reader.line();
  for (const auto& field : record) {
    if (!field.quoted || field.text.find('\n') == field.text.npos) continue;
    if (looks_like_rows(field.text) && cells_++ == 0) first_line_ = line;
    line += static_cast<std::size_t>(std::ranges::count(field.text, '\n'));
  }
}

std::optional<std::string> SwallowedRows::warning() const {
  if (cells_ == 0) return std::nullopt;
  return fmt::format(
      "{} in quotes {} lines that look like rows, the first from line {} on; is a quote there by mistake?",
      counted(cells_, "cell"), cells_ == 1 ? "holds" : "hold", first_line_);
}

}  // namespace qupel
