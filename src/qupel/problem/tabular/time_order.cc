#include "qupel/problem/tabular/time_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <set>

namespace qupel {
namespace {

constexpr std::size_t enough_rows = 30, enough_dates = 10;

bool is_complete(const std::vector<double>& numbers) {
  return std::ranges::none_of(numbers, [](double v) { return std::isnan(v); });
}

bool is_monotone(const std::vector<double>& numbers) {
  return std::ranges::is_sorted(numbers) || std::ranges::is_sorted(numbers, std::greater{});
}

std::size_t different(const std::vector<double>& numbers) {
  std::set<double> values;
  std::ranges::copy_if(numbers, std::inserter(values, values.end()), [](double v) { return !std::isnan(v); });
  return values.size();
}

/// Labels of the rows with a date, in the order of the dates.
std::vector<int> in_order_of(const std::vector<double>& dates, const std::vector<int>& labels) {
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < dates.size(); ++row)
    if (!std::isnan(dates[row])) rows.push_back(row);
  std::ranges::stable_sort(rows, {}, [&](std::size_t row) { return dates[row]; });
  std::vector<int> ordered;
  for (const auto row : rows) ordered.push_back(labels[row]);
  return ordered;
}

bool is_sorted_by_label(const NeighbourAgreement& rows, std::size_t classes) {
  return rows.pairs - rows.equal <= 2 * classes;
}

std::string share(const NeighbourAgreement& rows) {
  return fmt::format("{:.0f} % of neighbours have the same label, {:.0f} % would by chance",
                     100 * static_cast<double>(rows.equal) / static_cast<double>(rows.pairs),
                     100 * rows.expected);
}

Finding warning(const std::string& column, const std::string& reason) {
  return {Finding::Level::warning, column,
          fmt::format("the rows look like a time series ({}): random folds test between rows that were "
                      "trained on, so scores may be too high for times to come; whoever predicts ahead has "
                      "to test on rows later than all that were trained on",
                      reason)};
}

}  // namespace

bool NeighbourAgreement::beyond_chance() const {
  constexpr double deviations = 3;
  const auto count = static_cast<double>(pairs);
  return static_cast<double>(equal) - count * expected >
         deviations * std::sqrt(count * expected * (1 - expected));
}

NeighbourAgreement neighbour_agreement(std::span<const int> labels, std::size_t classes) {
  NeighbourAgreement found;
  if (labels.size() < 2) return found;
  std::vector<double> counts(classes);
  for (const int label : labels) ++counts[static_cast<std::size_t>(label)];
  const auto rows = static_cast<double>(labels.size());
  for (const double n : counts) found.expected += n * (n - 1) / (rows * (rows - 1));
  found.pairs = labels.size() - 1;
  for (std::size_t i = 0; i < found.pairs; ++i) found.equal += labels[i] == labels[i + 1] ? 1 : 0;
  return found;
}

std::vector<Finding> time_series_findings(const DataSet& data) {
  std::vector<Finding> findings;
  const auto& labels = data.strata();
  if (labels.size() < enough_rows) return findings;
  const auto classes = data.strata_count();
  const auto rows = neighbour_agreement(labels, classes);
  for (const auto& column : data.table.columns) {
    const auto& numbers = column.numbers;
    if (numbers.empty()) continue;
    if (column.type == ColumnType::date) {
      const auto ordered = neighbour_agreement(in_order_of(numbers, labels), classes);
      if (different(numbers) <= enough_dates) continue;
      if (ordered.beyond_chance())
        findings.push_back(warning(column.name, "in the order of these dates " + share(ordered)));
      else if (is_complete(numbers) && is_monotone(numbers))
        findings.push_back(warning(column.name, "they stand in the order of these dates"));
    } else if (rows.beyond_chance() && !is_sorted_by_label(rows, classes) && is_complete(numbers) &&
               is_monotone(numbers) && 2 * different(numbers) > numbers.size()) {
      findings.push_back(warning(column.name, "they stand in this column's order, and " + share(rows)));
    }
  }
  return findings;
}

}  // namespace qupel
