#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/study/runner.h"

namespace qupel {
namespace {

std::vector<std::size_t> singletons(std::size_t rows) {
  std::vector<std::size_t> groups(rows);
  std::iota(groups.begin(), groups.end(), std::size_t{0});
  return groups;
}

/// Rows by class in a random order.
std::vector<int> labels_of_counts(const std::vector<int>& counts, std::uint64_t seed) {
  std::vector<int> labels;
  for (std::size_t c = 0; c < counts.size(); ++c)
    labels.insert(labels.end(), static_cast<std::size_t>(counts[c]), static_cast<int>(c));
  Random(seed).shuffle(std::span(labels));
  return labels;
}

/// Rows of each fold, of one class or (-1) of all.
std::vector<int> sizes(const std::vector<int>& fold_of, const std::vector<int>& labels, int folds,
                       int label = -1) {
  std::vector<int> size(static_cast<std::size_t>(folds));
  for (std::size_t i = 0; i < fold_of.size(); ++i)
    if (label < 0 || labels[i] == label) ++size[static_cast<std::size_t>(fold_of[i])];
  return size;
}

int spread(const std::vector<int>& sizes) {
  const auto [low, high] = std::minmax_element(sizes.begin(), sizes.end());
  return *high - *low;
}

TEST(StratifiedFolds, AreBalancedByClassAndTogether) {
  const std::vector<std::vector<int>> shapes{{50, 50, 50}, {212, 357},       {7, 7, 7, 7},
                                             {1, 1, 48},   {3, 2, 9, 11, 4}, {59, 71, 48}};
  for (const auto& counts : shapes)
    for (const int folds : {2, 3, 5, 10}) {
      const auto labels = labels_of_counts(counts, 4);
      const auto classes = static_cast<int>(counts.size());
      const auto fold_of = stratified_folds(labels, singletons(labels.size()), classes, folds, 9);
      EXPECT_LE(spread(sizes(fold_of, labels, folds)), 1);
      for (int c = 0; c < classes; ++c) EXPECT_LE(spread(sizes(fold_of, labels, folds, c)), 1) << c;
    }
}

TEST(StratifiedFolds, DependOnTheSeedOnly) {
  const auto labels = labels_of_counts({30, 30}, 1);
  const auto groups = singletons(60);
  EXPECT_EQ(stratified_folds(labels, groups, 2, 5, 7), stratified_folds(labels, groups, 2, 5, 7));
  EXPECT_NE(stratified_folds(labels, groups, 2, 5, 7), stratified_folds(labels, groups, 2, 5, 8));
}

TEST(StratifiedFolds, AnyTwoRowsMayMeet) {
  // Over many seeds, rows 0 and 1 of one class share a fold as often as chance says: 11 others in its fold
  // of 59.
  const std::vector<int> labels(60, 0);
  int together = 0;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const auto fold_of = stratified_folds(labels, singletons(60), 1, 5, seed);
    together += fold_of[0] == fold_of[1] ? 1 : 0;
  }
  EXPECT_NEAR(together / 2000.0, 11.0 / 59, 0.03);
}

TEST(StratifiedFolds, KeepGroupsTogether) {
  Random random(2);
  const auto labels = labels_of_counts({120, 80}, 3);
  std::vector<std::size_t> groups(200);
  for (auto& group : groups) group = 1000 * random.below(70);  // several rows and both classes in a group
  const auto fold_of = stratified_folds(labels, groups, 2, 5, 1);
  std::map<std::size_t, std::set<int>> folds_of_group;
  for (std::size_t i = 0; i < groups.size(); ++i) folds_of_group[groups[i]].insert(fold_of[i]);
  for (const auto& [group, folds] : folds_of_group) EXPECT_EQ(folds.size(), 1u) << group;
  EXPECT_LE(spread(sizes(fold_of, labels, 5)), 4);
}

TEST(StratifiedFolds, SinglesFillTheGapsThatGroupsLeave) {
  // Half of the rows in groups of five, half single: balance is still possible, so it is reached.
  const auto labels = labels_of_counts({60, 40}, 3);
  auto groups = singletons(100);
  for (std::size_t i = 0; i < 50; ++i) groups[i] = 1000 + i / 5;
  const auto fold_of = stratified_folds(labels, groups, 2, 5, 1);
  for (int c = 0; c < 2; ++c) EXPECT_LE(spread(sizes(fold_of, labels, 5, c)), 1);
  EXPECT_LE(spread(sizes(fold_of, labels, 5)), 2);
}

TEST(StratifiedFolds, EveryFoldIsUsed) {
  const std::vector<int> labels{0, 0, 0, 0, 0, 1};
  auto fold_of = stratified_folds(labels, std::vector<std::size_t>{1, 1, 1, 2, 3, 4}, 2, 4, 1);
  EXPECT_EQ(std::set(fold_of.begin(), fold_of.end()).size(), 4u);
}

TEST(StratifiedFolds, DistributeAClassSmallerThanTheFolds) {
  const auto labels = labels_of_counts({3, 27}, 1);
  const auto fold_of = stratified_folds(labels, singletons(30), 2, 5, 1);
  EXPECT_THAT(sizes(fold_of, labels, 5), testing::Each(6));
  EXPECT_EQ(spread(sizes(fold_of, labels, 5, 0)), 1);
}

TEST(StratifiedFolds, RefuseWhatCannotBeSplit) {
  const std::vector<int> labels{0, 1, 0, 1};
  const auto error = [&](std::vector<std::size_t> groups, int classes, int folds) -> std::string {
    try {
      stratified_folds(labels, groups, classes, folds, 1);
    } catch (const InputError& e) {
      return e.what();
    }
    return "";
  };
  EXPECT_EQ(error({0, 1, 2, 3}, 2, 5),
            "4 rows, 4 of them different, cannot fill 5 folds; use fewer folds or more rows");
  EXPECT_EQ(error({0, 0, 0, 3}, 2, 3),
            "4 rows, 2 of them different, cannot fill 3 folds; use fewer folds or more rows");
  EXPECT_EQ(error({0, 1, 2, 3}, 2, 1), "cross-validation needs 2 folds or more; 1 given");
  EXPECT_EQ(error({0, 1, 2}, 2, 2), "4 rows have 3 groups; give one group a row");
  EXPECT_EQ(error({0, 1, 2, 3}, 1, 2), "label 1 of row 1 is not one of 1 classes");
}

}  // namespace
}  // namespace qupel
