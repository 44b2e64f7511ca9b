#include <fmt/format.h>
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
  const auto mixed = typed("a;b;c\n3,5;1.100;0.5\n4,25;2.350;1.75\n");
  EXPECT_THAT(shown(mixed), HasSubstr("b numeric: 1.1 2.35\n"));
  EXPECT_THAT(told(mixed.findings), HasSubstr("b: 1.234 was read as 1.234, and could be 1234"));
  // A column of decimals stays one: its cells are no groups.
  EXPECT_THAT(shown(typed("a;b\n3,5;1.1005\n4,25;2.3501\n")), HasSubstr("b numeric: 1.1005 2.3501\n"));
  EXPECT_THAT(shown(typed("a;b\n3,5;0.100\n4,25;2.350\n")), HasSubstr("b numeric: 0.1 2.35\n"));
}

TEST(Tables, NamesInSeveralLinesAsPandasWritesThem) {
  const auto prices =
      typed("Price,Close,Close,High\nTicker,A,B,A\nDate,,,\n1970-01-02,1.5,2,3\n1970-01-03,2.5,1,4\n");
  EXPECT_EQ(shown(prices),
            "Date date: 1 2\nClose A numeric: 1.5 2.5\nClose B numeric: 2 1\nHigh A numeric: 3 4\n");
  EXPECT_THAT(told(prices.findings), HasSubstr("stand in 3 lines, as pandas writes them"));
  EXPECT_EQ(shown(typed("Price,Close,High\nTicker,A,A\nDate,,\n1970-01-02,1.5,2\n1970-01-03,2.5,1\n")),
            "Date date: 1 2\nClose numeric: 1.5 2.5\nHigh numeric: 2 1\n")
      << "the one ticker tells nothing";
  EXPECT_THAT(shown(typed("id,a,b\nx,p,q\ny,,\nz,r,q\nx,p,q\n")), HasSubstr("a categorical: p _ r p\n"))
      << "rows, not names";
}

TEST(Tables, NamesOfRowsAsRWritesThem) {
  std::string text = "\"a\" \"b\"\n";
  for (int i = 0; i < 12; ++i) text += fmt::format("\"car {}\" {} {}\n", i, i % 5, i % 7);
  const auto table = typed(text);
  EXPECT_EQ(
      shown(table),
      "rownames identifier: left out\na numeric: 0 1 2 3 4 0 1 2 3 4 0 1\nb numeric: 0 1 2 3 4 5 6 0 1 2 3 4\n");
  EXPECT_THAT(told(table.findings), HasSubstr("as R writes it, and became the column \"rownames\""));
  EXPECT_THAT(shown(typed("a\tb\n1\t5\t2\n2\t6\t4\n3\t5\t9\n")),
              HasSubstr("a numeric: 5 6 5\nb numeric: 2 4 9\n"));
  EXPECT_THAT(shown(typed("\"a\",\"b\"\n\"Mazda\",5,2\n\"Duster\",6,4\n")),
              HasSubstr("a numeric: 5 6\nb numeric: 2 4\n"));
  EXPECT_EQ(shown(typed("x y\n2024-01-01 5 a\n2024-01-02 6 b\n")),
            "rownames date: 19723 19724\nx numeric: 5 6\ny categorical: a b\n");
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
  EXPECT_THAT(refusal("day,temp\n1,20,5\n2,13,7\n3,12,1\n"), HasSubstr("has 3 cells"));
  EXPECT_THAT(refusal("id,x,y\n1,4,yes, definitely\n2,6,no, never\n3,1,no, never\n"),
              HasSubstr("has 4 cells"));
  EXPECT_THAT(refusal("a\tb\n17\t5\t2\n20\t6\t4\n23\t5\t9\n"),
              HasSubstr("if the first cell of each row is the row's name, give that column a name"));
}

