#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "qupel/report/example.test.h"
#include "qupel/report/report.h"
#include "qupel/report/terminal.h"

namespace qupel {
namespace {

using report::columns_of;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

TEST(TextReport, KeepsToTheWidth) {
  auto studies = report::edge_studies();
  studies.push_back({"example", report::example_study()});
  studies.push_back({"wide characters", report::study_with_text("葡萄酒 的 数据")});
  for (const auto& [name, result] : studies)
    for (const int width : {40, 60, 80, 100, 140})
      for (const auto& line : lines_of(text_report(result, width)))
        EXPECT_LE(columns_of(line), static_cast<std::size_t>(width)) << name << ": " << line;
}

TEST(TextReport, VerdictReasonTableAndOpenChecks) {
  const auto text = text_report(report::example_study(), 150);
  EXPECT_THAT(text, ::testing::StartsWith("verdict: classical better\n"));
  for (const auto& c : report::example_study().contenders) EXPECT_THAT(text, HasSubstr(c.name));
  for (const auto* title : {"contender", "family", "accuracy", "95 % interval", "points", "P(better)",
                            "verdict", "evaluations", "seconds", "───"})
    EXPECT_THAT(text, HasSubstr(title));
  EXPECT_THAT(text, HasSubstr("! warning (duplicate): 2 of 178 rows"));
  EXPECT_THAT(text, Not(HasSubstr("granularity")));
}

/// The first line that begins so.
std::string line_of(const std::string& text, std::string_view start) {
  for (const auto& line : lines_of(text))
    if (line.starts_with(start)) return line;
  return "";
}

TEST(TextReport, BothSidesOfTheVerdictHaveARowWithTheirScores) {
  auto result = report::example_study();
  result.sides[1].score = {.7654, .7, .8};
  const auto text = text_report(result, 150);
  EXPECT_THAT(line_of(text, "best classical "), HasSubstr("76.5\u00A0%  [70.0, 80.0]"));
  EXPECT_THAT(line_of(text, "best quantum "), HasSubstr("quantum"));
  EXPECT_THAT(text, HasSubstr("best classical: svm-rbf in 8 splits, logistic in 4, svm-rbf@reduced in 2"));
}

TEST(TextReport, TheTableSaysWhatTheComparisonsShow) {
  auto result = report::example_study();
  auto& kernel = *std::ranges::find_if(result.comparisons, [](const auto& c) {
    return c.contender == "quantum-kernel" && c.against == best_classical;
  });
  const std::tuple<Verdict, double, double, double, const char*> rows[] = {
      {Verdict::quantum_better, .01, .01, .98, "better"},
      {Verdict::classical_better, .97, .02, .01, "worse"},
      {Verdict::classical_better, .6, .33, .07, "undecided"},
      {Verdict::equivalent, .01, .96, .03, "practically equal"},
      {Verdict::equivalent, .4, .56, .04, "not better"},
      {Verdict::no_advantage, .6, .37, .03, "not better"},
      {Verdict::inconclusive, .5, .3, .2, "undecided"}};
  for (const auto& [verdict, worse, equal, better, words] : rows) {
    kernel = report::comparison_with(verdict, worse, equal, better);
    EXPECT_THAT(line_of(text_report(result, 150), "quantum-kernel "),
                HasSubstr("  " + std::string(words) + "  "));
  }
}

TEST(TextReport, SaysTheAnswerAndHowFarItReaches) {
  const auto text = text_report(report::example_with_two_classes(), 400);
  EXPECT_THAT(text, HasSubstr("Undecided. There are not enough rows to tell.\n"));
  EXPECT_THAT(text, HasSubstr("could show a lead of 11.8 points or more: 178 rows, 5 × 3 splits"));
  EXPECT_THAT(text, HasSubstr("look 2 at these rows"));
  EXPECT_THAT(text, HasSubstr("the same with 2 of 3 random seeds; no advantage with 1"));
  EXPECT_THAT(text, HasSubstr("With 1,000 shots a circuit"));
  EXPECT_THAT(text, HasSubstr("! target cultivar: 2 rows without a label"));
}

TEST(TextReport, OfNumbersTellsLeadsNotPoints) {
  const auto text = text_report(report::example_of_numbers(), 150);
  EXPECT_THAT(text, Not(HasSubstr("points")));
  EXPECT_THAT(text, HasSubstr("lead: how much lower rmse is than that of best classical"));
  EXPECT_THAT(text, ::testing::ContainsRegex("could show a lead of 9[0-9.]* of rmse or more"));
  EXPECT_LT(text.find("\nsvm-rbf "), text.find("\nmajority "));
}

TEST(TextReport, OfAnOlderVersionLeavesOutWhatIsNotThere) {
  const auto text = text_report(report::example_of_older_version(), 200);
  EXPECT_THAT(text, HasSubstr("No. A classical model is better here."));
  EXPECT_EQ(line_of(text, "best classical"), "");
  for (const auto* absent : {"could show a lead", "look ", "random seed", "With 1,000 shots"})
    EXPECT_THAT(text, Not(HasSubstr(absent)));
}

TEST(TextReport, SaysWhereAnOlderRuleClaimedMoreThanItsNumbers) {
  auto result = report::example_of_older_version();
  for (auto& c : result.comparisons)
    if (c.decides) {
      c.verdict = Verdict::classical_better;
      c.p_worse = .7, c.p_equivalent = .2, c.p_better = .1;
    }
  EXPECT_THAT(text_report(result, 300), HasSubstr("best quantum against best classical show: undecided."));
  result.headline = "No case.";
  EXPECT_THAT(text_report(result, 300), Not(HasSubstr("weaker rule")));
}

TEST(TextReport, ColumnsAreAligned) {
  const auto lines = lines_of(text_report(report::example_study(), 120));
  const auto header =
      std::find_if(lines.begin(), lines.end(), [](auto& line) { return line.starts_with("contender"); });
  ASSERT_NE(header, lines.end());
  const auto column = columns_of(header->substr(0, header->find("family")));
  for (auto row = header + 2; !row->starts_with("─"); ++row) EXPECT_EQ((*row)[column - 1], ' ') << *row;
}

TEST(TextReport, NarrowTerminalsKeepNameAndScore) {
  const auto text = text_report(report::example_study(), 40);
  EXPECT_THAT(text, HasSubstr("quantum-kernel"));
  EXPECT_THAT(text, HasSubstr("accuracy"));
  EXPECT_THAT(text, Not(HasSubstr("evaluations")));
}

TEST(TextReport, ColoursOnlyWhenAsked) {
  const auto result = report::example_study();
  EXPECT_THAT(text_report(result, 100), Not(HasSubstr("\x1b")));
  EXPECT_THAT(text_report(result, 100, true), HasSubstr("\x1b[1;33mverdict: classical better\x1b[0m"));
}

TEST(TextReport, UsersCannotCommandTheTerminal) {
  EXPECT_THAT(text_report(report::study_with_text("\x1b]0;owned\x07\x1b[2J\u009b31m"), 100),
              Not(HasSubstr("\x1b")));
}

TEST(TextReport, AllChecksPassedIsSaid) {
  auto result = report::example_study();
  for (auto& check : result.checks) check.severity = Check::Severity::passed;
  result.findings.clear();
  EXPECT_THAT(text_report(result), HasSubstr("✓ all 9 integrity checks passed"));
}

TEST(Terminal, CountsColumnsNotBytes) {
  EXPECT_EQ(columns_of("abc"), 3U);
  EXPECT_EQ(columns_of("−5 µs"), 5U);
  EXPECT_EQ(columns_of("葡萄"), 4U);
  EXPECT_EQ(columns_of("e\u0301"), 1U);
  EXPECT_EQ(columns_of("\xff\xfe"), 2U);  // not UTF-8: bytes
}

TEST(Terminal, ShortensAtCharacters) {
  EXPECT_EQ(report::shortened("quantum", 7), "quantum");
  EXPECT_EQ(report::shortened("quantum", 5), "quan…");
  EXPECT_EQ(report::shortened("葡萄酒", 4), "葡…");
  EXPECT_EQ(report::shortened("quantum", 0), "");
}

TEST(Terminal, PadsToEitherSide) {
  EXPECT_EQ(report::padded("−1", 4), "−1  ");
  EXPECT_EQ(report::padded("−1", 4, report::Align::right), "  −1");
  EXPECT_EQ(report::padded("long", 2), "long");
}

TEST(Terminal, WrapsAtSpacesAndInsideLongWords) {
  EXPECT_EQ(report::wrapped("one two three", 7), "one two\nthree");
  EXPECT_EQ(report::wrapped("abcdefgh", 3), "abc\ndef\ngh");
  EXPECT_EQ(report::wrapped("one two three", 8, 2), "one two\n  three");
  EXPECT_EQ(report::wrapped("", 10), "");
  EXPECT_EQ(report::wrapped("a  b", 10), "a b");
}

}  // namespace
}  // namespace qupel
