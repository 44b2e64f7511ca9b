#include "qupel/problem/tabular/csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "qupel/base/error.h"
#include "qupel/base/text.h"
#include "qupel/problem/tabular/delimiter.h"
#include "qupel/problem/tabular/header_line.h"
#include "qupel/problem/tabular/record_reader.h"
#include "qupel/problem/tabular/stacked_header.h"
#include "qupel/problem/tabular/swallowed_rows.h"
#include "qupel/problem/tabular/unnamed_column.h"

namespace qupel {
namespace {

using Level = Finding::Level;

/// The text, and where its table begins.
struct Text {
  std::string_view bytes, source;
  std::size_t begin = 0;
  char delimiter = 0;  ///< 0: not stated
};

std::string_view name_of(char delimiter) {
  switch (delimiter) {
    case ';':
      return "semicolons";
    case '\t':
      return "tabs";
    case '|':
      return "pipes";
    case aligned_by_spaces:
      return "runs of spaces";
    default:
      return "commas";
  }
}

/// "sep=;", the first line that some spreadsheets write: in any case, perhaps in quotes, with a backslash and
/// a t for a tab.
void take_stated_delimiter(Text& text, std::vector<Finding>& findings) {
  const auto rest = text.bytes.substr(text.begin);
  const auto end = rest.find_first_of("\r\n");
  if (end == std::string_view::npos || end > 12) return;
  auto line = rest.substr(0, end);
  while (line.ends_with(' ')) line.remove_suffix(1);
  if (line.size() > 2 && line.front() == '"' && line.back() == '"') line = line.substr(1, line.size() - 2);
  if (lower(line.substr(0, 4)) != "sep=") return;
  const auto stated = line.substr(4) == "\\t" ? "\t" : line.substr(4);
  if (stated.size() != 1 || std::string_view(",;\t|").find(stated) == std::string_view::npos) return;
  text.delimiter = stated[0];
  text.begin += end + (rest.substr(end).starts_with("\r\n") ? 2 : 1);
  findings.push_back({Level::info, "", "the first line states the delimiter and was taken as such"});
}

void take_byte_order_mark(Text& text, std::vector<Finding>& findings) {
  if (!text.bytes.starts_with("\xef\xbb\xbf")) return;
  text.begin = 3;
  findings.push_back({Level::info, "", "the text starts with a byte-order mark, which was skipped"});
}

bool is_name_with_hash(std::string_view name) { return name.starts_with('#'); }

/// The "#" before the names of columns, as gnuplot and numpy.savetxt write it ("# x y label"), unless it is a
/// name itself: without it the first record has as many cells as the second.
void take_hash(Text& text, RawTable& raw, const KnownNames& known) {
  const auto rest = text.bytes.substr(text.begin);
  if (!rest.starts_with('#') || is_name_with_hash(known.name) ||
      std::ranges::any_of(known.all, is_name_with_hash))
    return;
  const auto after = std::min(rest.find_first_not_of("# "), rest.size());
  const auto begin = text.begin + after;
  const char delimiter =
      text.delimiter != 0 ? text.delimiter : find_delimiter(text.bytes, text.source, begin, known.name);
  if (after < rest.size() && rest[after] == delimiter) return;
  RecordReader reader(text.bytes, text.source, delimiter, begin);
  std::vector<Field> first, second;
  if (!reader.next(first) || !reader.next(second) || first.size() < 2 || first.size() != second.size())
    return;
  text.begin = begin;
  raw.marks.delimiter = delimiter;
  raw.findings.push_back({Level::info, "", "the # before the names of columns was left out"});
}

void check_column_count(std::size_t columns, std::string_view source) {
  if (columns > max_columns)
    throw InputError(fmt::format("{}: {} columns; at most {} are supported, so leave some out first", source,
                                 columns, max_columns));
}

/// Appends records to a table of known width.
class RowCollector {
 public:
  RowCollector(RawTable& raw, const Text& text)
      : raw_(raw), text_(text), swallowed_(raw.names.size(), raw.marks.delimiter) {
    const auto columns = raw_.names.size();
    const auto rest = text_.bytes.substr(text_.begin);
    const auto line_ends = std::max(std::ranges::count(rest, '\n'), std::ranges::count(rest, '\r'));
    const auto rows =
        std::min({static_cast<std::size_t>(line_ends) + 1, rest.size() / columns + 1, max_cells / columns});
    raw_.columns.resize(columns);
    for (auto& column : raw_.columns) column.reserve(rows);
    raw_.lines.reserve(rows);
  }

