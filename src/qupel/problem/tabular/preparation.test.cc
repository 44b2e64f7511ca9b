#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cmath>
#include <numeric>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/problem/tabular/tabular.h"

namespace qupel {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::Pointwise;

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

Column numeric(std::string name, std::vector<double> numbers) {
  Column column;
  column.name = std::move(name);
  column.numbers = std::move(numbers);
  return column;
}

Column categorical(std::string name, std::vector<int> codes, std::vector<std::string> levels) {
  Column column;
  column.name = std::move(name);
  column.type = ColumnType::categorical;
  column.codes = std::move(codes);
  column.levels = std::move(levels);
  return column;
}

DataSet data_of(std::vector<Column> columns) {
  DataSet data;
  data.classes = {"a", "b"};
  data.table.rows = std::max(columns[0].numbers.size(), columns[0].codes.size());
  data.labels.assign(data.table.rows, 0);
  data.table.columns = std::move(columns);
  return data;
}

std::vector<std::size_t> rows(std::size_t from, std::size_t to) {
  std::vector<std::size_t> all(to - from);
  std::iota(all.begin(), all.end(), from);
  return all;
}

TEST(Preparation, StandardisesByTheFittedRows) {
  const auto data = data_of({numeric("x", {1, 3, 1, 3, 100})});
  const auto x = Preparation::fit(data, rows(0, 4)).apply(data, rows(0, 5));
  const double expected[] = {-1, 1, -1, 1, 98};
  EXPECT_THAT(x.values(), Pointwise(DoubleNear(1e-12), expected));
}

TEST(Preparation, LeavesValuesAsTheyAreIfAsked) {
  const auto data = data_of({numeric("x", {1, 3, 1, 3, 100})});
  const auto x = Preparation::fit(data, rows(0, 4), Scaling::none).apply(data, rows(0, 5));
  EXPECT_THAT(x.values(), ElementsAre(1, 3, 1, 3, 100));
}

TEST(Preparation, FillsWithTheMedianOfTheFittedRowsAndSaysWhere) {
  const auto data = data_of({numeric("x", {1, 2, 9, missing, 1000})});
  const auto preparation = Preparation::fit(data, rows(0, 4), Scaling::none);
  EXPECT_THAT(preparation.names(), ElementsAre("x", "x missing"));
  EXPECT_THAT(preparation.apply(data, rows(2, 5)).values(), ElementsAre(9, 0, 2, 1, 1000, 0));
}

TEST(Preparation, HasNoMissingColumnIfTheFittedRowsMissNothing) {
  const auto data = data_of({numeric("x", {1, 2, 6, missing})});
  const auto preparation = Preparation::fit(data, rows(0, 3), Scaling::none);
  EXPECT_THAT(preparation.names(), ElementsAre("x"));
  EXPECT_THAT(preparation.apply(data, rows(3, 4)).values(), ElementsAre(2));
}

TEST(Preparation, CategoriesUnseenOrMissingAreAllZero) {
  const auto data = data_of({categorical("c", {0, 2, 2, 1, -1}, {"red", "green", "blue"})});
  const auto preparation = Preparation::fit(data, rows(0, 3), Scaling::none);
  EXPECT_THAT(preparation.names(), ElementsAre("c = red", "c = blue"));
  EXPECT_THAT(preparation.apply(data, rows(1, 5)).values(), ElementsAre(0, 1, 0, 1, 0, 0, 0, 0));
}

TEST(Preparation, KeepsTheMostFrequentOfManyCategories) {
  std::vector<int> codes;
  std::vector<std::string> levels;
  for (int level = 0; level < 70; ++level) {
    levels.push_back(fmt::format("n{:02}", level));
    for (int i = 0; i <= (level >= 20 ? 1 : 0); ++i) codes.push_back(level);
  }
  const auto data = data_of({categorical("c", codes, levels)});
  const auto names = Preparation::fit(data, rows(0, codes.size())).names();
  EXPECT_EQ(names.size(), 50u);
  EXPECT_EQ(names.front(), "c = n20");
}

TEST(Preparation, AConstantOnTheFittedRowsBecomesZero) {
  const auto data = data_of({numeric("x", {0.1, 0.1, 0.1, 5})});
  EXPECT_THAT(Preparation::fit(data, rows(0, 3)).apply(data, rows(0, 4)).values(), ElementsAre(0, 0, 0, 0));
}

TEST(Preparation, StaysFiniteForExtremeNumbers) {
  const auto data = data_of({numeric("x", {1.7e308, -1.7e308, 1e308}), numeric("z", {5e-324, 0, 1e300}),
                             numeric("w", {1, 1.5, 1e300})});
  const auto x = Preparation::fit(data, rows(0, 2)).apply(data, rows(0, 3));
  for (const double v : x.values()) EXPECT_TRUE(std::isfinite(v));
  EXPECT_EQ(x(2, 2), 1e6);
}

TEST(Preparation, UnusedColumnsAreLeftOut) {
  auto data = data_of({numeric("x", {1, 2}), numeric("id", {1, 2})});
  data.table.columns[1].used = false;
  EXPECT_THAT(Preparation::fit(data, rows(0, 2)).names(), ElementsAre("x"));
}

/// Rows around the origin that vary most along (3, 4) / 5, then across it, and not at all in the third
/// column.
Matrix<double> ellipse() {
  Matrix<double> x(40, 3);
  for (std::size_t r = 0; r < x.rows(); ++r) {
    const double angle = 2 * M_PI * static_cast<double>(r) / static_cast<double>(x.rows());
    const double along = 5 * std::cos(angle), across = std::sin(angle);
    x(r, 0) = 0.6 * along - 0.8 * across;
    x(r, 1) = 0.8 * along + 0.6 * across;
  }
  return x;
}

TEST(Reducer, PcaFindsTheAxesByVariance) {
  const auto x = ellipse();
  const std::vector<int> labels(x.rows());
  const auto reduced = Reducer::fit(Reduction::pca, 2, x, labels, 2).apply(x);
  ASSERT_EQ(reduced.columns(), 2u);
  for (std::size_t r = 0; r < x.rows(); ++r) {
    const double angle = 2 * M_PI * static_cast<double>(r) / static_cast<double>(x.rows());
    EXPECT_NEAR(reduced(r, 0), std::cos(angle), 1e-9);   // largest loading 0.8 is positive
    EXPECT_NEAR(reduced(r, 1), -std::sin(angle), 1e-9);  // largest loading -0.8 was turned
  }
}

TEST(Reducer, PcaOfMoreColumnsThanRowsIsTheSame) {
  Random random(1);
  Matrix<double> tall(12, 9), wide(12, 40);
  for (std::size_t r = 0; r < 12; ++r)
    for (std::size_t c = 0; c < 9; ++c) tall(r, c) = wide(r, c) = random.normal();  // the other columns are 0
  const std::vector<int> labels(12);
  const auto a = Reducer::fit(Reduction::pca, 4, tall, labels, 2).apply(tall);
  const auto b = Reducer::fit(Reduction::pca, 4, wide, labels, 2).apply(wide);
  for (std::size_t i = 0; i < a.values().size(); ++i) EXPECT_NEAR(a.values()[i], b.values()[i], 1e-9);
}

TEST(Reducer, AnAxisWithoutVarianceIsZero) {
  const auto x = ellipse();
  const std::vector<int> labels(x.rows());
  const auto reduced = Reducer::fit(Reduction::pca, 5, x, labels, 2).apply(x);
  ASSERT_EQ(reduced.columns(), 3u);
  for (std::size_t r = 0; r < x.rows(); ++r) EXPECT_EQ(reduced(r, 2), 0);
}

TEST(Reducer, SelectTakesTheHighestAnovaF) {
  Matrix<double> x(8, 4);
  std::vector<int> labels;
  for (std::size_t r = 0; r < 8; ++r) {
    const double noise = r % 2 == 0 ? 1 : -1;
    labels.push_back(r < 4 ? 0 : 1);
    x(r, 0) = noise;                      // F = 0
    x(r, 1) = labels.back() + noise;      // weak
    x(r, 2) = -labels.back() * 10.0;      // perfect: F infinite
    x(r, 3) = labels.back() * 5 + noise;  // strong
  }
  const auto reduced = Reducer::fit(Reduction::select, 2, x, labels, 2).apply(x);
  EXPECT_THAT(reduced.row(0), ElementsAre(1, DoubleNear(2 * 2.0 / 7 - 1, 1e-12)));
  EXPECT_THAT(reduced.row(7), ElementsAre(-1, DoubleNear(2 * 5.0 / 7 - 1, 1e-12)));
}

TEST(Reducer, ScalesByTheFittedRowsAndClipsOthers) {
  Matrix<double> fitted(2, 1), others(3, 1);
  fitted(0, 0) = 10, fitted(1, 0) = 20;
  others(0, 0) = 15, others(1, 0) = 22, others(2, 0) = -100;
  const std::vector<int> labels{0, 1};
  EXPECT_THAT(Reducer::fit(Reduction::none, 1, fitted, labels, 2).apply(others).values(),
              ElementsAre(0, DoubleNear(1.4, 1e-12), -1.5));
}

TEST(Reducer, NamesRoundTrip) {
  for (const auto method : {Reduction::pca, Reduction::select, Reduction::none})
    EXPECT_EQ(reduction(to_string(method)), method);
  EXPECT_THROW(reduction("pcb"), InputError);
}

}  // namespace
}  // namespace qupel
