#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "qupel/base/random.h"
#include "qupel/problem/tabular/features.h"

namespace qupel {
namespace {

constexpr int folds = 2;

/// Rows of each class in random order, dealt to the folds by turns.
std::vector<int> deal_folds(const DataSet& data) {
  const auto order = Random(derive(0, {key_of("column skill")})).permutation(data.labels.size());
  std::vector<int> next(data.classes.size()), fold(data.labels.size());
  for (const auto row : order) {
    int& turn = next[static_cast<std::size_t>(data.labels[row])];
    fold[row] = turn;
    turn = (turn + 1) % folds;
  }
  return fold;
}

/// How many rows of each label.
using Counts = std::vector<std::size_t>;
std::size_t majority(const Counts& counts) {
  return static_cast<std::size_t>(std::ranges::max_element(counts) - counts.begin());
}

/// Labels counted by the value that a column has: category, number, or missing.
struct Tally {
  std::map<double, Counts> by_value;  ///< categories by their code
  Counts missing, all;
};

double value_of(const Column& column, std::size_t row) {
  if (column.codes.empty()) return column.numbers[row];
  return column.codes[row] < 0 ? std::numeric_limits<double>::quiet_NaN() : column.codes[row];
}

template <typename Keep>
Tally tally(const DataSet& data, const Column& column, Keep keep) {
  const auto classes = data.classes.size();
  Tally result{{}, Counts(classes), Counts(classes)};
  for (std::size_t row = 0; row < data.labels.size(); ++row) {
    if (!keep(row)) continue;
    const auto label = static_cast<std::size_t>(data.labels[row]);
    const auto value = value_of(column, row);
    ++result.all[label];
    ++(std::isnan(value) ? result.missing : result.by_value.try_emplace(value, classes).first->second)[label];
  }
  return result;
}

/// A label for each value.
struct Rule {
  std::map<double, std::size_t> from;  ///< numbers: label from this value on; categories: of this one
  std::size_t if_missing = 0, otherwise = 0;
  bool categorical = false;

  std::size_t operator()(double value) const {
    if (std::isnan(value)) return if_missing;
    if (categorical) {
      const auto found = from.find(value);
      return found == from.end() ? otherwise : found->second;
    }
    const auto above = from.upper_bound(value);
    return above == from.begin() ? otherwise : std::prev(above)->second;
  }
};

/// The best cut of sorted values into at most `limit` intervals of one label each, by the rows it gets right.
/// The state after a value is (intervals so far, current label); memory is one byte or two a value and state.
class Intervals {
 public:
  Intervals(const std::map<double, Counts>& values, std::size_t classes, std::size_t limit)
      : values_(values),
        classes_(classes),
        limit_(limit),
        right_(limit * classes),
        came_from_(values.size()) {
    std::size_t step = 0;
    for (const auto& [value, counts] : values) advance(step++, counts);
  }

  /// Label from each cut on, lowest first; cuts lie midway between the values they part.
  std::map<double, std::size_t> starts() const {
    auto state = static_cast<std::size_t>(std::ranges::max_element(right_) - right_.begin());
    std::map<double, std::size_t> result;
    auto value = values_.rbegin();
    for (std::size_t step = values_.size(); step-- > 1; ++value) {
      const auto before = came_from_[step][state];
      if (before != state) result[std::midpoint(std::next(value)->first, value->first)] = state % classes_;
      state = before;
    }
    result[values_.begin()->first] = state % classes_;
    return result;
  }

 private:
  /// One more value: its rows count for each state's label; a state may begin an interval here.
  void advance(std::size_t step, const Counts& counts) {
    auto& from = came_from_[step];
    from.resize(right_.size());
    std::iota(from.begin(), from.end(), std::uint16_t{0});
    if (step > 0)
      for (std::size_t k = limit_ - 1; k > 0; --k) begin_interval(k, from);
    for (std::size_t state = 0; state < right_.size(); ++state) right_[state] += counts[state % classes_];
  }

