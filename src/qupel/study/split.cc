#include "qupel/study/split.h"

#include <fmt/format.h>

#include <algorithm>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/problem/tabular/features.h"
#include "qupel/study/inputs.h"
#include "qupel/study/runner.h"

namespace qupel {
namespace {

std::vector<int> labels_of(const TabularProblem& problem, const std::vector<std::size_t>& rows) {
  std::vector<int> labels;
  for (const auto row : rows) labels.push_back(problem.labels[row]);
  return labels;
}

Split part(const std::vector<std::size_t>& rows, const std::vector<int>& fold_of, int fold) {
  Split split{.repeat = 0, .fold = fold, .train = {}, .test = {}};
  for (std::size_t i = 0; i < rows.size(); ++i)
    (fold_of[i] == fold ? split.test : split.train).push_back(rows[i]);
  return split;
}

/// k folds of the given rows; equal rows stay together.
std::vector<Split> folds_of(const TabularProblem& problem, const std::vector<std::size_t>& all_groups,
                            const std::vector<std::size_t>& rows, int folds, std::uint64_t seed) {
  std::vector<std::size_t> groups;
  for (const auto row : rows) groups.push_back(all_groups[row]);
  const auto fold_of = stratified_folds(labels_of(problem, rows), groups,
                                        static_cast<int>(problem.classes.size()), folds, seed);
  std::vector<Split> splits;
  for (int fold = 0; fold < folds; ++fold) splits.push_back(part(rows, fold_of, fold));
  return splits;
}

std::vector<std::size_t> all_rows(const TabularProblem& problem) {
  std::vector<std::size_t> rows(problem.labels.size());
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = i;
  return rows;
}

std::vector<Split> outer_folds(const StudySpec& spec, const TabularProblem& problem,
                               const std::vector<std::size_t>& groups, std::uint64_t seed) {
  try {
    return folds_of(problem, groups, all_rows(problem), spec.outer_folds, seed);
  } catch (const InputError& error) {
    throw SettingError("outer_folds", error.what());
  }
}

bool asks_for_angles(const StudySpec& spec) {
  return std::ranges::any_of(spec.entries, [](const Entry& entry) {
    const auto found = entry.space.find(std::string(input_scaling));
    return found != entry.space.end() &&
           std::ranges::find(found->second, Setting(std::string("angle"))) != found->second.end();
  });
}

Split fixed_split(const TabularProblem& problem) {
  if (problem.test_rows.empty())
    throw SettingError(
        "kind", fmt::format("kind = \"fixed\" needs a data set with test rows of its own, which {} has "
                            "not; use \"nested\"",
                            problem.name));
  std::vector<int> fold_of(problem.labels.size(), 1);
  for (const auto row : problem.test_rows) fold_of[row] = 0;
  return part(all_rows(problem), fold_of, 0);
}

}  // namespace

std::vector<Split> outer_splits(const StudySpec& spec, const TabularProblem& problem) {
  if (spec.protocol == Protocol::fixed) return {fixed_split(problem)};
  std::vector<Split> splits;
  const auto groups = duplicate_groups(problem);
  for (int repeat = 0; repeat < spec.repeats; ++repeat) {
    const auto seed = derive(spec.seed, {key_of("outer folds"), static_cast<std::uint64_t>(repeat)});
    for (auto& split : outer_folds(spec, problem, groups, seed)) {
      split.repeat = repeat;
      splits.push_back(std::move(split));
    }
  }
  return splits;
}

FoldData prepare_fold(const StudySpec& spec, const TabularProblem& problem,
                      const std::vector<std::size_t>& train, const std::vector<std::size_t>& test) {
  FoldData data;
  data.train_labels = labels_of(problem, train);
  data.test_labels = labels_of(problem, test);
  const auto scaling = spec.scaling == "none" ? Scaling::none : Scaling::standard;
  const auto preparation = Preparation::fit(problem, train, scaling);
  data.train.all = preparation.apply(problem, train);
  data.test.all = preparation.apply(problem, test);
  const auto reducer = Reducer::fit(spec.reduction, spec.features, data.train.all, data.train_labels,
                                    static_cast<int>(problem.classes.size()));
  for (const auto scale : {Scale::range, Scale::robust}) {
    data.train.reduced[scale] = reducer.apply(data.train.all, scale);
    data.test.reduced[scale] = reducer.apply(data.test.all, scale);
  }
  if (asks_for_angles(spec)) {
    const auto as_they_are = Preparation::fit(problem, train, Scaling::none);
    const auto fitted = as_they_are.apply(problem, train);
    data.train.reduced[Scale::angle] = angles(fitted, fitted);
    data.test.reduced[Scale::angle] = angles(fitted, as_they_are.apply(problem, test));
  }
  return data;
}

SplitData prepare_split(const StudySpec& spec, const TabularProblem& problem,
                        const std::vector<std::size_t>& groups, const Split& split) {
  SplitData data{prepare_fold(spec, problem, split.train, split.test), {}};
  const auto seed = derive(spec.seed, {key_of("inner folds"), static_cast<std::uint64_t>(split.repeat),
                                       static_cast<std::uint64_t>(split.fold)});
  for (const auto& inner : folds_of(problem, groups, split.train, spec.inner_folds, seed))
    data.inner.push_back(prepare_fold(spec, problem, inner.train, inner.test));
  return data;
}

SplitCache::SplitCache(const StudySpec& spec, const TabularProblem& problem, const std::vector<Split>& splits,
                       std::vector<std::size_t> uses)
    : spec_(spec),
      problem_(problem),
      splits_(splits),
      groups_(duplicate_groups(problem)),
      slots_(splits.size()) {
  for (std::size_t i = 0; i < uses.size(); ++i) slots_[i].uses_left = uses[i];
}

std::shared_ptr<const SplitData> SplitCache::take(std::size_t split) {
  auto& slot = slots_[split];
  const std::scoped_lock lock(slot.mutex);
  if (!slot.data)
    slot.data = std::make_shared<const SplitData>(prepare_split(spec_, problem_, groups_, splits_[split]));
  auto data = slot.data;
  if (--slot.uses_left == 0) slot.data.reset();
  return data;
}

}  // namespace qupel
