#include "qupel/problem/tabular/assemble.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "qupel/base/error.h"
#include "qupel/problem/tabular/features.h"
#include "qupel/problem/tabular/rows.h"
#include "qupel/problem/tabular/time_order.h"
#include "qupel/problem/wording.h"

namespace qupel {
namespace {

using Level = Finding::Level;

void tell(DataSet& data, Level level, std::string message, std::string column = "") {
  data.table.findings.push_back({level, std::move(column), std::move(message)});
}

template <typename Keep>
void keep_rows_where(DataSet& data, Keep keep) {
  std::vector<std::size_t> rows;
  const auto all = data.rows();
  for (std::size_t row = 0; row < all; ++row)
    if (keep(row)) rows.push_back(row);
  if (rows.size() != all) keep_rows(data, rows);
}

/// Leaves out the rows that have no number in the target.
void drop_rows_without_number(DataSet& data) {
  const auto missing = std::ranges::count_if(data.targets, [](double t) { return std::isnan(t); });
  if (missing > 0)
    tell(data, Level::warning,
         fmt::format("{} without a number left out", counted(static_cast<std::size_t>(missing), "row")),
         data.target);
  keep_rows_where(data, [&](std::size_t row) { return !std::isnan(data.targets[row]); });
}

void drop_unlabelled(DataSet& data) {
  const auto unlabelled = static_cast<std::size_t>(std::ranges::count(data.labels, -1));
  if (unlabelled == 0) return;
  tell(data, Level::warning, fmt::format("{} without a label left out", counted(unlabelled, "row")),
       data.target);
  keep_rows_where(data, [&](std::size_t row) { return data.labels[row] >= 0; });
}

void drop_rows_without_target(DataSet& data) {
  if (data.holds_numbers()) {
    drop_rows_without_number(data);
    set_fifths(data);
  } else {
    drop_unlabelled(data);
  }
}

/// A class with one row cannot be in a training set and a test set.
void drop_single_row_classes(DataSet& data) {
  const auto counts = strata_counts(data);
  std::vector<int> new_label;
  std::vector<std::string> kept, dropped;
  for (std::size_t k = 0; k < counts.size(); ++k) {
    const bool keep = counts[k] >= 2;
    new_label.push_back(keep ? static_cast<int>(kept.size()) : -1);
    (keep ? kept : dropped).push_back(data.classes[k]);
  }
  if (dropped.empty()) return;
  tell(data, Level::warning,
       fmt::format("{} with one row only left out: {}",
                   dropped.size() == 1 ? "1 class" : fmt::format("{} classes", dropped.size()),
                   listed(dropped)),
       data.target);
  for (int& label : data.labels) label = new_label[static_cast<std::size_t>(label)];
  data.classes = kept;
  keep_rows_where(data, [&](std::size_t row) { return data.labels[row] >= 0; });
}

void check_rows(const DataSet& data) {
  const auto rows = data.rows();
  if (rows < min_rows)
    throw InputError(fmt::format("{}: {} with a label; at least {} are needed", data.source,
                                 counted(rows, "row"), min_rows));
}

/// What was said of the target so far, which may be why a class is not there.
std::string said_of_target(const DataSet& data) {
  std::string said;
  for (const auto& finding : data.table.findings)
    if (finding.column == data.target) said += "; " + finding.message;
  return said;
}

/// @param classes_read how many there were before those with one row were left out
void check_classes(const DataSet& data, std::size_t classes_read) {
  if (data.holds_numbers() || data.classes.size() >= 2) return;
  if (classes_read > data.classes.size())
    throw InputError(fmt::format(
        "{}: target \"{}\" needs two classes of two rows or more: a class of one row cannot be learned and "
        "tested{}; choose another column",
        data.source, data.target, said_of_target(data)));
  throw InputError(fmt::format(
      "{}: target \"{}\" holds one class only (\"{}\"), so there is nothing to tell apart{}; "
      "choose another column",
      data.source, data.target, data.classes.empty() ? "" : data.classes.front(), said_of_target(data)));
}

/// Rare classes that a draw kept above their share. @returns whether there are any
bool tell_changed_shares(DataSet& data, const std::vector<std::size_t>& before, std::size_t rows) {
  const auto after = strata_counts(data);
  const auto drawn = data.labels.size();
  std::vector<std::string> raised;
  for (std::size_t k = 0; k < after.size(); ++k)
    if ((after[k] - 1) * rows > before[k] * drawn)  // more than rounding
      raised.push_back(fmt::format("\"{}\" is {} of {} rows ({:.2g} %), and was {} of {} ({:.2g} %)",
                                   data.classes[k], after[k], drawn, percent(after[k], drawn), before[k],
                                   rows, percent(before[k], rows)));
  if (raised.empty()) return false;
  tell(data, Level::warning,
       fmt::format(
           "the draw keeps rare classes, so shares changed: {}; accuracies are those of the drawn rows",
           listed(raised, "; ")),
       data.target);
  return true;
}

void draw_rows(DataSet& data, const DataSetOptions& options) {
  const auto rows = data.rows();
  if (options.max_rows == 0 || options.max_rows >= rows) return;
  if (data.holds_numbers()) {
    keep_rows(data, stratified_draw(data, options.max_rows, options.seed));
    set_fifths(data);
    tell(data, Level::info,
         fmt::format("{} of {} rows drawn, each fifth of the target by its share (seed {})", options.max_rows,
                     rows, options.seed));
    return;
  }
  const auto before = strata_counts(data);
  keep_rows(data, stratified_draw(data, options.max_rows, options.seed));
  const bool changed = tell_changed_shares(data, before, rows);
  tell(data, Level::info,
       fmt::format("{} of {} rows drawn, each class by its share{} (seed {})", options.max_rows, rows,
                   changed ? ", rare ones above it" : "", options.seed));
}

void check_columns(const DataSet& data) {
  if (std::ranges::any_of(data.table.columns, &Column::used)) return;
  if (data.table.columns.empty())
    throw InputError(fmt::format("{}: no column is left beside the target \"{}\"", data.source, data.target));
  std::vector<std::string> reasons;
  for (const auto& column : data.table.columns)
    reasons.push_back(fmt::format("\"{}\" ({})", column.name, to_string(column.type)));
  throw InputError(
      fmt::format("{}: no column can be used as a feature: {}", data.source, fmt::join(reasons, ", ")));
}

void tell_types(DataSet& data) {
  std::map<ColumnType, std::size_t> used;
  std::size_t left_out = 0;
  for (const auto& column : data.table.columns) column.used ? ++used[column.type] : ++left_out;
  std::vector<std::string> parts;
  for (const auto& [type, count] : used) parts.push_back(fmt::format("{} {}", count, to_string(type)));
  tell(data, Level::info,
       fmt::format("{} and {}: {} used as features, {} left out", counted(data.table.rows, "row"),
                   counted(data.table.columns.size(), "column"), fmt::join(parts, ", "), left_out));
  tell(data, Level::info,
       "columns are scaled, filled and reduced by what the training rows hold, in every fold anew");
}

void tell_duplicates(DataSet& data) {
  const auto groups = duplicate_groups(data);
  std::set<std::size_t> disagreeing;
  std::size_t repeats = 0;
  for (std::size_t row = 0; row < groups.size(); ++row) {
    if (groups[row] == row) continue;
    ++repeats;
    const bool differs = data.holds_numbers() ? data.targets[groups[row]] != data.targets[row]
                                              : data.labels[groups[row]] != data.labels[row];
    if (differs) disagreeing.insert(groups[row]);
  }
  if (repeats > 0)
    tell(data, Level::warning,
         fmt::format("{} {} the features of an earlier row; equal rows stay in one fold, but for large sets "
                     "with different labels",
                     counted(repeats, "row"), repeats == 1 ? "repeats" : "repeat"));
  if (!disagreeing.empty())
    tell(data, Level::warning,
         fmt::format("{} of equal rows with different labels: no model can tell them apart",
                     counted(disagreeing.size(), "set")));
}

/// Imbalanced: the rarest class has less than 40 % of an even share (20 % of the rows for two classes).
void tell_imbalance(DataSet& data) {
  if (data.holds_numbers()) return;
  const auto counts = strata_counts(data);
  const auto rows = data.labels.size();
  const auto rarest = std::ranges::min_element(counts), largest = std::ranges::max_element(counts);
  if (5 * *rarest * counts.size() >= 2 * rows) return;
  const auto name = [&](auto it) { return data.classes[static_cast<std::size_t>(it - counts.begin())]; };
  tell(data, Level::warning,
       fmt::format("the classes are imbalanced: \"{}\" has {} ({:.1f} %), \"{}\" has {} ({:.1f} %)",
                   name(largest), counted(*largest, "row"), percent(*largest, rows), name(rarest),
                   counted(*rarest, "row"), percent(*rarest, rows)),
       data.target);
}

void tell_time_series(DataSet& data) {
  auto found = time_series_findings(data);
  std::ranges::move(found, std::back_inserter(data.table.findings));
}

/// What concerns the target first; then warnings before what is only told.
void order_findings(DataSet& data) {
  std::ranges::stable_sort(data.table.findings, {}, [&](const Finding& finding) {
    return std::pair(finding.column != data.target, finding.level != Level::warning);
  });
}

}  // namespace

void drop_columns(Table& table, const DataSetOptions& options) {
  for (const auto& name : std::set(options.drop.begin(), options.drop.end())) {
    if (std::erase_if(table.columns, [&](const Column& c) { return c.name == name; }) > 0) {
      std::erase_if(table.findings, [&](const Finding& f) { return f.column == name; });
      table.findings.push_back({Level::info, name, "left out as asked"});
      continue;
    }
    if (name == options.target)
      throw SettingError("drop",
                         fmt::format("{}: \"{}\" is the target and cannot be dropped", table.source, name));
    std::vector<std::string> names;
    for (const auto& column : table.columns) names.push_back(column.name);
    throw SettingError("drop", fmt::format("{}: drop: {}", table.source, unknown_column(name, names)));
  }
}

DataSet assemble(DataSet data, const DataSetOptions& options) {
  data.rows_read = data.rows();
  drop_rows_without_target(data);
  check_rows(data);
  const auto classes_read = data.classes.size();
  if (!data.holds_numbers()) drop_single_row_classes(data);
  check_classes(data, classes_read);
  check_rows(data);
  tell_time_series(data);
  draw_rows(data, options);
  check_columns(data);
  tell_types(data);
  tell_duplicates(data);
  tell_imbalance(data);
  order_findings(data);
  return data;
}

}  // namespace qupel
