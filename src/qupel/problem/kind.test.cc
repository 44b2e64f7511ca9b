#include "qupel/problem/kind.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "qupel/base/error.h"
#include "qupel/base/file.h"

namespace qupel {
namespace {

TEST(ProblemKinds, HaveNamesFlagsAndOptionsOfTheirOwn) {
  std::set<std::string_view> names, flags;
  std::map<std::string_view, bool> takes_value;  // an option that several kinds share is the same for all
  for (const auto* kind : problem_kinds()) {
    EXPECT_TRUE(names.insert(kind->name).second) << kind->name;
    EXPECT_TRUE(kind->flag.empty() || flags.insert(kind->flag).second) << kind->flag;
    EXPECT_FALSE(kind->deciding.empty()) << kind->name;
    EXPECT_EQ(&problem_kind(kind->name), kind);
    for (const auto& option : kind->options) {
      const auto [known, first] = takes_value.emplace(option.name, !option.value.empty());
      EXPECT_TRUE(first || known->second == !option.value.empty()) << kind->name << " " << option.name;
    }
    EXPECT_THROW(require_options(*kind, {{"no-such-option", "1"}}), SettingError) << kind->name;
  }
  EXPECT_THROW(problem_kind("no-such-kind"), InputError);
}

TEST(ProblemKinds, TakeNoTableForTheirs) {
  const auto file = std::filesystem::path(::testing::TempDir()) / "qupel-kind-table.csv";
  write_file(file, "age,weight,label\n1,2,yes\n3,4,no\n");
  EXPECT_EQ(recognised_kind(file.string()), nullptr);
  std::filesystem::remove(file);
  EXPECT_THROW(recognised_kind(file.string()), InputError);
}

}  // namespace
}  // namespace qupel