  /// Moves to interval k wherever the best state with k - 1 cuts is ahead.
  void begin_interval(std::size_t k, std::vector<std::uint16_t>& from) {
    const auto previous = right_.begin() + static_cast<std::ptrdiff_t>((k - 1) * classes_);
    const auto best = std::max_element(previous, previous + static_cast<std::ptrdiff_t>(classes_));
    for (std::size_t label = 0; label < classes_; ++label) {
      const auto state = k * classes_ + label;
      if (right_[state] >= *best) continue;
      right_[state] = *best;
      from[state] = static_cast<std::uint16_t>(best - right_.begin());
    }
  }

  const std::map<double, Counts>& values_;
  std::size_t classes_, limit_;
  std::vector<std::size_t> right_;                     ///< by state: rows the best path gets right
  std::vector<std::vector<std::uint16_t>> came_from_;  ///< by value and state: the state before it
};

Rule fit_rule(const Tally& train, bool categorical) {
  Rule rule{.from = {},
            .if_missing = majority(train.missing),
            .otherwise = majority(train.all),
            .categorical = categorical};
  if (std::ranges::all_of(train.missing, [](std::size_t n) { return n == 0; }))
    rule.if_missing = rule.otherwise;
  if (train.by_value.empty()) return rule;
  if (!categorical) {
    rule.from = Intervals(train.by_value, train.all.size(), train.all.size()).starts();
    rule.otherwise = rule.from.begin()->second;
    return rule;
  }
  for (const auto& [value, counts] : train.by_value) rule.from[value] = majority(counts);
  return rule;
}

double accuracy(const DataSet& data, const Column& column, const std::vector<int>& fold) {
  std::size_t right = 0;
  for (int test = 0; test < folds; ++test) {
    const auto rule = fit_rule(tally(data, column, [&](std::size_t row) { return fold[row] != test; }),
                               column.type == ColumnType::categorical);
    for (std::size_t row = 0; row < data.labels.size(); ++row)
      right += fold[row] == test && rule(value_of(column, row)) == static_cast<std::size_t>(data.labels[row]);
  }
  return static_cast<double>(right) / static_cast<double>(data.labels.size());
}

constexpr double nearly_all = 0.995;

bool is_nearly_all(std::size_t part, std::size_t whole) {
  return static_cast<double>(part) >= nearly_all * static_cast<double>(whole);
}

/// Every class has a value whose majority it is and that is its majority, and these pairs hold nearly all
/// rows.
bool is_copy(const DataSet& data, const Tally& counts) {
  std::vector<const Counts*> values{&counts.missing};
  for (const auto& [value, labels] : counts.by_value) values.push_back(&labels);
  std::size_t paired = 0;
  for (std::size_t label = 0; label < data.classes.size(); ++label) {
    const auto& most = **std::ranges::max_element(values, {}, [=](const Counts* c) { return (*c)[label]; });
    if (majority(most) != label) return false;
    paired += most[label];
  }
  return is_nearly_all(paired, data.labels.size());
}

std::vector<int> classes_told(const Tally& counts) {
  constexpr std::size_t enough_rows = 5;  // fewer may share a value by chance
  std::vector<int> told;
  const auto look_at = [&](const Counts& labels) {
    const auto label = majority(labels);
    if (labels[label] >= enough_rows && is_nearly_all(labels[label], counts.all[label]) &&
        is_nearly_all(labels[label], std::accumulate(labels.begin(), labels.end(), std::size_t{0})))
      told.push_back(static_cast<int>(label));
  };
  look_at(counts.missing);
  for (const auto& [value, labels] : counts.by_value) look_at(labels);
  return told;
}

}  // namespace

std::vector<ColumnSkill> column_skill(const DataSet& data) {
  const auto fold = deal_folds(data);
  std::vector<ColumnSkill> skills;
  for (const auto& column : data.table.columns) {
    if (!column.used) continue;
    const auto counts = tally(data, column, [](std::size_t) { return true; });
    skills.push_back(
        {column.name, accuracy(data, column, fold), is_copy(data, counts), classes_told(counts)});
  }
  return skills;
}

}  // namespace qupel