TEST(Tables, UnitsSlipsAndGroupsShowTheDecimalMark) {
  const auto second = [](std::string_view cells) {
    std::string text = "p;q\n";
    for (int i = 0; i < 12; ++i) text += fmt::format("{}.{};{}\n", 1 + i % 3, 111 + i, cells);
    return typed(text).columns[0].numbers[0];
  };
  for (const auto* cells : {"3,5", "12,5 %", "12,34 \u20ac", "\u20ac 12,34", "1.234.567"})
    EXPECT_EQ(second(cells), 1111) << cells;
  for (const auto* cells : {"35", "3.5", "1,234", "12.5 %", "1,234,567"})
    EXPECT_EQ(second(cells), 1.111) << cells;
  // A slip in either column changes nothing.
  std::string text = "p;q\n";
  for (int i = 0; i < 24; ++i)
    text +=
        fmt::format("{};{}\n", i == 3 ? "unknown" : fmt::format("1.{}", 111 + i), i == 5 ? "defekt" : "3,5");
  EXPECT_EQ(typed(text).columns[0].numbers[0], 1111);
  // Between commas "2,3" may be a list.
  EXPECT_THAT(shown(typed("p,choice\n1.234,\"2,3\"\n4.637,\"1,4\"\n")),
              HasSubstr("p numeric: 1.234 4.637\n"));
}

TEST(Tables, FramesOfDatabasesAndMarkdown) {
  constexpr auto expected = "a numeric: 1 2\nb categorical: x y\n";
  for (
      const auto* text :
      {"+---+------+\n| a | b    |\n+---+------+\n| 1 | x    |\n| 2 | y    |\n+---+------+\n2 rows in set (0.00 sec)\n",
       " a | b \n---+---\n 1 | x\n 2 | y\n(2 rows)\n\nTime: 0.412 ms\n",
       "| a | b |\n|---|:-:|\n| 1 | x |\r\n| 2 | y |\n"}) {
    const auto table = typed(text);
    EXPECT_EQ(shown(table), expected);
    EXPECT_THAT(told(table.findings), HasSubstr("the table stands in a frame of lines, which was left out"));
    EXPECT_THAT(told(table.findings), Not(HasSubstr("blank")));
  }
}

TEST(Tables, ARowOfDashesIsNoFrame) { EXPECT_EQ(parse_table("a|b\n1|2\n---|-\n3|4\n", "t.csv").rows, 3); }

TEST(Tables, RowsOfDashesInFramesAreData) {
  EXPECT_EQ(parse_table("a | b \n---+---\n - | - \n + | - \n--- | ---\n", "t.csv").rows, 3);
  EXPECT_EQ(parse_table("| a | b |\n|:-:|-|\n|-|-|\n| + | - |\n", "t.csv").rows, 2);
  EXPECT_EQ(parse_table("a|b|c\n-|-|-\n+|-|+\n", "t.csv").rows, 2) << "no frame";
}

TEST(Tables, QuotesInFramesAreCharacters) {
  const auto raw = parse_table("a | b \n---+---\n \" | 1\n q\" | 2\n \"x\" y | 3\n(3 rows)\n", "t.csv");
  EXPECT_EQ(raw.rows, 3);
  EXPECT_EQ(raw.columns[0][0], "\"");
}

TEST(Tables, FramesOfBoxDrawingCharacters) {
  EXPECT_EQ(shown(typed("┌───┬───┐\n│ a │ b │\n├───┼───┤\n│ 1 │ x │\n│ 2 │ y │\n└───┴───┘\n")),
            "a numeric: 1 2\nb categorical: x y\n");
  EXPECT_EQ(shown(typed("+---+---+\n| a | b |\n+===+===+\n| 1 | x |\n+---+---+\n| 2 | y |\n+---+---+\n")),
            "a numeric: 1 2\nb categorical: x y\n");
}

TEST(Tables, CellsThatGoOnInTheNextLineAreRefused) {
  EXPECT_THAT(refusal("a | b \n---+---\n 1 | two  +\n   | lines\n 2 | x\n"),
              HasSubstr("t.csv:3: a cell goes on in the next line, as psql shows it"));
  EXPECT_EQ(parse_table("a | b \n---+---\n 1 | A+\n 2 | A-\n", "t.csv").rows, 2) << "labels";
}

TEST(Tables, TheNumberOfRowsBelowIsLeftOut) {
  EXPECT_EQ(shown(typed("a|b\n1|x\n2|y\n(2 rows)\n")), "a numeric: 1 2\nb categorical: x y\n");
  EXPECT_EQ(shown(typed("a|b\n1|x\n2|y\n(2 rows)\nTime: 1.5 ms\n")), "a numeric: 1 2\nb categorical: x y\n");
}

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
              HasSubstr("t.csv:6: the row has 1 value, but there are 2 attributes"));
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
