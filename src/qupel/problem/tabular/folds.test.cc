#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <set>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/problem/tabular/folds.h"

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
  EXPECT_LE(spread(sizes(fold_of, labels, 5)), 1);
}

/// The definition, by itself: the sum over folds of sum_c (n_c - N_c/k)^2 / N_c + (n - N/k)^2 / N.
double chi_squared(const std::vector<int>& fold_of, const std::vector<int>& labels, int classes, int folds) {
  double cost = 0;
  for (int label = -1; label < classes; ++label) {
    const auto size = sizes(fold_of, labels, folds, label);
    const double rows = std::accumulate(size.begin(), size.end(), 0.0);
    for (const double n : size)
      if (rows > 0) cost += (n - rows / folds) * (n - rows / folds) / rows;
  }
  return cost;
}

/// Rows in groups of random sizes, up to `largest`, the classes mixed or one a group.
struct Grouped {
  std::vector<int> labels;
  std::vector<std::size_t> groups;
  std::size_t count = 0;
};

Grouped random_groups(Random& random, std::size_t rows, std::size_t largest, int classes) {
  Grouped made;
  const bool mixed = random.uniform() < 0.5;
  const auto any = [&] { return static_cast<int>(random.below(static_cast<std::size_t>(classes))); };
  for (; made.labels.size() < rows; ++made.count) {
    const auto size = std::min(rows - made.labels.size(), 1 + random.below(largest));
    const int label = any();
    for (std::size_t i = 0; i < size; ++i) {
      made.labels.push_back(mixed ? any() : label);
      made.groups.push_back(made.count);
    }
  }
  return made;
}

/// All assignments of few groups to folds, every fold used.
double least_chi_squared(const Grouped& grouped, int classes, int folds) {
  double least = std::numeric_limits<double>::infinity();
  std::vector<int> fold_of_group(grouped.count), fold_of(grouped.labels.size());
  const auto next = [&] {
    for (auto& fold : fold_of_group) {
      if (++fold < folds) return true;
      fold = 0;
    }
    return false;
  };
  do {
    if (std::set(fold_of_group.begin(), fold_of_group.end()).size() < static_cast<std::size_t>(folds))
      continue;
    for (std::size_t row = 0; row < fold_of.size(); ++row) fold_of[row] = fold_of_group[grouped.groups[row]];
    least = std::min(least, chi_squared(fold_of, grouped.labels, classes, folds));
  } while (next());
  return least;
}

TEST(StratifiedFolds, FewGroupsAreNearlyAlwaysDealtAsWellAsAnyhow) {
  Random random(5);
  int best = 0;
  constexpr int tables = 200;
  for (int table = 0; table < tables; ++table) {
    const auto grouped = random_groups(random, 20 + random.below(20), 7, 2);
    const int folds = 2 + static_cast<int>(random.below(2));
    if (grouped.count > 10 || static_cast<int>(grouped.count) < folds) {
      --table;
      continue;
    }
    const auto fold_of =
        stratified_folds(grouped.labels, grouped.groups, 2, folds, static_cast<std::uint64_t>(table));
    const double cost = chi_squared(fold_of, grouped.labels, 2, folds),
                 least = least_chi_squared(grouped, 2, folds);
    best += cost < least + 1e-9 ? 1 : 0;
  }
  EXPECT_GE(best, 0.75 * tables);
}

TEST(StratifiedFolds, NoMoveAndNoExchangeOfGroupsWouldBalanceThemBetter) {
  Random random(6);
  for (std::uint64_t table = 0; table < 40; ++table) {
    const int classes = 2 + static_cast<int>(random.below(3)), folds = 2 + static_cast<int>(random.below(4));
    const auto grouped = random_groups(random, 80, 1 + random.below(10), classes);
    if (static_cast<int>(grouped.count) < folds) continue;
    auto fold_of = stratified_folds(grouped.labels, grouped.groups, classes, folds, table);
    EXPECT_EQ(std::set(fold_of.begin(), fold_of.end()).size(), static_cast<std::size_t>(folds));
    const double cost = chi_squared(fold_of, grouped.labels, classes, folds);
    std::vector<int> fold_of_group(grouped.count);
    for (std::size_t row = 0; row < fold_of.size(); ++row) fold_of_group[grouped.groups[row]] = fold_of[row];
    const auto cost_with = [&](const std::vector<int>& changed) {
      for (std::size_t row = 0; row < fold_of.size(); ++row) fold_of[row] = changed[grouped.groups[row]];
      return chi_squared(fold_of, grouped.labels, classes, folds);
    };
    for (std::size_t a = 0; a < grouped.count; ++a) {
      for (int fold = 0; fold < folds; ++fold) {
        auto moved = fold_of_group;
        moved[a] = fold;
        EXPECT_GE(cost_with(moved), cost - 1e-9);
      }
      for (std::size_t b = 0; b < a; ++b) {
        auto exchanged = fold_of_group;
        std::swap(exchanged[a], exchanged[b]);
        EXPECT_GE(cost_with(exchanged), cost - 1e-9);
      }
    }
  }
}

