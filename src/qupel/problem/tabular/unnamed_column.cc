#include "qupel/problem/tabular/unnamed_column.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "qupel/problem/tabular/cell.h"
#include "qupel/problem/tabular/delimiter.h"
#include "qupel/problem/tabular/identifier_name.h"

namespace qupel {

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

UnnamedColumn::UnnamedColumn(RawTable& raw, const std::vector<Field>& row, const RecordReader& reader)
    : raw_(raw) {
  if (raw.names.size() < 2 || row.size() != raw.names.size() + 1) return;
  if_neither_ = ragged(raw, row, reader, raw.names.size()).what();
  at_end_ = !row.back().quoted && row.back().cell().empty();
  quoted_ = row.front().quoted;
  raw.names.insert(at_end_ ? raw.names.end() : raw.names.begin(), at_end_ ? "" : free_name());
}

void UnnamedColumn::settle() {
  if (if_neither_.empty()) return;
  const auto& cells = at_end_ ? raw_.columns.back() : raw_.columns.front();
  if (!(at_end_ ? std::ranges::all_of(cells, &std::string::empty) : are_row_names(cells)))
    throw InputError(if_neither_ +
                     "; if the first cell of each row is the row's name, give that column a name");
  if (at_end_) {
    raw_.names.pop_back();
    raw_.columns.pop_back();
  }
  const bool unsure = !at_end_ && raw_.marks.delimiter == ',';
  raw_.findings.push_back(
      {unsure ? Finding::Level::warning : Finding::Level::info, "",
       at_end_ ? std::string("every row ends with a delimiter, which was dropped")
               : fmt::format("the header has one name fewer than rows have cells: the first cell of each is "
                             "a row's name, as R writes it, and became the column \"{}\"",
                             raw_.names.front())});
}

std::string UnnamedColumn::free_name() const {
  std::string name = "rownames";
  while (std::ranges::find(raw_.names, name) != raw_.names.end()) name += '_';
  return name;
}

/// All different, and in quotes, or no numbers, or numbers that count up. Without quotes a comma between
/// cells may as well be one of a number or of a text.
bool UnnamedColumn::are_row_names(const std::vector<std::string>& cells) const {
  const std::unordered_set<std::string_view> different(cells.begin(), cells.end());
  if (different.size() != cells.size()) return false;
  // A column of that kind has its name: the cell too many is a comma elsewhere, of a number or a text.
  if (raw_.marks.delimiter == ',' && is_identifier_name(raw_.names[1])) return false;
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

}  // namespace qupel
