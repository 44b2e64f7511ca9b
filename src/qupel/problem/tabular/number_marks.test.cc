#include <fmt/format.h>
#include <gmock/gmock.h>

#include "qupel/problem/tabular/shown_table.test.h"
#include "qupel/problem/tabular/tabular.h"

// Which mark of a number is decimal, and which parts groups.
namespace qupel {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(NumberMarks, ADecimalPointElsewherePartsNoGroups) {
  for (const char delimiter : {';', '\t'}) {
    std::string text = fmt::format("a{0}b\n2.731{0}0.37\n-9{0}0.74\n0{0}0.5\n1.274{0}0.25\n", delimiter);
    EXPECT_EQ(shown(typed(text)), "a numeric: 2.731 -9 0 1.274\nb numeric: 0.37 0.74 0.5 0.25\n");
  }
  EXPECT_EQ(shown(typed("a;b\n1,737;0,5\n0;0,25\n2,500;1,5\n")),
            "a numeric: 1.737 0 2.5\nb numeric: 0.5 0.25 1.5\n");
}

TEST(NumberMarks, WhereBothMarksAreDecimalNeitherPartsGroups) {
  const auto table = typed("a;b;c\n2.731;0.37;0,5\n-9;0.74;0,25\n1.274;0.5;1,5\n");
  EXPECT_THAT(shown(table), HasSubstr("a numeric: 2.731 -9 1.274\n"));
  EXPECT_THAT(told(table.findings), HasSubstr("!a: 1.234 was read as 1.234, and could be 1234"));
}

TEST(NumberMarks, GroupsThatNothingProvesAreTold) {
  const auto points = typed("a\tb\n1\tx\n2\ty\n1.274\tx\n3.500\ty\n");
  EXPECT_THAT(shown(points), HasSubstr("a numeric: 1 2 1274 3500\n"));
  EXPECT_THAT(told(points.findings), HasSubstr("!a: 1.234 was read as 1234, and could be 1.234"));
  const auto commas = typed("a;b\n834;x\n1,274;y\n2,300;x\n");
  EXPECT_THAT(shown(commas), HasSubstr("a numeric: 834 1274 2300\n"));
  EXPECT_THAT(told(commas.findings), HasSubstr("!a: 1,234 was read as 1234, and could be 1.234"));
}

TEST(NumberMarks, GroupsThatTheTableProvesAreNotWarnedOf) {
  EXPECT_THAT(told(typed("a;b\n834;x\n1,274;y\n2,300,000;x\n").findings), Not(HasSubstr("!a")));
  EXPECT_THAT(told(typed("a;b\n834;0.5\n1,274;0.25\n2,300;1.5\n").findings), Not(HasSubstr("!a")));
  EXPECT_THAT(told(typed("a;b\n834;0,5\n1.274;0,25\n2.300;1,5\n").findings), Not(HasSubstr("!a")));
}

TEST(NumberMarks, OfTheTargetAreToldAsThoseOfAnyColumn) {
  std::string text = "x;y\n";
  for (int i = 0; i < 30; ++i) text += fmt::format("{};{},{:02} \u20ac\n", i * i, i, 3 * i % 100);
  const auto data = data_set_from_bytes(text, "t.csv", {.target = "y"});
  EXPECT_THAT(told(data.table.findings),
              AllOf(HasSubstr("y: numbers in \u20ac\n"), HasSubstr("y: numbers have a decimal comma\n")));
}

}  // namespace
}  // namespace qupel
