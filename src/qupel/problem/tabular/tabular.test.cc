#include "qupel/problem/tabular/tabular.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>

#include "qupel/base/error.h"
#include "qupel/base/temporary_folder.h"

namespace qupel {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

DataSetOptions target(std::string name) {
  DataSetOptions options;
  options.target = std::move(name);
  return options;
}

DataSet read(std::string_view text, const DataSetOptions& options = target("y")) {
  return data_set_from_bytes(text, "data/t.csv", options);
}

std::string error_of(std::string_view text, const DataSetOptions& options = target("y")) {
  try {
    read(text, options);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

std::string told(const DataSet& data) {
  std::string text;
  for (const auto& f : data.table.findings)
    text += fmt::format("{}{}: {}\n", f.level == Finding::Level::warning ? "!" : "", f.column, f.message);
  return text;
}

/// `count` rows "x,y": x is the root of the row's number, y is given by the row's number from 0.
template <typename Label>
std::string table(int count, Label label) {
  std::string text = "x,y\n";
  for (int i = 0; i < count; ++i) text += fmt::format("{},{}\n", std::sqrt(i + 1), label(i));
  return text;
}

std::string ab(int i) { return i % 2 == 0 ? "a" : "b"; }

TEST(Problem, TakesTheTargetOutOfTheTable) {
  const auto data = read(table(12, ab));
  EXPECT_EQ(data.name, "t");
  EXPECT_EQ(data.source, "data/t.csv");
  EXPECT_EQ(data.target, "y");
  EXPECT_THAT(data.classes, ElementsAre("a", "b"));
  EXPECT_THAT(data.table.columns, SizeIs(1));
  EXPECT_EQ(data.labels[3], 1);
  EXPECT_EQ(data.rows_read, 12u);
  EXPECT_EQ(data.data_hash.size(), 64u);
  EXPECT_THAT(told(data), HasSubstr(": 12 rows and 1 column: 1 numeric used as features, 0 left out"));
}

TEST(Problem, NumbersAsLabelsAreSortedByValueAndSpelledOnce) {
  const auto data = read(table(30, [](int i) {
    return i % 3 == 0 ? "10" : i % 3 == 1 ? "2" : i % 2 ? "-1" : "-1.0";
  }));
  EXPECT_THAT(data.classes, ElementsAre("-1", "2", "10"));
}

TEST(Problem, SpellingsOfTrueAndFalseAreTwoClasses) {
  const auto data = read(table(12, [](int i) { return i % 4 == 0 ? "Yes" : i % 2 == 0 ? "yes" : "no"; }));
  EXPECT_THAT(data.classes, ElementsAre("no", "Yes"));
}

TEST(Problem, RowsWithoutALabelAreLeftOut) {
  const auto data = read(table(20, [](int i) { return i < 3 ? "" : ab(i); }));
  EXPECT_THAT(data.labels, SizeIs(17));
  EXPECT_THAT(data.table.columns[0].numbers, SizeIs(17));
  EXPECT_EQ(data.rows_read, 20u);
  EXPECT_THAT(told(data), HasSubstr("!y: 3 rows without a label left out"));
}

// UCI's credit approval and promoters have the classes + and -.
TEST(Problem, OnlyAnEmptyCellIsSurelyAMissingLabel) {
  for (const std::string mark : {"-", "?", "NA", "None", "unknown", "null"}) {
    const auto data = read(table(60, [&](int i) { return i % 2 ? std::string("+") : mark; }));
    EXPECT_THAT(data.classes, testing::UnorderedElementsAre("+", mark));
    EXPECT_THAT(data.labels, SizeIs(60)) << mark;
    EXPECT_THAT(told(data),
                HasSubstr(fmt::format("!y: \"{}\" (30 rows) is taken as a class; where that marks "
                                      "a missing label, empty the cells",
                                      mark)));
  }
}

TEST(Problem, BesideNumbersAMarkIsAMissingLabel) {
  for (const std::string mark : {"NaN", "NA", "None", "unknown", "\\N"}) {
    const auto data = read(table(60, [&](int i) { return i % 10 ? std::to_string(i % 2) : mark; }));
    EXPECT_THAT(data.classes, ElementsAre("0", "1")) << mark;
    EXPECT_THAT(data.labels, SizeIs(54)) << mark;
    EXPECT_THAT(told(data),
                HasSubstr(fmt::format("!y: 6 cells hold no number and are read as missing: \"{}\" "
                                      "(6 cells, the first on line 2)",
                                      mark)));
  }
}

TEST(Problem, LabelsBeyondTwoToThe53AreToldApartByTheirDigits) {
  const auto data =
      read(table(60, [](int i) { return i % 2 ? "479386071891505153" : "479386071891505154"; }));
  EXPECT_THAT(data.classes, ElementsAre("479386071891505153", "479386071891505154"));
  EXPECT_EQ(std::ranges::count(data.labels, 0), 30);
}

TEST(Problem, ClassesWithOneRowAreLeftOut) {
  const auto data = read(table(20, [](int i) { return i == 7 ? "aa" : ab(i); }));
  EXPECT_THAT(data.classes, ElementsAre("a", "b"));
  EXPECT_THAT(data.labels, SizeIs(19));
  EXPECT_THAT(told(data), HasSubstr("!y: 1 class with one row only left out: aa"));
}

TEST(Problem, AColumnThatBecomesConstantIsLeftOut) {
  std::string text = "x,c,y\n";
  for (int i = 0; i < 20; ++i) text += fmt::format("{},{},{}\n", i * i, i < 3 ? 1 : 2, i < 3 ? "" : ab(i));
  const auto data = read(text);
  EXPECT_EQ(data.table.columns[1].type, ColumnType::constant);
  EXPECT_THAT(told(data), HasSubstr("c: the same value in every row: left out"));
}

TEST(Problem, ImbalanceIsTold) {
  EXPECT_THAT(
      told(read(table(40, [](int i) { return i < 5 ? "a" : "b"; }))),
      HasSubstr("!y: the classes are imbalanced: \"b\" has 35 rows (87.5 %), \"a\" has 5 rows (12.5 %)"));
}

TEST(Problem, RepeatedRowsAreTold) {
  std::string text = "x,z,y\n";
  for (int i = 0; i < 20; ++i)
    text += fmt::format("{},{},{}\n", i / 2, i / 4, i < 2 ? ab(i) : i / 2 % 2 == 0 ? "a" : "b");
  const auto findings = told(read(text));
  EXPECT_THAT(findings,
              HasSubstr("!: 10 rows repeat the features of an earlier row; equal rows stay in one fold"));
  EXPECT_THAT(findings,
              HasSubstr("!: 1 set of equal rows with different labels: no model can tell them apart"));
}

TEST(Problem, ColumnsAreDroppedAsAsked) {
  auto options = target("y");
  options.drop = {"z"};
  std::string text = "x,z,y\n";
  for (int i = 0; i < 12; ++i) text += fmt::format("{},{},{}\n", i * i, i, ab(i));
  EXPECT_THAT(read(text, options).table.columns, SizeIs(1));
  options.drop = {"zz"};
  EXPECT_EQ(error_of(text, options), "data/t.csv: drop: \"zz\" is not a column; did you mean \"z\"?");
  options.drop = {"y"};
  EXPECT_EQ(error_of(text, options), "data/t.csv: \"y\" is the target and cannot be dropped");
}

TEST(Problem, DrawsRowsByClassShareInTheirOwnOrder) {
  auto options = target("y");
  options.max_rows = 40;
  options.seed = 7;
  const auto text = table(400, [](int i) { return i % 10 == 0 ? "a" : i % 200 == 1 ? "c" : "b"; });
  const auto data = read(text, options);
  EXPECT_THAT(data.labels, SizeIs(40));
  EXPECT_EQ(std::ranges::count(data.labels, 0), 6);
  EXPECT_EQ(std::ranges::count(data.labels, 2), 2);
  EXPECT_TRUE(std::ranges::is_sorted(data.table.columns[0].numbers));
  EXPECT_EQ(data.rows_read, 400u);
  EXPECT_EQ(read(text, options).table.columns[0].numbers, data.table.columns[0].numbers);
  options.seed = 8;
  EXPECT_NE(read(text, options).table.columns[0].numbers, data.table.columns[0].numbers);
  options.max_rows = 5;
  EXPECT_EQ(error_of(text, options),
            "data/t.csv: max_rows = 5 is too few for 3 classes; use at least 10, or 0 for all rows");
}

TEST(Problem, ADrawKeepsRareClassesAndSaysSo) {
  auto options = target("y");
  options.max_rows = 400;
  const auto text = table(8000, [](int i) { return i % 200 == 0 ? "yes" : i % 1000 == 1 ? "odd" : "no"; });
  const auto data = read(text, options);
  EXPECT_THAT(data.classes, ElementsAre("no", "odd", "yes"));
  EXPECT_EQ(std::ranges::count(data.labels, 1), 8);   // all there are
  EXPECT_EQ(std::ranges::count(data.labels, 2), 40);  // all there are; their share would be 2
  EXPECT_THAT(told(data),
              HasSubstr("!y: the draw keeps rare classes, so shares changed: \"odd\" is 8 of 400 rows (2 %), "
                        "and was 8 of 8000 (0.1 %); \"yes\" is 40 of 400 rows (10 %), and was 40 of 8000 "
                        "(0.5 %)"));
  EXPECT_THAT(told(data), HasSubstr("each class by its share, rare ones above it"));
}

TEST(Problem, ADrawTakesFiftyOfAClassOrAFairShareAtLeast) {
  auto options = target("y");
  const auto rare = [&](std::size_t rows) {
    options.max_rows = rows;
    return std::ranges::count(
        read(table(8000, [](int i) { return i % 50 == 0 ? "a" : "b"; }), options).labels, 0);
  };
  EXPECT_EQ(rare(60), 15);
  EXPECT_EQ(rare(400), 50);
  EXPECT_EQ(rare(4000), 80);  // more by its share
  options.max_rows = 100;
  const auto even = read(table(8000, [](int i) { return i % 3 == 0 ? "a" : "b"; }), options);
  EXPECT_EQ(std::ranges::count(even.labels, 0), 33);
  EXPECT_THAT(told(even), Not(HasSubstr("shares changed")));
}

TEST(Problem, FindingsAboutTheTargetComeFirstThenWarnings) {
  std::string text = "when,x,n,y\n";
  for (int i = 0; i < 60; ++i)
    text += fmt::format("2024-0{}-{:02},{},{},{}\n", 1 + i / 28, 1 + i % 28, i % 7, i == 5 ? "?" : "1.5",
                        i % 9 == 0   ? ""
                        : i % 4 == 0 ? "No"
                        : i % 2      ? "no"
                                     : "yes");
  const auto findings = read(text).table.findings;
  bool target = true, warning = true;
  for (const auto& finding : findings) {
    EXPECT_TRUE(target || finding.column != "y") << finding.message;
    if (target && finding.column != "y") target = false, warning = true;
    EXPECT_TRUE(warning || finding.level != Finding::Level::warning) << finding.message;
    warning = finding.level == Finding::Level::warning;
  }
  EXPECT_FALSE(target);
  EXPECT_EQ(findings.front().column, "y");
}

TEST(Problem, LabelsSpelledInSeveralWaysAreTold) {
  const auto data = read(table(60, [](int i) {
    const char* labels[] = {"Yes", "no", "yes", "NO!", "maybe", "no"};
    return labels[i % 6];
  }));
  EXPECT_THAT(data.classes, SizeIs(5));
  EXPECT_THAT(told(data),
              HasSubstr("!y: labels that look alike (but for case, spaces, punctuation or letters of another "
                        "alphabet) are different classes: "
                        "\"NO!\" = \"no\"; \"Yes\" = \"yes\"; write alike what is the same"));
}

TEST(Problem, LongLabelsAreToldApartHoweverTheyAreWritten) {
  for (const auto& two :
       std::vector<std::array<std::string, 2>>{{"\"479,386,071,891,505,153\"", "\"479,386,071,891,505,154\""},
                                               {"9007199254740993.0", "9007199254740992.0"},
                                               {"479386071891505153 x", "479386071891505154 x"}}) {
    const auto data = read(table(60, [&](int i) { return two.at(i % 2 ? 0 : 1); }));
    EXPECT_THAT(data.classes, SizeIs(2)) << two[0];
  }
}

TEST(Problem, LettersAreNoTruths) {
  const auto labels = [](std::vector<std::string> all) {
    return read(table(60, [all](int i) { return all[static_cast<std::size_t>(i) % all.size()]; })).classes;
  };
  EXPECT_THAT(labels({"T", "Y", "N"}), ElementsAre("N", "T", "Y"));
  EXPECT_THAT(labels({"T", "Y"}), ElementsAre("T", "Y"));
  EXPECT_THAT(labels({"y", "n"}), ElementsAre("n", "y"));
}

TEST(Problem, CodesThatAreEqualNumbersAreTold) {
  const auto labels = [](std::vector<std::string> all) {
    return told(read(table(60, [all](int i) { return all[static_cast<std::size_t>(i) % all.size()]; })));
  };
  EXPECT_THAT(labels({"007", "7", "08"}),
              HasSubstr("!y: labels that are equal as numbers are one class: \"007\" = \"7\""));
  EXPECT_THAT(labels({"1E2", "100", "50"}), HasSubstr("\"100\" = \"1E2\""));
  EXPECT_THAT(labels({"1", "1.0", "2"}), Not(HasSubstr("equal as numbers")));
  EXPECT_THAT(labels({"TRUE", "1", "FALSE", "0"}),
              HasSubstr("!y: its labels are truths in several spellings"));
}

TEST(Problem, ATargetWithMarksThatMayBeGroupsIsTold) {
  const auto told_beside = [](auto x) {
    std::string text = "x,y\n";
    for (int i = 0; i < 60; ++i) text += fmt::format("{},\"{},{}\"\n", x(i), 1 + i % 9, 100 + 13 * i);
    return told(read(text));
  };
  EXPECT_THAT(told_beside([](int i) { return i % 11; }),
              HasSubstr("!y: 1,234 was read as 1234, and could be 1.234"));
  EXPECT_THAT(told_beside([](int i) { return std::sqrt(i + 1); }),
              HasSubstr("!y: 1,234 was read as 1234, as other columns have a decimal point"));
}

TEST(Problem, RowNumbersInAnotherOrderAreNoFeature) {
  for (const std::string name : {"", "Unnamed: 0", "number"}) {
    std::string text = name + ",x,y\n";
    for (int i = 0; i < 60; ++i) text += fmt::format("{},{},{}\n", i * 7 % 60, std::sqrt(i + 1), ab(i));
    EXPECT_THAT(told(read(text)), HasSubstr("an identifier): left out")) << name;
  }
}

TEST(RefusedProblem, NamesAgainInALaterLine) {
  EXPECT_EQ(
      error_of(table(12, ab) + table(12, ab)),
      "data/t.csv:14: this line repeats the names of the columns, as where files were joined; leave it out, "
      "or write a line of names above the rows if there is none");
}

TEST(RefusedProblem, NoTarget) {
  EXPECT_EQ(error_of(table(12, ab), {}), "data/t.csv: no target column is named; choose one of x, y");
}

TEST(RefusedProblem, UnknownTarget) {
  EXPECT_EQ(error_of("length,label\n1,2\n", target("lable")),
            "data/t.csv: target: \"lable\" is not a column; did you mean \"label\"?");
  EXPECT_EQ(error_of("length,label\n1,2\n", target("outcome")),
            "data/t.csv: target: \"outcome\" is not a column; choose one of length, label");
}

TEST(RefusedProblem, OneClass) {
  EXPECT_EQ(error_of(table(12, [](int) { return "a"; })),
            "data/t.csv: target \"y\" holds one class only (\"a\"), so there is nothing to tell apart; "
            "choose another column");
}

TEST(RefusedProblem, OneClassBesideClassesOfOneRow) {
  EXPECT_EQ(error_of(table(12, [](int i) { return i == 4 ? "b" : "a"; })),
            "data/t.csv: target \"y\" needs two classes of two rows or more: a class of one row cannot be "
            "learned and tested; 1 class with one row only left out: b; choose another column");
}

TEST(RefusedProblem, OneClassBesideAMarkOfMissingValues) {
  EXPECT_EQ(
      error_of(table(12, [](int i) { return i == 4 ? "-" : "1"; })),
      "data/t.csv: target \"y\" holds one class only (\"1\"), so there is nothing to tell apart; 1 cell "
      "holds no number and is read as missing: \"-\" (line 6); if that is a class, give it another name; "
      "1 row without a label left out; choose another column");
}

TEST(RefusedProblem, TooManyLabelsBeyondTwoToThe53) {
  EXPECT_THAT(error_of(table(120, [](int i) { return fmt::format("4793860718915051{:02}", i % 60 + 10); })),
              HasSubstr("holds 60 different labels in 120 rows; at most 50 classes are supported"));
}

TEST(RefusedProblem, NoLabels) {
  EXPECT_THAT(error_of(table(12, [](int) { return ""; })), HasSubstr("0 rows with a label"));
}

TEST(RefusedProblem, ThreeRows) {
  const std::string message = "data/t.csv: 3 rows with a label; at least 10 are needed";
  EXPECT_EQ(error_of(table(3, ab)), message);
  EXPECT_EQ(error_of(table(3, [](int i) { return i == 1 ? "1" : "0"; })), message);
}

TEST(Problem, NumbersThatSeldomRepeatArePredictedAsNumbers) {
  const auto roots = read(table(30, [](int i) { return fmt::format("{}", std::sqrt(i)); }), target("y"));
  EXPECT_EQ(roots.targets.size(), 30u);
  EXPECT_THAT(roots.classes, IsEmpty());
  EXPECT_EQ(roots.strata_count(), 5u);
  EXPECT_EQ(read(table(400, [](int i) { return fmt::format("{}", i % 60); }), target("y")).targets.size(),
            400u);
  EXPECT_TRUE(read(table(400, [](int i) { return fmt::format("{}", i % 6); }), target("y")).targets.empty());
}

TEST(Problem, AnyNumbersCanBeForcedToBeEither) {
  auto options = target("y");
  options.task = TableTask::regression;
  const auto few = read(table(60, [](int i) { return fmt::format("{}", i % 6); }), options);
  EXPECT_EQ(few.targets.size(), 60u);
  EXPECT_THAT(few.table.findings.front().message, HasSubstr("6 numbers are predicted as numbers, as asked"));
  options.task = TableTask::classification;
  const auto many = read(table(60, [](int i) { return fmt::format("{}", i % 40); }), options);
  EXPECT_TRUE(many.targets.empty());
  EXPECT_EQ(many.classes.size(), 20u);  // those with two rows or more
}

TEST(Problem, RowsWithoutANumberAreLeftOut) {
  const auto some =
      read(table(40, [](int i) { return i % 4 ? fmt::format("{}", std::sqrt(i)) : std::string("NA"); }),
           target("y"));
  EXPECT_EQ(some.targets.size(), 30u);
  EXPECT_EQ(some.fifths.size(), 30u);
  EXPECT_EQ(some.table.rows, 30u);
}

TEST(RefusedProblem, TextAmongNumbersThatAreAskedFor) {
  auto options = target("y");
  options.task = TableTask::regression;
  const auto refusal = [&](auto label) {
    try {
      read(table(40, label), options);
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_THAT(refusal([](int i) { return i == 7 ? std::string("many") : fmt::format("{}", i); }),
              HasSubstr("holds \"many\", which is no number"));
  EXPECT_THAT(refusal([](int) { return std::string("7"); }), HasSubstr("one number only"));
}

TEST(Problem, NumbersThatLookLikeAScaleAreTold) {
  const auto findings = [](auto label) {
    std::string all;
    for (const auto& finding : read(table(60, label), target("y")).table.findings)
      all += finding.message + "\n";
    return all;
  };
  const std::string told = "numbers are few and repeat, so they are taken as classes";
  EXPECT_THAT(findings([](int i) { return fmt::format("{}", 0.5 * (i % 4)); }), HasSubstr("its 4 " + told));
  EXPECT_THAT(findings([](int i) { return fmt::format("{}", i % 12); }), HasSubstr("its 12 " + told));
  EXPECT_THAT(findings([](int i) { return fmt::format("{}", i % 10); }), Not(HasSubstr(told)));
}

TEST(RefusedProblem, ASlipAmongNumbersIsNamedWithItsLine) {
  EXPECT_EQ(error_of(table(
                120, [](int i) { return i == 50 ? std::string("unknown!") : fmt::format("{}", i * 0.37); })),
            "data/t.csv:52: target \"y\" holds \"unknown!\", which is no number; a regression needs numbers "
            "in every "
            "row (empty ones are left out)");
}

TEST(RefusedProblem, TooManyClasses) {
  EXPECT_EQ(error_of(table(120, [](int i) { return fmt::format("c{}", i % 60); })),
            "data/t.csv: target \"y\" holds 60 different labels in 120 rows; at most 50 classes are "
            "supported, so choose "
            "another column or merge labels");
}

TEST(RefusedProblem, InfiniteTarget) {
  EXPECT_THAT(error_of(table(12, [](int i) { return i == 4 ? "inf" : "1"; })),
              HasSubstr("data/t.csv:6: column \"y\" holds \"inf\""));
}

TEST(RefusedProblem, NoFeatures) {
  EXPECT_EQ(error_of("y\n1\n2\n1\n2\n1\n2\n1\n2\n1\n2\n"),
            "data/t.csv: no column is left beside the target \"y\"");
  std::string text = "n,c,y\n";
  for (int i = 0; i < 12; ++i) text += fmt::format("{},7,{}\n", i, ab(i));
  EXPECT_EQ(error_of(text),
            "data/t.csv: no column can be used as a feature: \"n\" (identifier), \"c\" (constant)");
}

class FileProblem : public testing::Test {
 protected:
  std::string error_of_file(const std::filesystem::path& file) {
    try {
      read_data_set(file, target("y"));
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  }
  TemporaryFolder folder_;
};

TEST_F(FileProblem, IsNamedByItsFile) {
  std::ofstream(folder_ / "heart.csv") << table(12, ab);
  const auto data = read_data_set(folder_ / "heart.csv", target("y"));
  EXPECT_EQ(data.name, "heart");
  EXPECT_EQ(data.source, (folder_ / "heart.csv").string());
}

TEST_F(FileProblem, MissingFileIsRefused) {
  EXPECT_THAT(error_of_file(folder_ / "no.csv"), HasSubstr("there is no file"));
}

TEST_F(FileProblem, TwoGigabytesAreRefusedUnread) {
  std::ofstream(folder_ / "big.csv") << "x,y\n";
  std::filesystem::resize_file(folder_ / "big.csv", std::uintmax_t{2} << 30);  // sparse: takes no disk
  EXPECT_THAT(
      error_of_file(folder_ / "big.csv"),
      HasSubstr("big.csv: 2048 MiB; tables of at most 512 MiB are read, so take a sample of its rows first"));
}

}  // namespace
}  // namespace qupel
