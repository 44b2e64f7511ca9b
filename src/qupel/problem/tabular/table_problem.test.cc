#include "qupel/problem/tabular/table_problem.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/problem/tabular/prior_shift.h"
#include "qupel/problem/tabular/rows.h"

namespace qupel {
namespace {

/// Three columns; the class, or the number, follows the first.
DataSet table(std::size_t rows, bool numbers) {
  Random random(3);
  DataSet made;
  made.name = made.source = "made";
  made.target = "y";
  made.data_hash = std::string(64, '0');
  made.rows_read = made.table.rows = rows;
  for (int c = 0; c < 3; ++c) {
    auto& column = made.table.columns.emplace_back();
    column.name = "x" + std::to_string(c);
    for (std::size_t r = 0; r < rows; ++r) column.numbers.push_back(random.normal());
  }
  const auto& first = made.table.columns[0].numbers;
  if (numbers) {
    for (const double x : first) made.targets.push_back(10 * x + random.normal());
    set_fifths(made);
  } else {
    made.classes = {"a", "b"};
    for (const double x : first) made.labels.push_back(x > 0 ? 1 : 0);
  }
  return made;
}

constexpr TableInputs two_of_three{.reduction = Reduction::select, .features = 2};

TEST(TableProblem, GivesTheFirstColumnsInTheWantedScale) {
  const auto problem = table_problem(table(40, false), two_of_three);
  const auto split = problem->splits({}).front();
  const auto work = problem->prepare({}, split);
  const auto seen = [&](const InputChoice& inputs) {
    return dynamic_cast<const Samples&>(*problem->view(*work.outer.ask, inputs)).x;
  };
  EXPECT_EQ(seen({}).columns(), 3u);
  EXPECT_EQ(problem->width({}), 3);
  EXPECT_EQ(seen({.reduced = true}).columns(), 2u);
  EXPECT_EQ(problem->width({.reduced = true}), 2);
  EXPECT_EQ(seen({.reduced = true, .columns = 1}).columns(), 1u);
  EXPECT_EQ(seen({.reduced = true, .columns = 9}).columns(), 2u);
  EXPECT_NE(seen({.reduced = true, .scaling = "robust"}), seen({.reduced = true}));
}

TEST(TableProblem, TunesInsideTheTrainingRows) {
  const auto problem = table_problem(table(60, true), two_of_three);
  for (const auto& split : problem->splits({.outer_folds = 4, .repeats = 1})) {
    const auto work = problem->prepare({.inner_folds = 3}, split);
    ASSERT_EQ(work.inner.size(), 3u);
    for (const auto& inner : work.inner)
      for (const auto row : inner.ask_rows) {
        EXPECT_TRUE(std::ranges::binary_search(split.train, row));
        EXPECT_FALSE(std::ranges::binary_search(inner.learn_rows, row));
      }
  }
}

TEST(TableProblem, FewerRowsKeepWhatTheyAre) {
  const auto problem = table_problem(table(60, true), two_of_three);
  const auto work = problem->prepare({}, problem->splits({}).front());
  const auto fewer = problem->fewer(work.outer, 0.5, 7);
  ASSERT_TRUE(fewer);
  const auto half = work.outer.learn_rows.size() / 2;
  EXPECT_NEAR(static_cast<double>(fewer->learn_rows.size()), static_cast<double>(half), 1);
  const auto& rows = dynamic_cast<const TableRows&>(*fewer->learn);
  ASSERT_EQ(rows.targets.size(), fewer->learn_rows.size());
  EXPECT_EQ(rows.columns.all.rows(), rows.targets.size());
  const auto data = table(60, true);
  for (std::size_t i = 0; i < rows.targets.size(); ++i)
    EXPECT_EQ(rows.targets[i], data.targets[fewer->learn_rows[i]]);
}

TEST(Classification, FloorIsTheMostFrequentClassOfTheRowsLearned) {
  const auto problem = table_problem(table(60, false), two_of_three);
  const Task task{{0, 1, 2, 3}, {4, 5}, nullptr, nullptr};
  const auto floor = std::get<Classes>(problem->floor(task));
  EXPECT_EQ(floor.labels.size(), 2u);
  EXPECT_NEAR(floor.probabilities(0, 0) + floor.probabilities(0, 1), 1, 1e-12);
}

std::vector<std::size_t> first_rows(std::size_t count) {
  std::vector<std::size_t> rows(count);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return rows;
}

Answer shifted(const DataSet& data, std::size_t count, double error) {
  Numbers numbers;
  for (std::size_t i = 0; i < count; ++i)
    numbers.values.push_back(data.targets[i] + (i % 2 ? error : -2 * error));
  return numbers;
}

TEST(Regression, ScoresByItsDefinitions) {
  const auto data = table(60, true);
  const auto problem = table_problem(data, two_of_three);
  const auto rows = first_rows(10);
  const auto scores = problem->score(shifted(data, 10, 0.5), rows);
  EXPECT_NEAR(scores.at("rmse"), std::sqrt((0.25 + 1) / 2), 1e-12);
  EXPECT_NEAR(scores.at("mae"), 0.75, 1e-12);
  double mean = 0, total = 0;
  for (const auto row : rows) mean += data.targets[row] / 10;
  for (const auto row : rows) total += std::pow(data.targets[row] - mean, 2) / 10;
  EXPECT_NEAR(scores.at("r2"), 1 - 0.625 / total, 1e-12);
  EXPECT_FALSE(scores.contains("coverage"));
}

// The mean of the rows' leads is the difference of the scores, though RMSE itself is no mean.
TEST(Regression, LeadsOfRowsAddUpToTheDifference) {
  const auto data = table(60, true);
  const auto problem = table_problem(data, two_of_three);
  const auto rows = first_rows(20);
  const auto one = shifted(data, 20, 0.5), other = shifted(data, 20, -0.8);
  for (const auto* name : {"rmse", "mae"}) {
    const auto& metric = problem->metric(name);
    const auto leads = problem->row_leads(one, &other, rows, metric);
    const double mean = std::accumulate(leads.begin(), leads.end(), 0.0) / 20;
    EXPECT_NEAR(mean, problem->score(other, rows).at(name) - problem->score(one, rows).at(name), 1e-12);
    const auto alone = problem->row_leads(one, nullptr, rows, metric);
    EXPECT_NEAR(std::accumulate(alone.begin(), alone.end(), 0.0) / 20,
                metric.oriented(problem->score(one, rows).at(name)), 1e-12);
  }
}

TEST(Regression, IntervalsHoldNineOfTenNewRows) {
  Random random(5);
  auto data = table(4000, true);
  for (std::size_t i = 0; i < 4000; ++i) data.targets[i] = random.normal();
  const auto problem = table_problem(data, two_of_three);
  Task held{first_rows(2), first_rows(400), nullptr, nullptr};
  const Answer zeros = Numbers{std::vector<double>(400)};
  const Held held_out[] = {{&zeros, &held}};
  Adjustment adjustment;
  problem->learn(held_out, adjustment);
  Answer later = Numbers{std::vector<double>(4000)};
  problem->adjust(adjustment, held, later);
  EXPECT_NEAR(problem->score(later, first_rows(4000)).at("coverage"), 0.9, 0.03);
}

TEST(Regression, WhatIsNoNumberScoresFiniteAndBadly) {
  const auto data = table(60, true);
  const auto problem = table_problem(data, two_of_three);
  auto broken = shifted(data, 10, 0.5);
  std::get<Numbers>(broken).values[3] = std::nan("");
  const auto scores = problem->score(broken, first_rows(10));
  EXPECT_TRUE(std::isfinite(scores.at("rmse")));
  EXPECT_GT(scores.at("rmse"), 1e5);
  EXPECT_THROW(problem->score(shifted(data, 9, 0.5), first_rows(10)), InputError);
  EXPECT_THROW(problem->score(Classes{}, first_rows(10)), InputError);
}

TEST(Regression, ACopyOfTheTargetIsRefused) {
  auto data = table(60, true);
  auto& copy = data.table.columns.emplace_back();
  copy.name = "price in cents";
  for (const double t : data.targets) copy.numbers.push_back(100 * t + 3);
  const auto problem = table_problem(data, two_of_three);
  for (const auto& check : problem->checks({}, problem->metric("rmse")))
    if (check.code == "leak") {
      EXPECT_EQ(check.severity, Check::Severity::refused);
      EXPECT_THAT(check.message, testing::HasSubstr("price in cents"));
    }
}

TEST(PriorShift, DividesByTheSharesOfTheClasses) {
  Classes prediction{{0, 0}, Matrix<double>(2, 2)};
  prediction.probabilities(0, 0) = 0.8, prediction.probabilities(0, 1) = 0.2;
  prediction.probabilities(1, 0) = 0.95, prediction.probabilities(1, 1) = 0.05;
  const std::vector<double> shares{0.9, 0.1};
  auto kept = prediction;
  shift_labels(kept, shares, 0);
  EXPECT_EQ(kept.labels, (std::vector<int>{0, 0}));
  shift_labels(prediction, shares, 1);  // 0.8/0.9 < 0.2/0.1; 0.95/0.9 > 0.05/0.1
  EXPECT_EQ(prediction.labels, (std::vector<int>{1, 0}));
}

}  // namespace
}  // namespace qupel
