#include "qupel/problem/tabular/table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>

#include <cmath>
#include <functional>
#include <map>

#include "qupel/base/code_points.h"
#include "qupel/base/error.h"
#include "qupel/problem/tabular/shown_table.test.h"

namespace qupel {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsNan;
using ::testing::Not;

/// A header and lines of a pattern, in which {0} is the row's number from 1 and {1} its square root.
std::string patterned(std::string_view header, std::string_view pattern, int count) {
  std::string text = fmt::format("{}\n", header);
  for (int i = 1; i <= count; ++i) text += fmt::format(fmt::runtime(pattern), i, std::sqrt(i)) + "\n";
  return text;
}

/// Text of code points below U+10000 in UTF-16, with its byte-order mark.
std::string utf16(std::string_view text, bool big_endian) {
  std::string bytes;
  const auto add = [&](char32_t unit) {
    const char high = static_cast<char>(unit >> 8), low = static_cast<char>(unit & 0xff);
    bytes += big_endian ? high : low;
    bytes += big_endian ? low : high;
  };
  add(0xfeff);
  while (!text.empty()) add(take_code_point(text));
  return bytes;
}

struct Messy {
  std::string name, text, expected, finding;
};

class MessyTable : public testing::TestWithParam<Messy> {};

TEST_P(MessyTable, BecomesTypedColumns) {
  const auto table = typed(GetParam().text);
  EXPECT_EQ(shown(table), GetParam().expected);
  EXPECT_THAT(told(table.findings), HasSubstr(GetParam().finding));
}

const std::string two_numbers = "a numeric: 1 3\nb numeric: 2 4\n";

const std::vector<Messy> messy_tables{
    {"Plain", "a,b\n1,2\n3,4\n", two_numbers, ""},
    {"NoLastLineEnd", "a,b\n1,2\n3,4", two_numbers, ""},
    {"CrLf", "a,b\r\n1,2\r\n3,4\r\n", two_numbers, ""},
    {"LoneCr", "a,b\r1,2\r3,4\r", two_numbers, ""},
    {"ByteOrderMark",
     "\xef\xbb\xbf"
     "a,b\n1,2\n3,4\n",
     two_numbers, ": the text starts with a byte-order mark, which was skipped"},
    {"Semicolons", "a;b\n1;2\n3;4\n", two_numbers, ": cells are separated by semicolons"},
    {"Tabs", "a\tb\n1\t2\n3\t4\n", two_numbers, ": cells are separated by tabs"},
    {"Pipes", "a|b\n1|2\n3|4\n", two_numbers, ": cells are separated by pipes"},
    {"StatedDelimiter", "sep=;\r\na;b\r\n1;2\r\n3;4\r\n", two_numbers,
     ": the first line states the delimiter"},
    {"StatedDelimiterInQuotes", "\"SEP=;\" \na;b\n1;2\n3;4\n", two_numbers,
     ": the first line states the delimiter"},
    {"StatedTab", "sep=\\t\na\tb\n1\t2\n3\t4\n", two_numbers, ": the first line states the delimiter"},
    {"AlignedBySpaces", "a    b\n1.5  2\n  3  -4.25\n", "a numeric: 1.5 3\nb numeric: 2 -4.25\n",
     ": cells are separated by runs of spaces"},
    {"AlignedWithATabBeforeQuotes", "18.0   8   307.0\t\"chevrolet malibu\"\n9  4   97\t\"vw 1131\"\n",
     "c1 numeric: 18 9\nc2 numeric: 8 4\nc3 numeric: 307 97\nc4 categorical: chevrolet malibu vw 1131\n",
     ": cells are separated by runs of spaces"},
    {"CommasAndOnePipe", "a,genre|kind,b\n1,x|0,3\n2,y|1,4\n",
     "a numeric: 1 2\ngenre|kind categorical: x|0 y|1\nb numeric: 3 4\n", ""},
    {"CommasAndOneQuotedSemicolon", "a,\"genre;kind\",b\n1,\"x;0\",3\n2,\"y;1\",4\n",
     "a numeric: 1 2\ngenre;kind categorical: x;0 y;1\nb numeric: 3 4\n", ""},
    {"TabsBetweenProse", "a\tb\nSmith, John\t1\nDoe, Jane\t2\n",
     "a categorical: Smith, John Doe, Jane\nb numeric: 1 2\n", ": cells are separated by tabs"},
    {"SemicolonsBetweenDecimalCommas", "a;b\n1,5;2,5\n3,5;4,5\n", "a numeric: 1.5 3.5\nb numeric: 2.5 4.5\n",
     ": cells are separated by semicolons"},
    {"CommasAndSpaces", "a, b c\n1, 2 x\n3, 4 y\n", "a numeric: 1 3\nb c categorical: 2 x 4 y\n", ""},
    {"TimesAfterDates", "a,b\n2024-01-02 10:00,1\n2024-01-03 11:30,2\n",
     "a date: 19724.416666666668 19725.479166666668\nb numeric: 1 2\n", ""},
    {"Utf16LittleEndian", utf16("a,b\n1,\u00e9\n3,x\n", false), "a numeric: 1 3\nb categorical: \u00e9 x\n",
     ": the text is UTF-16 and was read as such"},
    {"Utf16BigEndian", utf16("a,b\n1,\u00e9\n3,x\n", true), "a numeric: 1 3\nb categorical: \u00e9 x\n",
     ": the text is UTF-16 and was read as such"},
    {"InvisibleSpaces", "\u00a0a\u200b,\ufeffb\n\u00a01,\u202f2\n3\u200b,4\u00a0\n", two_numbers, ""},
    {"QuotedSemicolonsBetweenCommas", "a,b\n\"1;1\",2\n\"3;3\",4\n",
     "a categorical: 1;1 3;3\nb numeric: 2 4\n", ""},
    {"BlankLines", "\na,b\n\n1,2\n   \n3,4\n\n", two_numbers, ": 4 blank lines were skipped"},
    {"SpacesAroundCells", "a , b\n 1,2 \n\t3 , 4\n", two_numbers, ""},
    {"QuotedFields", "a,b\n\"x, y\",1\n\"say \"\"hi\"\"\",2\n",
     "a categorical: x, y say \"hi\"\nb numeric: 1 2\n", ""},
    {"QuotedHeader", "\"a\",\"b\"\n\"1\",\"2\"\n\"3\",\"4\"\n", two_numbers, ""},
    {"LineEndInQuotes", "a,b\n\"x\ny\",1\nz,2\n", "a categorical: x\ny z\nb numeric: 1 2\n", ""},
    {"QuoteInsideUnquotedCell", "a,b\n6\" disk,1\n5\" disk,2\n",
     "a categorical: 6\" disk 5\" disk\nb numeric: 1 2\n", ""},
    {"DecimalCommas", "a;b\n1,5;x\n-2,25;y\n", "a numeric: 1.5 -2.25\nb categorical: x y\n",
     "a: numbers have a decimal comma"},
    {"DecimalCommasInQuotes", "a,b\n\"1,5\",x\n\"2,25\",y\n", "a numeric: 1.5 2.25\nb categorical: x y\n",
     "a: numbers have a decimal comma"},
    {"Thousands", "a,b\n\"1,234,567.5\",x\n\"12,345\",y\n",
     "a numeric: 1234567.5 12345\nb categorical: x y\n",
     "a: numbers have \",\" between groups of three digits"},
    {"GroupsBesideSmallNumbers", "a\tb\n834\tx\n1,274\ty\n2,300,001\tx\n",
     "a numeric: 834 1274 2300001\nb categorical: x y x\n",
     "a: numbers have \",\" between groups of three digits"},
    {"PointsBesideSmallNumbers", "a;b\n834;x\n-1.274;y\n2.300;x\n",
     "a numeric: 834 -1274 2300\nb categorical: x y x\n",
     "a: numbers have \".\" between groups of three digits"},
    {"ThreeDecimalsBelowOne", "a;b\n834;x\n0,274;y\n2,300;x\n",
     "a numeric: 834 0.274 2.3\nb categorical: x y x\n", "a: numbers have a decimal comma"},
    {"ThreeDecimalsOfLargeNumbers", "a;b\n8340;x\n1,274;y\n2,300;x\n",
     "a numeric: 8340 1.274 2.3\nb categorical: x y x\n", "a: numbers have a decimal comma"},
    {"ThousandsAndDecimalComma", "a;b\n1.234,5;x\n12.345.678;y\n",
     "a numeric: 1234.5 12345678\nb categorical: x y\n",
     "a: numbers have \".\" between groups of three digits"},
    {"MinusSign", "a,b\n\u22121.5,x\n2,y\n\u20133,x\n", "a numeric: -1.5 2 -3\nb categorical: x y x\n",
     "a: numbers are written with a dash such as U+2212 as minus sign (2 cells)"},
    {"AccountantsParentheses", "a,b\n(1.5),x\n\"1,234.5\",y\n\"(2,000)\",x\n",
     "a numeric: -1.5 1234.5 -2000\nb categorical: x y x\n",
     "a: numbers are written with parentheses for numbers below 0 (2 cells)"},
    {"AccountantsDollars", "a,b\n\"($1,234.50)\",x\n$2,y\n", "a numeric: -1234.5 2\nb categorical: x y\n",
     "a: numbers in $"},
    {"TrailingMinus", "a;b\n1.234,50-;x\n2,25;y\n", "a numeric: -1234.5 2.25\nb categorical: x y\n",
     "a: numbers are written with the minus sign after the number (1 cell)"},
    {"FortranExponents", "a,b\n1.5D+00,x\n-2.5d-01,y\n", "a numeric: 1.5 -0.25\nb categorical: x y\n",
     "a: numbers are written with D before the exponent (2 cells)"},
    {"SwissApostrophes", "a,b\n1'234.5,x\n12\u2019345\u2019678,y\n",
     "a numeric: 1234.5 12345678\nb categorical: x y\n",
     "a: numbers have \"'\" between groups of three digits"},
    {"NarrowSpaces", "a,b\n1\u202f234.5,x\n12\u00a0345,y\n12 345 678,x\n",
     "a numeric: 1234.5 12345 12345678\nb categorical: x y x\n",
     "a: numbers have \" \" between groups of three digits"},
    {"SpacesAndDecimalComma", "a;b\n5\u00a0518,4;x\n3,5;y\n", "a numeric: 5518.4 3.5\nb categorical: x y\n",
     "a: numbers have a decimal comma"},
    {"IndianLakhs", "a;b\n1,23,456;x\n12,34,567.5;y\n1,234;x\n",
     "a numeric: 123456 1234567.5 1234\nb categorical: x y x\n",
     "a: numbers have commas between groups of digits as in India"},
    {"FullWidthDigits", "a,b\n\uff11\uff12,x\n3,y\n", "a numeric: 12 3\nb categorical: x y\n",
     "a: numbers are written with digits of another script (1 cell)"},
    {"SpacesBeforePercent", "a,b\n5\u00a0%,x\n\u22127\u202f%,y\n", "a numeric: 5 -7\nb categorical: x y\n",
     "a: numbers in %"},
    {"Rupees", "a;b\n\u20b9 1,23,456;x\n\u20b9 5;y\n", "a numeric: 123456 5\nb categorical: x y\n",
     "a: numbers in \u20b9"},
    {"AmbiguousGroupsInQuotes", "a,b\n\"1,234\",x\n\"2,300\",y\n",
     "a numeric: 1234 2300\nb categorical: x y\n", "!a: 1,234 was read as 1234, and could be 1.234"},
    {"AmbiguousDecimalComma", "a;b\n1,234;x\n2,300;y\n", "a numeric: 1.234 2.3\nb categorical: x y\n",
     "!a: 1,234 was read as 1.234, and could be 1234"},
    {"PhoneNumbersAreNoNumbers", "a,b\n030 123 456,x\n040 123 456,y\n",
     "a categorical: 030 123 456 040 123 456\nb categorical: x y\n", "a: 2 categories"},
    {"SignsAndExponents", "a,b\n+1,1e3\n-2,-2.5E-1\n.5,1.\n",
     "a numeric: 1 -2 0.5\nb numeric: 1000 -0.25 1\n", ""},
    {"MissingMarks", "a,b\n1,x\n,NA\nn/a,\nNaN,?\nnull,-\n.,y\n2,x\n",
     "a numeric: 1 _ _ _ _ _ 2\nb categorical: x _ _ _ _ y x\n",
     "!a: 5 of 7 cells are missing (71.4 %): filled with the median of the training rows"},
    {"Booleans", "a,b,c\ntrue,Yes,t\nFALSE,no,F\n,yes,f\n",
     "a boolean: 1 0 _\nb boolean: 1 0 1\nc boolean: 1 0 0\n",
     "b: true and false (or yes and no) became 1 and 0"},
    {"LettersAreNoTruths", "a,b\nT,t\nY,f\nN,t\nF,f\n", "a categorical: T Y N F\nb boolean: 1 0 1 0\n",
     "a: 4 categories"},
    {"Dates", "a,b\n1970-01-02,2000-02-29T12:00\n1969-12-31,2000-03-01 06:00:00Z\n",
     "a date: 1 -1\nb date: 11016.5 11017.25\n", "a: dates became days since 1970-01-01"},
    {"DatesOfOtherOrders", "a,b,c\n2.1.1970,1/31/1970,1970/1/2\n31.12.1969,2/1/1970 12:00,1970/01/03\n",
     "a date: 1 -1\nb date: 30 31.5\nc date: 1 2\n",
     "a: dates (day, month, year) became days since 1970-01-01\nb: dates (month, day, year) became days "
     "since "
     "1970-01-01\nc: dates became days since 1970-01-01\n"},
    {"DatesOfEitherOrder", "a,b\n02/01/1970,1\n03/01/1970,2\n", "a date: 1 2\nb numeric: 1 2\n",
     "!a: the dates could be month/day/year too"},
    {"DatesWithNamesOfMonths",
     "a;b;c;d\n02-Jan-1970;Jan 2, 1970;02JAN1970:12:00;Fri, 02 Jan 1970 06:00:00 GMT\n"
     "1 february 1970;Sept. 1 1970;01jan70;4 Jan 1970\n",
     "a date: 1 31\nb date: 1 243\nc date: 1.5 0\nd date: 1.25 3\n",
     "!c: years of two digits were read as 1969 to 2068; write them in four to be sure"},
    {"DatesWithShortYears", "a,b\n1/31/70,31.01.68\n2/1/69,01.02.99\n",
     "a date: 30 -334\nb date: 35824 10623\n",
     "!a: years of two digits were read as 1969 to 2068; write them in four to be sure"},
    {"VersionsAreNoDates", "a,b\n1.2.10,1\n1.2.11,2\n1.2.10,3\n",
     "a categorical: 1.2.10 1.2.11 1.2.10\nb numeric: 1 2 3\n", "a: 2 categories"},
    {"Units", "a;b;c\n$1,234.50;5 %;-€3,5\n-$ 2;7%;€2,25\n",
     "a numeric: 1234.5 -2\nb numeric: 5 7\nc numeric: -3.5 2.25\n", "a: numbers in $\n"},
    {"UnitCodes", "a;b\n1.5 EUR;USD 1\n;USD 2\n", "a numeric: 1.5 _\nb numeric: 1 2\n",
     "b: numbers in USD\n"},
    {"UnitWords", "a,b\n5 kg,3km/h\n-7.5 kg,1km/h\n", "a numeric: 5 -7.5\nb numeric: 3 1\n",
     "a: numbers in kg\n"},
    {"TimesAsToolsWriteThem",
     "a,b,c,d\n2024-02-29 12:00:00+00,9:30,2/29/2024 1:30:00 PM,2024-02-29 12:00 UTC\n"
     "2024-02-29 18:00:00+0300,23:45,2/29/2024 12:00 AM,\"2024-02-29 6:00:00,000Z\"\n",
     "a date: 19782.5 19782.625\nb numeric: 9.5 23.75\nc date: 19782.5625 19782\n"
     "d date: 19782.5 19782.25\n",
     ""},
    {"TimesOfDay", "a,b\n08:30,1\n23:45:00,2\n", "a numeric: 8.5 23.75\nb numeric: 1 2\n",
     "a: times of day became hours since midnight"},
    {"UnitsThatDiffer", "a,b\n$1,1\n€2,2\n$1,3\n", "a categorical: $1 €2 $1\nb numeric: 1 2 3\n",
     "a: 2 categories"},
    {"TimeZones", "a,b\n1970-01-02T01:00+01:00,1\n1970-01-01T23:00:00.0-01:00,2\n1970-01-03,3\n",
     "a date: 1 1 2\nb numeric: 1 2 3\n", ""},
    {"NoSuchDay", "a,b\n2023-02-29,1\n2023-02-29,2\n2023-03-01,3\n",
     "a categorical: 2023-02-29 2023-02-29 2023-03-01\nb numeric: 1 2 3\n", "a: 2 categories"},
    {"Categories", "a,b\nred,1\nblue,2\nred,3\n", "a categorical: red blue red\nb numeric: 1 2 3\n",
     "a: 2 categories (one-hot: a 0/1 column for each that the training rows hold)"},
    {"Constants", "a,b,c,d\n7,x,,1\n7.0,x,?,2\n",
     "a constant: left out\nb constant: left out\nc constant: left out\nd numeric: 1 2\n",
     "a: the same value in every row: left out\nb: the same value in every row: left out\nc: no cell holds a "
     "value: left out\n"},
    {"OneValueOrMissing", "a,b\nx,1\n,2\n", "a categorical: x _\nb numeric: 1 2\n", "a: 1 category (one-hot"},
    {"AbsentHeader", "5.1,3.5,setosa\n4.9,3.0,setosa\n6.0,1,other\n",
     "c1 numeric: 5.1 4.9 6\nc2 numeric: 3.5 3 1\nc3 categorical: setosa setosa other\n",
     "!: the first line holds numbers as the second does, so it was read as data and the columns were named "
     "c1 to c3"},
    {"NumbersAsNames", "0,1,2\n5,6,7\n8,9,9\n", "0 numeric: 5 8\n1 numeric: 6 9\n2 numeric: 7 9\n", ""},
    {"YearsAsNames", "land,2019,2020,2021\nx,6,7,8\ny,9,9,9\n",
     "land categorical: x y\n2019 numeric: 6 9\n2020 numeric: 7 9\n2021 numeric: 8 9\n", ""},
    {"EmptyName", ",b\n3,4\n1,2\n", "c1 numeric: 3 1\nb numeric: 4 2\n",
     "!: 1 of the header's names is empty and became c and the column's number"},
    {"NonAscii", "naïve,β\nä,1\nö,2\n", "naïve categorical: ä ö\nβ numeric: 1 2\n", ""},
};

INSTANTIATE_TEST_SUITE_P(Texts, MessyTable, testing::ValuesIn(messy_tables),
                         [](const auto& test) { return test.param.name; });

struct Long {
  std::string name, header, pattern;
  ColumnType type;
  bool used;
  std::string finding;
};

class LongColumn : public testing::TestWithParam<Long> {};

TEST_P(LongColumn, IsTyped) {
  const auto& expected = GetParam();
  const auto table = typed(patterned(expected.header + ",other", expected.pattern + ",x", 60));
  EXPECT_EQ(to_string(table.columns[0].type), to_string(expected.type));
  EXPECT_EQ(table.columns[0].used, expected.used);
  EXPECT_THAT(told(table.findings), HasSubstr(expected.finding));
}

const std::vector<Long> long_columns{
    {"RowNumbers", "n", "{0}", ColumnType::identifier, false,
     "n: whole numbers that only tell rows apart (an identifier): left out"},
    {"RowNumbersFromElsewhere", "n", "10{0:02}", ColumnType::identifier, false, "identifier"},
    {"DistinctNumbersNamedId", "patient_id", "{0}{0}", ColumnType::identifier, false, "identifier"},
    {"DistinctNumbersNamedPatientID", "PatientID", "{0}{0}", ColumnType::identifier, false, "identifier"},
    {"DistinctWholeNumbersOfAnotherName", "income", "{0}{0}", ColumnType::numeric, true, ""},
    {"DistinctMeasurements", "x", "{1}", ColumnType::numeric, true, ""},
    {"DistinctMeasurementsNamedId", "id", "{1}", ColumnType::numeric, true, ""},
    {"DistinctCodes", "ticket", "A-{0}", ColumnType::identifier, false,
     "ticket: a different text in every row (an identifier): left out"},
    {"Prose", "note", "the patient of day {0} was well", ColumnType::text, false,
     "!note: free text (60 different in 60 rows): left out"},
};

INSTANTIATE_TEST_SUITE_P(Rules, LongColumn, testing::ValuesIn(long_columns),
                         [](const auto& test) { return test.param.name; });

TEST(Columns, TextThatMostlyDiffersIsFreeText) {
  std::string text = "name,x\n";
  for (int i = 0; i < 60; ++i) text += fmt::format("n{},{}\n", i % 40, i % 7);
  EXPECT_EQ(typed(text).columns[0].type, ColumnType::text);
}

TEST(Columns, ManyCategoriesAreTold) {
  std::string text = "city,x\n";
  for (int i = 0; i < 600; ++i) text += fmt::format("n{},{}\n", i % 70, i % 7);
  const auto table = typed(text);
  EXPECT_EQ(table.columns[0].levels.size(), 70u);
  EXPECT_THAT(told(table.findings),
              HasSubstr("!city: 70 categories: the 50 most frequent in the training rows get a"));
}

/// A column with a value for each of 60 rows, but other texts in some; beside it one of labels.
Table column_with(const std::function<std::string(int)>& value, const std::map<int, std::string>& others) {
  std::string text = "x,y\n";
  for (int i = 0; i < 60; ++i)
    text += fmt::format("{},{}\n", others.contains(i) ? others.at(i) : value(i), i % 7);
  return typed(text);
}

std::string root(int i) { return fmt::format("{}", std::sqrt(i)); }
std::string day(int i) { return fmt::format("2016-{:02}-{:02}", 1 + i % 12, 1 + i % 28); }
std::string day_first(int i) { return fmt::format("{:02}/{:02}/2016", 1 + i % 28, 1 + i % 12); }
std::string hour(int i) { return fmt::format("{:02}:30", i % 24); }

struct Unread {
  std::string name;
  std::function<std::string(int)> value;
  std::map<int, std::string> others;
  ColumnType type;
  std::size_t missing;
  std::string finding;
};

class UnreadCells : public testing::TestWithParam<Unread> {};

TEST_P(UnreadCells, AreMissingAndNamedWithTheirLine) {
  const auto& expected = GetParam();
  const auto table = column_with(expected.value, expected.others);
  const auto& column = table.columns[0];
  EXPECT_EQ(to_string(column.type), to_string(expected.type));
  EXPECT_EQ(column.missing, expected.missing);
  if (expected.missing > 0) {
    for (const auto& [row, text] : expected.others)
      EXPECT_THAT(column.numbers[static_cast<std::size_t>(row)], IsNan());
  }
  EXPECT_THAT(told(table.findings), HasSubstr(expected.finding));
}

std::map<int, std::string> every(int step, const std::string& text) {
  std::map<int, std::string> others;
  for (int i = 0; i < 60; i += step) others[i] = text;
  return others;
}

const std::vector<Unread> unread_cells{
    {"OneText",
     root,
     {{59, "many"}},
     ColumnType::numeric,
     1,
     "!x: 1 cell holds no number and is read as missing: \"many\" (line 61)"},
    {"TwoTexts",
     root,
     {{3, "many"}, {9, "few"}},
     ColumnType::numeric,
     2,
     "!x: 2 cells hold no number and are read as missing: \"many\" (line 5), \"few\" (line 11)"},
    {"TooManyTexts", root, {{3, "a"}, {9, "b"}, {10, "c"}, {11, "d"}}, ColumnType::identifier, 0, ""},
    {"OneTextInManyCells", root, every(5, "below 1"), ColumnType::numeric, 12,
     "!x: 12 cells hold no number and are read as missing: \"below 1\" (12 cells, the first on line 2)"},
    {"FewNumbersBesideAText", [](int i) { return std::to_string(i % 9); }, every(5, "other"),
     ColumnType::categorical, 0, "x: 10 categories"},
    {"None", root, every(10, "None"), ColumnType::numeric, 6,
     "!x: 6 cells hold no number and are read as missing: \"None\" (6 cells, the first on line 2)"},
    {"NoneAmongFewNumbers", [](int i) { return std::to_string(i % 3); }, every(10, "None"),
     ColumnType::numeric, 6, "\"None\" (6 cells, the first on line 2)"},
    {"NoneAmongWords", [](int i) { return std::string(i % 3 ? "brick" : "wood"); }, every(10, "None"),
     ColumnType::categorical, 0, "x: 3 categories"},
    {"UnknownAndDashes",
     root,
     {{1, "unknown"}, {2, "--"}, {3, "n.a."}, {4, "missing"}, {5, ".a"}},
     ColumnType::numeric,
     5,
     "\"n.a.\" (line 5)"},
    {"UnknownBesideYesAndNo", [](int i) { return std::string(i % 2 ? "yes" : "no"); }, every(10, "unknown"),
     ColumnType::categorical, 0, "x: 3 categories"},
    {"ADayThatDoesNotExist",
     day,
     {{6, "2016-02-30"}},
     ColumnType::date,
     1,
     "!x: 1 cell holds no date and is read as missing: \"2016-02-30\" (line 8)"},
    {"ADayFirstThatDoesNotExist",
     day_first,
     {{6, "31/06/2016"}},
     ColumnType::date,
     1,
     "!x: 1 cell holds no date and is read as missing: \"31/06/2016\" (line 8)"},
    {"ZeroDates", day, every(4, "0000-00-00"), ColumnType::date, 15,
     "!x: 15 cells hold no date and are read as missing: \"0000-00-00\" (15 cells, the first on line 2)"},
    {"TheTimeTwentyFour",
     hour,
     {{6, "24:00"}},
     ColumnType::numeric,
     1,
     "!x: 1 cell holds no time of day and is read as missing: \"24:00\" (line 8)"},
};

INSTANTIATE_TEST_SUITE_P(Texts, UnreadCells, testing::ValuesIn(unread_cells),
                         [](const auto& test) { return test.param.name; });

// What pandas, R, C, MySQL, PostgreSQL and spreadsheets write where a value is missing.
TEST(Columns, MarksOfProgramsAreMissingInEveryColumn) {
  for (const std::string mark : {"<NA>", "\\N", "#N/A", "#NA", "NaT", "-nan", "1.#QNAN", "NA", "NULL",
                                 "(null)", "#DIV/0!", "#VALUE!", "nan", "n/a", "?", "-", "."}) {
    const auto numbers = column_with(root, every(10, mark));
    EXPECT_EQ(to_string(numbers.columns[0].type), "numeric") << mark;
    EXPECT_EQ(numbers.columns[0].missing, 6u) << mark;
    const auto words = column_with([](int i) { return std::string(i % 2 ? "a" : "b"); }, every(10, mark));
    EXPECT_THAT(words.columns[0].levels, ElementsAre("a", "b")) << mark;
  }
}

// Two different 18-digit numbers are one double.
TEST(Columns, WholeNumbersThatRoundingMakesEqualAreText) {
  const auto few = column_with([](int i) { return i % 2 ? "479386071891505153" : "479386071891505154"; }, {});
  EXPECT_EQ(to_string(few.columns[0].type), "categorical");
  EXPECT_THAT(told(few.findings),
              HasSubstr("whole numbers beyond 2^53 that differ in their last digits only"));
  const auto all = column_with([](int i) { return fmt::format("4793860718915051{:02}", i + 10); }, {});
  EXPECT_EQ(to_string(all.columns[0].type), "identifier");
  const auto times = column_with([](int i) { return fmt::format("16{:02}000000123456789", i + 10); }, {});
  EXPECT_EQ(to_string(times.columns[0].type), "numeric");
  EXPECT_THAT(told(times.findings), HasSubstr("!x: whole numbers beyond 2^53 are rounded to 53 bits"));
}

TEST(Columns, NinesFarFromAllOthersAreTold) {
  std::string text = "x,y,z\n";
  for (int i = 0; i < 40; ++i)
    text += fmt::format("{},{},{}\n", i % 8 ? 0.5 * i : -999, i % 8 ? i % 5 : 99, 90 + i % 10);
  EXPECT_THAT(told(typed(text).findings),
              AllOf(HasSubstr("!x: -999 stands in 5 cells, far from all others"),
                    HasSubstr("!y: 99 stands in 5 cells"), Not(HasSubstr("z: 99"))));
}

TEST(Columns, NumbersThatAreNotWrittenAlikeAreTold) {
  std::string text = "x,y\n";
  for (int i = 0; i < 60; ++i) text += fmt::format("{} {},{}\n", i % 15, i % 2 ? "kg" : "lb", i % 7);
  EXPECT_THAT(told(typed(text).findings),
              HasSubstr("!x: 60 cells begin with a digit but do not all read as numbers"));
}

TEST(Columns, LinesOfRowsCountLineEndsInQuotes) {
  EXPECT_THAT(parse_table("a,b\n\"x\r\ny\n\",1\nz,2\n", "t.csv").lines, ElementsAre(2, 5));
}

TEST(Columns, AHeaderThatHoldsTheTargetIsAHeader) {
  const std::string text = "2019,2021,label\n1,2,x\n3,4,y\n";
  EXPECT_EQ(parse_table(text, "t.csv").rows, 3u);
  EXPECT_EQ(parse_table(text, "t.csv", {.name = "label"}).rows, 2u);
}

struct Refused {
  std::string name, text, message;
};

class RefusedTable : public testing::TestWithParam<Refused> {};

TEST_P(RefusedTable, SaysWhyWhereAndTheWayOut) {
  try {
    typed(GetParam().text);
    FAIL() << "read without an error";
  } catch (const InputError& error) {
    EXPECT_EQ(std::string(error.what()), GetParam().message);
  }
}

const std::vector<Refused> refused_tables{
    {"Empty", "", "t.csv:1:1: the file is empty; a table needs a line of column names and rows"},
    {"BlankLinesOnly", "\n \r\n",
     "t.csv:1:1: the file is empty; a table needs a line of column names and rows"},
    {"HeaderOnly", "a,b\n", "t.csv:1: only a line of column names and no rows below it"},
    {"TooFewCells", "a,b,c\n1,2,3\n4,5\n",
     "t.csv:3:3: the row on line 3 has 2 cells, but there are 3 columns; every row needs one cell a column, "
     "and a cell that "
     "holds a \",\" must be in quotes"},
    {"TooManyCells", "a,b\n1,2\n3,4,5\n",
     "t.csv:3:5: the row on line 3 has 3 cells, but there are 2 columns; every row needs one cell a column, "
     "and a cell that "
     "holds a \",\" must be in quotes"},
    {"UnterminatedQuote", "a,b\n1,\"x\n2,y\n", "t.csv:2:3: a quote is opened here and never closed"},
    {"TextAfterQuote", "a,b\n\"x\"y,1\n",
     "t.csv:2:4: text after a closing quote; a quote inside a quoted cell is written twice (\"\")"},
    {"DuplicateNames", "a,b,a\n1,2,3\n",
     "t.csv:1: columns 1 and 3 are both named \"a\"; give each its own name, or write a line of names above "
     "the rows if there is none"},
    {"Latin1", "a,b\nx,caf\xe9\n",
     "t.csv:2:6: byte 0xe9 at offset 9 is not UTF-8; if the file is Latin-1 (Western European), convert it: "
     "iconv -f LATIN1 -t UTF-8 t.csv > t.utf8.csv"},
    {"Windows1252", "a,b\nx,caf\xe9 3 \x80\n",
     "t.csv:2:6: byte 0xe9 at offset 9 is not UTF-8; if the file is Windows-1252 (Western European), convert "
     "it: iconv -f CP1252 -t UTF-8 t.csv > t.utf8.csv"},
    {"Latin1AfterUtf8", "a,b\n\xe2\x82\xac,caf\xe9\n",
     "t.csv:2:6: byte 0xe9 at offset 11 is not UTF-8; if the file is Latin-1 (Western European), convert it: "
     "iconv -f LATIN1 -t UTF-8 t.csv > t.utf8.csv"},
    {"Nul", std::string("a,b\n1,\0002\n", 9),
     "t.csv:2:3: a NUL byte at offset 6: this is not a text table (or it is UTF-16; convert it: iconv -f "
     "UTF-16LE -t UTF-8 t.csv > t.utf8.csv)"},
    {"Utf16BigEndian", std::string("\0a\0,", 4),
     "t.csv:1:1: a NUL byte at offset 0: this is not a text table (or it is UTF-16; convert it: iconv -f "
     "UTF-16BE -t UTF-8 t.csv > t.utf8.csv)"},
    {"Compressed", "\x1f\x8b\x08", "t.csv: the file is compressed (gzip), not text; unpack it first: gunzip"},
    {"Spreadsheet", std::string("PK\x03\x04\0", 5),
     "t.csv: the file is a zip archive, a spreadsheet or NumPy arrays (npz), not text; unpack it, or save the sheet as CSV"},
    {"Infinite", "a,b\n1,2\n-inf,3\n",
     "t.csv:3: column \"a\" holds \"-inf\", which is not a finite number; replace it, or empty the cell if "
     "the value is missing"},
    {"TooLarge", "a,b\n1,2\n1e999,3\n",
     "t.csv:3: column \"a\" holds \"1e999\", which is not a finite number; replace it, or empty the cell if "
     "the value is missing"},
};

INSTANTIATE_TEST_SUITE_P(Texts, RefusedTable, testing::ValuesIn(refused_tables),
                         [](const auto& test) { return test.param.name; });

std::string wide_table(int columns, int rows) {
  std::string text;
  for (int c = 0; c < columns; ++c) text += fmt::format("{}x{}", c == 0 ? "" : ",", c);
  for (int r = 0; r < rows; ++r) {
    text += "\n0.25";
    for (int c = 1; c < columns; ++c) text += ",0.25";
  }
  return text;
}

TEST(Limits, TenThousandColumnsAreRefused) {
  try {
    parse_table(wide_table(10000, 20), "wide.csv");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(),
                 "wide.csv: 10000 columns; at most 5000 are supported, so leave some out first");
  }
}

TEST(Limits, FiveThousandColumnsAreRead) {
  EXPECT_EQ(parse_table(wide_table(5000, 12), "wide.csv").names.size(), 5000u);
}

TEST(Utf8, IllFormedSequencesAreFound) {  // Unicode 15, table 3-7
  for (const std::string_view bad : {"\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf0\x80\x80\xaf",
                                     "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\x80", "\xe2\x82", "\xff"})
    EXPECT_THROW(parse_table(fmt::format("a,b\n1,{}\n", bad), "t.csv"), InputError);
  EXPECT_NO_THROW(parse_table("a,b\n1,\xf4\x8f\xbf\xbf\xed\x9f\xbf\xe2\x82\xac\xc2\xa2\n", "t.csv"));
}

}  // namespace
}  // namespace qupel
