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
#include "qupel/problem/tabular/wording.h"

namespace qupel {
namespace {

using Level = Finding::Level;

void tell(TabularProblem& problem, Level level, std::string message, std::string column = "") {
  problem.table.findings.push_back({level, std::move(column), std::move(message)});
}

template <typename Keep>
void keep_rows_where(TabularProblem& problem, Keep keep) {
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < problem.labels.size(); ++row)
    if (keep(row)) rows.push_back(row);
  if (rows.size() != problem.labels.size()) keep_rows(problem, rows);
}

/// Of numbers: rows without one go, and each row gets the part of the range (a fifth of the rows) that it
/// lies in, by which rows are drawn and dealt to folds.
void drop_and_part_numbers(TabularProblem& problem) {
  if (problem.targets.empty()) return;
  problem.labels.assign(problem.targets.size(), 0);
  for (std::size_t row = 0; row < problem.targets.size(); ++row)
    if (std::isnan(problem.targets[row])) problem.labels[row] = -1;
  const auto missing = std::ranges::count(problem.labels, -1);
  if (missing > 0)
    tell(problem, Level::warning,
         fmt::format("{} without a number left out", counted(static_cast<std::size_t>(missing), "row")),
         problem.target);
  keep_rows_where(problem, [&](std::size_t row) { return problem.labels[row] >= 0; });
  part_numbers(problem);
}

void drop_unlabelled(TabularProblem& problem) {
  const auto unlabelled = static_cast<std::size_t>(std::ranges::count(problem.labels, -1));
  if (unlabelled == 0) return;
  tell(problem, Level::warning, fmt::format("{} without a label left out", counted(unlabelled, "row")),
       problem.target);
  keep_rows_where(problem, [&](std::size_t row) { return problem.labels[row] >= 0; });
}

/// A class with one row cannot be in a training set and a test set.
void drop_single_row_classes(TabularProblem& problem) {
  const auto counts = class_counts(problem);
  std::vector<int> new_label;
  std::vector<std::string> kept, dropped;
  for (std::size_t k = 0; k < counts.size(); ++k) {
    const bool keep = counts[k] >= 2;
    new_label.push_back(keep ? static_cast<int>(kept.size()) : -1);
    (keep ? kept : dropped).push_back(problem.classes[k]);
  }
  if (dropped.empty()) return;
  tell(problem, Level::warning,
       fmt::format("{} with one row only left out: {}",
                   dropped.size() == 1 ? "1 class" : fmt::format("{} classes", dropped.size()),
                   fmt::join(dropped, ", ")),
       problem.target);
  for (int& label : problem.labels) label = new_label[static_cast<std::size_t>(label)];
  problem.classes = kept;
  keep_rows_where(problem, [&](std::size_t row) { return problem.labels[row] >= 0; });
}

void check_rows(const TabularProblem& problem) {
  const auto rows = problem.labels.size();
  if (rows < min_rows)
    throw InputError(fmt::format("{}: {} with a label; at least {} are needed", problem.source,
                                 counted(rows, "row"), min_rows));
}

void check_classes(const TabularProblem& problem) {
  if (!problem.targets.empty()) return;
  if (problem.classes.size() < 2)
    throw InputError(
        fmt::format("{}: target \"{}\" holds one class only (\"{}\"), so there is nothing to tell apart; "
                    "choose another column",
                    problem.source, problem.target, problem.classes.empty() ? "" : problem.classes.front()));
}

/// Rare classes that a draw kept above their share. @returns whether there are any
bool tell_changed_shares(TabularProblem& problem, const std::vector<std::size_t>& before, std::size_t rows) {
  const auto after = class_counts(problem);
  const auto drawn = problem.labels.size();
  std::vector<std::string> raised;
  for (std::size_t k = 0; k < after.size(); ++k)
    if ((after[k] - 1) * rows > before[k] * drawn)  // more than rounding
      raised.push_back(fmt::format("\"{}\" is {} of {} rows ({:.2g} %), and was {} of {} ({:.2g} %)",
                                   problem.classes[k], after[k], drawn, percent(after[k], drawn), before[k],
                                   rows, percent(before[k], rows)));
  if (raised.empty()) return false;
  tell(problem, Level::warning,
       fmt::format(
           "the draw keeps rare classes, so shares changed: {}; accuracies are those of the drawn rows",
           listed(raised, "; ")),
       problem.target);
  return true;
}

void draw_rows(TabularProblem& problem, const TabularOptions& options) {
  const auto rows = problem.labels.size();
  if (options.max_rows == 0 || options.max_rows >= rows) return;
  if (!problem.targets.empty()) {
    keep_rows(problem, stratified_draw(problem, options.max_rows, options.seed));
    part_numbers(problem);
    tell(problem, Level::info,
         fmt::format("{} of {} rows drawn, each fifth of the target by its share (seed {})", options.max_rows,
                     rows, options.seed));
    return;
  }
  const auto before = class_counts(problem);
  keep_rows(problem, stratified_draw(problem, options.max_rows, options.seed));
  const bool changed = tell_changed_shares(problem, before, rows);
  tell(problem, Level::info,
       fmt::format("{} of {} rows drawn, each class by its share{} (seed {})", options.max_rows, rows,
                   changed ? ", rare ones above it" : "", options.seed));
}

void check_columns(const TabularProblem& problem) {
  if (std::ranges::any_of(problem.table.columns, &Column::used)) return;
  if (problem.table.columns.empty())
    throw InputError(
        fmt::format("{}: no column is left beside the target \"{}\"", problem.source, problem.target));
  std::vector<std::string> reasons;
  for (const auto& column : problem.table.columns)
    reasons.push_back(fmt::format("\"{}\" ({})", column.name, to_string(column.type)));
  throw InputError(
      fmt::format("{}: no column can be used as a feature: {}", problem.source, fmt::join(reasons, ", ")));
}

void tell_types(TabularProblem& problem) {
  std::map<ColumnType, std::size_t> used;
  std::size_t left_out = 0;
  for (const auto& column : problem.table.columns) column.used ? ++used[column.type] : ++left_out;
  std::vector<std::string> parts;
  for (const auto& [type, count] : used) parts.push_back(fmt::format("{} {}", count, to_string(type)));
  tell(problem, Level::info,
       fmt::format("{} and {}: {} used as features, {} left out", counted(problem.table.rows, "row"),
                   counted(problem.table.columns.size(), "column"), fmt::join(parts, ", "), left_out));
  tell(problem, Level::info,
       "columns are scaled, filled and reduced by what the training rows hold, in every fold anew");
}

void tell_duplicates(TabularProblem& problem) {
  const auto groups = duplicate_groups(problem);
  std::set<std::size_t> disagreeing;
  std::size_t repeats = 0;
  for (std::size_t row = 0; row < groups.size(); ++row) {
    if (groups[row] == row) continue;
    ++repeats;
    const bool differs = problem.targets.empty() ? problem.labels[groups[row]] != problem.labels[row]
                                                 : problem.targets[groups[row]] != problem.targets[row];
    if (differs) disagreeing.insert(groups[row]);
  }
  if (repeats > 0)
    tell(problem, Level::warning,
         fmt::format("{} {} the features of an earlier row; equal rows stay in one fold, but for large sets "
                     "with different labels",
                     counted(repeats, "row"), repeats == 1 ? "repeats" : "repeat"));
  if (!disagreeing.empty())
    tell(problem, Level::warning,
         fmt::format("{} of equal rows with different labels: no model can tell them apart",
                     counted(disagreeing.size(), "set")));
}

/// Imbalanced: the rarest class has less than 40 % of an even share (20 % of the rows for two classes).
void tell_imbalance(TabularProblem& problem) {
  if (!problem.targets.empty()) return;
  const auto counts = class_counts(problem);
  const auto rows = problem.labels.size();
  const auto rarest = std::ranges::min_element(counts), largest = std::ranges::max_element(counts);
  if (5 * *rarest * counts.size() >= 2 * rows) return;
  const auto name = [&](auto it) { return problem.classes[static_cast<std::size_t>(it - counts.begin())]; };
  tell(problem, Level::warning,
       fmt::format("the classes are imbalanced: \"{}\" has {} ({:.1f} %), \"{}\" has {} ({:.1f} %)",
                   name(largest), counted(*largest, "row"), percent(*largest, rows), name(rarest),
                   counted(*rarest, "row"), percent(*rarest, rows)),
       problem.target);
}

void tell_time_series(TabularProblem& problem) {
  auto found = time_series_findings(problem);
  std::ranges::move(found, std::back_inserter(problem.table.findings));
}

/// What concerns the target first; then warnings before what is only told.
void order_findings(TabularProblem& problem) {
  std::ranges::stable_sort(problem.table.findings, {}, [&](const Finding& finding) {
    return std::pair(finding.column != problem.target, finding.level != Level::warning);
  });
}

}  // namespace

void drop_columns(Table& table, const TabularOptions& options) {
  for (const auto& name : options.drop) {
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

TabularProblem assemble(TabularProblem problem, const TabularOptions& options) {
  problem.rows_read = problem.targets.empty() ? problem.labels.size() : problem.targets.size();
  drop_and_part_numbers(problem);
  drop_unlabelled(problem);
  check_rows(problem);
  if (problem.targets.empty()) drop_single_row_classes(problem);
  check_classes(problem);
  check_rows(problem);
  tell_time_series(problem);
  draw_rows(problem, options);
  check_columns(problem);
  tell_types(problem);
  tell_duplicates(problem);
  tell_imbalance(problem);
  order_findings(problem);
  return problem;
}

}  // namespace qupel