TEST(StratifiedFolds, WhereManyRowsAreEqualFoldsStayAlike) {
  // As in Titanic: few columns of few values, so that most rows repeat another, with labels of both kinds,
  // and sometimes more rows are equal than a fold holds.
  Random random(7);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto labels = labels_of_counts({260, 140}, seed);
    std::vector<std::size_t> groups(400);
    for (auto& group : groups) {
      const double u = random.uniform();
      group = static_cast<std::size_t>(140 * u * u * u * u);  // sizes from 1 to some 115
    }
    const auto fold_of = stratified_folds(labels, groups, 2, 5, seed);
    EXPECT_LE(spread(sizes(fold_of, labels, 5)), 1);
    EXPECT_LE(spread(sizes(fold_of, labels, 5, 1)), 1);
  }
}

/// Of 400 rows the first 150 are equal, the others differ.
struct Dominated {
  std::vector<int> labels = labels_of_counts({250, 150}, 1);
  std::vector<std::size_t> groups = singletons(400);
  explicit Dominated(bool one_label) {
    for (std::size_t row = 0; row < 150; ++row)
      groups[row] = 0, labels[row] = !one_label && row % 5 == 0 ? 1 : 0;
  }
};

TEST(StratifiedFolds, ManyEqualRowsWithDifferentLabelsAreTakenApart) {
  const Dominated table(false);
  const auto fold_of = stratified_folds(table.labels, table.groups, 2, 5, 1);
  EXPECT_THAT(sizes(fold_of, table.labels, 5), testing::Each(80));
  EXPECT_LE(spread(sizes(fold_of, table.labels, 5, 1)), 1);
}

TEST(StratifiedFolds, UnlessTheyMayBeCopiesOfOneRecord) {
  const Dominated table(true);
  const auto fold_of = stratified_folds(table.labels, table.groups, 2, 5, 1);
  auto size = sizes(fold_of, table.labels, 5), ones = sizes(fold_of, table.labels, 5, 1);
  const auto large = fold_of[0];
  EXPECT_TRUE(std::all_of(fold_of.begin(), fold_of.begin() + 150, [&](int f) { return f == large; }));
  size.erase(size.begin() + large);
  ones.erase(ones.begin() + large);
  EXPECT_LE(spread(size), 1);
  EXPECT_LE(spread(ones), 1);
}

TEST(StratifiedFolds, EqualRowsAreTakenApartAboveAQuarterOfAFold) {
  const auto folds_of = [](std::size_t equal) {
    const std::vector<int> labels = labels_of_counts({200, 200}, 3);
    auto groups = singletons(400);
    std::fill_n(groups.begin(), equal, 0);
    const auto fold_of = stratified_folds(labels, groups, 2, 5, 1);
    return std::set(fold_of.begin(), fold_of.begin() + static_cast<std::ptrdiff_t>(equal)).size();
  };
  EXPECT_EQ(folds_of(20), 1u);  // a quarter of 80
  EXPECT_EQ(folds_of(21), 5u);
}

TEST(StratifiedFolds, ManyRowsTakeNoTime) {
  Random random(8);
  for (const std::size_t largest : {1u, 3u, 400u}) {
    const auto grouped = random_groups(random, 50'000, largest, 10);
    const auto fold_of = stratified_folds(grouped.labels, grouped.groups, 10, 5, 1);
    const int most = largest < 10 ? 1 : 10;  // of 10,000 rows a fold and 1,000 of a class
    EXPECT_LE(spread(sizes(fold_of, grouped.labels, 5)), most) << largest;
    for (int c = 0; c < 10; ++c) EXPECT_LE(spread(sizes(fold_of, grouped.labels, 5, c)), most) << largest;
  }
}

TEST(StratifiedFolds, SinglesFillTheGapsThatGroupsLeave) {
  // Half of the rows in groups of five, half single: balance is still possible, so it is reached.
  const auto labels = labels_of_counts({60, 40}, 3);
  auto groups = singletons(100);
  for (std::size_t i = 0; i < 50; ++i) groups[i] = 1000 + i / 5;
  const auto fold_of = stratified_folds(labels, groups, 2, 5, 1);
  for (int c = 0; c < 2; ++c) EXPECT_LE(spread(sizes(fold_of, labels, 5, c)), 1);
  EXPECT_LE(spread(sizes(fold_of, labels, 5)), 1);
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
