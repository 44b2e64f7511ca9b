#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/problem/optimization/enumeration.h"
#include "qupel/problem/optimization/moments_of_returns.h"
#include "qupel/problem/optimization/portfolio.h"

namespace qupel {
namespace {

using ::testing::HasSubstr;

Matrix<double> random_returns(std::size_t days, std::size_t assets, std::uint64_t seed) {
  Random random(seed);
  Matrix<double> returns(days, assets);
  for (std::size_t t = 0; t < days; ++t) {
    const double market = 0.01 * random.normal();
    for (std::size_t a = 0; a < assets; ++a)
      returns(t, a) = 0.001 * static_cast<double>(a) + market + 0.01 * random.normal();
  }
  return returns;
}

PortfolioChoice random_choice_of(std::size_t assets, std::size_t picks) {
  const auto returns = random_returns(100, assets, assets);
  PortfolioChoice choice;
  for (std::size_t a = 0; a < assets; ++a) choice.assets.push_back("A" + std::to_string(a));
  choice.mean = mean_returns(returns);
  choice.covariance = sample_covariance(returns);
  choice.picks = picks;
  choice.risk = 3;
  choice.later = random_returns(40, assets, 7);
  return choice;
}

/// Days from 2026-01-01, a line a day. @param cell the price of asset a on day t
template <typename Cell>
std::string table(std::string_view head, std::size_t assets, const Cell& cell, std::size_t days = 40) {
  std::string text(head);
  for (std::size_t t = 0; t < days; ++t) {
    text += fmt::format("\n2026-{:02}-{:02}", 1 + t / 28, 1 + t % 28);
    for (std::size_t a = 0; a < assets; ++a) text += "," + cell(t, a);
  }
  return text;
}
std::string usual(std::size_t t, std::size_t a) { return fmt::format("{}", 100 + t + 10 * a); }

std::string error_of(const std::string& text) {
  try {
    read_prices(text, "p.csv");
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Prices, AreRead) {
  const auto prices = read_prices(table("Date,A,B", 2, usual), "p.csv");
  EXPECT_EQ(prices.assets, (std::vector<std::string>{"A", "B"}));
  EXPECT_EQ(prices.days.front(), "2026-01-01");
  EXPECT_EQ(prices.values(39, 1), 149);
  EXPECT_TRUE(prices.findings.empty());
  EXPECT_NEAR(simple_returns(prices)(0, 0), 0.01, 1e-12);
}

TEST(Prices, ThatNeverChangeAreLeftOutByName) {
  const auto constant = [](std::size_t t, std::size_t a) {
    return a != 1 ? usual(t, a) : t == 5 ? std::string() : std::string("7");
  };
  const auto prices = read_prices(table("Date,A,B,C", 3, constant), "p.csv");
  EXPECT_EQ(prices.assets, (std::vector<std::string>{"A", "C"}));
  ASSERT_EQ(prices.findings.size(), 1u);
  EXPECT_EQ(prices.findings[0].level, Finding::Level::warning);
  EXPECT_EQ(prices.findings[0].column, "B");
  EXPECT_THAT(prices.findings[0].message, HasSubstr("never changes"));
  EXPECT_THAT(error_of(table("Date,A,B", 2, constant)), HasSubstr("1 asset:"));
}

TEST(Prices, OfEqualColumnsAreAsGoodAsOneAnother) {
  const auto prices = read_prices(table("Date,A,B,C", 3,
                                        [](std::size_t t, std::size_t a) {
                                          return fmt::format("{}", 100 + (t * t * (a == 2 ? 3 : 1)) % 17 + t);
                                        }),
                                  "p.csv");
  const auto returns = simple_returns(prices);
  PortfolioChoice choice;
  choice.assets = prices.assets;
  choice.mean = mean_returns(returns);
  choice.covariance = sample_covariance(returns);  // singular
  choice.picks = 2;
  choice.risk = 1;
  const Portfolio portfolio(choice);
  const Values first{1, 0, 1}, second{0, 1, 1};
  EXPECT_DOUBLE_EQ(portfolio.objective(first), portfolio.objective(second));
  const auto best = portfolio.proven_optimum();
  ASSERT_TRUE(best);
  EXPECT_NEAR(*best, std::min(portfolio.objective(first), portfolio.objective(Values{1, 1, 0})), 1e-12);
}

TEST(Prices, HaveGapsFilledAndEndsCut) {
  const auto prices = read_prices(table("Date,A,B,C", 3,
                                        [](std::size_t t, std::size_t a) {
                                          const bool closed = a == 1 && (t == 10 || t == 11);
                                          const bool too_late = a == 2 && t < 3;
                                          return closed || too_late ? std::string() : usual(t, a);
                                        }),
                                  "p.csv");
  EXPECT_EQ(prices.days.size(), 37u);
  EXPECT_EQ(prices.values(8, 1), prices.values(6, 1));
  ASSERT_EQ(prices.findings.size(), 2u);
  EXPECT_THAT(prices.findings[0].message, HasSubstr("2 gaps"));
  EXPECT_THAT(prices.findings[1].message, HasSubstr("3 days on which not every asset had begun"));
}

TEST(Prices, FillAGapOnTheFirstDayThatIsLeftFromTheDayBefore) {
  const auto prices = read_prices(table("Date,A,B", 2,
                                        [](std::size_t t, std::size_t a) {
                                          const bool closed = a == 0 && t == 3;
                                          const bool too_late = a == 1 && t < 3;
                                          return closed || too_late ? std::string() : usual(t, a);
                                        }),
                                  "p.csv");
  EXPECT_EQ(prices.days.size(), 37u);
  EXPECT_EQ(prices.values(0, 0), std::stod(usual(2, 0)));
}

TEST(Prices, LeaveOutAssetsWithFewPrices) {
  const auto prices = read_prices(
      table("Date,A,B,C", 3,
            [](std::size_t t, std::size_t a) { return a == 0 && t < 30 ? std::string("NA") : usual(t, a); }),
      "p.csv");
  EXPECT_EQ(prices.assets, (std::vector<std::string>{"B", "C"}));
  EXPECT_THAT(prices.findings[0].message, HasSubstr("less than half"));
}

TEST(Prices, HaveSplitsUndone) {
  const auto prices = read_prices(table("Date,A,B", 2,
                                        [](std::size_t t, std::size_t a) {
                                          return a == 1 && t >= 20
                                                     ? fmt::format("{}", (110.0 + static_cast<double>(t)) / 4)
                                                     : usual(t, a);
                                        }),
                                  "p.csv");
  EXPECT_NEAR(prices.values(19, 1), 129.0 / 4, 0.01 * 129);
  EXPECT_LT(std::abs(simple_returns(prices)(19, 1)), 0.03);
  EXPECT_THAT(prices.findings[0].message, HasSubstr("taken for a split"));
  // A change to two thirds happens without a split.
  const auto fell = read_prices(
      table("Date,A,B", 2,
            [](std::size_t t, std::size_t a) {
              return a == 1 && t >= 20 ? fmt::format("{}", (110.0 + static_cast<double>(t)) * 2 / 3)
                                       : usual(t, a);
            }),
      "p.csv");
  EXPECT_TRUE(fell.findings.empty());
  // A wrong price that is right again on the next day is none.
  const auto wrong =
      read_prices(table("Date,A,B", 2,
                        [](std::size_t t, std::size_t a) { return a == 1 && t == 20 ? "65" : usual(t, a); }),
                  "p.csv");
  EXPECT_TRUE(wrong.findings.empty());
}

TEST(Prices, AreReadAsSpreadsheetsWriteThem) {
  std::string text = "Datum;A;B\n";
  for (int day = 1; day <= 30; ++day)
    text += fmt::format("{:02}.04.2026;1.{:03},5;{},25\n", day, 100 + day, 10 + day);
  const auto prices = read_prices(text, "p.csv");
  EXPECT_EQ(prices.days.front(), "2026-04-01");
  EXPECT_EQ(prices.days.back(), "2026-04-30");
  EXPECT_EQ(prices.values(0, 0), 1101.5);
  EXPECT_EQ(prices.values(29, 1), 40.25);
  // R's data frames have the dates as names of rows, without a name above them.
  std::string r = "\"A\",\"B\"\n";
  for (int day = 1; day <= 30; ++day)
    r += fmt::format("\"2026-04-{:02}\",{},{}\n", day, 100 + day, 50 + day % 7);
  EXPECT_EQ(read_prices(r, "p.csv").assets, (std::vector<std::string>{"A", "B"}));
  // Months first where days would jump to and fro.
  std::string american = "Date,A,B\n";
  for (int day = 1; day <= 31; ++day)
    american += fmt::format("01/{:02}/2026,{},{}\n", day, 100 + day, 50 + day % 7);
  EXPECT_EQ(read_prices(american, "p.csv").days.back(), "2026-01-31");
}

TEST(Prices, SayWhatIsWrong) {
  EXPECT_THAT(error_of(table("Date,A", 1, usual)),
              HasSubstr("1 asset: a portfolio is chosen from at least 2"));
  EXPECT_THAT(error_of(table("Date,A,A", 2, usual)), HasSubstr("columns 2 and 3 are both named \"A\""));
  EXPECT_THAT(error_of("Date,A,B\n2026-01-01,1,cheap\n"),
              HasSubstr("p.csv:2: \"cheap\" of \"B\" is not a price"));
  EXPECT_THAT(error_of("Date,A,B\n2026-01-01,1,0\n"), HasSubstr("a price of 0"));
  EXPECT_THAT(error_of("Date,A,B\n2026-01-01,1\n"),
              HasSubstr("the row on line 2 has 2 cells, but there are 3 columns"));
  EXPECT_THAT(error_of("Date,A,B\nyesterday,1,2\n"), HasSubstr("\"yesterday\" is not a date"));
  EXPECT_THAT(error_of("Date,A,B\n2026-01-01,1,2\n2026-01-01,1,2\n"), HasSubstr("stands twice"));
  EXPECT_THAT(error_of(table("Date,A,B", 2, usual, 10)), HasSubstr("10 days with a price of every asset"));
  EXPECT_THAT(error_of(""), HasSubstr("the file is empty"));
  EXPECT_THAT(error_of("Date\n2026-01-01\n"), HasSubstr("a column of dates and a column of prices"));
  const auto marked = [](std::size_t t, std::size_t a) {
    return a == 0 ? usual(t, a) : t < 20 ? fmt::format("{}", 980 + t) : fmt::format("1.{:03}", t - 20);
  };
  EXPECT_THAT(error_of(table("Date,A,B", 2, marked)), HasSubstr("from 999 to 1 on"));
}

TEST(Returns, HaveTheirMoments) {
  Matrix<double> returns(3, 2);
  const double values[] = {0.01, 0.02, 0.03, -0.02, 0.02, 0.03};
  std::copy(std::begin(values), std::end(values), returns.data());
  EXPECT_NEAR(mean_returns(returns)[0], 0.02, 1e-15);
  const auto covariance = sample_covariance(returns);
  EXPECT_NEAR(covariance(0, 0), 1e-4, 1e-15);
  EXPECT_NEAR(covariance(0, 1), (-0.01 * 0.01 + 0.01 * -0.03) / 2, 1e-15);
  EXPECT_EQ(value_at_risk({-0.05, 0.01, -0.02, 0.03}, 0.5), 0.02);
  EXPECT_NEAR(conditional_value_at_risk({-0.05, 0.01, -0.02, 0.03}, 0.5), 0.035, 1e-15);
}

// More assets than days: the sample's covariance is singular, the other is not.
TEST(Returns, HaveAShrunkCovariance) {
  const auto returns = random_returns(10, 20, 1);
  const auto sample = sample_covariance(returns), shrunk = ledoit_wolf_covariance(returns);
  double trace = 0, shrunk_trace = 0;
  for (std::size_t a = 0; a < 20; ++a) trace += 0.9 * sample(a, a), shrunk_trace += shrunk(a, a);
  EXPECT_NEAR(shrunk_trace, trace, 1e-12);
  EXPECT_LT(std::abs(shrunk(0, 1)), std::abs(sample(0, 1)));
}

TEST(Portfolio, IsTheBestOfItsQubo) {
  for (const std::size_t picks : {1u, 3u, 5u, 9u, 10u}) {
    const Portfolio portfolio(random_choice_of(10, picks));
    const auto lowest = lowest_energy(portfolio.qubo());
    const auto held = portfolio.from_bits(lowest.bits);
    EXPECT_EQ(portfolio.violation(held), "");
    EXPECT_NEAR(lowest.energy, portfolio.objective(held), 1e-12);
    EXPECT_LE(portfolio.bound().value(), portfolio.objective(held));
    EXPECT_LE(portfolio.objective(held), portfolio.objective(portfolio.first_answer()));
  }
  EXPECT_THROW(Portfolio(random_choice_of(4, 5)), InputError);
  EXPECT_THROW(Portfolio(random_choice_of(4, 0)), InputError);
}

Prices random_prices(std::size_t days, std::size_t assets) {
  const auto returns = random_returns(days, assets, 3);
  Prices prices;
  prices.values = Matrix<double>(days + 1, assets, 100);
  for (std::size_t t = 0; t <= days; ++t) prices.days.push_back(fmt::format("day {}", t));
  for (std::size_t a = 0; a < assets; ++a) {
    prices.assets.push_back("A" + std::to_string(a));
    for (std::size_t t = 0; t < days; ++t)
      prices.values(t + 1, a) = prices.values(t, a) * (1 + returns(t, a));
  }
  return prices;
}

TEST(Windows, LeakNothingOfTheirLaterDays) {
  auto prices = random_prices(300, 4);
  const Windows windows{.count = 4, .days = 100, .later_days = 20};
  const auto before = rolling_windows(prices, windows);
  ASSERT_EQ(before.size(), 4u);
  EXPECT_EQ(before.back().later.rows(), 20u);
  for (std::size_t t = 281; t <= 300; ++t) prices.values(t, 2) *= 1.5 + 0.1 * static_cast<double>(t % 3);
  const auto after = rolling_windows(prices, windows);
  EXPECT_EQ(after.back().mean, before.back().mean);
  EXPECT_EQ(after.back().covariance, before.back().covariance);
  EXPECT_NE(after.back().later, before.back().later);
  EXPECT_EQ(rolling_windows(prices, {.count = 100, .days = 100, .later_days = 20}).size(), 10u);
  EXPECT_THROW(rolling_windows(prices, {.days = 400}), InputError);
}

TEST(BackTest, CountsCostsAndTurnover) {
  auto choices =
      rolling_windows(random_prices(300, 4), {.count = 3, .days = 100, .later_days = 20, .picks = 2});
  const std::vector<Values> held{{1, 1, 0, 0}, {1, 0, 1, 0}, {1, 0, 1, 0}};
  const auto free = back_test(choices, held, 0), dear = back_test(choices, held, 0.01);
  EXPECT_EQ(free.value.size(), 60u);
  EXPECT_EQ(free.costs, 0);
  // The slow definition: money in each asset.
  double traded = 0, money[4] = {0, 0, 0, 0}, all = 1;
  for (std::size_t w = 0; w < 3; ++w) {
    double moved = 0;
    for (std::size_t a = 0; a < 4; ++a) {
      moved += std::abs(all / 2 * static_cast<double>(held[w][a]) - money[a]);
      money[a] = all / 2 * static_cast<double>(held[w][a]);
    }
    if (w > 0) traded += moved / all / 2;
    for (std::size_t t = 0; t < 20; ++t) {
      all = 0;
      for (std::size_t a = 0; a < 4; ++a) all += money[a] *= 1 + choices[w].later(t, a);
      EXPECT_NEAR(free.value[20 * w + t], all, 1e-12);
    }
  }
  EXPECT_NEAR(free.turnover, traded / 2, 1e-12);
  EXPECT_NEAR(dear.turnover, free.turnover, 1e-12);
  const double kept = 0.99 * (1 - 0.01 * 2 * free.turnover);  // about: two windows trade differently
  EXPECT_NEAR(dear.value.back(), free.value.back() * kept * (1 - 0.01 * 2 * free.turnover), 1e-3);
  EXPECT_LT(dear.value.back(), free.value.back());
}

TEST(Windows, SayHowManyDaysTheyShare) {
  const auto apart =
      rolling_windows(random_prices(300, 4), {.count = 2, .days = 100, .later_days = 100, .picks = 2});
  ASSERT_EQ(apart.size(), 2u);
  EXPECT_EQ(shared_days(apart), 0);
  const auto close =
      rolling_windows(random_prices(300, 4), {.count = 3, .days = 100, .later_days = 20, .picks = 2});
  const auto step = static_cast<double>(close[1].first_day - close[0].first_day);
  EXPECT_NEAR(shared_days(close), (2 * std::max(0.0, 100 - step) + std::max(0.0, 100 - 2 * step)) / 300,
              1e-12);
  const auto problem = portfolio_problem(named_facts("p", "p"), close);
  EXPECT_EQ(problem->overlap(), shared_days(close));
}

TEST(Frontier, GoesFromTheBestMeanToTheLeastVariance) {
  const auto choice = random_choice_of(5, 2);
  const auto frontier = efficient_frontier(choice.mean, choice.covariance, 12);
  for (std::size_t k = 0; k < frontier.size(); ++k) {
    EXPECT_NEAR(std::accumulate(frontier[k].weights.begin(), frontier[k].weights.end(), 0.0), 1, 1e-9);
    if (k == 0) continue;
    EXPECT_LE(frontier[k].mean, frontier[k - 1].mean + 1e-9);
    EXPECT_LE(frontier[k].deviation, frontier[k - 1].deviation + 1e-9);
  }
  EXPECT_NEAR(frontier.front().mean, *std::ranges::max_element(choice.mean), 1e-4);
}

TEST(Frontier, IsNotBeatenByAnyWeights) {
  const auto choice = random_choice_of(4, 2);
  const auto frontier = efficient_frontier(choice.mean, choice.covariance, 30);
  constexpr std::size_t steps = 20;
  for (std::size_t i = 0; i <= steps; ++i)
    for (std::size_t j = 0; i + j <= steps; ++j)
      for (std::size_t k = 0; i + j + k <= steps; ++k) {
        double mean = 0, variance = 0;
        const std::size_t parts[] = {i, j, k, steps - i - j - k};
        for (std::size_t a = 0; a < 4; ++a) {
          const double weight = static_cast<double>(parts[a]) / steps;
          mean += weight * choice.mean[a];
          for (std::size_t b = 0; b < 4; ++b)
            variance += weight * static_cast<double>(parts[b]) / steps * choice.covariance(a, b);
        }
        for (const auto& point : frontier)
          EXPECT_FALSE(mean >= point.mean && std::sqrt(variance) < point.deviation * (1 - 1e-5));
      }
}

TEST(Frontier, OfTwoAssetsEndsAtTheKnownWeights) {
  Matrix<double> covariance(2, 2);
  covariance(0, 0) = 4e-4, covariance(1, 1) = 1e-4, covariance(0, 1) = covariance(1, 0) = 0.5e-4;
  const auto last = efficient_frontier({0.001, 0.0005}, covariance, 40).back();
  // The least variance: (s22 - s12) / (s11 + s22 - 2 s12) of the first.
  EXPECT_NEAR(last.weights[0], 0.5 / 4, 5e-3);
  EXPECT_NEAR(last.deviation,
              std::sqrt(0.125 * 0.125 * 4e-4 + 0.875 * 0.875 * 1e-4 + 2 * 0.125 * 0.875 * 0.5e-4), 1e-6);
}

}  // namespace
}  // namespace qupel
