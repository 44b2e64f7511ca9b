#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <regex>

#include "qupel/base/embedded.h"
#include "qupel/report/example.h"
#include "qupel/report/html.h"
#include "qupel/report/markup_check.h"
#include "qupel/report/report.h"
#include "qupel/report/sections.h"
#include "qupel/report/selection.h"
#include "qupel/study/verdict.h"

namespace qupel {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string& example_page() {
  static const std::string page = html_report(report::example_study());
  return page;
}

std::string without(std::string text, std::string_view part) {
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part)) text.erase(at, part.size());
  return text;
}

/// scripts/check-report looks at these pages in a browser.
void keep(const std::string& name, const std::string& page) {
  std::ofstream(std::string(QUPEL_BINARY_DIR) + "/report-" + name + ".html") << page;
}

TEST(HtmlReport, IsWellFormed) {
  keep("example", example_page());
  EXPECT_EQ(report::markup_fault(example_page()), "");
}

TEST(HtmlReport, IsWellFormedForEdgeStudies) {
  for (const auto& [name, result] : report::edge_studies()) {
    const auto page = html_report(result);
    keep(name, page);
    EXPECT_EQ(report::markup_fault(page), "") << name;
    EXPECT_THAT(page, Not(HasSubstr("nan"))) << name;
    EXPECT_THAT(page, Not(HasSubstr("\"inf"))) << name;
  }
}

TEST(HtmlReport, LoadsNothing) {
  const auto& page = example_page();
  const std::regex load(
      R"(https?:|\bsrc\s*=|url\(|@import|<(iframe|object|embed|img|form|base)\b|fetch\(|XMLHttpRequest)");
  std::smatch found;
  EXPECT_FALSE(std::regex_search(page, found, load)) << found.str();
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
}

