#pragma once
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "qupel/problem/tabular/table.h"

// Tables as text, for tests to compare.
namespace qupel {

inline Table typed(std::string_view text) { return type_columns(parse_table(text, "t.csv"), "t.csv"); }

/// One line a finding: "column: message", warnings with a "!" before them.
inline std::string told(const std::vector<Finding>& findings) {
  std::string text;
  for (const auto& f : findings)
    text += fmt::format("{}{}: {}\n", f.level == Finding::Level::warning ? "!" : "", f.column, f.message);
  return text;
}

/// The column's values as text: numbers, or level names; "_" for missing.
inline std::string values(const Column& column) {
  std::vector<std::string> cells;
  for (const double v : column.numbers) cells.push_back(std::isnan(v) ? "_" : fmt::format("{}", v));
  for (const int code : column.codes)
    cells.push_back(code < 0 ? "_" : column.levels[static_cast<std::size_t>(code)]);
  return fmt::format("{}", fmt::join(cells, " "));
}

/// "name type: values" a column.
inline std::string shown(const Table& table) {
  std::string text;
  for (const auto& column : table.columns)
    text += fmt::format("{} {}: {}\n", column.name, to_string(column.type),
                        column.used ? values(column) : "left out");
  return text;
}

}  // namespace qupel
