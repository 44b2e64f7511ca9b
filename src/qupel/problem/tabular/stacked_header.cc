#include "qupel/problem/tabular/stacked_header.h"

#include <algorithm>
#include <set>

#include "qupel/problem/tabular/cell.h"

namespace qupel {
namespace {

using CellTexts = std::vector<std::string>;

CellTexts cells_of(const std::vector<Field>& record) {
  CellTexts cells;
  for (const auto& field : record) cells.push_back(field.cell());
  return cells;
}

/// The name of the first column, and nothing above the others.
bool names_first_column(const CellTexts& record) {
  return record.size() > 1 && !record.front().empty() && !parse_number(record.front()) &&
         std::all_of(record.begin() + 1, record.end(), [](const auto& cell) { return cell.empty(); });
}

bool is_level(const CellTexts& record, std::size_t columns) {
  return record.size() == columns &&
         std::ranges::none_of(record, [](const auto& cell) { return cell.empty() || parse_number(cell); });
}

bool holds_number(const CellTexts& record) {
  return std::any_of(record.begin() + 1, record.end(), [](const auto& cell) {
    return parse_number(cell) || parse_number(cell, {.decimal = ','});
  });
}

/// Whether a level tells columns apart: the one ticker of all prices does not.
bool differs(const CellTexts& level) {
  return std::set<std::string>(level.begin() + 1, level.end()).size() > 1;
}

CellTexts names_of(const std::vector<CellTexts>& levels, const std::string& first) {
  CellTexts names{first};
  for (std::size_t c = 1; c < levels.front().size(); ++c) {
    std::string name;
    for (const auto& level : levels)
      if (differs(level)) name += (name.empty() ? "" : " ") + level[c];
    names.push_back(name.empty() ? levels.front()[c] : name);
  }
  return names;
}

}  // namespace

std::optional<StackedHeader> stacked_header(RecordReader reader) {
  constexpr std::size_t most_levels = 4;
  std::vector<CellTexts> levels;
  std::vector<Field> record;
  while (levels.size() <= most_levels && reader.next(record)) {
    auto cells = cells_of(record);
    if (levels.size() > 1 && cells.size() == levels.front().size() && names_first_column(cells)) {
      if (!reader.next(record) || !holds_number(cells_of(record))) return std::nullopt;
      return StackedHeader{names_of(levels, cells.front()), levels.size() + 1};
    }
    if (!is_level(cells, levels.empty() ? cells.size() : levels.front().size())) return std::nullopt;
    levels.push_back(std::move(cells));
  }
  return std::nullopt;
}

}  // namespace qupel
