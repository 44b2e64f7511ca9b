#include "qupel/problem/tabular/features.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cmath>

#include "qupel/base/random.h"

namespace qupel {
namespace {

using ::testing::ElementsAre;

constexpr int count = 200;

DataSet data_read(std::string_view text) {
  DataSetOptions options;
  options.target = "y";
  return data_set_from_bytes(text, "t.csv", options);
}

/// A column "c" by row and label, beside noise "x", with `classes` labels.
template <typename Cell>
ColumnSkill skill_of(int classes, Cell cell, int rows = count) {
  std::string text = "x,c,y\n";
  Random random(5);
  for (int i = 0; i < rows; ++i) {
    const int label = static_cast<int>(random.below(static_cast<std::size_t>(classes)));
    text += fmt::format("{},{},l{}\n", random.normal(), cell(i, label), label);
  }
  return column_skill(data_read(text)).at(1);
}

TEST(ColumnSkill, NoiseIsNearChanceAndNoCopy) {
  const auto skill = skill_of(2, [](int i, int) { return std::fmod(i * 0.618034, 1.0); });
  EXPECT_LT(skill.accuracy, 0.65);
  EXPECT_FALSE(skill.copy);
}

TEST(ColumnSkill, CopiesUnderOtherNamesAreFound) {
  EXPECT_TRUE(skill_of(2, [](int, int label) { return label; }).copy);
  EXPECT_TRUE(skill_of(2, [](int, int label) { return 1 - label; }).copy);
  EXPECT_TRUE(skill_of(2, [](int, int label) { return label == 0 ? "no" : "yes"; }).copy);
  EXPECT_TRUE(skill_of(3, [](int, int label) { return fmt::format("{}", "qrz"[label]); }).copy);
  EXPECT_TRUE(skill_of(4, [](int, int label) { return (label * 7 + 3) % 10 - 0.5; }).copy);
  EXPECT_TRUE(skill_of(2, [](int, int label) { return label == 0 ? "" : "1"; }).copy);
}

TEST(ColumnSkill, AnAlmostPerfectCopyIsOne) {
  const auto skill = skill_of(2, [](int i, int label) { return i == 17 ? 1 - label : label; });
  EXPECT_TRUE(skill.copy);
  EXPECT_NEAR(skill.accuracy, 0.995, 1e-9);
  EXPECT_FALSE(skill_of(2, [](int i, int label) { return i % 50 == 17 ? 1 - label : label; }).copy);
}

TEST(ColumnSkill, AThresholdIsFoundButIsNoCopy) {
  const auto skill = skill_of(2, [](int i, int label) { return label * 10 + std::fmod(i * 0.618034, 1.0); });
  EXPECT_EQ(skill.accuracy, 1);
  EXPECT_FALSE(skill.copy);
}

TEST(ColumnSkill, ThreeClassesTakeThreeIntervals) {
  const auto skill =
      skill_of(3, [](int i, int label) { return (label + 1) % 3 * 10 + std::fmod(i * 0.618034, 1.0); });
  EXPECT_EQ(skill.accuracy, 1);
}

TEST(ColumnSkill, AClassOnBothSidesNeedsMoreIntervalsThanThereAreClasses) {
  const auto skill =
      skill_of(2, [](int i, int label) { return label == 0 ? 0.5 + i % 7 * 0.01 : i % 2 + i % 7 * 0.01; });
  EXPECT_LT(skill.accuracy, 0.9);
  EXPECT_GT(skill.accuracy, 0.65);
}

TEST(ColumnSkill, AFlagForARareClassOfAnImbalancedTableIsACopyOnlyIfItMatches) {
  const auto skill = [](auto flag) {
    std::string text = "x,c,y\n";
    for (int i = 0; i < 1000; ++i)
      text += fmt::format("{},{},{}\n", i * i % 997, flag(i), i % 250 == 0 ? "rare" : "usual");
    return column_skill(data_read(text)).at(1);
  };
  EXPECT_TRUE(skill([](int i) { return i % 250 == 0 ? 1 : 0; }).copy);
  EXPECT_FALSE(skill([](int i) { return i == 1 ? 1 : 0; }).copy);
}

TEST(ColumnSkill, UnusedColumnsAreSkippedAndCallsAgree) {
  std::string text = "row,x,y\n";
  for (int i = 0; i < 40; ++i) text += fmt::format("{},{},{}\n", i, std::sin(i), i % 3 == 0 ? "a" : "b");
  const auto data = data_read(text);
  const auto first = column_skill(data), second = column_skill(data);
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first[0].name, "x");
  EXPECT_EQ(first[0].accuracy, second[0].accuracy);
}

TEST(DuplicateGroups, EqualRowsShareTheFirstOfThem) {
  DataSet data;
  Column number, category, unused;
  number.numbers = {1, NAN, 1, 0.0, -0.0, NAN};
  category.type = ColumnType::categorical;
  category.codes = {0, -1, 0, 1, 1, 0};
  category.levels = {"a", "b"};
  unused.numbers = {1, 2, 3, 4, 5, 6};
  unused.used = false;
  data.table.columns = {number, category, unused};
  data.labels.assign(6, 0);
  EXPECT_THAT(duplicate_groups(data), ElementsAre(0, 1, 0, 3, 3, 5));
}

}  // namespace
}  // namespace qupel
