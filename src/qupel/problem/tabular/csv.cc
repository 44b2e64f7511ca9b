#include "qupel/problem/tabular/csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "qupel/base/error.h"
#include "qupel/base/text.h"
#include "qupel/problem/tabular/cell.h"
#include "qupel/problem/tabular/delimiter.h"
#include "qupel/problem/tabular/record_reader.h"
#include "qupel/problem/tabular/stacked_header.h"

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

std::optional<double> number_in_any_format(const Field& field) {
  const auto cell = field.cell();
  if (const auto value = parse_number(cell)) return value;
  return parse_number(cell, {.decimal = ','});
}

/// Numbers that count columns (0, 1, 2 or 1, 2, 3 from the left) or years and the like (2019, 2020, 2021).
bool count_up(const std::vector<std::pair<std::size_t, double>>& numbers) {
  const auto at_position = [&](double base) {
    return std::ranges::all_of(
        numbers, [=](const auto& n) { return n.second == static_cast<double>(n.first) + base; });
  };
  const auto by_one = [](const auto& a, const auto& b) { return b.second != a.second + 1; };
  const bool run = numbers.size() >= 3 && std::ranges::adjacent_find(numbers, by_one) == numbers.end();
  return at_position(0) || at_position(1) || run;
}

/// The first record is data, not a header, if it holds a number above a number and its numbers are not names
/// that count up.
bool is_data(const std::vector<Field>& first, const std::vector<Field>& second, std::string_view known_name) {
  if (!known_name.empty() &&
      std::ranges::any_of(first, [&](const Field& f) { return f.cell() == known_name; }))
    return false;
  std::vector<std::pair<std::size_t, double>> numbers;
  bool above_number = false;
  for (std::size_t c = 0; c < first.size(); ++c) {
    const auto value = number_in_any_format(first[c]);
    if (!value) continue;
    numbers.emplace_back(c, *value);
    above_number |= c < second.size() && number_in_any_format(second[c]).has_value();
  }
  return above_number && !count_up(numbers);
}

void check_column_count(std::size_t columns, std::string_view source) {
  if (columns > max_columns)
    throw InputError(fmt::format("{}: {} columns; at most {} are supported, so leave some out first", source,
                                 columns, max_columns));
}

void name_columns(RawTable& raw, const std::vector<Field>& header) {
  std::size_t unnamed = 0;
  for (std::size_t c = 0; c < header.size(); ++c) {
    auto name = header[c].cell();
    if (name.empty()) {
      name = fmt::format("c{}", c + 1);
      ++unnamed;
    }
    raw.names.push_back(std::move(name));
  }
  if (unnamed > 0)
    raw.findings.push_back(
        {Level::warning, "",
         fmt::format("{} of the header's names {} empty and became c and the column's number", unnamed,
                     unnamed == 1 ? "is" : "are")});
}

void number_columns(RawTable& raw, std::size_t count) {
  for (std::size_t c = 0; c < count; ++c) raw.names.push_back(fmt::format("c{}", c + 1));
  raw.findings.push_back(
      {Level::warning, "",
       fmt::format("the first line holds numbers as the second does, so it was read as data and the "
                   "columns were named c1 to c{}",
                   count)});
}

void take_names(RawTable& raw, const StackedHeader& header) {
  raw.names = header.names;
  raw.findings.push_back(
      {Level::info, "",
       fmt::format("the names of columns stand in {} lines, as pandas writes them, and were "
                   "joined: \"{}\"",
                   header.records, raw.names.back())});
}

void check_names_differ(const RawTable& raw, std::size_t line, std::string_view source) {
  std::unordered_map<std::string_view, std::size_t> first;
  for (std::size_t c = 0; c < raw.names.size(); ++c) {
    const auto [at, is_new] = first.emplace(raw.names[c], c);
    if (!is_new)
      throw InputError(fmt::format("{}:{}: columns {} and {} are both named \"{}\"; give each its own name",
                                   source, line, at->second + 1, c + 1, raw.names[c]));
  }
}

InputError ragged(const RawTable& raw, const std::vector<Field>& fields, const RecordReader& reader,
                  std::size_t columns) {
  const char delimiter = raw.marks.delimiter;
  const auto offset = fields.size() > columns ? fields[columns].offset : fields.back().offset;
  return InputError(fmt::format(
      "{}: the row on line {} has {} cells, but there are {} columns; every row needs one cell a column, and a "
      "cell that holds a \"{}\" must be in quotes{}",
      reader.place_of(offset), reader.line(), fields.size(), columns,
      delimiter == '\t'                ? "tab"
      : delimiter == aligned_by_spaces ? "space"
                                       : std::string(1, delimiter),
      columns == 1 ? "; if the first line is a remark, not the name of the only column, delete it" : ""));
}

