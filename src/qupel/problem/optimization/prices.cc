#include "qupel/problem/optimization/prices.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <utility>

#include "qupel/base/code_points.h"
#include "qupel/base/error.h"
#include "qupel/problem/tabular/cell.h"
#include "qupel/problem/tabular/missing_marks.h"
#include "qupel/problem/tabular/number_column.h"
#include "qupel/problem/tabular/number_wording.h"

namespace qupel {
namespace {

constexpr std::size_t fewest_days = 30, longest_gap = 10, most_assets = 2000;
constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// "2026-01-31" of a date that is written so or as 20260131; of another one as `order` says. "" if it is
/// none.
std::string day_of(std::string_view cell, DateOrder order) {
  constexpr std::size_t digits_of_a_date = 8;
  std::string dashed(cell);
  if (cell.size() == digits_of_a_date && std::ranges::all_of(cell, is_digit))
    dashed = fmt::format("{}-{}-{}", cell.substr(0, 4), cell.substr(4, 2), cell.substr(6));
  const auto days = parse_date(dashed, order);
  if (!days) return "";
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{static_cast<int>(*days)}}};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

/// The dates as `order` reads them, up to the first cell that is none.
std::vector<std::string> days_of(const std::vector<std::string>& cells, DateOrder order) {
  std::vector<std::string> days;
  for (const auto& cell : cells) {
    auto day = day_of(cell, order);
    if (day.empty()) break;
    days.push_back(std::move(day));
  }
  return days;
}

bool rise_or_fall(const std::vector<std::string>& days) {
  return std::ranges::is_sorted(days) || std::ranges::is_sorted(days, std::greater{});
}

class PriceReader {
 public:
  PriceReader(std::string_view text, std::string_view source)
      : source_(source), table_(parse_table(text, source)) {
    prices_.findings = table_.findings;
  }

  Prices read() {
    read_days();
    read_values();
    sort_days();
    keep_useful_assets();
    fill_gaps();
    cut_ends();
    take_values();
    refuse_leaps();
    undo_splits();
    if (prices_.assets.size() < 2)
      fail(fmt::format("{} asset{}: a portfolio is chosen from at least 2", prices_.assets.size(),
                       prices_.assets.size() == 1 ? "" : "s"));
    if (prices_.days.size() < fewest_days)
      fail(fmt::format("{} days with a price of every asset: at least {} are needed", prices_.days.size(),
                       fewest_days));
    return std::move(prices_);
  }

 private:
  [[noreturn]] void fail(std::string_view message) const {
    throw InputError(fmt::format("{}: {}", source_, message));
  }
  [[noreturn]] void fail_at(std::size_t row, std::string_view message) const {
    throw InputError(fmt::format("{}:{}: {}", source_, table_.lines[row], message));
  }
  void note(Finding::Level level, std::string column, std::string message) {
    prices_.findings.push_back({level, std::move(column), std::move(message)});
  }

  /// Of the orders of day, month and year that read all dates the first that lets them rise or fall.
  void read_days() {
    const auto assets = table_.names.size() - 1;
    if (assets == 0)
      fail("a column of dates and a column of prices for each asset are needed, with a head line");
    if (assets > most_assets) fail(fmt::format("{} assets: at most {}", assets, most_assets));
    const auto& cells = table_.columns[0];
    std::vector<std::string> best;
    for (const auto order : {DateOrder::year_first, DateOrder::day_first, DateOrder::month_first}) {
      auto days = days_of(cells, order);
      if (days.size() > best.size() || (days.size() == best.size() && !rise_or_fall(best)))
        best = std::move(days);
    }
    if (best.size() < table_.rows)
      fail_at(best.size(), fmt::format("{} is not a date: write 2026-01-31", in_quotes(cells[best.size()])));
    prices_.days = std::move(best);
  }

