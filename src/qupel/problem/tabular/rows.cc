#include "qupel/problem/tabular/rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "qupel/base/error.h"
#include "qupel/base/random.h"

namespace qupel {
namespace {

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

/// What a class of so many rows gets at least.
std::size_t least_quota(std::size_t rows, std::size_t count, std::size_t classes) {
  constexpr std::size_t enough = 50;  // ten a fold of five
  return std::max(std::size_t{2}, std::min({rows, enough, count / (2 * classes)}));
}

/// How many of `count` rows each class gets: its share rounded down, or the least if that is more; then one
/// by one, more to the class furthest below its share, or less to the class that keeps most of it.
std::vector<std::size_t> quotas(const std::vector<std::size_t>& counts, std::size_t count) {
  const auto rows = static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::size_t{0}));
  std::vector<double> share;
  std::vector<std::size_t> least, quota, classes(counts.size());
  std::iota(classes.begin(), classes.end(), std::size_t{0});
  for (const auto c : counts) {
    share.push_back(static_cast<double>(c) * static_cast<double>(count) / rows);
    least.push_back(least_quota(c, count, counts.size()));
    quota.push_back(std::max(least.back(), static_cast<std::size_t>(share.back())));
  }
  const auto below = [&](std::size_t k) {
    return quota[k] < counts[k] ? share[k] - static_cast<double>(quota[k]) : -HUGE_VAL;
  };
  const auto kept = [&](std::size_t k) {
    return quota[k] > least[k] ? (static_cast<double>(quota[k]) - 1) / share[k] : 0;
  };
  auto given = std::accumulate(quota.begin(), quota.end(), std::size_t{0});
  for (; given < count; ++given) ++quota[std::ranges::max(classes, {}, below)];
  for (; given > count; --given) --quota[std::ranges::max(classes, {}, kept)];
  return quota;
}

}  // namespace

std::vector<std::size_t> strata_counts(const DataSet& data) {
  std::vector<std::size_t> counts(data.strata_count());
  for (const int stratum : data.strata())
    if (stratum >= 0) ++counts[static_cast<std::size_t>(stratum)];
  return counts;
}

void keep_rows(DataSet& data, std::span<const std::size_t> rows) {
  std::ranges::sort(data.test_rows);
  data.test_rows = positions_of(data.test_rows, rows);
  data.labels = taken(data.labels, rows);
  data.targets = taken(data.targets, rows);
  data.fifths = taken(data.fifths, rows);
  data.table.rows = rows.size();
  for (auto& column : data.table.columns) {
    column.numbers = taken(column.numbers, rows);
    column.codes = taken(column.codes, rows);
    if (!column.used) continue;
    column.missing = count_missing(column);
    drop_if_constant(column, data.table.findings);
  }
}

std::vector<std::size_t> stratified_draw(const DataSet& data, std::size_t count, std::uint64_t seed) {
  const auto least = std::max(min_rows, 2 * data.strata_count());
  if (count < least)
    throw SettingError(
        "max_rows", fmt::format("{}: max_rows = {} is too few for {} {}; use at least {}, or 0 for all rows",
                                data.source, count, data.strata_count(),
                                data.holds_numbers() ? "parts of the target's range" : "classes", least));
  const auto quota = quotas(strata_counts(data), count);
  std::vector<std::size_t> drawn;
  for (std::size_t k = 0; k < quota.size(); ++k) {
    std::vector<std::size_t> members;
    for (std::size_t row = 0; row < data.rows(); ++row)
      if (data.strata()[row] == static_cast<int>(k)) members.push_back(row);
    Random(derive(seed, {key_of("max_rows"), k})).shuffle(std::span(members));
    drawn.insert(drawn.end(), members.begin(), members.begin() + static_cast<std::ptrdiff_t>(quota[k]));
  }
  std::ranges::sort(drawn);
  return drawn;
}

void set_fifths(DataSet& data) {
  constexpr std::size_t parts = 5;
  std::vector<double> sorted = data.targets;
  std::ranges::sort(sorted);
  std::vector<double> cuts;  // the smallest number of each part but the first
  for (std::size_t k = 1; k < parts && !sorted.empty(); ++k)
    if (const double cut = sorted[k * sorted.size() / parts];
        cut > sorted.front() && (cuts.empty() || cut > cuts.back()))
      cuts.push_back(cut);
  data.fifths.clear();
  for (const double t : data.targets)
    data.fifths.push_back(static_cast<int>(std::ranges::upper_bound(cuts, t) - cuts.begin()));
}

}  // namespace qupel
