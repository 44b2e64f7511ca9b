#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <sstream>

#include "qupel/report/example.test.h"
#include "qupel/report/markup_check.test.h"
#include "qupel/report/report.h"
#include "qupel/report/terminal.h"

namespace qupel {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

/// Invented members whose contenders are told apart: quantum ahead on most sets.
/// @param text stands wherever a user's words may
CollectionResult example(std::size_t sets, const std::string& text = "", bool refused = false) {
  CollectionSpec spec{"many" + text, {}};
  std::vector<StudyResult> members;
  for (std::size_t set = 0; set < sets; ++set) {
    spec.members.emplace_back().file = "table" + std::to_string(set) + text + ".csv";
    auto& member = members.emplace_back();
    member.run = "/runs/many-table" + std::to_string(set) + "-0123456789ab";
    member.metric = "accuracy";
    member.protocol = "a protocol" + text;
    member.rows = 100 + set;
    member.verdict = set % 3 == 0 ? Verdict::quantum_better : Verdict::inconclusive;
    if (refused && set == 1) member.checks = {{"leak", Check::Severity::refused, "a copy" + text}};
    const auto add = [&](const std::string& name, Family family, double score) {
      auto& contender = member.contenders.emplace_back();
      contender.name = name + text;
      contender.family = family;
      contender.metrics["accuracy"].mean = score;
    };
    const double noise = 0.001 * static_cast<double>(set * 7 % 5);
    add("kernel", Family::quantum, 0.9 + noise);
    add("forest", Family::classical, set == 2 ? 0.95 : 0.85);
    add("twin", Family::quantum_inspired, 0.8 - noise);
    add("majority", Family::classical, 0.5);
  }
  auto result = summarise_collection(spec, members);
  result.run = "/runs/many-ba9876543210";
  return result;
}

TEST(CollectionReport, IsWellFormed) {
  const std::string evil = "</script><img onerror='x' \"&\x1b";
  for (const auto& [name, result] : {std::pair{"collection", example(8)},
                                     {"collection-of-two", example(2)},
                                     {"collection-refused", example(40, " a very long name", true)},
                                     {"collection-escaped", example(8, evil, true)}}) {
    const auto page = html_report(result);
    report::keep_page(name, page);
    EXPECT_EQ(report::markup_fault(page), "") << name;
    EXPECT_THAT(page, Not(HasSubstr("<img"))) << name;
  }
}

TEST(CollectionReport, TellsScoresRanksTestsAndWhereTheRunsAre) {
  const auto page = html_report(example(8));
  EXPECT_THAT(page,
              AllOf(HasSubstr("critical difference of 1.66"), HasSubstr("mean rank 1.12"),
                    HasSubstr("href=\"../many-table7-0123456789ab/report.html\""),
                    HasSubstr("qupel replay /runs/many-ba9876543210"), HasSubstr("forest on table2: rank 1"),
                    HasSubstr("not told apart: kernel, forest"), Not(HasSubstr("id=\"checks\""))));
  EXPECT_THAT(html_report(example(8, "", true)), AllOf(HasSubstr("id=\"checks\""), HasSubstr("No verdict")));
}

TEST(CollectionReport, TextKeepsToTheWidth) {
  for (const int width : {40, 80, 140}) {
    std::istringstream in(text_report(example(40, "葡萄酒", true), width));
    for (std::string line; std::getline(in, line);)
      EXPECT_LE(report::columns_of(line), static_cast<std::size_t>(width)) << line;
  }
  EXPECT_THAT(text_report(example(8), 120), AllOf(HasSubstr("mean rank"), HasSubstr("1 1 2 1 1 1 1 1"),
                                                  HasSubstr("many-table7-0123456789ab")));
}

}  // namespace
}  // namespace qupel
