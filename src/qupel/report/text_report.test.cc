#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "qupel/report/example.h"
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

TEST(TextReport, VerdictReasonTableAndOpenGates) {
  const auto text = text_report(report::example_study(), 120);
  EXPECT_THAT(text, ::testing::StartsWith("verdict: classical better\n"));
  for (const auto& c : report::example_study().contenders) EXPECT_THAT(text, HasSubstr(c.name));
  for (const auto* title : {"contender", "family", "accuracy", "95 % interval", "points", "P(better)",
                            "circuits", "seconds", "───"})
    EXPECT_THAT(text, HasSubstr(title));
  EXPECT_THAT(text, HasSubstr("! warning (duplicate): 2 of 178 rows"));
  EXPECT_THAT(text, Not(HasSubstr("granularity")));
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
  EXPECT_THAT(text, Not(HasSubstr("circuits")));
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

TEST(TextReport, AllGatesPassedIsSaid) {
  auto result = report::example_study();
  for (auto& gate : result.gates) gate.severity = Gate::Severity::passed;
  EXPECT_THAT(text_report(result), HasSubstr("✓ all 9 integrity gates passed"));
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
