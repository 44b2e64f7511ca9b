#include "qupel/report/text_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "qupel/report/format.h"

namespace qupel::report {
namespace {

/// A column that knows how wide its cells are.
struct Sized : TextColumn {
  explicit Sized(TextColumn column) : TextColumn(std::move(column)), width(columns_of(title)) {
    for (const auto& cell : cells) width = std::max(width, columns_of(cell));
  }
  std::size_t width;
};

constexpr std::size_t gap = 2;

std::size_t total_width(const std::vector<Sized>& columns) {
  std::size_t total = 0;
  for (const auto& column : columns) total += column.width + gap;
  return total - gap;
}

/// Leaves out columns, the least important first, then shortens names, until a line fits.
void fit(std::vector<Sized>& columns, std::size_t width) {
  constexpr std::size_t shortest_name = 12;
  auto& name = columns.front();
  const auto name_room = [&] {
    const auto rest = total_width(columns) - columns.front().width;
    return rest < width ? width - rest : std::size_t{0};
  };
  while (columns.size() > 2 && name_room() < std::min(columns.front().width, std::size_t{24})) {
    const auto least = std::ranges::min_element(columns, {}, &Sized::keep);
    if (least->keep >= 9) break;
    columns.erase(least);
  }
  name.width = std::min(name.width, std::max(name_room(), shortest_name));
}

std::string rule(const std::vector<Sized>& columns, std::size_t width) {
  std::string line;
  for (std::size_t i = 0; i < std::min(total_width(columns), width); ++i) line += "─";
  return line;
}

std::string line_of(const std::vector<Sized>& columns, const std::function<std::string(const Sized&)>& cell) {
  std::string line;
  for (const auto& column : columns) {
    if (!line.empty()) line += std::string(gap, ' ');
    line += padded(shortened(cell(column), column.width), column.width, column.align);
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

}  // namespace

std::string Ink::operator()(std::string_view code, std::string_view text) const {
  return colour_ ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
}

std::string_view colour_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::quantum_better:
      return "1;35";
    case Verdict::classical_better:
      return "1;33";
    case Verdict::equivalent:
    case Verdict::no_advantage:
      return "1;36";
    case Verdict::inconclusive:
      break;
  }
  return "1";
}

std::string_view colour_of(Family family) {
  switch (family) {
    case Family::quantum:
      return "35";
    case Family::classical:
      return "33";
    case Family::quantum_inspired:
      break;
  }
  return "36";
}

std::string text_table(std::vector<TextColumn> columns, const std::vector<std::string_view>& row_colours,
                       std::size_t width, const Ink& ink) {
  std::vector<Sized> all(std::make_move_iterator(columns.begin()), std::make_move_iterator(columns.end()));
  fit(all, width);
  const auto line = ink(dim, rule(all, width)) + "\n";
  auto text =
      ink(bold, line_of(all, [](const Sized& column) { return std::string(column.title); })) + "\n" + line;
  for (std::size_t r = 0; r < row_colours.size(); ++r)
    text += ink(row_colours[r], line_of(all, [&](const Sized& column) { return column.cells[r]; })) + "\n";
  return text + line;
}

std::string verdict_text(Verdict verdict, const std::string& answer, const std::string& reason,
                         std::size_t width, const Ink& ink) {
  auto text = ink(colour_of(verdict), fmt::format("verdict: {}", to_string(verdict))) + "\n";
  if (!answer.empty()) text += ink(bold, wrapped(printable(answer), width)) + "\n";
  if (!reason.empty()) text += wrapped(printable(as_sentence(reason)), width) + "\n";
  return text;
}

}  // namespace qupel::report
