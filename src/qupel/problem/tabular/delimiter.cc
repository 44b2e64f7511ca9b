#include "qupel/problem/tabular/delimiter.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <vector>

#include "qupel/base/code_points.h"
#include "qupel/base/error.h"
#include "qupel/problem/tabular/cell.h"
#include "qupel/problem/tabular/missing_marks.h"
#include "qupel/problem/tabular/record_reader.h"

namespace qupel {
namespace {

constexpr std::string_view delimiters = "\t;|,";

/// The first records as one delimiter cuts them.
struct Cut {
  char delimiter;
  std::size_t fields = 0;     ///< of the header
  bool names_target = false;  ///< one of them is the known name
  double agreement = 0;       ///< share of the records with as many cells as the header
  bool one_more = false;      ///< they agree, but on one cell more: names of rows, or a delimiter at the end
  double whole = 0;           ///< share of the cells below the header that are whole
};

bool is_date(std::string_view cell) {
  return parse_date(cell, DateOrder::year_first) || parse_date(cell, DateOrder::day_first) ||
         parse_date(cell, DateOrder::month_first) || parse_time(cell);
}

/// "18.0   8   307.0": cells of a table that is aligned by spaces.
bool is_several_numbers(std::string_view cell) {
  std::size_t numbers = 0;
  while (!cell.empty()) {
    const auto end = std::min(cell.find_first_of(" \t"), cell.size());
    if (!is_number(cell.substr(0, end)) && !is_missing(cell.substr(0, end))) return false;
    ++numbers;
    cell = trim(cell.substr(end));
  }
  return numbers > 1;
}

/// Whether a cell holds nothing that another delimiter would cut.
bool is_whole(const Field& field, char delimiter) {
  if (field.quoted) return true;
  const auto cell = trim(field.text);
  if (is_missing(cell)) return true;
  if (delimiters.find(cell.front()) != delimiters.npos || delimiters.find(cell.back()) != delimiters.npos)
    return false;
  if (is_number(cell) || is_date(cell)) return true;
  const auto is_other_mark = [=](char c) { return c != delimiter && delimiters.find(c) != delimiters.npos; };
  return std::ranges::none_of(cell, is_other_mark) && !is_several_numbers(cell);
}

/// Nothing if quotes make no sense when cut so; if they never do, parsing says so.
std::optional<Cut> cut_by(char delimiter, std::string_view bytes, std::string_view source, std::size_t begin,
                          std::string_view known_name) {
  constexpr std::size_t sample = 50;
  RecordReader reader(bytes, source, delimiter, begin);
  std::vector<Field> fields;
  Cut cut{.delimiter = delimiter};
  std::size_t records = 0, as_many = 0, one_more = 0, cells = 0, whole = 0;
  try {
    if (!reader.next(fields)) return cut;
    cut.fields = fields.size();
    cut.names_target = !known_name.empty() &&
                       std::ranges::any_of(fields, [&](const Field& f) { return f.cell() == known_name; });
    for (; records < sample && reader.next(fields); ++records) {
      as_many += fields.size() == cut.fields;
      one_more += fields.size() == cut.fields + 1;
      cells += fields.size();
      for (const auto& field : fields) whole += is_whole(field, delimiter);
    }
  } catch (const InputError&) {
    return std::nullopt;
  }
  if (records == 0) return cut;
  cut.one_more = one_more == records;
  cut.agreement = static_cast<double>(cut.one_more ? records : as_many) / static_cast<double>(records);
  cut.whole = static_cast<double>(whole) / static_cast<double>(cells);
  return cut;
}

auto rank(const Cut& cut) {
  return std::tuple(cut.agreement == 1 && !cut.one_more, cut.names_target, cut.agreement, cut.whole,
                    cut.fields);
}

}  // namespace

char find_delimiter(std::string_view bytes, std::string_view source, std::size_t begin,
                    std::string_view known_name) {
  std::optional<Cut> best;
  for (const char delimiter : {'\t', ';', '|', ',', aligned_by_spaces}) {
    const auto cut = cut_by(delimiter, bytes, source, begin, known_name);
    if (!cut || cut->fields < 2) continue;
    // Words stand beside words in any text: spaces count only if they cut every record alike.
    if (delimiter == aligned_by_spaces && cut->agreement < 1) continue;
    if (!best || rank(*cut) > rank(*best)) best = cut;
  }
  return best ? best->delimiter : ',';
}

}  // namespace qupel