  void read_values() {
    prices_.assets = {table_.names.begin() + 1, table_.names.end()};
    rows_.assign(table_.rows, std::vector(prices_.assets.size(), missing));
    for (std::size_t a = 0; a < prices_.assets.size(); ++a) {
      const auto& cells = table_.columns[a + 1];
      const auto read =
          read_numbers(cells, table_.lines, table_.marks, Strays::none, prices_.assets[a], source_);
      if (!read) refuse_text(cells, prices_.assets[a]);
      if (read)
        for (auto& doubt : doubts(*read)) note(Finding::Level::warning, prices_.assets[a], std::move(doubt));
      for (std::size_t row = 0; row < table_.rows; ++row)
        rows_[row][a] = price(read ? read->values[row] : missing, row, prices_.assets[a]);
    }
  }

  /// Nothing if all cells are empty.
  void refuse_text(const std::vector<std::string>& cells, const std::string& asset) const {
    for (std::size_t row = 0; row < cells.size(); ++row)
      if (!is_missing(cells[row]) && !may_be_missing(cells[row]) &&
          !read_numbers({cells[row]}, {table_.lines[row]}, table_.marks, Strays::none, asset, source_))
        fail_at(row, fmt::format("{} of {} is not a price; leave the cell empty for none",
                                 in_quotes(cells[row]), in_quotes(asset)));
    if (std::ranges::any_of(cells, [](const auto& cell) { return !is_missing(cell); }))
      fail(fmt::format("the prices of {} are not written alike", in_quotes(asset)));
  }

  double price(double value, std::size_t row, const std::string& asset) const {
    if (std::isnan(value)) return missing;
    if (value <= 0 || value > 1e12)
      fail_at(row, fmt::format(
                       "a price of {} of {}: prices are above 0, at most 1e12; leave the cell empty for none",
                       value, in_quotes(asset)));
    return value;
  }

  void sort_days() {
    auto& days = prices_.days;
    if (days.size() > 1 && days.front() > days.back()) {
      std::ranges::reverse(days);
      std::ranges::reverse(rows_);
      note(Finding::Level::info, "", "days stood in descending order and were turned round");
    }
    for (std::size_t t = 1; t < days.size(); ++t)
      if (days[t] <= days[t - 1])
        fail(fmt::format("{} stands {} {}: each day once, in order", days[t],
                         days[t] == days[t - 1] ? "twice, after" : "after", days[t - 1]));
  }

  /// First and last day with a price of an asset.
  std::pair<std::size_t, std::size_t> life(std::size_t asset) const {
    std::size_t first = 0, last = rows_.size();
    while (first < rows_.size() && std::isnan(rows_[first][asset])) ++first;
    while (last > first && std::isnan(rows_[last - 1][asset])) --last;
    return {first, last};
  }

  /// Whether all prices of an asset are the same: no return, no risk, so nothing can be learned from it.
  bool never_changes(std::size_t asset) const {
    const auto [first, last] = life(asset);
    for (auto t = first; t < last; ++t)
      if (!std::isnan(rows_[t][asset]) && rows_[t][asset] != rows_[first][asset]) return false;
    return true;
  }

  void keep_useful_assets() {
    std::vector<std::size_t> kept;
    for (std::size_t a = 0; a < prices_.assets.size(); ++a) {
      const auto [first, last] = life(a);
      std::size_t gap = 0, longest = 0;
      for (auto t = first; t < last; ++t) {
        gap = std::isnan(rows_[t][a]) ? gap + 1 : 0;
        longest = std::max(longest, gap);
      }
      if (2 * (last - first) < rows_.size())
        note(Finding::Level::warning, prices_.assets[a],
             fmt::format("prices on less than half of the days ({} of {}): left out", last - first,
                         rows_.size()));
      else if (longest > longest_gap)
        note(Finding::Level::warning, prices_.assets[a], fmt::format("a gap of {} days: left out", longest));
      else if (never_changes(a))
        note(Finding::Level::warning, prices_.assets[a], "a price that never changes: left out");
      else
        kept.push_back(a);
    }
    if (kept.size() == prices_.assets.size()) return;
    std::vector<std::string> assets;
    for (const auto a : kept) assets.push_back(prices_.assets[a]);
    for (auto& row : rows_) {
      std::vector<double> values;
      for (const auto a : kept) values.push_back(row[a]);
      row = std::move(values);
    }
    prices_.assets = std::move(assets);
  }