/// A column that the header has no name for, because all rows have one cell more than it: names of rows, as R
/// writes them, or nothing behind a delimiter at the end.
class UnnamedColumn {
 public:
  /// Gives it a place among the names if the first row has one cell more.
  UnnamedColumn(RawTable& raw, const std::vector<Field>& row, const RecordReader& reader) : raw_(raw) {
    if (raw.names.size() < 2 || row.size() != raw.names.size() + 1) return;
    if_neither_ = ragged(raw, row, reader, raw.names.size()).what();
    at_end_ = !row.back().quoted && row.back().cell().empty();
    quoted_ = row.front().quoted;
    raw.names.insert(at_end_ ? raw.names.end() : raw.names.begin(), at_end_ ? "" : free_name());
  }

  /// Looks at its cells when all rows are read. @throws InputError if they are neither
  void settle() {
    if (if_neither_.empty()) return;
    const auto& cells = at_end_ ? raw_.columns.back() : raw_.columns.front();
    if (!(at_end_ ? std::ranges::all_of(cells, &std::string::empty) : are_row_names(cells)))
      throw InputError(if_neither_ +
                       "; if the first cell of each row is the row's name, give that column a name");
    if (at_end_) {
      raw_.names.pop_back();
      raw_.columns.pop_back();
    }
    raw_.findings.push_back(
        {Level::info, "",
         at_end_
             ? std::string("every row ends with a delimiter, which was dropped")
             : fmt::format("the header has one name fewer than rows have cells: the first cell of each is "
                           "a row's name, as R writes it, and became the column \"{}\"",
                           raw_.names.front())});
  }

 private:
  std::string free_name() const {
    std::string name = "rownames";
    while (std::ranges::find(raw_.names, name) != raw_.names.end()) name += '_';
    return name;
  }

  /// All different, and in quotes, or no numbers, or numbers that count up. Without quotes a comma between
  /// cells may as well be one of a number or of a text.
  bool are_row_names(const std::vector<std::string>& cells) const {
    const std::unordered_set<std::string_view> different(cells.begin(), cells.end());
    if (different.size() != cells.size()) return false;
    if (quoted_) return true;
    constexpr std::size_t enough_to_count = 3;
    const auto first = parse_number(cells.front());
    if (raw_.marks.delimiter == ',' || (first && cells.size() < enough_to_count)) return false;
    for (std::size_t row = 0; row < cells.size(); ++row) {
      const auto number = parse_number(cells[row]);
      if (number.has_value() != first.has_value()) return false;
      if (first && (*first > 1 || *first < 0 || *number != *first + static_cast<double>(row))) return false;
    }
    return true;
  }

  RawTable& raw_;
  std::string if_neither_;
  bool at_end_ = false, quoted_ = false;
};

/// Appends records to a table of known width.
class RowCollector {
 public:
  RowCollector(RawTable& raw, const Text& text) : raw_(raw), text_(text) {
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
    raw_.lines.push_back(reader.line());
    ++raw_.rows;
  }

 private:
  void refuse_names(const RecordReader& reader) const {
    for (std::size_t c = 0; c < raw_.names.size(); ++c)
      if (raw_.columns[c].back() != raw_.names[c]) return;
    if (raw_.names.size() > 1)
      throw InputError(fmt::format(
          "{}:{}: this line repeats the names of the columns, as where files were joined; leave it out",
          text_.source, reader.line()));
  }

  RawTable& raw_;
  const Text& text_;
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

RawTable parse_csv(std::string_view bytes, std::string_view source, std::string_view known_name,
                   const CsvForm& form) {
  RawTable raw;
  Text text{.bytes = bytes, .source = source, .delimiter = form.delimiter};
  take_byte_order_mark(text, raw.findings);
  take_stated_delimiter(text, raw.findings);
  raw.marks.delimiter =
      text.delimiter != 0 ? text.delimiter : find_delimiter(bytes, source, text.begin, known_name);

  RecordReader reader(bytes, source, raw.marks.delimiter, text.begin, form.quotes);
  const auto at_table = reader;
  std::vector<Field> first, fields;
  if (!reader.next(first))
    throw InputError(
        fmt::format("{}:1:1: the file is empty; a table needs a line of column names and rows", source));
  const auto first_line = reader.line();
  check_column_count(first.size(), source);
  const bool has_rows = reader.next(fields);
  const auto stacked = stacked_header(at_table);
  const bool headless = !stacked && has_rows && is_data(first, fields, known_name);
  if (stacked)
    take_names(raw, *stacked);
  else
    headless ? number_columns(raw, first.size()) : name_columns(raw, first);
  check_names_differ(raw, first_line, source);
  if (!has_rows)
    throw InputError(
        fmt::format("{}:{}: only a line of column names and no rows below it", source, first_line));

  // To the first row.
  reader = at_table;
  const auto header_records = stacked ? stacked->records : headless ? 0 : 1;
  for (std::size_t k = 0; k <= header_records; ++k) reader.next(fields);
  UnnamedColumn unnamed(raw, fields, reader);
  RowCollector rows(raw, text);
  do {
    rows.add(fields, reader);
  } while (reader.next(fields));
  unnamed.settle();
  raw.marks = number_marks(raw.columns, raw.marks.delimiter);
  tell_delimiter(raw);
  if (form.tell_blank_lines) tell_skipped(raw, reader.blank_lines());
  return raw;
}

}  // namespace qupel
