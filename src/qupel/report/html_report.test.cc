#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "qupel/base/embedded.h"
#include "qupel/report/example.test.h"
#include "qupel/report/html.h"
#include "qupel/report/markup_check.test.h"
#include "qupel/report/report.h"
#include "qupel/report/sections.h"
#include "qupel/report/selection.h"

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

TEST(HtmlReport, IsWellFormed) {
  report::keep_page("example", example_page());
  EXPECT_EQ(report::markup_fault(example_page()), "");
}

TEST(HtmlReport, IsWellFormedForEdgeStudies) {
  for (const auto& [name, result] : report::edge_studies()) {
    const auto page = html_report(result);
    report::keep_page(name, page);
    EXPECT_EQ(report::markup_fault(page), "") << name;
    EXPECT_THAT(page, Not(HasSubstr("nan"))) << name;
    EXPECT_THAT(page, Not(HasSubstr("\"inf"))) << name;
  }
}

TEST(HtmlReport, DrawsAllContendersTogether) {
  auto result = report::example_study();
  Plot plot{
      .title = "the gap by then", .x_label = "s", .y_label = "gap", .series = {}, .logarithmic_x = true};
  for (int k = 0; k < 12; ++k)  // all at one place: their names must find room
    plot.series.push_back(
        {.name = "contender number " + std::to_string(k), .points = {{0.1, 0.3}, {1, 0.1}}});
  result.overview = {plot};
  const auto page = html_report(result);
  EXPECT_THAT(page, HasSubstr("All contenders together"));
  for (const auto& series : plot.series) EXPECT_THAT(page, HasSubstr(series.name));
  EXPECT_EQ(report::markup_fault(page), "");
}

// Energies of a curve differ in the fourth digit: labels with three would all be the same.
TEST(HtmlReport, LabelsOfAnAxisDiffer) {
  auto result = report::example_study();
  result.overview = {
      {.title = "Energies",
       .x_label = "distance",
       .y_label = "hartree",
       .series = {{.name = "found", .points = {{1, -98.5477}, {2, -98.5012}, {3, -98.4543}}, .line = true}}}};
  const auto page = html_report(result);
  for (const auto* label : {">−98.54<", ">−98.52<", "hartree −98.5012"}) EXPECT_THAT(page, HasSubstr(label));
}

TEST(HtmlReport, CurvesOfNegativeLossesFillTheirPanel) {
  auto result = report::example_study();
  for (auto& c : result.contenders) c.learning_curve.clear();
  result.contenders[0].learning_curve = {-15.56, -15.59, -15.5948};
  const auto page = html_report(result);
  EXPECT_THAT(page, HasSubstr("loss −15.56000 → −15.59480"));
  EXPECT_THAT(page, HasSubstr(">−15.57<"));
}

TEST(HtmlReport, CountsSplitsOfWhatIsNoTable) {
  auto result = report::example_of_factors();
  result.outer_folds = 5;
  result.repeats = 2;
  result.plan = {.smallest_lead = 0.1, .rows = 3, .splits = 3};
  const auto page = html_report(result);
  EXPECT_THAT(page, HasSubstr("3 test splits"));
  EXPECT_THAT(page, Not(HasSubstr("10 test splits")));
  EXPECT_THAT(page, Not(HasSubstr("2 × 5 folds")));
}

TEST(HtmlReport, CountsGatesOnMoreThanTwoQubits) {
  auto result = report::example_of_factors();
  for (auto& c : result.contenders)
    if (c.circuit_cost.two_qubit > 0) c.circuit_cost.larger = 216;
  const auto page = html_report(result);
  EXPECT_THAT(page, HasSubstr("two-qubit gates, 216 larger"));
  EXPECT_THAT(page, Not(HasSubstr("features of a row")));
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
  report::keep_page("escaping", page);
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
                                                     {Verdict::no_advantage, "No case for a quantum model"},
                                                     {Verdict::inconclusive, "Undecided."}};
  result.headline.clear();
  for (const auto& [verdict, words] : answers) {
    result.verdict = verdict;
    const auto page = html_report(result);
    const auto first = page.substr(page.find("<h1"), page.find("</h1>") - page.find("<h1"));
    EXPECT_THAT(first, HasSubstr(words));
    EXPECT_LT(page.find("</h1>"), page.find("<table"));
  }
}

std::string first_heading(const std::string& page) {
  return page.substr(page.find("<h1"), page.find("</h1>") - page.find("<h1"));
}

