#include "qupel/problem/kind.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "qupel/base/error.h"
#include "qupel/base/file.h"
#include "qupel/base/temporary_folder.h"

namespace qupel {
namespace {

TEST(ProblemKinds, AFolderOfMoleculesIsOneProblem) {
  const TemporaryFolder parent;
  const auto folder = parent / "folder-of-molecules";
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
  const TemporaryFolder folder;
  const auto file = folder / "table.csv";
  write_file(file, "age,weight,label\n1,2,yes\n3,4,no\n");
  EXPECT_EQ(recognised_kind(file.string()), nullptr);
  EXPECT_THROW(recognised_kind((folder / "missing.csv").string()), InputError);
}

TEST(ProblemKinds, AreNamedWhereATableCouldBeOneOfThem) {
  const auto words = [](std::string_view text) {
    const TemporaryFolder folder;
    const auto file = folder / "words.txt";
    write_file(file, text);
    return words_on_flags(file.string());
  };
  EXPECT_EQ(words("oslo rome 3\nrome bern 2\n"), "; or add --maxcut, for the largest cut of a graph");
  EXPECT_THAT(words("0 1 3\n1 2 -2\n"), testing::HasSubstr("; or add --qubo, for the best bits"));
  std::string prices = "date,a,b\n";
  for (int day = 0; day < 60; ++day)
    prices += fmt::format("2026-{:02}-{:02},{},{}\n", 1 + day / 28, 1 + day % 28, 10 + day % 3, 20 + day % 5);
  EXPECT_EQ(words(prices), "; or add --portfolio, for which assets to hold");
  EXPECT_EQ(words("age,weight,label\n1,2,yes\n3,4,no\n"), "");
}

// Two reasons why a file may not be what its name says.
TEST(ProblemKinds, NameTheFileInErrorsAboutItsMeaning) {
  const auto error = [](std::string_view kind, const char* name, std::string_view text) -> std::string {
    const TemporaryFolder folder;
    const auto file = folder / name;
    write_file(file, text);
    try {
      problem_kind(kind).load(file.string(), {});
    } catch (const InputError& refused) {
      return refused.what();
    }
    return "no error";
  };
  EXPECT_THAT(error("mip", "never.lp", "min x\nst\nx + x >= 3\nbinary\nx\nend\n"),
              testing::HasSubstr("never.lp: no whole numbers keep all constraints"));
  const std::string_view tour =
      "TYPE: TSP\nDIMENSION: 3\nEDGE_WEIGHT_TYPE: EUC_2D\nNODE_COORD_SECTION\n1 0 0\n2 3 4\n3 5 5\nEOF\n";
  EXPECT_THAT(error("cvrp", "no.vrp", tour),
              testing::HasSubstr("no.vrp: its TYPE is TSP: the kind of problem is tsp"));
}

// Plans keep to the capacity alone, so a number of vehicles that could bind them is told.
TEST(ProblemKinds, TellANumberOfVehiclesThatIsNoLimit) {
  const auto warnings = [](int vehicles) {
    const TemporaryFolder folder;
    const auto file = folder / "few.vrp";
    write_file(
        file,
        fmt::format("TYPE: CVRP\nDIMENSION: 4\nVEHICLES: {}\nCAPACITY: 2\nEDGE_WEIGHT_TYPE: EUC_2D\n"
                    "NODE_COORD_SECTION\n1 0 0\n2 3 4\n3 5 5\n4 6 1\nDEMAND_SECTION\n1 0\n2 1\n3 1\n4 1\n"
                    "DEPOT_SECTION\n1\n-1\nEOF\n",
                    vehicles));
    return problem_kind("cvrp").load(file.string(), {})->facts().findings;
  };
  ASSERT_EQ(warnings(2).size(), 1u);
  EXPECT_THAT(warnings(2)[0].message, testing::HasSubstr("VEHICLES : 2"));
  EXPECT_TRUE(warnings(3).empty()) << "one for each customer";
}

}  // namespace
}  // namespace qupel
