#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "qupel/base/random.h"
#include "qupel/problem/optimization/growth_fit.h"
#include "qupel/problem/optimization/maxcut.h"

namespace qupel {
namespace {

using ::testing::HasSubstr;

TEST(GrowthFit, FindsTheFactorOfExactGrowth) {
  GrowthFit growth;
  for (const double size : {4.0, 6.0, 7.0, 10.0}) growth.add(size, 3 * std::pow(1.5, size), true);
  GrowthFit::Factor factor;
  ASSERT_TRUE(growth.fit(factor));
  EXPECT_NEAR(factor.mean, 1.5, 1e-9);
  EXPECT_NEAR(factor.low, 1.5, 1e-6);
  EXPECT_NEAR(factor.high, 1.5, 1e-6);
  EXPECT_NEAR(factor.at_zero, 3, 1e-9);
}

TEST(GrowthFit, HasTheIntervalOfTheSlope) {
  // Logarithms 0, 1, 1, 2 at 0, 1, 2, 3: slope 0.6, residuals -0.1, 0.3, -0.3, 0.1, standard error
  // sqrt(0.2 / 2 / 5); 4.302653 is the 97.5 % quantile of Student's t with 2 degrees of freedom.
  GrowthFit growth;
  const double logarithms[] = {0, 1, 1, 2};
  for (int i = 0; i < 4; ++i) growth.add(i, std::exp(logarithms[i]), true);
  GrowthFit::Factor factor;
  ASSERT_TRUE(growth.fit(factor));
  const double width = 4.302653 * std::sqrt(0.2 / 2 / 5);
  EXPECT_NEAR(std::log(factor.mean), 0.6, 1e-9);
  EXPECT_NEAR(std::log(factor.low), 0.6 - width, 1e-5);
  EXPECT_NEAR(std::log(factor.high), 0.6 + width, 1e-5);
}

TEST(GrowthFit, CoversTheTruthNineteenTimesOfTwenty) {
  int covered = 0;
  constexpr int studies = 400;
  for (std::uint64_t s = 0; s < studies; ++s) {
    Random random(s);
    GrowthFit growth;
    for (int i = 0; i < 12; ++i) growth.add(i % 4, std::exp(0.3 * (i % 4) + 0.5 * random.normal()), true);
    GrowthFit::Factor factor;
    ASSERT_TRUE(growth.fit(factor));
    covered += factor.low <= std::exp(0.3) && std::exp(0.3) <= factor.high ? 1 : 0;
  }
  EXPECT_NEAR(covered, 0.95 * studies, 14);  // three standard errors
}

TEST(GrowthFit, LeavesOutWhatWasNotSolvedAndSaysSo) {
  GrowthFit growth;
  std::vector<Series> series;
  GrowthFit::Factor factor;
  growth.draw("c", series);
  EXPECT_TRUE(series.empty());
  for (const double size : {2.0, 2.0, 3.0, 4.0}) growth.add(size, std::pow(2, size), true);
  growth.add(9, 1e9, false);
  ASSERT_TRUE(growth.fit(factor));
  EXPECT_NEAR(factor.mean, 2, 1e-9);
  growth.draw("c", series);
  ASSERT_EQ(series.size(), 2u);
  EXPECT_THAT(series[0].name, HasSubstr("c: 2 a qubit (2 to 2); 1 of 5 instances not solved"));
  EXPECT_EQ(series[1].points.size(), 3u);
  GrowthFit one_size;
  for (int i = 0; i < 5; ++i) one_size.add(3, 1 + i, true);
  EXPECT_FALSE(one_size.fit(factor));
}

/// A square: cuts of 4 are the best.
std::unique_ptr<DecisionProblem> square() {
  Graph graph{{"a", "b", "c", "d"}, {{0, 1, 1}, {1, 2, 1}, {2, 3, 1}, {0, 3, 1}}};
  return maxcut_problem(named_facts("square", "square"), {graph});
}

ContenderAnswers answers_of(const std::string& name, const Answer& answer, AnswerTime time) {
  static constexpr std::size_t rows[] = {0};
  return {name, {{&answer, rows}}, {time}};
}

TEST(GapCurve, IsTheMeanOfTheBestOfSoManyTries) {
  const auto problem = square();
  // Of 10 tries 2 met the cut of 4, 5 one of 2 (a gap of a half), 3 one of none (a gap of one).
  const Answer answer = Assignment{{1, 0, 1, 0}, {{0, 3}, {2, 5}, {4, 2}}, 10};
  const auto contender = answers_of("c", answer, {.before = 1, .tries = 5});
  const auto plots = problem->overview(std::span(&contender, 1));
  ASSERT_FALSE(plots.empty());
  const auto& points = plots[0].series.at(0).points;
  ASSERT_EQ(points.size(), 4u);  // after 1, 2, 4 and 8 tries
  for (std::size_t k = 0; k < points.size(); ++k) {
    const double tries = std::pow(2, k);
    const double missed = std::pow(0.8, tries), nothing = std::pow(0.3, tries);
    EXPECT_NEAR(points[k].first, 1 + 0.5 * tries, 1e-12);
    EXPECT_NEAR(points[k].second, 0.5 * (missed - nothing) + nothing, 1e-12);
  }
}

TEST(TimeToSolution, IsNoNumberIfItWasNeverMet) {
  const auto problem = square();
  const Answer some = Assignment{{1, 0, 1, 0}, {{2, 5}, {4, 5}}, 10},
               none = Assignment{{1, 0, 0, 0}, {{2, 10}}, 10};
  const auto met = answers_of("met", some, {.before = 1, .tries = 5}),
             never = answers_of("never", none, {.before = 1, .tries = 5});
  const auto of_met = problem->overall_scores(met.answers, met.times);
  EXPECT_NEAR(of_met.at("time_to_solution"), 1 + 0.5 * std::log(0.01) / std::log(0.5), 1e-12);
  EXPECT_NEAR(of_met.at("mean_time_to_solution"), 1 + 0.5 * 2, 1e-12);
  const auto of_never = problem->overall_scores(never.answers, never.times);
  EXPECT_TRUE(std::isnan(of_never.at("time_to_solution")));
  EXPECT_TRUE(std::isnan(of_never.at("mean_time_to_solution")));
  EXPECT_EQ(of_never.at("seconds_to_answer"), 6);
}

}  // namespace
}  // namespace qupel
