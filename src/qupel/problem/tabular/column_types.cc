#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <unordered_map>
#include <utility>

#include "qupel/problem/tabular/cell.h"
#include "qupel/problem/tabular/cell_values.h"
#include "qupel/problem/tabular/date.h"
#include "qupel/problem/tabular/identifier_name.h"
#include "qupel/problem/tabular/missing_marks.h"
#include "qupel/problem/tabular/number_column.h"
#include "qupel/problem/tabular/number_wording.h"
#include "qupel/problem/tabular/quantity_text.h"
#include "qupel/problem/tabular/table.h"
#include "qupel/problem/wording.h"

// The rules by which a column gets its type, in the order in which they are tried. docs/data.md tells them to
// users.
namespace qupel {
namespace {

using Level = Finding::Level;
/// A category column has at most so many levels, or each level at least two rows on average.
constexpr std::size_t few_levels = 20;
/// With fewer cells present, equal cells are no evidence of being different by design.
constexpr std::size_t enough_to_identify = 10;

/// What the rules look at.
struct Cells {
  std::string_view name;
  const std::vector<std::string>& cells;
  const std::vector<std::size_t>& lines;
  NumberMarks marks;
  std::string_view source;
  std::size_t missing;
  std::size_t present() const { return cells.size() - missing; }
};

/// Collects the findings of one column.
class Notes {
 public:
  Notes(std::string_view column, std::vector<Finding>& findings) : column_(column), findings_(findings) {}
  void info(std::string message) { findings_.push_back({Level::info, column_, std::move(message)}); }
  void warning(std::string message) { findings_.push_back({Level::warning, column_, std::move(message)}); }
  void add(const std::vector<Finding>& findings) {
    findings_.insert(findings_.end(), findings.begin(), findings.end());
  }