std::string head_of(const std::string& page) { return page.substr(0, page.find("</header>")); }

/// The row of a chart whose label is `name`.
std::string chart_row(const std::string& html, const std::string& name) {
  const auto label = html.find("<span>" + name + "<");
  const auto spaced = html.find("<span>" + name + " <");
  const auto from = std::min(label, spaced);
  if (from == std::string::npos) return "";
  return html.substr(from, html.find("class=\"label\"", from) - from);
}

TEST(HtmlReport, TheStudysOwnHeadlineComesFirst) {
  EXPECT_THAT(first_heading(example_page()), HasSubstr("the best of all others leads by 3.2 points."));
  EXPECT_THAT(first_heading(html_report(report::example_of_older_version())),
              HasSubstr("No. A classical model is better here."));
}

TEST(HtmlReport, WarningsAndReachStandBesideTheAnswer) {
  const auto head = head_of(example_page());
  for (const auto* words : {"2 of 178 rows", "Final fits stopped", "Target cultivar: 2 rows without a label",
                            "could show a lead of 11.8 points or more: 178 rows, 5 × 3 splits",
                            "the same with 3 of 3 random seeds", "With 1,000 shots a circuit",
                            "href=\"#checks\"", "href=\"#data\"", "2026-11-28 15:20 UTC"})
    EXPECT_THAT(head, HasSubstr(words));
  EXPECT_THAT(head, Not(HasSubstr("look ")));
  EXPECT_THAT(head, Not(HasSubstr("sample id")));
  const auto undecided = head_of(html_report(report::example_with_two_classes()));
  EXPECT_THAT(undecided, HasSubstr("This is look 2 at these rows"));
  EXPECT_THAT(undecided, HasSubstr("the same with 2 of 3 random seeds; no advantage with 1"));
}

TEST(HtmlReport, OfAnOlderVersionLeavesOutWhatIsNotThere) {
  const auto page = html_report(report::example_of_older_version());
  for (const auto* absent :
       {"could show a lead", "random seeds;", "id=\"rows\"", "id=\"roc\"", "seed to seed", "What shots leave",
        "<dt>made</dt>", "What it could show", "Early stopping", "hardware noise"})
    EXPECT_THAT(page, Not(HasSubstr(absent)));
  EXPECT_THAT(page, HasSubstr("not recorded"));
}

TEST(HtmlReport, TellsTheRulesOfTheRunNotOfThisProgram) {
  auto result = report::example_study();
  result.circuit_training = {.adam_window = 12345, .adam_steps = 23456, .lbfgs_steps = 34567};
  const auto best = report::best_classical_on(result, Inputs::all)->name;
  for (auto& c : result.contenders) c.floor = c.name == best;
  const auto page = html_report(result);
  for (const auto* told : {"the last 12345 steps", "23456 and 34567 steps", "there is no hardware noise"})
    EXPECT_THAT(page, HasSubstr(told));
  EXPECT_NE(report::best_classical_on(result, Inputs::all)->name, best);
}

TEST(HtmlReport, BothSidesOfTheVerdictStandAmongTheScores) {
  auto result = report::example_study();
  result.sides[1].score = {.7654, .7, .8};
  const auto scores = report::scores_section(result);
  EXPECT_THAT(chart_row(scores, "best classical"), HasSubstr("<b>76.5\u00A0%</b>"));
  EXPECT_THAT(chart_row(scores, "best classical"), HasSubstr("svm-rbf in 8 splits, logistic in 4"));
  EXPECT_NE(chart_row(scores, "best quantum"), "");
  const auto costs = report::cost_table(result);
  EXPECT_THAT(costs, HasSubstr("against best classical (76.5\u00A0%)"));
  EXPECT_THAT(costs, HasSubstr("best classical <b>76.5\u00A0%</b>"));
}

