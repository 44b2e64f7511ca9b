#include "qupel/problem/tabular/table_problem.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/problem/tabular/classification.h"
#include "qupel/problem/tabular/features.h"
#include "qupel/problem/tabular/folds.h"
#include "qupel/problem/tabular/regression.h"
#include "qupel/problem/tabular/rows.h"
#include "qupel/problem/tabular/table_checks.h"

namespace qupel {
namespace {

Split part(const std::vector<std::size_t>& rows, const std::vector<int>& fold_of, int fold) {
  Split split{.repeat = 0, .fold = fold, .train = {}, .test = {}};
  for (std::size_t i = 0; i < rows.size(); ++i)
    (fold_of[i] == fold ? split.test : split.train).push_back(rows[i]);
  return split;
}

/// k folds of the given rows; equal rows stay together.
std::vector<Split> folds_of(const DataSet& data, const std::vector<std::size_t>& all_groups,
                            const std::vector<std::size_t>& rows, int folds, std::uint64_t seed) {
  const auto groups = taken(all_groups, rows);
  const auto fold_of = stratified_folds(taken(data.strata(), rows), groups,
                                        static_cast<int>(data.strata_count()), folds, seed);
  std::vector<Split> splits;
  for (int fold = 0; fold < folds; ++fold) splits.push_back(part(rows, fold_of, fold));
  return splits;
}

std::vector<std::size_t> all_rows(const DataSet& data) {
  std::vector<std::size_t> rows(data.rows());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return rows;
}

std::vector<Split> outer_folds(const Splitting& splitting, const DataSet& data,
                               const std::vector<std::size_t>& groups, std::uint64_t seed) {
  try {
    return folds_of(data, groups, all_rows(data), splitting.outer_folds, seed);
  } catch (const InputError& error) {
    throw SettingError("outer_folds", error.what());
  }
}

std::vector<Split> inner_folds(const Splitting& splitting, const DataSet& data,
                               const std::vector<std::size_t>& groups, const Split& split) {
  const auto seed = derive(splitting.seed, {key_of("inner folds"), static_cast<std::uint64_t>(split.repeat),
                                            static_cast<std::uint64_t>(split.fold)});
  try {
    return folds_of(data, groups, split.train, splitting.inner_folds, seed);
  } catch (const InputError& error) {
    throw SettingError("inner_folds", fmt::format("of the training rows: {}", error.what()));
  }
}

Split fixed_split(const DataSet& data) {
  if (data.test_rows.empty())
    throw SettingError(
        "kind", fmt::format("kind = \"fixed\" needs a data set with test rows of its own, which {} has "
                            "not; use \"nested\"",
                            data.name));
  std::vector<int> fold_of(data.rows(), 1);
  for (const auto row : data.test_rows) fold_of[row] = 0;
  return part(all_rows(data), fold_of, 0);
}

/// Smallest, largest, mean, standard deviation.
std::vector<double> range_of(const std::vector<double>& values) {
  const auto [low, high] = std::ranges::minmax(values);
  double mean = 0, square = 0;
  for (const double v : values) mean += v / static_cast<double>(values.size());
  for (const double v : values) square += (v - mean) * (v - mean) / static_cast<double>(values.size());
  return {low, high, mean, std::sqrt(square)};
}

Facts facts_of(const DataSet& data, const TableInputs& inputs) {
  Facts facts{.name = data.name,
              .source = data.source,
              .target = data.target,
              .data_hash = data.data_hash,
              .rows = data.rows(),
              .rows_read = data.rows_read,
              .columns = data.table.columns.size(),
              .classes = {},
              .class_counts = {},
              .columns_seen = {},
              .findings = data.table.findings};
  if (data.holds_numbers())
    facts.target_range = range_of(data.targets);
  else
    facts.classes = data.classes, facts.class_counts = strata_counts(data);
  for (const auto& column : data.table.columns)
    facts.columns_seen.push_back({column.name, column.type, {}, {}, {}, column.missing, column.used});
  if (facts.rows == 0) return facts;
  facts.prepared_columns = Preparation::fit(data, all_rows(data)).names().size();
  facts.features = inputs.reduction == Reduction::none
                       ? facts.prepared_columns
                       : std::min(static_cast<std::size_t>(inputs.features), facts.prepared_columns);
  return facts;
}

/// About a share of the rows, of each stratum its own share, two at least; in their order.
std::vector<std::size_t> stratified_share(std::span<const int> strata, std::size_t count, double share,
                                          std::uint64_t seed) {
  std::vector<std::size_t> kept;
  for (std::size_t stratum = 0; stratum < count; ++stratum) {
    std::vector<std::size_t> members;
    for (std::size_t r = 0; r < strata.size(); ++r)
      if (strata[r] == static_cast<int>(stratum)) members.push_back(r);
    Random(derive(seed, {stratum})).shuffle(std::span(members));
    const auto wanted = static_cast<std::size_t>(std::lround(share * static_cast<double>(members.size())));
    members.resize(std::min(members.size(), std::max<std::size_t>(2, wanted)));
    kept.insert(kept.end(), members.begin(), members.end());
  }
  std::ranges::sort(kept);
  return kept;
}

const TableRows& rows_of(const Instance& instance) { return dynamic_cast<const TableRows&>(instance); }

}  // namespace

TableProblem::TableProblem(DataSet data, TableInputs inputs)
    : data_(std::move(data)),
      inputs_(inputs),
      groups_(duplicate_groups(data_)),
      facts_(facts_of(data_, inputs)) {}

std::vector<Split> TableProblem::splits(const Splitting& splitting) const {
  std::vector<Split> splits;
  if (splitting.protocol == Protocol::fixed) {
    splits.push_back(fixed_split(data_));
  } else {
    for (int repeat = 0; repeat < splitting.repeats; ++repeat) {
      const auto seed = derive(splitting.seed, {key_of("outer folds"), static_cast<std::uint64_t>(repeat)});
      for (auto& split : outer_folds(splitting, data_, groups_, seed)) {
        split.repeat = repeat;
        splits.push_back(std::move(split));
      }
    }
  }
  (void)inner_folds(splitting, data_, groups_, splits.front());  // tells now if there are too few rows
  return splits;
}

std::string TableProblem::split_words(const Splitting& splitting) const {
  return fmt::format("{} repeat{} of stratified {}-fold cross-validation", splitting.repeats,
                     splitting.repeats == 1 ? "" : "s", splitting.outer_folds);
}

Task TableProblem::task(std::vector<std::size_t> learn, std::vector<std::size_t> ask) const {
  auto learned = std::make_shared<TableRows>(), asked = std::make_shared<TableRows>();
  learned->labels = taken(data_.labels, learn);
  learned->targets = taken(data_.targets, learn);
  asked->labels = taken(data_.labels, ask);
  asked->targets = taken(data_.targets, ask);
  const auto preparation = RowPreparation::fit(inputs_, data_, learn);
  learned->columns = preparation.apply(data_, learn);
  asked->columns = preparation.apply(data_, ask);
  return {std::move(learn), std::move(ask), std::move(learned), std::move(asked)};
}

Work TableProblem::prepare(const Splitting& splitting, const Split& split) const {
  Work work{task(split.train, split.test), {}};
  for (const auto& inner : inner_folds(splitting, data_, groups_, split))
    work.inner.push_back(task(inner.train, inner.test));
  return work;
}

std::shared_ptr<const Instance> TableProblem::view(const Instance& instance,
                                                   const InputChoice& inputs) const {
  const auto& rows = rows_of(instance);
  return std::make_shared<Samples>(samples(rows.columns.chosen(inputs), rows));
}

int TableProblem::width(const InputChoice& inputs) const {
  if (!inputs.reduced) return static_cast<int>(facts_.prepared_columns);
  const auto reduced =
      inputs_.reduction == Reduction::none
          ? facts_.prepared_columns
          : std::min(facts_.prepared_columns, static_cast<std::size_t>(std::max(inputs_.features, 1)));
  return static_cast<int>(wanted_columns(reduced, inputs));
}

std::optional<Task> TableProblem::fewer(const Task& task, double share, std::uint64_t seed) const {
  const auto& whole = rows_of(*task.learn);
  const auto kept =
      stratified_share(taken(data_.strata(), task.learn_rows), data_.strata_count(), share, seed);
  auto few = std::make_shared<TableRows>();
  few->columns.all = take_rows(whole.columns.all, kept);
  for (const auto& [scale, x] : whole.columns.reduced) few->columns.reduced[scale] = take_rows(x, kept);
  few->labels = taken(whole.labels, kept);
  few->targets = taken(whole.targets, kept);
  return Task{taken(task.learn_rows, kept), task.ask_rows, std::move(few), task.ask};
}

std::vector<Check> TableProblem::checks(std::span<const std::vector<std::size_t>> test_sets,
                                        const Metric& deciding) const {
  auto checks = own_checks(deciding);
  checks.push_back(duplicate_check(data_, groups_));
  checks.push_back(train_is_test_check(data_, groups_, test_sets));
  return checks;
}

std::vector<Metric> deciding_table_metrics() {
  std::vector<Metric> metrics = class_metrics();
  std::ranges::move(number_metrics(1), std::back_inserter(metrics));
  std::erase_if(metrics, [](const Metric& metric) { return !metric.decides; });
  return metrics;
}

std::unique_ptr<TableProblem> table_problem(DataSet data, const TableInputs& inputs) {
  if (data.holds_numbers()) return std::make_unique<Regression>(std::move(data), inputs);
  return std::make_unique<Classification>(std::move(data), inputs);
}

}  // namespace qupel
