#include "qupel/problem/tabular/label_spelling.h"

#include <gmock/gmock.h>

namespace qupel {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(LabelSpelling, CaseSpacesAndPunctuationAreLeftOut) {
  for (const auto* label : {"Not Sure", "not_sure", "NOT SURE!", "(not sure)", "not-sure.", "'not  sure'"})
    EXPECT_EQ(bare_label(label), "notsure") << label;
}

TEST(LabelSpelling, MarksThatMeanSomethingStay) {
  for (const auto& [a, b] : std::vector<std::pair<std::string, std::string>>{{"<=50K", ">50K"},
                                                                             {"A+", "A-"},
                                                                             {"A-", "A"},
                                                                             {"v1.0", "v10"},
                                                                             {"1,5 kg", "15 kg"},
                                                                             {"10-20", "1020"},
                                                                             {"-", "+"},
                                                                             {"?", "!"},
                                                                             {"5 %", "5"},
                                                                             {"caf\xc3\xa9", "cafe"}})
    EXPECT_NE(bare_label(a), bare_label(b));
}

TEST(LabelSpelling, FormsOfUnicodeAreLeftOut) {
  const auto same = [](std::string_view a, std::string_view b) {
    EXPECT_EQ(bare_label(a), bare_label(b)) << a;
  };
  same("caf\u00e9", "cafe\u0301");    // composed, decomposed
  same("\uff23\uff41\uff54", "Cat");  // full-width
  same("no\u200b", "no");             // a zero-width space
  same("New\u00a0York", "New York");
  same("Stra\u00dfe", "STRASSE");
  same("\u00c5\u0141\u0416\u03a9", "\u00e5\u0142\u0436\u03c9");  // capitals of four alphabets
  same("\u1ea4", "a\u0302\u0301");                               // two marks
}

TEST(LabelSpelling, LettersOfAnotherAlphabetAreNamed) {
  EXPECT_THAT(spellings({"Cat", "dog", "\u0421at"}), ElementsAre(ElementsAre("Cat", "\u0421at")));
  EXPECT_THAT(spellings({"\u041c\u043e\u0441\u043a\u0432\u0430", "\u041c\u041e\u0421\u041a\u0412\u0410"}),
              testing::SizeIs(1));
  EXPECT_THAT(spelling_warning({"Cat", "\u0421at"}),
              testing::HasSubstr("\"Cat\" = \"\u0421at\" (with U+0421)"));
}

TEST(LabelSpelling, SetsAreNamed) {
  EXPECT_THAT(spellings({"NO", "No", "Yes", "maybe", "no!", "yes"}),
              ElementsAre(ElementsAre("NO", "No", "no!"), ElementsAre("Yes", "yes")));
  EXPECT_THAT(spellings({"a", "b", "0", "1"}), IsEmpty());
  EXPECT_EQ(spelling_warning({"a", "b"}), "");
}

}  // namespace
}  // namespace qupel
