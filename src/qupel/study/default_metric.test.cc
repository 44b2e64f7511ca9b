#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>

#include "qupel/base/temporary_folder.h"
#include "qupel/study/default_metric.h"

namespace qupel {
namespace {

/// Of a study file with one [data] table.
std::string metric_for(const std::string& data, const std::filesystem::path& folder = {}) {
  const auto table = parse_toml(data, "s.toml");
  const std::vector<const toml::table*> tables{&table};
  return default_metric(tables, folder);
}

TEST(DefaultMetric, IsOneOfNumbersWhereTheTargetHoldsNumbers) {
  const TemporaryFolder folder;
  std::ofstream rows(folder / "t.csv");
  rows << "x,price,label\n";
  for (int i = 0; i < 40; ++i) rows << fmt::format("{},{},{}\n", i % 7, i * 0.37, i % 2);
  rows.close();
  EXPECT_EQ(metric_for("file = 't.csv'\ntarget = 'price'\n", folder.path()), "rmse");
  EXPECT_EQ(metric_for("file = 't.csv'\ntarget = 'label'\n", folder.path()), "accuracy");
  EXPECT_EQ(metric_for("file = 't.csv'\ntarget = 'label'\ntask = 'regression'\n", folder.path()), "rmse");
  EXPECT_EQ(metric_for("file = 't.csv'\ntarget = 'price'\ntask = 'classification'\n", folder.path()),
            "accuracy");
}

TEST(DefaultMetric, IsAccuracyWhereTheTableCannotBeRead) {
  EXPECT_EQ(metric_for("file = 'no-such-file.csv'\ntarget = 'y'\n"), "accuracy");
  EXPECT_EQ(metric_for("set = 'iris'\n"), "accuracy");
}

}  // namespace
}  // namespace qupel
