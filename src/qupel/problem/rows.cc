#include "qupel/problem/rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "qupel/base/error.h"
#include "qupel/base/random.h"

namespace qupel {
namespace {

template <typename T>
void take(std::vector<T>& values, std::span<const std::size_t> rows) {
  if (values.empty()) return;
  std::vector<T> taken;
  taken.reserve(rows.size());
  for (const auto row : rows) taken.push_back(values[row]);
  values = std::move(taken);
}

std::size_t count_missing(const Column& column) {
  const auto nan = std::ranges::count_if(column.numbers, [](double v) { return std::isnan(v); });
  return static_cast<std::size_t>(nan + std::ranges::count(column.codes, -1));
}

std::vector<std::size_t> positions_of(const std::vector<std::size_t>& wanted,
                                      std::span<const std::size_t> rows) {
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (std::ranges::binary_search(wanted, rows[i])) positions.push_back(i);
  return positions;
}

/// How many of `count` rows each class gets: its share rounded down and two at least, the rest by largest
/// remainder.
std::vector<std::size_t> quotas(const std::vector<std::size_t>& counts, std::size_t count) {
  const auto rows = std::accumulate(counts.begin(), counts.end(), std::size_t{0});
  std::vector<std::size_t> quota;
  for (const auto c : counts) quota.push_back(std::max<std::size_t>(2, c * count / rows));
  const auto excess = [&](std::size_t k) {  // of the quota over the exact share, in rows x rows
    return static_cast<double>(quota[k] * rows) - static_cast<double>(counts[k] * count);
  };
  std::vector<std::size_t> classes(counts.size());
  std::iota(classes.begin(), classes.end(), std::size_t{0});
  auto given = std::accumulate(quota.begin(), quota.end(), std::size_t{0});
  for (; given < count; ++given) {
    const auto open = [&](std::size_t k) { return quota[k] < counts[k]; };
    ++quota[std::ranges::min(classes, {}, [&](std::size_t k) { return open(k) ? excess(k) : HUGE_VAL; })];
  }
  for (; given > count; --given) {
    const auto open = [&](std::size_t k) { return quota[k] > 2; };
    --quota[std::ranges::max(classes, {}, [&](std::size_t k) { return open(k) ? excess(k) : -HUGE_VAL; })];
  }
  return quota;
}

}  // namespace

std::vector<std::size_t> class_counts(const TabularProblem& problem) {
  std::vector<std::size_t> counts(problem.classes.size());
  for (const int label : problem.labels)
    if (label >= 0) ++counts[static_cast<std::size_t>(label)];
  return counts;
}

void keep_rows(TabularProblem& problem, std::span<const std::size_t> rows) {
  std::ranges::sort(problem.test_rows);
  problem.test_rows = positions_of(problem.test_rows, rows);
  take(problem.labels, rows);
  problem.table.rows = rows.size();
  for (auto& column : problem.table.columns) {
    take(column.numbers, rows);
    take(column.codes, rows);
    if (!column.used) continue;
    column.missing = count_missing(column);
    drop_if_constant(column, problem.table.findings);
  }
}

std::vector<std::size_t> stratified_draw(const TabularProblem& problem, std::size_t count,
                                         std::uint64_t seed) {
  const auto least = std::max(min_rows, 2 * problem.classes.size());
  if (count < least)
    throw InputError(
        fmt::format("{}: max_rows = {} is too few for {} classes; use at least {}, or 0 for all rows",
                    problem.source, count, problem.classes.size(), least));
  const auto quota = quotas(class_counts(problem), count);
  std::vector<std::size_t> drawn;
  for (std::size_t k = 0; k < quota.size(); ++k) {
    std::vector<std::size_t> members;
    for (std::size_t row = 0; row < problem.labels.size(); ++row)
      if (problem.labels[row] == static_cast<int>(k)) members.push_back(row);
    Random(derive(seed, {key_of("max_rows"), k})).shuffle(std::span(members));
    drawn.insert(drawn.end(), members.begin(), members.begin() + static_cast<std::ptrdiff_t>(quota[k]));
  }
  std::ranges::sort(drawn);
  return drawn;
}

}  // namespace qupel
