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

TEST(LabelSpelling, SetsAreNamed) {
  EXPECT_THAT(spellings({"NO", "No", "Yes", "maybe", "no!", "yes"}),
              ElementsAre(ElementsAre("NO", "No", "no!"), ElementsAre("Yes", "yes")));
  EXPECT_THAT(spellings({"a", "b", "0", "1"}), IsEmpty());
  EXPECT_EQ(spelling_warning({"a", "b"}), "");
}

}  // namespace
}  // namespace qupel
