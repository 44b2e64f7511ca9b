#include "qupel/report/answer_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qupel::report {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(AnswerWords, AreInTheProblemsOwnTerms) {
  EXPECT_EQ(answer_words(R"(["1", "3", "2"])"), "1, 3, 2");
  EXPECT_EQ(answer_words(R"([["a", "b"], ["c"]])"), "a, b | c");
  EXPECT_EQ(answer_words(R"({"tent": 1, "stove": 0, "rope": 3, "lamp": -2})"), "tent, rope = 3, lamp = -2");
  EXPECT_EQ(answer_words(R"({"a": 0, "b": 0})"), "all 0");
  EXPECT_EQ(answer_words("null"), "none");
  EXPECT_EQ(answer_words("no JSON"), "none");
}

TEST(AnswerWords, OfManyVariablesAreTheFirst) {
  std::string many = "{\"v0\": 1";
  for (int i = 1; i < 100; ++i) many += ", \"v" + std::to_string(i) + "\": 1";
  EXPECT_THAT(answer_words(many + "}"), HasSubstr("v58, v59 and 40 more"));
}

TEST(AnswersTable, HasEveryContendersAnswerToADecisionAlone) {
  StudyResult result;
  ContenderResult picks;
  picks.name = "qaoa-dicke";
  picks.solution = R"([["A", "B"], ["B", "C<"]])";
  result.contenders = {picks};
  EXPECT_EQ(answers_table(result), "");
  result.problem_description = R"({"kind": "molecule", "atoms": 2})";
  EXPECT_EQ(answers_table(result), "");
  result.problem_description = R"({"kind": "portfolio", "sense": "min", "instances": 2})";
  EXPECT_THAT(answers_table(result), HasSubstr("qaoa-dicke"));
  EXPECT_THAT(answers_table(result), HasSubstr("B, C&lt;"));
  EXPECT_THAT(answers_table(result), Not(HasSubstr("A, B")));
}

}  // namespace
}  // namespace qupel::report