TEST(HtmlReport, EscapesEveryText) {
  const std::string evil = "</script><script>alert(1)</script><img onerror='x' \"&\x1b";
  const auto page = html_report(report::study_with_text(evil));
  keep("escaping", page);
  EXPECT_EQ(report::markup_fault(page), "");
  EXPECT_THAT(page, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(page, Not(HasSubstr("<img")));
  EXPECT_THAT(page, Not(HasSubstr("\x1b")));
  EXPECT_THAT(without(page, "onerror=&#39;"), Not(HasSubstr("onerror")));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(1)"));
}

TEST(HtmlReport, NamesAllContendersInEveryOverview) {
  const auto& page = example_page();
  for (const auto& c : report::example_study().contenders) {
    const std::regex name(">" + std::regex_replace(c.name, std::regex("[@.-]"), R"([$&])") + "<");
    const auto times = std::distance(std::sregex_iterator(page.begin(), page.end(), name), {});
    EXPECT_GE(times, 2) << c.name;
  }
}

TEST(HtmlReport, AnswersFirst) {
  auto result = report::example_study();
  const std::pair<Verdict, const char*> answers[] = {{Verdict::quantum_better, "Yes."},
                                                     {Verdict::classical_better, "No. A classical"},
                                                     {Verdict::equivalent, "take the cheaper"},
                                                     {Verdict::inconclusive, "Undecided."}};
  for (const auto& [verdict, words] : answers) {
    result.verdict = verdict;
    const auto page = html_report(result);
    const auto first = page.substr(page.find("<h1"), page.find("</h1>") - page.find("<h1"));
    EXPECT_THAT(first, HasSubstr(words));
    EXPECT_LT(page.find("</h1>"), page.find("<table"));
  }
}

TEST(HtmlReport, SaysWhetherAnythingWasLearned) {
  auto result = report::example_study();
  EXPECT_THAT(html_report(result), HasSubstr("Against always predicting the most frequent class"));
  for (auto& c : result.comparisons)
    if (c.against == "majority") c.verdict = Verdict::inconclusive;
  for (const auto& c : std::vector(result.comparisons))
    if (c.decides)
      result.comparisons.push_back(compare(c.contender, "majority", c.metric, {0.0, 0.0}, 1, result.rope));
  EXPECT_THAT(html_report(result), HasSubstr("Neither side is shown to learn anything"));
}

TEST(HtmlReport, TheFloorIsNoReductionOfColumns) {
  const auto section = report::reduction_section(report::example_study());
  EXPECT_THAT(section, HasSubstr("logistic@reduced"));
  EXPECT_THAT(section, Not(HasSubstr("majority")));
}

TEST(HtmlReport, TheFirstTableHasEveryRowAndSaysWhatNeedsADevice) {
  const auto& page = example_page();
  const auto table = page.substr(page.find("<table class=\"costs\""),
                                 page.find("</table>") - page.find("<table class=\"costs\""));
  for (const auto* title :
       {"NISQ quantum", "classical", "quantum-inspired", "Quality", "Hardware price", "1000 samples",
        "Qubits", "Circuit depth", "Data encoding", "Error mitigation", "Where time goes", "Reproducibility",
        "Operations", "Where it could win", "needs a device"})
    EXPECT_THAT(table, HasSubstr(title));
}

TEST(HtmlReport, ShowsAllNineGatesEvenUnchecked) {
  auto result = report::example_study();
  result.gates.pop_back();
  const auto page = html_report(result);
  for (const auto* code : {"leak", "duplicate", "granularity", "train-is-test", "above-validation",
                           "failed-fit", "unequal-budget", "imbalance", "too-small"})
    EXPECT_THAT(page, HasSubstr(std::string("<span class=\"muted\">") + code + "</span>"));
  EXPECT_THAT(page, HasSubstr("not checked"));
}

TEST(HtmlReport, RefusedStudyHasNoVerdict) {
  for (const auto& [name, result] : report::edge_studies())
    if (name == "refused") {
      EXPECT_THAT(html_report(result), HasSubstr("an integrity check refuses"));
    }
}

TEST(HtmlReport, SaysHowToDoItAgain) {
  const auto result = report::example_study();
  for (const auto& text : {"qupel replay " + result.run, result.study_hash, result.data_hash,
                           result.results_hash, result.version, result.environment.at("cpu")})
    EXPECT_THAT(example_page(), HasSubstr(text));
}

TEST(HtmlReport, EveryDrawingHasALabelAndEveryTipATitle) {
  const auto& page = example_page();
  const std::regex drawing("<svg class=\"(strip|plot)\"[^>]*>");
  for (std::sregex_iterator i(page.begin(), page.end(), drawing), end; i != end; ++i) {
    EXPECT_THAT(i->str(), HasSubstr("role=\"img\""));
    EXPECT_THAT(i->str(), HasSubstr("aria-label=\""));
  }
  const auto parts = [&](const char* pattern) {
    const std::regex part(pattern);
    return std::distance(std::sregex_iterator(page.begin(), page.end(), part), {});
  };
  EXPECT_EQ(parts("<(rect|circle|line|path)[^>]*data-tip="),
            parts("<title>") - 1);  // the page has one itself
  EXPECT_GT(parts("<title>"), 300);
}

TEST(HtmlReport, IsTheSamePageForTheSameResult) {
  EXPECT_EQ(html_report(report::example_study()), example_page());
}

TEST(Selection, BestOfAFamilyIsChosenByValidationNotByTest) {
  auto result = report::example_study();
  EXPECT_EQ(report::best_of(result, Family::quantum)->name, "quantum-kernel");
  for (auto& c : result.contenders)
    if (c.family == Family::quantum_inspired) c.validation = c.name == "variational-separable" ? .99 : .5;
  EXPECT_EQ(report::best_of(result, Family::quantum_inspired)->name, "variational-separable");
  result.best_classical.clear();
  for (auto& c : result.contenders)
    c.validation = c.inputs == Inputs::reduced ? .99 : c.name == "mlp" ? .9 : .5;
  EXPECT_EQ(report::best_of(result, Family::classical)->name, "mlp");
}

}  // namespace
}  // namespace qupel
