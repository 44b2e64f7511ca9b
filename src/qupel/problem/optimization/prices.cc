#include "qupel/problem/optimization/prices.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>

#include "qupel/base/code_points.h"
#include "qupel/base/error.h"

namespace qupel {
namespace {

constexpr std::size_t fewest_days = 30, longest_gap = 10, most_assets = 2000;
constexpr double missing = std::numeric_limits<double>::quiet_NaN();

std::string_view trimmed_cell(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\"'");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\"'") - first + 1);
}

bool is_gap(std::string_view cell) {
  constexpr std::string_view words[] = {"", "NA", "N/A", "NaN", "nan", "null", "None", "-", "#N/A"};
  return std::ranges::find(words, cell) != std::end(words);
}

/// "2026-01-31" of a date; "" if it is none.
std::string day_of(std::string_view cell) {
  std::string digits;
  std::size_t dashes = 0;
  for (const char c : cell) {
    if (digits.size() == 8) break;
    if (c >= '0' && c <= '9')
      digits += c;
    else if ((c == '-' || c == '/' || c == '.') && (digits.size() == 4 || digits.size() == 6))
      ++dashes;
    else
      return "";
  }
  if (digits.size() != 8 || (dashes != 0 && dashes != 2)) return "";
  const int month = std::stoi(digits.substr(4, 2)), day = std::stoi(digits.substr(6, 2));
  if (month < 1 || month > 12 || day < 1 || day > 31) return "";
  return fmt::format("{}-{}-{}", digits.substr(0, 4), digits.substr(4, 2), digits.substr(6, 2));
}

class PriceReader {
 public:
  PriceReader(std::string_view text, std::string_view source) : text_(text), source_(source) {}

  Prices read() {
    read_head();
    while (next_line())
      if (!trimmed_cell(line_).empty()) read_day();
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
  [[noreturn]] void fail_here(std::string_view message) const {
    throw InputError(fmt::format("{}:{}: {}", source_, number_, message));
  }
  void note(Finding::Level level, std::string column, std::string message) {
    prices_.findings.push_back({level, std::move(column), std::move(message)});
  }

  bool next_line() {
    if (at_ >= text_.size()) return false;
    const auto end = std::min(text_.find('\n', at_), text_.size());
    line_ = text_.substr(at_, end - at_);
    at_ = end + 1;
    ++number_;
    return true;
  }
  std::vector<std::string_view> cells() const {
    std::vector<std::string_view> found;
    for (std::size_t from = 0; from <= line_.size();) {
      const auto end = std::min(line_.find(separator_, from), line_.size());
      found.push_back(trimmed_cell(line_.substr(from, end - from)));
      from = end + 1;
    }
    return found;
  }

  void read_head() {
    while (next_line() && trimmed_cell(line_).empty()) {
    }
    const auto times = [this](char c) { return std::ranges::count(line_, c); };
    for (const char c : {';', '\t'})
      if (times(c) > times(separator_)) separator_ = c;
    const auto names = cells();
    if (names.size() < 2)
      fail("a column of dates and a column of prices for each asset are needed, with a head line");
    if (names.size() - 1 > most_assets)
      fail(fmt::format("{} assets: at most {}", names.size() - 1, most_assets));
    if (!day_of(names[0]).empty()) fail_here("a date in the head line: the first line names the columns");
    for (std::size_t a = 1; a < names.size(); ++a) {
      if (names[a].empty()) fail_here(fmt::format("column {} has no name", a + 1));
      if (std::ranges::find(prices_.assets, names[a]) != prices_.assets.end())
        fail_here(fmt::format("two columns are called {}", in_quotes(names[a])));
      prices_.assets.emplace_back(names[a]);
    }
  }

  void read_day() {
    const auto row = cells();
    if (row.size() != prices_.assets.size() + 1)
      fail_here(fmt::format("{} cells, not {} as in the head line", row.size(), prices_.assets.size() + 1));
    const auto day = day_of(row[0]);
    if (day.empty()) fail_here(fmt::format("{} is not a date: write 2026-01-31", in_quotes(row[0])));
    std::vector<double> values;
    for (std::size_t a = 0; a + 1 < row.size(); ++a) values.push_back(price(row[a + 1], prices_.assets[a]));
    prices_.days.push_back(day);
    rows_.push_back(std::move(values));
  }
  double price(std::string_view cell, const std::string& asset) const {
    if (is_gap(cell)) return missing;
    double value = 0;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (error != std::errc() || end != cell.data() + cell.size() || !std::isfinite(value))
      fail_here(fmt::format("{} of {} is not a price; leave the cell empty for none", in_quotes(cell),
                            in_quotes(asset)));
    if (value <= 0 || value > 1e12)
      fail_here(
          fmt::format("a price of {} of {}: prices are above 0, at most 1e12; leave the cell empty for none",
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

  std::string_view text_, source_, line_;
  std::size_t at_ = 0, number_ = 0;
  char separator_ = ',';
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