  void cut_ends() {
    std::size_t first = 0, last = rows_.size();
    for (std::size_t a = 0; a < prices_.assets.size(); ++a) {
      const auto [begins, ends] = life(a);
      first = std::max(first, begins);
      last = std::min(last, ends);
    }
    last = std::max(first, last);
    if (last - first < rows_.size())
      note(Finding::Level::info, "",
           fmt::format("{} days on which not every asset had begun or one had ended: left out",
                       rows_.size() - (last - first)));
    const auto at = [](std::size_t i) { return static_cast<std::ptrdiff_t>(i); };
    prices_.days = {prices_.days.begin() + at(first), prices_.days.begin() + at(last)};
    rows_ = {rows_.begin() + at(first), rows_.begin() + at(last)};
  }

  /// Between the first and the last price of an asset; before the ends are cut, so that the first day that is
  /// left may be filled from one that is not.
  void fill_gaps() {
    for (std::size_t a = 0; a < prices_.assets.size(); ++a) {
      std::size_t filled = 0;
      const auto [first, last] = life(a);
      for (auto t = first; t < last; ++t) {
        if (!std::isnan(rows_[t][a])) continue;
        rows_[t][a] = rows_[t - 1][a];
        ++filled;
      }
      if (filled > 0)
        note(Finding::Level::info, prices_.assets[a],
             fmt::format("{} gaps were filled with the price of the day before", filled));
    }
  }

  void take_values() {
    prices_.values = Matrix<double>(rows_.size(), prices_.assets.size());
    for (std::size_t t = 0; t < rows_.size(); ++t) std::ranges::copy(rows_[t], prices_.values.row(t).begin());
  }

  /// The ratio of a split, as prices change by it; 0 if a change is none.
  static double split_ratio(double change) {
    for (const double ratio : {2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0})
      for (const double factor : {ratio, 1 / ratio})
        if (std::abs(change / factor - 1) < 0.01) return factor;
    return 0;
  }
  /// Whether one change of a price is the inverse of another.
  static bool undoes(double change, double factor) {
    return std::abs(split_ratio(change) * factor - 1) < 1e-9;
  }
  /// No share changes a thousandfold in a day, but a price does whose thousands have marks: 999, then 1.000.
  void refuse_leaps() const {
    constexpr double most = 500;
    const auto& values = prices_.values;
    for (std::size_t a = 0; a < values.columns(); ++a)
      for (std::size_t t = 1; t < values.rows(); ++t)
        if (const double change = values(t, a) / values(t - 1, a); change > most || change * most < 1)
          fail(fmt::format(
              "{} changed from {} to {} on {}: write prices without marks between thousands, or leave "
              "the asset out",
              in_quotes(prices_.assets[a]), values(t - 1, a), values(t, a), prices_.days[t]));
  }
  void undo_splits() {
    auto& values = prices_.values;
    for (std::size_t a = 0; a < values.columns(); ++a)
      for (std::size_t t = values.rows(); t-- > 1;) {
        const double factor = split_ratio(values(t, a) / values(t - 1, a));
        const bool undone = t + 1 < values.rows() && undoes(values(t + 1, a) / values(t, a), factor);
        const bool undoing = t > 1 && undoes(values(t - 1, a) / values(t - 2, a), factor);
        if (factor == 0 || undone || undoing) continue;
        for (std::size_t before = 0; before < t; ++before) values(before, a) *= factor;
        note(
            Finding::Level::warning, prices_.assets[a],
            fmt::format(
                "the price changed to {:.3g} times itself on {}: taken for a split, earlier prices were changed by it",
                factor, prices_.days[t]));
      }
  }

  std::string_view source_;
  RawTable table_;
  Prices prices_;
  std::vector<std::vector<double>> rows_;
};

}  // namespace

Prices read_prices(std::string_view text, std::string_view source) {
  return PriceReader(text, source).read();
}

Matrix<double> simple_returns(const Prices& prices) {
  const auto& p = prices.values;
  Matrix<double> returns(p.rows() - 1, p.columns());
  for (std::size_t t = 0; t < returns.rows(); ++t)
    for (std::size_t a = 0; a < p.columns(); ++a) returns(t, a) = p(t + 1, a) / p(t, a) - 1;
  return returns;
}

}  // namespace qupel