TEST(HtmlReport, WordsOfAComparisonNeverSayMoreThanItsNumbers) {
  auto result = report::example_study();
  result.comparisons.resize(1);
  auto& only = result.comparisons.front();
  const std::tuple<Verdict, double, double, double, const char*> rows[] = {
      {Verdict::quantum_better, .01, .01, .98, "better"},
      {Verdict::classical_better, .97, .02, .01, "worse"},
      {Verdict::classical_better, .72, .2, .08, "undecided"},
      {Verdict::equivalent, .01, .96, .03, "practically equal"},
      {Verdict::equivalent, .25, .5, .25, "undecided"},
      {Verdict::no_advantage, .6, .37, .03, "not better"},
      {Verdict::inconclusive, .5, .3, .2, "undecided"}};
  for (const auto& [verdict, worse, equal, better, words] : rows) {
    only = report::comparison_with(verdict, worse, equal, better);
    only.decides = true;
    EXPECT_THAT(report::differences_section(result),
                HasSubstr("<span class=\"outcome\">" + std::string(words) + "</span>"));
    EXPECT_THAT(report::cost_table(result), HasSubstr(": " + std::string(words) + ". Chances"));
  }
}

TEST(HtmlReport, UndecidedTwinsAreNotCountedAgainstEntanglement) {
  auto result = report::example_study();
  int next = 0;
  for (auto& c : result.comparisons) {
    if (!c.against.ends_with("-separable")) continue;
    const auto twin = std::pair(c.contender, c.against);
    c = next++ == 0 ? report::comparison_with(Verdict::quantum_better, 0, .01, .99)
                    : report::comparison_with(Verdict::inconclusive, .4, .3, .3);
    c.contender = twin.first;
    c.against = twin.second;
  }
  EXPECT_THAT(report::entanglement_section(result), HasSubstr("<b>1 of 3 better, 2 undecided</b>"));
}

TEST(HtmlReport, SaysWhatWouldDecideAndWhyAProbableLeadDoesNot) {
  const auto section = report::differences_section(report::example_with_two_classes());
  EXPECT_THAT(section, HasSubstr("<b>variational</b> by 12 more repeats or some 900 rows"));
  EXPECT_THAT(section, HasSubstr("a continued look"));
  auto only_rows = report::example_with_two_classes();
  for (auto& c : only_rows.comparisons) c.repeats_needed = 0;
  EXPECT_THAT(report::differences_section(only_rows), HasSubstr("<b>variational</b> by some 900 rows"));
  EXPECT_THAT(report::differences_section(only_rows), Not(HasSubstr("a continued look")));
  EXPECT_THAT(section, HasSubstr("<b>reuploading</b> (98.0\u00A0%, adjusted p = 0.066)"));
}

TEST(HtmlReport, SpreadsAreCalledWhatTheyAre) {
  const auto costs = report::cost_table(report::example_study());
  EXPECT_THAT(costs, HasSubstr("seed to seed ±0.4 points, re-split to re-split ±"));
  EXPECT_THAT(report::cost_table(report::example_of_older_version()), Not(HasSubstr("seed to seed")));
}

TEST(HtmlReport, AdjointGradientsAreNotCalledCircuits) {
  const auto result = report::example_study();
  EXPECT_THAT(report::cost_table(result), HasSubstr("simulated circuit evaluations"));
  EXPECT_THAT(report::spending_section(result), HasSubstr("simulated evaluations"));
  EXPECT_THAT(report::spending_section(result), Not(HasSubstr("counts as one circuit")));
}

TEST(HtmlReport, SaysWhatTheSameFitsTakeOnHardware) {
  auto result = report::example_study();
  result.best_quantum = "variational";
  const auto costs = report::cost_table(result);
  EXPECT_THAT(costs,
              HasSubstr("on hardware 29.4\u00A0million circuits (parameter shift), with 1,000 shots each "
                        "29.4\u00A0billion executions"));
  EXPECT_THAT(report::spending_section(result), HasSubstr("circuits on hardware"));
  auto older = report::example_of_older_version();
  older.best_quantum = "variational";
  EXPECT_THAT(report::cost_table(older), HasSubstr("on hardware many more"));
  EXPECT_THAT(report::spending_section(older), Not(HasSubstr("circuits on hardware")));
}

TEST(HtmlReport, ATwinsCircuitIsNeverShownUnderAnEncodingsName) {
  auto result = report::example_study();
  for (auto& c : result.contenders) c.growth.clear();
  const EncodingGrowth full{"iqp-full", {1, 2, 4}, {1, 2, 4}, {0, 1, 6}, {1, 2, 3}, {1, 3, 10}},
      bare{"iqp-full", {1, 2, 4}, {1, 2, 4}, {0, 0, 0}, {1, 1, 1}, {1, 2, 4}};
  const auto named = [&](std::string_view name) {
    return std::ranges::find(result.contenders, name, &ContenderResult::name);
  };
  named("quantum-kernel-separable")->growth = {bare};
  EXPECT_THAT(report::encoding_section(result),
              HasSubstr("iqp-full in quantum-kernel-separable, without entangling gates"));
  named("quantum-kernel")->growth = {full};
  const auto both = report::encoding_section(result);
  EXPECT_THAT(both, HasSubstr("iqp-full"));
  EXPECT_THAT(both, Not(HasSubstr("without entangling gates")));
}

