#include <fmt/format.h>
#include <gmock/gmock.h>

#include "qupel/base/error.h"
#include "qupel/problem/tabular/column_reader.h"
#include "qupel/problem/tabular/shown_table.test.h"
#include "qupel/problem/tabular/tabular.h"

// Whether the first line holds names, and how they are read.
namespace qupel {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> names_in(std::string_view text, std::string_view target = "") {
  return parse_table(text, "t.csv", {.name = target}).names;
}

std::string message_for(std::string_view text, const std::string& target) {
  try {
    data_set_from_bytes(text, "t.csv", {.target = target});
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(HeaderLine, NumbersAreNoNamesThoughTheTargetIsOne) {
  EXPECT_THAT(names_in("5,1,7\n3,2,9\n8,1,4\n", "1"), ElementsAre("c1", "c2", "c3"));
  EXPECT_THAT(message_for("5,1,7\n3,2,9\n8,1,4\n", "1"),
              AllOf(HasSubstr("\"1\" is not a column"),
                    HasSubstr("; the first line holds numbers as the second does, so "
                              "it was read as data")));
  EXPECT_THAT(names_in("land,2019,2021\nx,6,7\ny,9,9\n", "2021"), ElementsAre("land", "2019", "2021"))
      << "years are names";
  EXPECT_THAT(names_in("land,17,23\nx,6,7\ny,9,9\n", "23"), ElementsAre("c1", "c2", "c3"))
      << "two numbers are no run, and no text stands above a number";
  EXPECT_THAT(names_in("2019,2021,n\n6,7,1\n9,9,2\n", "2021"), ElementsAre("2019", "2021", "n"));
}

TEST(HeaderLine, NumbersThatCountUpAreNames) {
  const auto raw = parse_table("0,1,2\n5,6,7\n8,9,9\n", "t.csv", {.name = "1"});
  EXPECT_THAT(raw.names, ElementsAre("0", "1", "2"));
  EXPECT_THAT(told(raw.findings), HasSubstr("!: the numbers of the first line count up"));
  EXPECT_THAT(names_in(",0,1\n0,5,6\n1,8,9\n"), ElementsAre("c1", "0", "1")) << "pandas";
}

TEST(HeaderLine, OneNumberCountsNothing) {
  EXPECT_THAT(names_in("1,rd,sz,a\n2,bl,sz,b\n"), ElementsAre("c1", "c2", "c3", "c4"));
  EXPECT_THAT(names_in("x,1\ny,2\n"), ElementsAre("c1", "c2"));
  EXPECT_THAT(names_in("id,0\n7,5\n8,6\n"), ElementsAre("id", "0"));
  EXPECT_THAT(names_in(",0\n0,5\n1,6\n"), ElementsAre("c1", "0"));
}

TEST(HeaderLine, IsSaidToHoldNumbersWhereTheTargetIsNotFound) {
  EXPECT_THAT(message_for("1,2,a\n5,6,b\n", "label"), HasSubstr("the first line was taken as the names"));
}

TEST(HeaderLine, OfTextThatIsMissingIsAskedFor) {
  EXPECT_THAT(message_for("a,x,x\nb,y,x\n", "a"), HasSubstr("or write a line of names above the rows"));
}

TEST(HeaderLine, AHashBeforeNamesIsLeftOut) {
  EXPECT_EQ(shown(typed("# x y label\n1.5 2 a\n2.5 3 b\n")),
            "x numeric: 1.5 2.5\ny numeric: 2 3\nlabel categorical: a b\n");
  EXPECT_THAT(names_in("#chrom\tpos\n1\t5\n2\t6\n"), ElementsAre("chrom", "pos"));
  EXPECT_THAT(names_in("#chrom\tpos\n1\t5\n2\t6\n", "#chrom"), ElementsAre("#chrom", "pos"));
  EXPECT_THAT(names_in("#,pos\n1,5\n2,6\n"), ElementsAre("#", "pos"));
  EXPECT_THAT(names_in("# name x\n1 a 5\n2 b 6\n"), ElementsAre("#", "name", "x"));
}

/// A model's reader of columns, fitted on a table without a line of names.
ColumnReader reader_of_headless() {
  std::string text;
  for (int i = 0; i < 30; ++i)
    text += fmt::format("{},{},{}\n", i * i % 7 + 0.5, i * i % 11, i % 2 ? "a" : "b");
  return ColumnReader(data_set_from_bytes(text, "t.csv", {.target = "c3"}));
}

TEST(HeaderLine, OfAModelWithoutNamesIsData) {
  const auto reader = reader_of_headless();
  for (const auto* text : {"5.5,2,a\n", "1,2,a\n", "1,2\n", "1,2\n3,4\n"}) {
    const auto rows = reader.read(text, "new.csv");
    EXPECT_EQ(rows.data.table.columns[1].numbers[0], 2) << text;
    EXPECT_THAT(rows.notes, Contains(HasSubstr("holds none of the names of the model's columns")));
  }
  EXPECT_EQ(reader.read("c2,c1\n1,2\n", "new.csv").data.table.rows, 1u);
  EXPECT_THROW(reader.read("c2,x\n1,2\n", "new.csv"), InputError) << "a header, but c1 is not there";
}

TEST(Delimiters, ThatAreNotFoundAreSaidToBe) {
  for (const auto* text : {"x^y\n1^2\n", "x::y\n1::2\n", "x y\n1\n"})
    EXPECT_THAT(message_for(text, "y"), HasSubstr("no delimiter was found: cells are separated by")) << text;
  EXPECT_THAT(message_for("x,y\n1,2\n", "z"), Not(HasSubstr("no delimiter")));
}

}  // namespace
}  // namespace qupel