  void add(const std::vector<Field>& fields, const RecordReader& reader) {
    const auto columns = raw_.names.size();
    if (fields.size() != columns) throw ragged(raw_, fields, reader, columns);
    if ((raw_.rows + 1) * columns > max_cells)
      throw InputError(fmt::format("{}:{}: more than {} cells; use fewer rows or columns", text_.source,
                                   reader.line(), max_cells));
    for (std::size_t c = 0; c < columns; ++c) raw_.columns[c].push_back(fields[c].cell());
    refuse_names(reader);
    swallowed_.look_at(fields, reader);
    raw_.lines.push_back(reader.line());
    ++raw_.rows;
  }

  void tell_swallowed() {
    if (auto warning = swallowed_.warning())
      raw_.findings.push_back({Level::warning, "", std::move(*warning)});
  }

 private:
  void refuse_names(const RecordReader& reader) const {
    for (std::size_t c = 0; c < raw_.names.size(); ++c)
      if (raw_.columns[c].back() != raw_.names[c]) return;
    if (raw_.names.size() > 1)
      throw InputError(fmt::format(
          "{}:{}: this line repeats the names of the columns, as where files were joined; leave it out, or "
          "write a line of names above the rows if there is none",
          text_.source, reader.line()));
  }

  RawTable& raw_;
  const Text& text_;
  SwallowedRows swallowed_;
};

void tell_delimiter(RawTable& raw) {
  if (raw.marks.delimiter != ',')
    raw.findings.push_back(
        {Level::info, "", fmt::format("cells are separated by {}", name_of(raw.marks.delimiter))});
}

void tell_skipped(RawTable& raw, std::size_t blank_lines) {
  if (blank_lines > 0)
    raw.findings.push_back(
        {Level::info, "",
         fmt::format("{} blank {} skipped", blank_lines, blank_lines == 1 ? "line was" : "lines were")});
}

}  // namespace

RawTable parse_csv(std::string_view bytes, std::string_view source, const KnownNames& known,
                   const CsvForm& form) {
  RawTable raw;
  Text text{.bytes = bytes, .source = source, .delimiter = form.delimiter};
  take_byte_order_mark(text, raw.findings);
  take_stated_delimiter(text, raw.findings);
  raw.marks.delimiter =
      text.delimiter != 0 ? text.delimiter : find_delimiter(bytes, source, text.begin, known.name);
  take_hash(text, raw, known);

  RecordReader reader(bytes, source, raw.marks.delimiter, text.begin, form.quotes);
  const auto at_table = reader;
  std::vector<Field> first, fields;
  if (!reader.next(first))
    throw InputError(
        fmt::format("{}:1:1: the file is empty; a table needs a line of column names and rows", source));
  const auto header_line = reader.line();
  check_column_count(first.size(), source);
  const bool has_second = reader.next(fields);
  const auto stacked = form.names_first ? std::nullopt : stacked_header(at_table);
  const auto kind = form.names_first ? FirstLine::names : first_line(first, fields, known);
  const bool headless = !stacked && (kind == FirstLine::data || kind == FirstLine::data_of_model);
  if (stacked)
    take_names(raw, *stacked);
  else
    headless ? number_columns(raw, first.size(), kind) : name_columns(raw, first, kind, known);
  check_names_differ(raw, header_line, source);
  if (!has_second && !headless)
    throw InputError(
        fmt::format("{}:{}: only a line of column names and no rows below it", source, header_line));

  // To the first row.
  reader = at_table;
  const auto header_records = stacked ? stacked->records : headless ? 0 : 1;
  for (std::size_t k = 0; k <= header_records; ++k) reader.next(fields);
  UnnamedColumn unnamed(raw, fields, reader);
  RowCollector rows(raw, text);
  do {
    rows.add(fields, reader);
  } while (reader.next(fields));
  rows.tell_swallowed();
  unnamed.settle();
  raw.marks = number_marks(raw.columns, raw.marks.delimiter);
  tell_delimiter(raw);
  if (form.tell_blank_lines) tell_skipped(raw, reader.blank_lines());
  return raw;
}

}  // namespace qupel