TEST(HtmlReport, LeadByRowsSaysWhetherGrowthIsShown) {
  auto result = report::example_study();
  EXPECT_THAT(report::rows_section(result), HasSubstr("that it grows with rows is not shown"));
  EXPECT_THAT(report::rows_section(result), HasSubstr("From 36 to 142 rows"));
  result.lead_by_rows.back().low = .01;
  EXPECT_THAT(report::rows_section(result), HasSubstr("in favour of the quantum side"));
  result.lead_by_rows.back() = {1, 142, -.3, -.4, -.2};
  EXPECT_THAT(report::rows_section(result), HasSubstr("in favour of the classical side"));
}

TEST(HtmlReport, RocCurvesNeedTwoClasses) {
  EXPECT_EQ(report::roc_section(report::example_study()), "");
  const auto section = report::roc_section(report::example_with_two_classes());
  EXPECT_THAT(section, HasSubstr("&quot;harmful&quot;"));
  EXPECT_THAT(section, HasSubstr("svm-rbf <span class=\"muted\">AUC 0.991</span>"));
}

TEST(HtmlReport, ShotsHaveTheirOwnComparisons) {
  EXPECT_THAT(report::shots_section(report::example_study()),
              HasSubstr("What shots leave of the difference"));
}

/// A page as a reader sees it: no markup, style, script or study file.
std::string read_text(const std::string& page) {
  const auto body =
      std::regex_replace(page.substr(page.find("<body")), std::regex("<(style|script|pre)[^]*?</\\1>"), "");
  return std::regex_replace(body, std::regex("<[^>]*>"), "");
}

TEST(HtmlReport, OfNumbersTellsErrorsInTheirOwnUnit) {
  const auto result = report::example_of_numbers();
  const auto page = html_report(result);
  const auto text = read_text(page);
  for (const auto* told :
       {"Against always predicting the mean", "25 to 346, mean 152", "Predicted against true", "of rmse",
        "how much lower the rmse is", "Of rmse, less is better", "rmse · less is better",
        "← worse · lead in rmse · better →", "A training score far below"})
    EXPECT_THAT(text, HasSubstr(told));
  for (const auto* untrue :
       {"percentage points", " points [", "accurac", "frequent class", "Is a class rare", "ROC", "classes"})
    EXPECT_THAT(text, Not(HasSubstr(untrue)));
  EXPECT_EQ(report::by_score(result).front()->name, report::by_score(report::example_study()).front()->name);
  EXPECT_EQ(report::by_score(result).back()->name, "majority");
  EXPECT_EQ(report::predictions_section(report::example_study()), "");
}

TEST(HtmlReport, OfAKindThatNobodyKnowsSaysNothingOfClassesOrTables) {
  const auto text = read_text(html_report(report::example_of_factors()));
  for (const auto* told : {"share-factored", "divisions", "to find factors", "Against trying no divisor",
                           "Of divisions, less is better"})
    EXPECT_THAT(text, HasSubstr(told));
  for (const auto* untrue :
       {"accurac", "frequent class", "class rare", "classes", "reduced", "@", "target away", "Do rows repeat",
        "missing values", "this table", "0 columns", "ROC"})
    EXPECT_THAT(text, Not(HasSubstr(untrue)));
}

TEST(HtmlReport, FindingsAboutTheTargetComeFirst) {
  const auto section = report::data_section(report::example_study());
  EXPECT_LT(section.find("2 rows without a label"), section.find("looks like an identifier"));
}

