#include <gmock/gmock.h>

#include "qupel/base/error.h"
#include "qupel/problem/tabular/shown_table.test.h"
#include "qupel/problem/tabular/table.h"

namespace qupel {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string refusal(std::string_view text) {
  try {
    typed(text);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(Tables, OtherColumnsSayWhichMarkIsDecimal) {
  const auto table = typed("a;b;c\n3,5;1.100;x\n4,25;2.350;y\n0,5;1.234;x\n");
  EXPECT_THAT(shown(table), HasSubstr("b numeric: 1100 2350 1234\n"));
  EXPECT_THAT(told(table.findings),
              HasSubstr("b: 1.234 was read as 1234, as other columns have a decimal comma"));
  EXPECT_THAT(shown(typed("a;b\n3.5;1,100\n4.25;2,350\n0.5;1,234\n")),
              HasSubstr("b numeric: 1100 2350 1234\n"));
  // One column with each mark: every column is read for itself.
  EXPECT_THAT(shown(typed("a;b;c\n3,5;1.100;0.5\n4,25;2.350;1.75\n")), HasSubstr("b numeric: 1.1 2.35\n"));
  // A column of decimals stays one: its cells are no groups.
  EXPECT_THAT(shown(typed("a;b\n3,5;1.1005\n4,25;2.3501\n")), HasSubstr("b numeric: 1.1005 2.3501\n"));
  EXPECT_THAT(shown(typed("a;b\n3,5;0.100\n4,25;2.350\n")), HasSubstr("b numeric: 0.1 2.35\n"));
}

TEST(Tables, NamesOfRowsAsRWritesThem) {
  const auto table = typed("\"a\" \"b\"\n\"Mazda RX4\" 1 2\n\"Duster\" 3 4\n");
  EXPECT_EQ(shown(table), "a numeric: 1 3\nb numeric: 2 4\n");
  EXPECT_THAT(told(table.findings), HasSubstr("a row's name as R writes it, was left out"));
  EXPECT_EQ(shown(typed("a\tb\n1\t5\t2\n2\t6\t4\n3\t5\t9\n")), "a numeric: 5 6 5\nb numeric: 2 4 9\n");
  EXPECT_EQ(shown(typed("a,b\nMazda,5,2\nDuster,6,4\n")), "a numeric: 5 6\nb numeric: 2 4\n");
}

TEST(Tables, ADelimiterAtTheEndOfEveryRow) {
  const auto table = typed("a,b\n1,2,\n3,4,\n");
  EXPECT_EQ(shown(table), "a numeric: 1 3\nb numeric: 2 4\n");
  EXPECT_THAT(told(table.findings), HasSubstr("every row ends with a delimiter, which was dropped"));
}

TEST(Tables, PricesWithACommaAreNoNamesOfRows) {
  EXPECT_THAT(refusal("price,label\n1,50,a\n2,75,b\n"),
              HasSubstr("t.csv:2:6: the row on line 2 has 3 cells"));
  EXPECT_THAT(refusal("price,label\n1,50,a\n2,75,b\n2,80,b\n"), HasSubstr("has 3 cells"));
  EXPECT_THAT(refusal("a,b\n1,2,\n3,4,5\n"), HasSubstr("has 3 cells"));
}

TEST(Tables, FramesOfDatabasesAndMarkdown) {
  constexpr auto expected = "a numeric: 1 2\nb categorical: x y\n";
  for (
      const auto* text :
      {"+---+------+\n| a | b    |\n+---+------+\n| 1 | x    |\n| 2 | y    |\n+---+------+\n2 rows in set (0.00 sec)\n",
       " a | b \n---+---\n 1 | x\n 2 | y\n(2 rows)\n\n", "| a | b |\n|---|:-:|\n| 1 | x |\r\n| 2 | y |\n"}) {
    const auto table = typed(text);
    EXPECT_EQ(shown(table), expected);
    EXPECT_THAT(told(table.findings), HasSubstr("the table stands in a frame of lines, which was left out"));
    EXPECT_THAT(told(table.findings), Not(HasSubstr("blank")));
  }
}

TEST(Tables, ARowOfDashesIsNoFrame) { EXPECT_EQ(parse_table("a|b\n1|2\n---|-\n3|4\n", "t.csv").rows, 3); }

TEST(Tables, ArffFiles) {
  const auto table = typed(
      "% of Weka\n@RELATION 'two words'\n\n@attribute 'petal width' REAL\n@ATTRIBUTE colour {red, 'dark green'}\n"
      "@attribute note string\n@data\n1.5,red,'it\\'s'\n% between rows\n?,'dark green',\"say \\\"so\\\"\"\n2, red , ? , {3}\n");
  EXPECT_EQ(
      shown(table),
      "petal width numeric: 1.5 _ 2\ncolour categorical: red dark green red\nnote categorical: it's say \"so\" _\n");
}

TEST(Tables, ArffFilesThatAreRefused) {
  EXPECT_THAT(refusal("@relation r\n@attribute x real\n@data\n'1\n"),
              HasSubstr("t.csv:4: a quote is opened on this line and never closed"));
  EXPECT_THAT(refusal("@relation r\n@attribute x real\n@attribute y real\n@data\n1,2\n3\n"),
              HasSubstr("the row on line 6 has 1 cells"));
  EXPECT_THAT(refusal("@relation r\n@attribute x real\n"), HasSubstr("without a line @data"));
  EXPECT_THAT(refusal("@relation r\n@attribute b relational\n"), HasSubstr("are not read"));
  EXPECT_THAT(refusal("@relation r\n@attribute x real\n@data\n{7 1}\n"), HasSubstr("they count from 0 to 0"));
  EXPECT_THAT(refusal("@relation r\nx,y\n1,2\n"), HasSubstr("declares @relation, @attribute and @data"));
}

TEST(Tables, SparseRowsOfArffFiles) {
  EXPECT_EQ(
      shown(typed(
          "@relation r\n@attribute a integer\n@attribute b {no,yes}\n@data\n{0 7}\n{1 yes}\n{0 3, 1 yes}\n{}\n")),
      "a numeric: 7 0 3 0\nb boolean: 0 1 1 0\n");
}

TEST(Tables, JsonIsRefusedWithTheWayOut) {
  EXPECT_THAT(refusal("[{\"a\": 1}, {\"a\": 2}]"),
              HasSubstr("t.csv: the file is JSON, not a table; write it as CSV"));
  EXPECT_THAT(refusal("{\"a\": 1}\n{\"a\": 2}\n"), HasSubstr("lines=True"));
}

}  // namespace
}  // namespace qupel
