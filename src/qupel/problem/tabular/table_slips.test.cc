#include <fmt/format.h>
#include <gmock/gmock.h>

#include "qupel/base/error.h"
#include "qupel/problem/tabular/shown_table.test.h"

// Files that are not quite tables.
namespace qupel {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string slip_in(std::string_view text) {
  try {
    typed(text);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(TableSlips, AQuoteThatSwallowsRowsIsWarnedOf) {
  EXPECT_THAT(told(typed("a,b,c\n1,2,3\n4,\"5,6\n7,8,9\n1,2,3\n4,5\",6\n").findings),
              HasSubstr("!: 1 cell in quotes holds lines that look like rows, the first from line 3 on"));
  EXPECT_THAT(told(typed("a,b,c\n1,2,3\n4,\"5, 6\n7\n8, 9\n7\",6\n").findings),
              Not(HasSubstr("look like rows")));
}

TEST(TableSlips, QuotedIdentifiersBesideACommaInANumber) {
  EXPECT_THAT(slip_in("\"id\",\"price\",\"label\"\n\"A1\",1,107,\"a\"\n\"A2\",2,305,\"b\"\n"),
              HasSubstr("t.csv:2:12: the row on line 2 has 4 cells, but there are 3 columns"));
  EXPECT_THAT(told(typed("\"a\",\"b\"\n\"Mazda\",5,2\n\"Duster\",6,4\n").findings),
              HasSubstr("!: the header has one name fewer than rows have cells"));
}

TEST(TableSlips, LinesInQuotesAreTakenOutOfThem) {
  EXPECT_EQ(shown(typed("\"a,b\"\n\"1,\"\"x, y\"\"\"\r\n\"3,z\"\n")),
            "a numeric: 1 3\nb categorical: x, y z\n");
  EXPECT_EQ(shown(typed("\"a\",\"b\"\n\"1\",\"2\"\n\"3\",\"4\"\n")), "a numeric: 1 3\nb numeric: 2 4\n");
}

TEST(TableSlips, TheEndOfFileMarkOfDosIsDropped) {
  EXPECT_EQ(shown(typed("a,b\r\n1,2\r\n3,4\r\n\x1a")), "a numeric: 1 3\nb numeric: 2 4\n");
}

TEST(TableSlips, OtherFormatsAreNamed) {
  using namespace std::string_view_literals;
  EXPECT_THAT(slip_in("<!DOCTYPE html>\n<html><body>Log in</body></html>\n"), HasSubstr("the file is HTML"));
  EXPECT_THAT(slip_in("<?xml version=\"1.0\"?>\n<rows/>\n"), HasSubstr("the file is XML"));
  EXPECT_THAT(slip_in("\xff\xfe\0\0a\0\0\0"sv),
              HasSubstr("the text is UTF-32; convert it: iconv -f UTF-32 -t UTF-8 t.csv"));
  EXPECT_THAT(slip_in("\x80\x04\x95\0\0"sv), HasSubstr("the file is a Python pickle, not text"));
  EXPECT_THAT(slip_in("MATLAB 5.0 MAT-file\0\0"sv), HasSubstr("the file is a MATLAB file"));
  EXPECT_THAT(slip_in("\0\0\0\0\0\0\0\0\0\0\0\0\xc2\xea\x81\x60\xb3"sv), HasSubstr("a SAS data set"));
  EXPECT_THAT(slip_in("%PDF-1.4\n\xe2\xe3\xcf\xd3"sv), HasSubstr("a PDF document"));
  EXPECT_THAT(slip_in("Obj\x01\0"sv), HasSubstr("an Avro table"));
}

TEST(Arff, RowsHaveAsManyValuesAsAttributes) {
  const std::string head = "@relation r\n@attribute x real\n@attribute y {a,b}\n@data\n";
  EXPECT_THAT(slip_in(head + "7,1,a\n8,2,b\n"),
              HasSubstr("t.csv:5: the row has 3 values, but there are 2 attributes"));
  constexpr auto expected = "x numeric: 1.5 2\ny categorical: a b\n";
  EXPECT_EQ(shown(typed(head + "1.5,a,\n2,b,\n")), expected) << "commas at the ends";
  EXPECT_EQ(shown(typed(head + "1.5,a % it's sure\n2,b\t% no\n")), expected) << "comments";
  EXPECT_EQ(shown(typed(head + "1.5 a\n2  b\n")), expected) << "spaces";
  EXPECT_EQ(shown(typed(head + "1.5,\n2,b\n")), "x numeric: 1.5 2\ny categorical: _ b\n");
  EXPECT_EQ(shown(typed("@relation r\n@attribute 10 real\n@attribute 7 real\n@data\n5,'6'\n3,4 % '\n")),
            "10 numeric: 5 3\n7 numeric: 6 4\n")
      << "names that are numbers";
}

}  // namespace
}  // namespace qupel