/// But for values of settings, which stand as a study file has them.
TEST(HtmlReport, NumbersHaveOneStyle) {
  const auto& page = example_page();
  auto text =
      std::regex_replace(page.substr(page.find("<body")),
                         std::regex("<(style|script|pre)[^]*?</\\1>|<span class=\"chip[^]*?</span>"), "");
  text = std::regex_replace(text, std::regex("<[^>]*>"), "|");
  std::smatch found;
  EXPECT_FALSE(std::regex_search(text, found, std::regex("[^]{20}[0-9] ?%[^0-9]"))) << found.str();
  EXPECT_FALSE(std::regex_search(text, found, std::regex("[ \\[>]-[0-9][^]{20}"))) << found.str();
  EXPECT_FALSE(std::regex_search(text, found, std::regex("[> ]1 (layer|circuit|row|split|contender|qubit)s")))
      << found.str();
  EXPECT_FALSE(std::regex_search(text, found, std::regex("[0-9]e[+-][0-9]"))) << found.str();
}

TEST(HtmlReport, SaysWhetherAnythingWasLearned) {
  EXPECT_THAT(example_page(), HasSubstr("Against always predicting the most frequent class"));
  EXPECT_THAT(example_page(), HasSubstr("too few rows to tell"));
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
       {"NISQ quantum", "classical", "quantum-inspired", "Quality", "Hardware price", "Owning it",
        "1000 samples", "Qubits", "Circuit depth", "Data encoding", "Error mitigation", "Where time goes",
        "Reproducibility", "Operations", "In the verdict", "Could it win?", "needs a device"})
    EXPECT_THAT(table, HasSubstr(title));
}

TEST(HtmlReport, OfADecisionSpeaksOfNoRowsToBeLoadedOrPredicted) {
  auto result = report::example_of_factors();
  result.columns = result.features = 12;  // variables, of which a contender's circuit may see fewer
  result.problem_summary = "12 nodes; 12 qubits as one circuit";
  result.row_noun = "instance";
  const auto page = html_report(result);
  EXPECT_THAT(page, HasSubstr(", to find <b>factors</b>?"));
  EXPECT_THAT(page, HasSubstr("<dt>instances</dt>"));
  EXPECT_THAT(page, HasSubstr(" or more: 178 instances, "));
  for (const auto* of_tables : {"Loading data", "Data encoding", "Owning it", "quantum models see",
                                "A million rows", "Preparation", "12 columns", "reduced ones", "This table"})
    EXPECT_THAT(page, Not(HasSubstr(of_tables)));
}

TEST(HtmlReport, ShowsAllChecksEvenUnchecked) {
  auto result = report::example_study();
  result.checks.pop_back();
  const auto page = html_report(result);
  for (const auto* code :
       {"leak", "duplicate", "granularity", "train-is-test", "above-validation", "failed-fit",
        "unequal-budget", "imbalance", "too-small", "no-entanglement", "weak-baselines", "lost-with-shots"})
    EXPECT_THAT(page, HasSubstr(std::string("<span class=\"muted\">") + code + "</span>"));
  EXPECT_THAT(page, HasSubstr("not checked"));
}

TEST(HtmlReport, RefusedStudyHasNoVerdict) {
  for (auto [name, result] : report::edge_studies())
    if (name == "refused") {
      EXPECT_THAT(first_heading(html_report(result)), HasSubstr("an integrity check refuses"));
      result.headline.clear();
      EXPECT_THAT(first_heading(html_report(result)), HasSubstr("an integrity check refuses"));
      result.headline = "No. The lead is lost with finite shots.";
      const auto head = head_of(html_report(result));
      EXPECT_THAT(head, HasSubstr("No. The lead is lost with finite shots."));
      EXPECT_THAT(head, Not(HasSubstr("random seeds.")));
    }
}

TEST(HtmlReport, UnentangledQuantumContendersCountAsClassical) {
  auto result = report::example_study();
  EXPECT_THAT(report::differences_section(result), Not(HasSubstr("counts as classical")));
  for (auto& c : result.contenders)
    if (c.name == "variational") c.entangled = false;
  EXPECT_THAT(report::differences_section(result),
              HasSubstr("<b>variational</b> chose circuits without entangling"));
  EXPECT_THAT(chart_row(report::scores_section(result), "variational"), HasSubstr("not entangled"));
}

TEST(Selection, TheVerdictRestsOnTheContenderMostLikelyToLead) {
  auto result = report::example_with_two_classes();
  EXPECT_EQ(report::overall(result)->contender, "reuploading");
  EXPECT_EQ(report::overall(report::example_of_older_version())->contender, "best quantum");
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
  EXPECT_TRUE(report::best_of(result, Family::classical)->name.ends_with("@reduced"));
  EXPECT_EQ(report::best_classical_on(result, Inputs::all)->name, "mlp");
}

}  // namespace
}  // namespace qupel
