#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cmath>
#include <fstream>
#include <set>

#include "qupel/base/embedded.h"
#include "qupel/base/error.h"
#include "qupel/base/hash.h"
#include "qupel/problem/tabular/tabular.h"

namespace qupel {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

bool is_embedded(const DataSetSpec& spec) { return spec.licence != "generated"; }

TEST(DataSets, HaveDifferentNamesAndFullRecords) {
  std::set<std::string> names;
  for (const auto& spec : data_sets()) {
    EXPECT_TRUE(names.insert(spec.name).second) << spec.name;
    EXPECT_FALSE(spec.summary.empty() || spec.source.empty() || spec.licence.empty() || spec.target.empty())
        << spec.name;
  }
}

TEST(DataSets, EmbeddedOnesHoldWhatTheirRecordsSay) {
  int embedded = 0;
  for (const auto& spec : data_sets()) {
    if (!is_embedded(spec)) continue;
    ++embedded;
    const auto data = load_data_set(spec.name, {});
    EXPECT_EQ(data.name, spec.name);
    EXPECT_EQ(data.source, spec.name);
    EXPECT_EQ(data.target, spec.target);
    EXPECT_EQ(data.rows(), spec.rows) << spec.name;
    EXPECT_EQ(data.table.columns.size(), spec.features) << spec.name;
    EXPECT_EQ(data.targets.empty() ? static_cast<int>(data.classes.size()) : 0, spec.classes) << spec.name;
    EXPECT_TRUE(data.test_rows.empty());
    for (const auto& column : data.table.columns)
      EXPECT_THAT(to_string(column.type), testing::AnyOf("numeric", "constant", "categorical", "boolean"))
          << spec.name << " " << column.name;
  }
  EXPECT_EQ(embedded, 10);
}

TEST(DataSets, EmbeddedFilesHaveTheHashesOfTheirSources) {
  std::ifstream file(QUPEL_SOURCE_DIR "/src/qupel/problem/data/SOURCES.md");
  const std::string sources(std::istreambuf_iterator<char>(file), {});
  for (const auto& spec : data_sets())
    if (is_embedded(spec)) {
      EXPECT_THAT(sources, HasSubstr(fmt::format("| {}.csv |", spec.name)));
      EXPECT_THAT(sources, HasSubstr(sha256(embedded_file(fmt::format("problem/data/{}.csv", spec.name)))));
    }
}

TEST(DataSets, KnownRowsAreThere) {
  const auto cancer = load_data_set("breast-cancer", {});
  EXPECT_THAT(cancer.classes, ElementsAre("benign", "malignant"));
  EXPECT_EQ(std::ranges::count(cancer.labels, 0), 357);
  EXPECT_EQ(cancer.table.columns[0].name, "mean radius");
  EXPECT_EQ(cancer.table.columns[0].numbers[0], 17.99);
  EXPECT_THAT(load_data_set("digits-3-vs-5", {}).classes, ElementsAre("3", "5"));
  EXPECT_EQ(std::ranges::count(load_data_set("shuttle", {}).labels, 1), 3511);
}

TEST(DataSets, GeneratedOnesKeepTheBenchmarksTestRows) {
  const auto data = load_data_set("linearly-separable-4d", {});
  EXPECT_EQ(data.rows(), 300u);
  EXPECT_THAT(data.classes, ElementsAre("-1", "1"));
  EXPECT_EQ(data.test_rows.size(), 60u);
  EXPECT_EQ(data.test_rows.front(), 240u);
  EXPECT_EQ(data.table.columns[3].name, "x4");
  EXPECT_EQ(load_data_set("hyperplanes-5n", {}).name, "hyperplanes-10d-from-3d-5n");
}

TEST(DataSets, ADrawKeepsWhichRowsAreTestRows) {
  DataSetOptions options;
  options.max_rows = 100;
  const auto all = load_data_set("linearly-separable-4d", {}),
             drawn = load_data_set("linearly-separable-4d", options);
  EXPECT_EQ(drawn.labels.size(), 100u);
  std::set<double> test_values;
  for (const auto row : all.test_rows) test_values.insert(all.table.columns[0].numbers[row]);
  EXPECT_FALSE(drawn.test_rows.empty());
  for (std::size_t row = 0; row < 100; ++row)
    EXPECT_EQ(std::ranges::binary_search(drawn.test_rows, row),
              test_values.contains(drawn.table.columns[0].numbers[row]));
}

TEST(DataSets, PlantedOnesAreThere) {
  for (const auto* name : {"planted-circuit-4d", "planted-linear-6d", "planted-tree-6d", "planted-leak-7d"}) {
    const auto data = load_data_set(name, {});
    EXPECT_EQ(data.rows(), 600u);
    EXPECT_EQ(data.classes.size(), 2u);
  }
}

std::string refusal_of(std::string_view name, std::string target) {
  DataSetOptions options;
  options.target = std::move(target);
  try {
    load_data_set(name, options);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(DataSets, UnknownNamesAndTargetsAreRefused) {
  EXPECT_EQ(refusal_of("brest-cancer", ""),
            "\"brest-cancer\" is not a data set; did you mean \"breast-cancer\"?");
  EXPECT_THAT(refusal_of("zzz", ""), StartsWith("\"zzz\" is not a data set; `qupel list data` shows all"));
  EXPECT_EQ(refusal_of("wine", "cultivars"),
            "wine: target: \"cultivars\" is not a column; did you mean \"cultivar\"?");
  EXPECT_EQ(refusal_of("two-curves-2d", "x1"),
            "two-curves-2d: \"x1\" is not its target; a generated data set has the target \"label\"");
}

}  // namespace
}  // namespace qupel
