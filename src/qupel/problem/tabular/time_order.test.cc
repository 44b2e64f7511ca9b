#include "qupel/problem/tabular/time_order.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cmath>

#include "qupel/base/random.h"

namespace qupel {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

enum class Labels { coin, sticky, sorted };

std::vector<int> labels_of(Labels kind, std::size_t rows) {
  Random random(3);
  std::vector<int> labels;
  for (std::size_t i = 0; i < rows; ++i) {
    const int coin = random.uniform() < 0.4 ? 1 : 0;
    const bool keep = kind == Labels::sticky && i > 0 && random.uniform() < 0.7;
    labels.push_back(kind == Labels::sorted ? (2 * i < rows ? 0 : 1) : keep ? labels.back() : coin);
  }
  return labels;
}

/// A table of one column, and its warnings.
std::vector<Finding> findings(Labels kind, ColumnType type, double (*value)(std::size_t),
                              std::size_t rows = 200) {
  DataSet data{.name = "t",
               .source = "t",
               .target = "y",
               .classes = {"a", "b"},
               .labels = labels_of(kind, rows),
               .table = {},
               .data_hash = "",
               .test_rows = {}};
  Column column;
  column.name = "x";
  column.type = type;
  for (std::size_t i = 0; i < rows; ++i) column.numbers.push_back(value(i));
  data.table.columns.push_back(column);
  return time_series_findings(data);
}

double forwards(std::size_t i) { return static_cast<double>(i); }
double backwards(std::size_t i) { return -static_cast<double>(i); }
double mixed(std::size_t i) { return static_cast<double>(i * 77 % 199); }
double few(std::size_t i) { return static_cast<double>(i / 50); }

TEST(TimeSeries, RowsInTheOrderOfDatesAreTold) {
  const auto found = findings(Labels::coin, ColumnType::date, backwards);
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].column, "x");
  EXPECT_EQ(found[0].level, Finding::Level::warning);
  EXPECT_THAT(found[0].message,
              HasSubstr("look like a time series (they stand in the order of these dates)"));
}

TEST(TimeSeries, DatesOutOfOrderMatterIfLabelsFollowThem) {
  EXPECT_THAT(findings(Labels::coin, ColumnType::date, mixed), IsEmpty());  // dates of birth, say
  EXPECT_THAT(findings(Labels::sticky, ColumnType::date, few), IsEmpty());  // four dates are no series
  const auto found = findings(Labels::sticky, ColumnType::date, forwards);
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_THAT(found[0].message, HasSubstr("of neighbours have the same label"));
}

double some_missing(std::size_t i) { return i % 5 == 0 ? std::nan("") : forwards(i); }

TEST(TimeSeries, RowsWithoutADateAreLeftOut) {
  EXPECT_THAT(findings(Labels::sticky, ColumnType::date, some_missing), SizeIs(1));
  EXPECT_THAT(findings(Labels::coin, ColumnType::date, some_missing), IsEmpty());
}

TEST(TimeSeries, NumbersInOrderMatterIfLabelsFollowThem) {
  EXPECT_THAT(findings(Labels::sticky, ColumnType::numeric, forwards), SizeIs(1));
  EXPECT_THAT(findings(Labels::sticky, ColumnType::identifier, backwards), SizeIs(1));
  EXPECT_THAT(findings(Labels::coin, ColumnType::numeric, forwards), IsEmpty());
  EXPECT_THAT(findings(Labels::sticky, ColumnType::numeric, mixed), IsEmpty());
  EXPECT_THAT(findings(Labels::sticky, ColumnType::numeric, few), IsEmpty());
  EXPECT_THAT(findings(Labels::sorted, ColumnType::numeric, forwards), IsEmpty());
  EXPECT_THAT(findings(Labels::sticky, ColumnType::numeric, forwards, 20), IsEmpty());
}

TEST(TimeSeries, BuiltInTablesAreNone) {
  for (const auto& spec : data_sets()) {
    if (spec.licence == "generated") continue;
    for (const auto& finding : load_data_set(spec.name, {}).table.findings)
      EXPECT_THAT(finding.message, testing::Not(HasSubstr("time series")))
          << spec.name << " " << finding.column;
  }
}

TEST(NeighbourAgreement, IsComparedWithARandomOrder) {
  const std::vector<int> labels{0, 0, 0, 1, 1, 0};
  const auto found = neighbour_agreement(labels, 2);
  EXPECT_EQ(found.pairs, 5u);
  EXPECT_EQ(found.equal, 3u);
  EXPECT_DOUBLE_EQ(found.expected, (4.0 * 3 + 2 * 1) / (6 * 5));
  // In random orders three deviations are hardly ever exceeded.
  int beyond = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    auto drawn = labels_of(Labels::coin, 100);
    Random(seed).shuffle(std::span(drawn));
    beyond += neighbour_agreement(drawn, 2).beyond_chance() ? 1 : 0;
  }
  EXPECT_LE(beyond, 8);
}

}  // namespace
}  // namespace qupel
