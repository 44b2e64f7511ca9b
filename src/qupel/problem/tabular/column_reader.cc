#include "qupel/problem/tabular/column_reader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <set>

#include "qupel/base/error.h"
#include "qupel/problem/tabular/cell.h"
#include "qupel/problem/tabular/encoding_check.h"
#include "qupel/problem/tabular/missing_marks.h"
#include "qupel/problem/tabular/number_spelling.h"
#include "qupel/problem/wording.h"

namespace qupel {
namespace {

constexpr int last_type = static_cast<int>(ColumnType::constant);

Column without_cells(const Column& column) {
  Column kept;
  kept.name = column.name;
  kept.type = column.type;
  kept.reading = column.reading;
  kept.levels = column.levels;
  kept.used = column.used;
  return kept;
}

Archive to_archive(const Column& column) {
  Archive archive;
  archive.set("name", column.name);
  archive.set("type", static_cast<int>(column.type));
  archive.set("used", column.used);
  archive.set("levels", column.levels);
  archive.set("kind", static_cast<int>(column.reading.kind));
  archive.set("decimal", int{column.reading.number.decimal});
  archive.set("thousands", int{column.reading.number.thousands});
  archive.set("unit", column.reading.unit);
  archive.set("date", static_cast<int>(column.reading.date));
  if (column.reading.number.indian) archive.set("indian", true);
  if (!column.reading.missing_texts.empty()) archive.set("missing texts", column.reading.missing_texts);
  return archive;
}

Column column_from(const Archive& saved) {
  Column column;
  column.name = saved.text("name");
  column.type = static_cast<ColumnType>(saved.whole("type", 0, last_type));
  column.used = saved.flag("used");
  column.levels = saved.texts("levels");
  column.reading = {.kind = static_cast<CellReading::Kind>(saved.whole("kind", 0, 3)),
                    .number = {static_cast<char>(saved.whole("decimal", 0, 127)),
                               static_cast<char>(saved.whole("thousands", 0, 127))},
                    .unit = saved.text("unit"),
                    .date = static_cast<DateOrder>(saved.whole("date", 0, 2))};
  column.reading.number.indian = saved.has("indian") && saved.flag("indian");
  if (saved.has("missing texts")) column.reading.missing_texts = saved.texts("missing texts");
  require_saved(std::ranges::is_sorted(column.reading.missing_texts), "sorted texts");
  require_saved(std::ranges::is_sorted(column.levels), "sorted categories");
  return column;
}

std::vector<std::string> used_names(const std::vector<Column>& columns) {
  std::vector<std::string> names;
  for (const auto& column : columns)
    if (column.used) names.push_back(column.name);
  return names;
}

/// A header is one even if all its names are numbers, as long as it holds a name that is known.
std::string_view known_name(std::string_view bytes, const std::vector<Column>& columns) {
  const auto first_line = bytes.substr(0, bytes.find_first_of("\r\n"));
  for (const auto& column : columns)
    if (first_line.find(column.name) != std::string_view::npos) return column.name;
  return "";
}

void require_columns(const std::vector<Column>& columns, const RawTable& raw, std::string_view source) {
  std::vector<std::string> missing;
  for (const auto& column : columns)
    if (column.used && std::ranges::find(raw.names, column.name) == raw.names.end())
      missing.push_back(fmt::format("\"{}\"", column.name));
  if (missing.empty()) return;
  throw InputError(fmt::format("{}: {} that the model uses {} not there: {}; its columns are {}", source,
                               missing.size() == 1 ? "a column" : counted(missing.size(), "column"),
                               missing.size() == 1 ? "is" : "are", listed(missing), listed(raw.names)));
}

}  // namespace

ColumnReader::ColumnReader(const DataSet& data) : target_(data.target) {
  for (const auto& column : data.table.columns) columns_.push_back(without_cells(column));
}

Column ColumnReader::read_column(const Column& known, const std::vector<std::string>& cells,
                                 const RawTable& raw, std::string_view source, NewRows& rows) const {
  auto column = known;
  std::size_t unseen = 0, without_unit = 0;
  std::set<std::string> names;
  for (std::size_t row = 0; row < cells.size(); ++row) {
    const auto& cell = cells[row];
    const bool missing = is_missing(cell);
    if (column.type == ColumnType::categorical) {
      const auto found = std::ranges::lower_bound(column.levels, cell);
      column.missing += missing ? 1 : 0;
      const bool is_known = !missing && found != column.levels.end() && *found == cell;
      column.codes.push_back(is_known ? static_cast<int>(found - column.levels.begin()) : -1);
      if (!missing && !is_known) ++unseen, names.insert(fmt::format("\"{}\"", cell));
      continue;
    }
    const auto value =
        missing ? std::optional(std::numeric_limits<double>::quiet_NaN()) : read_cell(cell, column.reading);
    if (!value)
      throw InputError(fmt::format("{}:{}: column \"{}\" holds \"{}\", but held {} when the model was fitted",
                                   source, raw.lines[row], column.name, cell, describe(column.reading)));
    if (std::isinf(*value))
      throw InputError(fmt::format("{}:{}: column \"{}\" holds \"{}\", which is not a finite number", source,
                                   raw.lines[row], column.name, cell));
    without_unit +=
        !column.reading.unit.empty() && !std::isnan(*value) && unit_mark(plain_spelling(cell)).empty();
    column.missing += std::isnan(*value) ? 1 : 0;
    column.numbers.push_back(*value);
  }
  if (unseen > 0) {
    const std::vector<std::string> some(names.begin(), names.end());
    rows.notes.push_back(
        fmt::format("column \"{}\": {} never seen in training in {}, read as none of the known ones: {}",
                    column.name, some.size() == 1 ? "a category" : fmt::format("{} categories", some.size()),
                    counted(unseen, "row"), listed(some)));
  }
  if (without_unit > 0)
    rows.notes.push_back(fmt::format("column \"{}\": {} without a unit, read in {} as in training",
                                     column.name, counted(without_unit, "number"), column.reading.unit));
  if (column.missing > 0)
    rows.notes.push_back(
        fmt::format("column \"{}\": {} missing, filled as in training", column.name,
                    column.missing == 1 ? "1 cell is" : fmt::format("{} cells are", column.missing)));
  return column;
}

NewRows ColumnReader::read(std::string_view bytes, std::string_view source) const {
  if (is_utf16(bytes)) return read(utf8_of(bytes), source);
  const auto names = used_names(columns_);
  const auto raw = parse_table(bytes, source, {.name = known_name(bytes, columns_), .all = names});
  require_columns(columns_, raw, source);
  NewRows rows;
  for (const auto& finding : raw.findings)
    if (finding.level == Finding::Level::warning) rows.notes.push_back(finding.message);
  std::vector<std::string> others;
  for (const auto& name : raw.names) {
    if (name == target_)
      rows.notes.push_back(fmt::format("column \"{}\" is what is predicted, and is not looked at", name));
    else if (std::ranges::find(columns_, name, &Column::name) == columns_.end())
      others.push_back(fmt::format("\"{}\"", name));
  }
  if (!others.empty())
    rows.notes.push_back(fmt::format("{} that the model does not know {} not looked at: {}",
                                     others.size() == 1 ? "a column" : counted(others.size(), "column"),
                                     others.size() == 1 ? "is" : "are", listed(others)));
  auto& table = rows.data.table;
  table.source = source;
  table.rows = raw.rows;
  for (const auto& known : columns_) {
    const auto at = static_cast<std::size_t>(std::ranges::find(raw.names, known.name) - raw.names.begin());
    table.columns.push_back(known.used ? read_column(known, raw.columns[at], raw, source, rows) : known);
  }
  return rows;
}

void ColumnReader::save(Archive& archive) const {
  archive.set("target", target_);
  std::vector<Archive> columns;
  for (const auto& column : columns_) columns.push_back(to_archive(column));
  archive.set("columns", std::move(columns));
}

ColumnReader ColumnReader::load(const Archive& saved) {
  ColumnReader reader;
  reader.target_ = saved.text("target");
  for (const auto& column : saved.parts("columns")) reader.columns_.push_back(column_from(column));
  return reader;
}

}  // namespace qupel
