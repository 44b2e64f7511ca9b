#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "qupel/problem/tabular/median.h"
#include "qupel/problem/tabular/tabular.h"

namespace qupel {
namespace {

std::vector<double> present_numbers(const Column& column, std::span<const std::size_t> rows) {
  std::vector<double> numbers;
  for (const auto row : rows)
    if (!std::isnan(column.numbers[row])) numbers.push_back(column.numbers[row]);
  return numbers;
}

/// The codes in the rows, in the order of the levels; if they are too many the most frequent ones.
std::vector<int> seen_levels(const Column& column, std::span<const std::size_t> rows) {
  std::vector<std::size_t> count(column.levels.size());
  for (const auto row : rows)
    if (column.codes[row] >= 0) ++count[static_cast<std::size_t>(column.codes[row])];
  std::vector<int> levels;
  for (std::size_t i = 0; i < count.size(); ++i)
    if (count[i] > 0) levels.push_back(static_cast<int>(i));
  if (levels.size() <= max_levels) return levels;
  std::ranges::stable_sort(levels, std::greater{},
                           [&](int level) { return count[static_cast<std::size_t>(level)]; });
  levels.resize(max_levels);
  std::ranges::sort(levels);
  return levels;
}

}  // namespace

double Preparation::read(const Source& source, const Column& column, std::size_t row) {
  switch (source.kind) {
    case Source::Kind::missing:
      return std::isnan(column.numbers[row]) ? 1 : 0;
    case Source::Kind::level:
      return column.codes[row] == source.level ? 1 : 0;
    case Source::Kind::value:
      break;
  }
  return std::isnan(column.numbers[row]) ? source.median : column.numbers[row];
}

void Preparation::add(Source source, std::string name) {
  sources_.push_back(source);
  names_.push_back(std::move(name));
}

/// Two passes, with values divided by their largest magnitude so that no square overflows.
void Preparation::fit_scale(Source& source, const Column& column, std::span<const std::size_t> rows) {
  const auto count = static_cast<double>(rows.size());
  double largest = 0, mean = 0, variance = 0;
  for (const auto row : rows) largest = std::max(largest, std::abs(read(source, column, row)));
  if (largest == 0) largest = 1;
  for (const auto row : rows) mean += read(source, column, row) / largest / count;
  for (const auto row : rows) variance += std::pow(read(source, column, row) / largest - mean, 2) / count;
  constexpr double rounding = 1e-12;  // of a column whose values are all the same
  const double factor = 1 / std::sqrt(variance) / largest;
  source.factor = std::sqrt(variance) > rounding && std::isfinite(factor) ? factor : 0;
  source.shift = -mean * largest * source.factor;
}

Preparation Preparation::fit(const DataSet& data, std::span<const std::size_t> rows, Scaling scaling) {
  using Kind = Source::Kind;
  Preparation preparation;
  for (std::size_t c = 0; c < data.table.columns.size(); ++c) {
    const auto& column = data.table.columns[c];
    if (!column.used) continue;
    if (column.type == ColumnType::categorical) {
      for (const int level : seen_levels(column, rows))
        preparation.add({.kind = Kind::level, .column = c, .level = level},
                        fmt::format("{} = {}", column.name, column.levels[static_cast<std::size_t>(level)]));
      continue;
    }
    const auto numbers = present_numbers(column, rows);
    preparation.add({.kind = Kind::value, .column = c, .median = median(numbers)}, column.name);
    if (numbers.size() < rows.size())
      preparation.add({.kind = Kind::missing, .column = c}, column.name + " missing");
  }
  if (scaling == Scaling::none) return preparation;
  preparation.limit_ = 1e6;
  for (auto& source : preparation.sources_) fit_scale(source, data.table.columns[source.column], rows);
  return preparation;
}

Matrix<double> Preparation::apply(const DataSet& data, std::span<const std::size_t> rows) const {
  Matrix<double> prepared(rows.size(), sources_.size());
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t c = 0; c < sources_.size(); ++c) {
      const auto& source = sources_[c];
      const double value = read(source, data.table.columns[source.column], rows[i]);
      prepared(i, c) = std::clamp(value * source.factor + source.shift, -limit_, limit_);
    }
  return prepared;
}

void Preparation::save(Archive& archive) const {
  std::vector<std::size_t> kinds, columns;
  std::vector<int> levels;
  std::vector<double> medians, factors, shifts;
  for (const auto& source : sources_) {
    kinds.push_back(static_cast<std::size_t>(source.kind));
    columns.push_back(source.column);
    levels.push_back(source.level);
    medians.push_back(source.median);
    factors.push_back(source.factor);
    shifts.push_back(source.shift);
  }
  archive.set_wholes("kinds", kinds);
  archive.set_wholes("columns", columns);
  archive.set_wholes("levels", levels);
  archive.set("medians", std::move(medians));
  archive.set("factors", std::move(factors));
  archive.set("shifts", std::move(shifts));
  archive.set("names", names_);
  archive.set("limit", limit_);
}

Preparation Preparation::load(const Archive& saved, const std::vector<Column>& columns) {
  using Kind = Source::Kind;
  const auto kinds = saved.wholes<int>("kinds", 0, 2);
  const auto of_column =
      saved.wholes<std::size_t>("columns", 0, static_cast<std::int64_t>(columns.size()) - 1);
  const auto levels = saved.wholes<int>("levels", 0, std::numeric_limits<int>::max());
  const auto &medians = saved.numbers("medians"), &factors = saved.numbers("factors"),
             &shifts = saved.numbers("shifts");
  const auto count = kinds.size();
  Preparation preparation;
  preparation.names_ = saved.texts("names");
  preparation.limit_ = saved.number("limit");
  require_saved(of_column.size() == count && levels.size() == count && medians.size() == count &&
                    factors.size() == count && shifts.size() == count && preparation.names_.size() == count &&
                    preparation.limit_ > 0,
                "as many names and values as prepared columns");
  for (std::size_t i = 0; i < count; ++i) {
    const auto kind = static_cast<Kind>(kinds[i]);
    const auto& column = columns[of_column[i]];
    const bool categorical = column.type == ColumnType::categorical;
    require_saved(column.used && (kind == Kind::level) == categorical &&
                      (!categorical || static_cast<std::size_t>(levels[i]) < column.levels.size()),
                  "prepared columns that fit the table's");
    preparation.sources_.push_back({.kind = kind,
                                    .column = of_column[i],
                                    .median = medians[i],
                                    .level = levels[i],
                                    .factor = factors[i],
                                    .shift = shifts[i]});
  }
  return preparation;
}

}  // namespace qupel
