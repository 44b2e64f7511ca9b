#include "qupel/problem/tabular/number_spelling.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "qupel/problem/tabular/quantity_text.h"
#include "qupel/problem/tabular/shown_table.test.h"

namespace qupel {
namespace {

using ::testing::HasSubstr;

TEST(NumberSpellings, OfOtherScripts) {
  EXPECT_EQ(plain_spelling("\u0661\u0662\u066b\u0665"), "12.5") << "Arabic";
  EXPECT_EQ(plain_spelling("\uff11\uff0e\uff15"), "1.5") << "full-width";
  EXPECT_EQ(plain_spelling("\uff11\uff0c\uff15"), "1,5");
  EXPECT_EQ(plain_spelling("\u0e51.\u0e59"), "1.9") << "Thai";
  EXPECT_EQ(plain_spelling("\u0967.\u096f"), "1.9") << "Devanagari";
  EXPECT_EQ(plain_spelling("\u09e7\u09ef"), "19") << "Bengali";
  EXPECT_EQ(shown(typed("a;b\n\u0661\u066c\u0662\u0663\u0664\u066b\u0665;x\n\u0667;y\n")),
            "a numeric: 1234.5 7\nb categorical: x y\n");
  EXPECT_EQ(shown(typed("a;b\n\u0661\u066c\u0662\u0663\u0664;0,5\n\u0667;0,25\n")),
            "a numeric: 1234 7\nb numeric: 0.5 0.25\n")
      << "the mark between groups is no decimal comma";
}

TEST(NumberSpellings, DigitsOfEveryScriptAreInOrder) {
  for (const char32_t zero : {U'0', U'\u0660', U'\u06f0', U'\u0966', U'\u0e50', U'\uff10'}) {
    for (char32_t value = 0; value < 10; ++value)
      EXPECT_EQ(decimal_digit(zero + value), static_cast<char>('0' + value));
    EXPECT_EQ(decimal_digit(zero - 1), 0);
    EXPECT_EQ(decimal_digit(zero + 10), 0);
  }
}

TEST(Quantities, AreSeenInText) {
  for (const auto* cell :
       {"ca. 1.25", "[1.25]", "~1.25", "<5", "\u0e51.\u0e59 kg", "approx 3", "\u20ac 5", "\u2248 2"})
    EXPECT_TRUE(begins_with_digit(cell)) << cell;
  for (const auto* cell : {"cat 9", "n12", "about", "", "A-1"}) EXPECT_FALSE(begins_with_digit(cell)) << cell;
}

TEST(Units, AreThoseOfMostCells) {
  std::string text = "a;b\n0;1\n";
  for (int i = 0; i < 30; ++i) text += fmt::format("{} kg;{}\n", i * i % 13, i * i % 7);
  const auto table = typed(text);
  EXPECT_EQ(table.columns[0].reading.unit, "kg");
  EXPECT_EQ(table.columns[0].missing, 1u);
  EXPECT_THAT(told(table.findings),
              HasSubstr("!a: 1 cell holds no number and is read as missing: \"0\" (line 2)"));
}

TEST(UnreadTexts, OfManyKindsAreNamedInLinearTime) {
  std::string text = "a,b\n";
  for (int i = 0; i < 400000; ++i)
    text += i % 20 == 7 ? fmt::format("n{},1\n", i) : fmt::format("{},{}\n", i % 977, i % 7);
  const auto table = typed(text);
  EXPECT_EQ(table.columns[0].missing, 20000u);
  EXPECT_THAT(told(table.findings),
              HasSubstr("20000 cells hold no number and are read as missing: \"n7\" (line 9)"));
}

}  // namespace
}  // namespace qupel
