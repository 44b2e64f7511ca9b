#include "qupel/problem/tabular/table_checks.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "qupel/problem/tabular/features.h"
#include "qupel/problem/tabular/rows.h"
#include "qupel/problem/wording.h"

namespace qupel {

using Severity = Check::Severity;

namespace {

// ---- leaks

std::string told(const ColumnSkill& column) {
  return fmt::format("\"{}\" ({:.1f} %)", column.name, 100 * column.accuracy);
}

std::vector<std::string> copies(const std::vector<ColumnSkill>& columns) {
  std::vector<std::string> found;
  for (const auto& column : columns)
    if (column.copy) found.push_back(told(column));
  return found;
}

/// The columns that tell a class exactly, and those classes.
struct Telling {
  std::vector<std::string> columns;
  std::set<int> classes;
};

/// A column that tells one of two classes exactly tells both: that is what its accuracy says already.
Telling exact(const std::vector<ColumnSkill>& columns, std::size_t classes) {
  Telling found;
  if (classes < 3) return found;
  for (const auto& column : columns) {
    if (column.tells.empty()) continue;
    found.columns.push_back(fmt::format("\"{}\"", column.name));
    found.classes.insert(column.tells.begin(), column.tells.end());
  }
  return found;
}

/// Columns that alone are right too often for a lucky measurement: nearly always, or far more often than the
/// next best column and than the most frequent class.
std::vector<std::string> suspicious(const std::vector<ColumnSkill>& columns, double chance) {
  constexpr double nearly_always = 0.99, often = 0.95, far_less = 1.0 / 3;
  std::vector<std::string> found;
  for (const auto& column : columns) {
    const double error = 1 - column.accuracy;
    double next = 1 - chance;
    if (error > far_less * next) continue;
    for (const auto& other : columns)
      if (&other != &column) next = std::min(next, 1 - other.accuracy);
    if (column.accuracy >= nearly_always || (column.accuracy >= often && error <= far_less * next))
      found.push_back(told(column));
  }
  return found;
}

Check refused_leak(const std::vector<std::string>& columns, std::string_view what) {
  return {"leak", Severity::refused,
          fmt::format("{} {}; leave {} out with drop under [data] and run again", fmt::join(columns, ", "),
                      what, columns.size() == 1 ? "it" : "them")};
}

Check leak_warning(const std::vector<std::string>& columns, std::string_view tells) {
  const bool one = columns.size() == 1;
  return {"leak", Severity::warning,
          fmt::format("{} alone {}{}; make sure that {} known before the target is", fmt::join(columns, ", "),
                      one ? "predicts " : "predict ", tells, one ? "it is" : "they are")};
}

}  // namespace

Check leak_check(const DataSet& data) {
  const auto columns = column_skill(data);
  const auto classes = data.classes.size();
  if (const auto found = copies(columns); !found.empty())
    return refused_leak(found, found.size() == 1 ? "is a copy of the target under other names"
                                                 : "are copies of the target under other names");
  const auto telling = exact(columns, classes);
  if (!telling.columns.empty() && telling.classes.size() + 1 >= classes)
    return refused_leak(telling.columns, telling.columns.size() == 1
                                             ? "is a copy of the target: it has a value for each class"
                                             : "together are a copy of the target, a class or more each");
  const auto counts = strata_counts(data);
  const double chance = percent(*std::max_element(counts.begin(), counts.end()), data.labels.size()) / 100;
  if (const auto found = suspicious(columns, chance); !found.empty())
    return leak_warning(found, "the target almost always");
  if (!telling.columns.empty()) return leak_warning(telling.columns, "a class of the target exactly");
  if (columns.empty()) return {"leak", Severity::passed, "no column predicts the target"};
  const auto best = std::max_element(columns.begin(), columns.end(),
                                     [](auto& a, auto& b) { return a.accuracy < b.accuracy; });
  return {"leak", Severity::passed,
          fmt::format("no column is a copy of the target; the best one alone is {}", told(*best))};
}

Check duplicate_check(const DataSet& data, const std::vector<std::size_t>& row_groups) {
  std::map<std::size_t, std::pair<std::size_t, std::set<int>>> groups;  // rows and strata of a group
  for (std::size_t row = 0; row < row_groups.size(); ++row) {
    auto& [rows, strata] = groups[row_groups[row]];
    ++rows;
    strata.insert(data.strata()[row]);
  }
  std::size_t repeated = 0, sets = 0, contradicting = 0;
  for (const auto& [id, group] : groups) {
    if (group.first == 1) continue;
    repeated += group.first;
    ++sets;
    if (group.second.size() > 1) contradicting += group.first;
  }
  const auto rows = row_groups.size();
  if (repeated == 0)
    return {"duplicate", Severity::passed,
            fmt::format("all {} have different features", counted(rows, "row"))};
  auto message = fmt::format(
      "{} of {} ({:.1f} %) have the same features as another row, in {}; equal rows are kept in "
      "one fold, but for large sets with different targets (docs/data.md)",
      repeated, counted(rows, "row"), percent(repeated, rows), counted(sets, "set"));
  if (contradicting > 0)
    message +=
        fmt::format("; {} of them have different targets, which no model can tell apart", contradicting);
  return {"duplicate", Severity::warning, message};
}

namespace {

/// Test rows of a split that have an equal row outside it. Sets of equal rows whose labels differ are no
/// copies of one record: no label can be remembered there.
std::size_t shared_rows(const DataSet& data, const std::vector<std::size_t>& groups,
                        const std::vector<std::size_t>& test_rows) {
  const std::set<std::size_t> test(test_rows.begin(), test_rows.end());
  std::set<std::size_t> trained;
  std::map<std::size_t, std::set<int>> strata;  // of a set of equal rows
  for (std::size_t row = 0; row < groups.size(); ++row) {
    strata[groups[row]].insert(data.strata()[row]);
    if (!test.contains(row)) trained.insert(groups[row]);
  }
  return static_cast<std::size_t>(std::ranges::count_if(test, [&](std::size_t row) {
    const auto set = groups[row];
    return trained.contains(set) && strata[set].size() == 1;
  }));
}

}  // namespace

Check train_is_test_check(const DataSet& data, const std::vector<std::size_t>& groups,
                          std::span<const std::vector<std::size_t>> test_sets) {
  std::size_t worst_shared = 0, worst_size = 0;
  for (const auto& set : test_sets) {
    const auto shared = shared_rows(data, groups, set);
    // Compares shares: shared / size > worst_shared / worst_size.
    if (worst_size == 0 || shared * worst_size > worst_shared * set.size())
      worst_shared = shared, worst_size = set.size();
  }
  if (worst_shared == 0)
    return {"train-is-test", Check::Severity::passed,
            fmt::format("no row of {} equals a row trained on", counted(test_sets.size(), "test set"))};
  const auto message = fmt::format("{} of {} in a test set equal rows trained on ({:.1f} %)", worst_shared,
                                   counted(worst_size, "row"), percent(worst_shared, worst_size));
  if (worst_shared == worst_size)
    return {"train-is-test", Check::Severity::refused, message + "; test on rows that were not trained on"};
  return {"train-is-test", Check::Severity::warning, message + "; scores are too high by up to that share"};
}

Check imbalance_check(const DataSet& data, std::string_view metric) {
  const auto counts = strata_counts(data);
  const auto rarest =
      static_cast<std::size_t>(std::min_element(counts.begin(), counts.end()) - counts.begin());
  const auto rows = data.labels.size();
  const auto message = fmt::format("the rarest class, \"{}\", has {} of {} ({:.1f} %)", data.classes[rarest],
                                   counts[rarest], counted(rows, "row"), percent(counts[rarest], rows));
  // Below a fifth of the rows; with many classes, below two thirds of an equal share.
  const double limit = std::min(20.0, 200.0 / 3 / static_cast<double>(counts.size()));
  if (percent(counts[rarest], rows) >= limit) return {"imbalance", Severity::passed, message};
  return {"imbalance", Severity::warning,
          message + (metric == "accuracy"
                         ? "; accuracy hides how it is predicted: set metric = \"balanced-accuracy\" under "
                           "[protocol]"
                         : "; few test rows decide how well it is predicted")};
}

}  // namespace qupel
