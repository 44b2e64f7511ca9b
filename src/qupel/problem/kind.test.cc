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

TEST(ProblemKinds, AFolderOfMoleculesIsOneProblem) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "folder-of-molecules";
  std::filesystem::create_directories(folder);
  EXPECT_THROW(recognised_kind(folder.string()), InputError);
  write_file(folder / "b.xyz", "2\n\nH 0 0 0\nH 0 0 0.735\n");
  write_file(folder / "a.zmat", "H\nH 1 1.5\n");
  write_file(folder / "notes.txt", "no molecule");
  const auto* kind = recognised_kind(folder.string());
  ASSERT_EQ(kind, &problem_kind("molecule"));
  const auto problem = kind->load(folder.string() + "/", {});
  EXPECT_EQ(problem->facts().name, "folder-of-molecules");
  EXPECT_EQ(problem->rows(), 2U);
  const Answer stretched = Energy{-0.9}, bound = Energy{-1.1};
  const std::vector<std::size_t> rows{0, 1};
  const std::vector<Answered> answers{{&stretched, std::span(rows).first(1)},
                                      {&bound, std::span(rows).last(1)}};
  const auto table = problem->solution(answers);
  EXPECT_LT(table.find("b.xyz"), table.find("a.zmat"));
  EXPECT_NE(table.find("a.zmat"), std::string::npos);
  std::filesystem::remove_all(folder);
}

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