 private:
  std::string column_;
  std::vector<Finding>& findings_;
};

/// Counts the cells that were not read as missing, keeps their texts for tables to come, and warns of them.
void take_unread(const Cells& in, const std::vector<std::size_t>& unread, std::string_view kind,
                 Column& column, Notes& notes) {
  constexpr std::size_t most_texts = 100;
  if (unread.empty()) return;
  column.missing += unread.size();
  auto& texts = column.reading.missing_texts;
  for (const auto row : unread)
    if (texts.size() < most_texts && std::ranges::find(texts, in.cells[row]) == texts.end())
      texts.push_back(in.cells[row]);
  std::ranges::sort(texts);
  notes.warning(unread_words(in.cells, in.lines, unread, kind));
}

bool read_boolean(const Cells& in, Column& column, Notes& notes) {
  const CellReading reading{.kind = CellReading::Kind::boolean};
  const auto parse = [](std::string_view cell) {
    const auto truth = parse_boolean(cell);
    return truth ? std::optional(*truth ? 1.0 : 0.0) : std::nullopt;
  };
  auto read = read_cells(in.cells, parse, Strays::none);
  if (!read || !read->unread.empty() || !are_of_one_language(in.cells))
    return false;  // yes, no, unknown: categories
  column.reading = reading;
  column.type = ColumnType::boolean;
  column.numbers = std::move(read->values);
  notes.info("true and false (or yes and no) became 1 and 0");
  return true;
}

std::optional<CellValues> read_days(const Cells& in, DateOrder order) {
  return read_cells(
      in.cells, [=](std::string_view cell) { return parse_date(cell, order); }, Strays::few);
}

/// The order in which the most cells are dates, the first of these.
std::optional<std::pair<DateOrder, CellValues>> best_days(const Cells& in) {
  std::optional<std::pair<DateOrder, CellValues>> best;
  for (const auto order : {DateOrder::year_first, DateOrder::day_first, DateOrder::month_first}) {
    auto days = read_days(in, order);
    if (days && (!best || days->unread.size() < best->second.unread.size()))
      best.emplace(order, std::move(*days));
  }
  return best;
}

std::string_view order_words(DateOrder order) {
  return order == DateOrder::year_first  ? ""
         : order == DateOrder::day_first ? " (day, month, year)"
                                         : " (month, day, year)";
}

/// Whether months and days could change places without another cell becoming unreadable.
bool may_be_month_first(const Cells& in, const CellValues& days) {
  const auto others = read_days(in, DateOrder::month_first);
  return others && others->unread.size() == days.unread.size();
}

bool have_short_years(const Cells& in, const CellValues& days) {
  for (std::size_t row = 0; row < in.cells.size(); ++row)
    if (!std::isnan(days.values[row]) && has_short_year(in.cells[row])) return true;
  return false;
}

bool read_dates(const Cells& in, Column& column, Notes& notes) {
  auto best = best_days(in);
  if (!best) return false;
  auto& [order, days] = *best;
  column.type = ColumnType::date;
  column.reading = {.kind = CellReading::Kind::date, .date = order};
  notes.info(fmt::format("dates{} became days since 1970-01-01", order_words(order)));
  if (order == DateOrder::day_first && may_be_month_first(in, days))
    notes.warning("the dates could be month/day/year too; write them as 2024-02-29 to be sure");
  if (have_short_years(in, days))
    notes.warning("years of two digits were read as 1969 to 2068; write them in four to be sure");
  take_unread(in, days.unread, "date", column, notes);
  column.numbers = std::move(days.values);
  return true;
}

bool read_times(const Cells& in, Column& column, Notes& notes) {
  auto hours = read_cells(in.cells, parse_time, Strays::few);
  if (!hours) return false;
  column.reading = {.kind = CellReading::Kind::time};
  notes.info("times of day became hours since midnight");
  take_unread(in, hours->unread, "time of day", column, notes);
  column.numbers = std::move(hours->values);
  return true;
}

bool counts_rows(const std::vector<double>& numbers) {
  for (std::size_t i = 1; i < numbers.size(); ++i)
    if (numbers[i] != numbers[i - 1] + 1) return false;
  return numbers.size() >= enough_to_identify;
}

bool all_different(std::vector<double> numbers) {
  std::ranges::sort(numbers);
  return std::ranges::adjacent_find(numbers) == numbers.end();
}

bool all_from_one_on(std::vector<double> numbers) {
  std::ranges::sort(numbers);
  return (numbers.front() == 0 || numbers.front() == 1) && counts_rows(numbers);
}

/// Whole numbers, none missing, that count the rows, also in another order, or that differ in every row below
/// a name such as "id". Different values alone mean nothing: measurements differ too.
bool is_identifier(const std::vector<double>& numbers, std::string_view name) {
  const auto whole = [](double v) { return v == std::floor(v); };
  if (numbers.size() < enough_to_identify || !std::ranges::all_of(numbers, whole)) return false;
  return counts_rows(numbers) || all_from_one_on(numbers) ||
         (is_identifier_name(name) && all_different(numbers));
}

/// -999 and the like: often written where a value is missing.
bool may_mark_missing(double value) {
  for (const double nines : {99.0, 999.0, 9999.0, 99999.0})
    if (std::abs(value) == nines) return true;
  return false;
}

/// Warns of such a number that stands in many cells, further from the others than they are apart.
void tell_marks(const std::vector<double>& numbers, Notes& notes) {
  constexpr std::size_t many = 3;
  std::vector<double> values;
  std::ranges::copy_if(numbers, std::back_inserter(values), [](double v) { return !std::isnan(v); });
  if (values.size() < enough_to_identify) return;
  std::ranges::sort(values);
  for (const double end : {values.front(), values.back()}) {
    if (!may_mark_missing(end)) continue;
    const auto [first, last] = std::equal_range(values.begin(), values.end(), end);
    const auto count = static_cast<std::size_t>(last - first);
    if (count < many || count == values.size()) continue;
    const double low = first == values.begin() ? *last : values.front(),
                 high = first == values.begin() ? values.back() : *std::prev(first);
    const double gap = end < low ? low - end : end - high;
    if (gap > high - low)
      notes.warning(
          fmt::format("{} stands in {} cells, far from all others, and is read as a number; if it marks "
                      "missing values, empty those cells",
                      end, count));
  }
}

/// Whole numbers beyond 2^53 stay numbers unless rounding makes different ones equal.
bool tell_rounding(const Cells& in, const NumberColumn& read, Notes& notes) {
  if (!rounding_merges(in.cells, read)) {
    notes.warning(
        "whole numbers beyond 2^53 are rounded to 53 bits; if they are codes and no quantities, put a letter "
        "before them");
    return true;
  }
  notes.info(
      "whole numbers beyond 2^53 that differ in their last digits only: codes, no quantities, read as text");
  return false;
}

bool read_numeric(const Cells& in, Column& column, Notes& notes) {
  auto read = read_numbers(in.cells, in.lines, in.marks, Strays::few, in.name, in.source);
  if (!read) return false;
  if (holds_rounded_numbers(in.cells, *read) && !tell_rounding(in, *read, notes)) return false;
  column.numbers = std::move(read->values);
  column.reading = {.number = read->format, .unit = read->unit};
  notes.add(format_findings(*read, in.name));
  tell_marks(column.numbers, notes);
  take_unread(in, read->unread, "number", column, notes);
  if (column.missing == 0 && is_identifier(column.numbers, in.name)) {
    column.type = ColumnType::identifier;
    column.used = false;
    notes.info("whole numbers that only tell rows apart (an identifier): left out");
  }
  return true;
}

/// Codes of the cells, with the levels in sorted order.
void code_levels(const Cells& in, Column& column) {
  std::unordered_map<std::string_view, int> code;
  for (const auto& cell : in.cells)
    if (!is_missing(cell)) code.emplace(cell, 0);
  for (const auto& [level, unused] : code) column.levels.emplace_back(level);
  std::ranges::sort(column.levels);
  for (std::size_t i = 0; i < column.levels.size(); ++i) code[column.levels[i]] = static_cast<int>(i);
  column.codes.reserve(in.cells.size());
  for (const auto& cell : in.cells) column.codes.push_back(is_missing(cell) ? -1 : code.find(cell)->second);
}

/// Three words or more a cell, or long cells: prose rather than names.
bool is_prose(const Cells& in) {
  std::size_t words = 0, characters = 0;
  for (const auto& cell : in.cells) {
    if (is_missing(cell)) continue;
    words += 1 + static_cast<std::size_t>(std::ranges::count(cell, ' '));
    characters += cell.size();
  }
  return words >= 3 * in.present() || characters >= 40 * in.present();
}

void leave_out(Column& column, ColumnType type) {
  column.type = type;
  column.used = false;
  column.codes.clear();
  column.levels.clear();
}

void tell_levels(const Column& column, Notes& notes) {
  const auto count = column.levels.size();
  if (count > max_levels)
    return notes.warning(fmt::format(
        "{} categories: the {} most frequent in the training rows get a 0/1 column each", count, max_levels));
  notes.info(fmt::format("{} (one-hot: a 0/1 column for each that the training rows hold)",
                         count == 1 ? "1 category" : fmt::format("{} categories", count)));
}

/// Numbers, dates or times that were not written alike.
void tell_numbers_as_text(const Cells& in, Notes& notes) {
  const auto count = static_cast<std::size_t>(std::ranges::count_if(in.cells, begins_with_digit));
  if (10 * count >= 9 * in.present())
    notes.warning(fmt::format(
        "{} begin with a digit but do not all read as numbers, dates or times in one form; if they "
        "are quantities, write them alike",
        counted(count, "cell")));
}

void read_text(const Cells& in, Column& column, Notes& notes) {
  column.type = ColumnType::categorical;
  code_levels(in, column);
  const auto levels = column.levels.size(), present = in.present();
  const bool all_differ = levels == present && present >= enough_to_identify;
  const bool mostly_differ = levels > few_levels && 2 * levels > present;
  if (levels > few_levels / 2) tell_numbers_as_text(in, notes);
  if (all_differ && !is_prose(in)) {
    leave_out(column, ColumnType::identifier);
    notes.info("a different text in every row (an identifier): left out");
  } else if (all_differ || mostly_differ) {
    leave_out(column, ColumnType::text);
    notes.warning(fmt::format("free text ({} different in {}): left out", levels, counted(present, "row")));
  } else {
    tell_levels(column, notes);
  }
}

void tell_missing(const Column& column, std::size_t rows, Notes& notes) {
  if (column.missing == 0 || !column.used) return;
  const auto share = 100 * static_cast<double>(column.missing) / static_cast<double>(rows);
  const bool categorical = column.type == ColumnType::categorical;
  const auto message =
      fmt::format("{} of {} cells are missing ({:.1f} %): {}", column.missing, rows, share,
                  categorical ? "all of the column's 0/1 columns are 0 there"
                              : "filled with the median of the training rows, and a 0/1 column says "
                                "where");
  share > 50 ? notes.warning(message) : notes.info(message);
}

bool is_empty(const Column& column) {
  return column.missing == std::max(column.numbers.size(), column.codes.size());
}

/// Empty, or one value in every row. (One value in some rows and none in others still tells them apart.)
bool is_constant(const Column& column) {
  const auto differ = [](const auto& values) {
    return std::ranges::adjacent_find(values, std::not_equal_to{}) != values.end();
  };
  if (!column.used) return false;
  return is_empty(column) || (column.missing == 0 && !differ(column.numbers) && !differ(column.codes));
}

}  // namespace

std::string_view to_string(ColumnType type) {
  switch (type) {
    case ColumnType::numeric:
      return "numeric";
    case ColumnType::boolean:
      return "boolean";
    case ColumnType::categorical:
      return "categorical";
    case ColumnType::date:
      return "date";
    case ColumnType::identifier:
      return "identifier";
    case ColumnType::text:
      return "text";
    case ColumnType::constant:
      return "constant";
  }
  return "";
}

void drop_if_constant(Column& column, std::vector<Finding>& findings) {
  if (!is_constant(column)) return;
  const bool empty = is_empty(column);
  leave_out(column, ColumnType::constant);
  Notes(column.name, findings)
      .info(empty ? "no cell holds a value: left out" : "the same value in every row: left out");
}

Column type_column(std::string name, const std::vector<std::string>& cells,
                   const std::vector<std::size_t>& lines, NumberMarks marks, std::string_view source,
                   std::vector<Finding>& findings) {
  Column column;
  column.name = std::move(name);
  column.missing = static_cast<std::size_t>(std::ranges::count_if(cells, is_missing));
  const Cells in{column.name, cells, lines, marks, source, column.missing};
  const auto findings_before = findings.size();
  Notes notes(column.name, findings);
  if (!read_boolean(in, column, notes) && !read_dates(in, column, notes) && !read_times(in, column, notes) &&
      !read_numeric(in, column, notes))
    read_text(in, column, notes);
  tell_missing(column, cells.size(), notes);
  if (is_constant(column)) findings.resize(findings_before);  // how its one value was read helps nobody
  drop_if_constant(column, findings);
  return column;
}

Table type_columns(RawTable raw, std::string_view source) {
  Table table{
      .source = std::string(source), .columns = {}, .rows = raw.rows, .findings = std::move(raw.findings)};
  for (std::size_t c = 0; c < raw.names.size(); ++c) {
    table.columns.push_back(
        type_column(std::move(raw.names[c]), raw.columns[c], raw.lines, raw.marks, source, table.findings));
    raw.columns[c] = {};
  }
  return table;
}

}  // namespace qupel
