#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/problem/optimization/enumeration.h"
#include "qupel/problem/optimization/portfolio.h"

namespace qupel {
namespace {

using ::testing::HasSubstr;

PortfolioChoice choice_of(std::size_t assets, std::size_t picks, PortfolioLimits limits) {
  Random random(assets + 10 * picks);
  PortfolioChoice choice{.picks = picks, .risk = 2, .limits = std::move(limits)};
  Matrix<double> factors(assets, assets);
  for (std::size_t a = 0; a < assets; ++a) {
    choice.assets.push_back("A" + std::to_string(a));
    choice.mean.push_back(0.002 * random.normal());
    for (std::size_t b = 0; b < assets; ++b) factors(a, b) = 0.02 * random.normal();
  }
  choice.covariance = Matrix<double>(assets, assets);
  for (std::size_t a = 0; a < assets; ++a)
    for (std::size_t b = 0; b < assets; ++b)
      for (std::size_t k = 0; k < assets; ++k) choice.covariance(a, b) += factors(a, k) * factors(b, k);
  return choice;
}

std::vector<PortfolioChoice> limited_choices() {
  const std::vector<PortfolioLimits::Sector> two{{"energy", {0, 1, 2}, 2}, {"food", {3, 4}, 1}};
  return {choice_of(5, 4, {.lots = 3}), choice_of(5, 3, {.sectors = two}),
          choice_of(4, 5, {.lots = 3, .most_assets = 2}),
          choice_of(5, 3, {.lots = 2, .most_assets = 2, .sectors = two})};
}

/// Calls for every way to hold from none to the most lots of each asset.
template <typename Act>
void for_all_lots(const PortfolioChoice& choice, const Act& act) {
  Values lots(choice.assets.size());
  for (;;) {
    act(lots);
    std::size_t a = 0;
    while (a < lots.size() && lots[a] == static_cast<std::int64_t>(choice.limits.lots)) lots[a++] = 0;
    if (a == lots.size()) return;
    ++lots[a];
  }
}

double best_of_all(const Portfolio& portfolio) {
  double best = std::numeric_limits<double>::infinity();
  for_all_lots(portfolio.choice(), [&](const Values& lots) {
    if (portfolio.violation(lots).empty()) best = std::min(best, portfolio.objective(lots));
  });
  return best;
}

TEST(PortfolioLimits, AreKeptByTheAnswerWithTheLowestEnergy) {
  for (const auto& choice : limited_choices()) {
    const Portfolio portfolio(choice);
    const auto best = best_of_all(portfolio);
    const auto lowest = lowest_energy(portfolio.qubo());
    const auto lots = portfolio.from_bits(lowest.bits);
    EXPECT_EQ(portfolio.violation(lots), "") << portfolio.size_words();
    EXPECT_NEAR(portfolio.objective(lots), best, 1e-12);
    EXPECT_NEAR(lowest.energy, best, 1e-12);
    EXPECT_NEAR(portfolio.proven_optimum().value(), best, 1e-12);
    EXPECT_LE(portfolio.bound().value(), best);
    EXPECT_EQ(portfolio.violation(portfolio.first_answer()), "");
    EXPECT_FALSE(portfolio.ones());
    EXPECT_EQ(portfolio.read_solution(portfolio.solution(lots)), lots);
  }
}

TEST(PortfolioLimits, CostTheirQubits) {
  const auto limited = limited_choices();
  EXPECT_EQ(Portfolio(limited[0]).variables(), 10u);         // two digits an asset
  EXPECT_EQ(Portfolio(limited[1]).variables(), 5u + 2);      // and a slack: two of food exclude each other
  EXPECT_EQ(Portfolio(limited[2]).variables(), 8u + 4 + 2);  // and "none of it", and their slack
  EXPECT_EQ(Portfolio(limited[3]).variables(), 10u + 5 + 2 + 2);
}

TEST(PortfolioLimits, AreBrokenByWhatTheySay) {
  const Portfolio portfolio(limited_choices()[3]);
  EXPECT_THAT(portfolio.violation(Values{3, 0, 0, 0, 0}), HasSubstr("3 lots of A0: it is from 0 to 2"));
  EXPECT_THAT(portfolio.violation(Values{1, 0, 0, 1, 0}), HasSubstr("2 lots, not 3"));
  EXPECT_THAT(portfolio.violation(Values{1, 0, 0, 2, 0}), HasSubstr("2 lots in the sector food"));
  EXPECT_THAT(portfolio.violation(Values{1, 1, 0, 1, 0}), HasSubstr("3 assets are held, more than 2"));
  EXPECT_EQ(portfolio.violation(Values{2, 0, 0, 1, 0}), "");
  EXPECT_THROW(Portfolio(choice_of(5, 4, {.sectors = {{"all", {0, 1, 2, 3, 4}, 3}}})), InputError);
  EXPECT_THROW(Portfolio(choice_of(5, 4, {.lots = 2, .most_assets = 1})), InputError);
}

TEST(PortfolioLimits, HaveAFirstAnswerWheneverSomeLotsKeepThem) {
  std::size_t infeasible = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Random random(seed);
    auto choice = choice_of(5, 1 + random.below(6), {.lots = 1 + random.below(3)});
    if (random.below(2) == 0) choice.limits.most_assets = 1 + random.below(4);
    choice.limits.sectors = {{"a", {0, 1, 2}, random.below(4)}, {"b", {3}, random.below(3)}};
    bool any = false;
    for_all_lots(choice, [&](const Values& lots) {
      any = any || broken_limit(choice.limits, choice.picks, choice.assets, lots).empty();
    });
    const auto first = lots_in_order(choice.limits, choice.picks, random.permutation(5));
    EXPECT_EQ(first.has_value(), any);
    if (first) {
      EXPECT_EQ(broken_limit(choice.limits, choice.picks, choice.assets, *first), "");
    }
    infeasible += any ? 0 : 1;
  }
  EXPECT_GT(infeasible, 20u);
}

TEST(PortfolioLimits, HoldInParts) {
  for (const auto& choice : limited_choices()) {
    const Portfolio portfolio(choice);
    auto now = portfolio.first_answer();
    Random random(1);
    for (int round = 0; round < 40; ++round) {
      const auto part = portfolio.part(now, 9, random);
      if (part.qubo.size() == 0) continue;
      ASSERT_LE(part.qubo.size(), 9u);
      const auto next = part.whole(lowest_energy(part.qubo).bits);
      EXPECT_EQ(portfolio.violation(next), "");
      EXPECT_LE(portfolio.objective(next), portfolio.objective(now) + 1e-12);
      now = next;
    }
  }
}

TEST(Sectors, AreRead) {
  const std::vector<std::string> assets{"A", "B", "C"};
  const auto sectors =
      read_sectors("asset,sector\nA,real estate\nB;food\nC\tfood\nX,food\n", "s.csv", assets, 2);
  ASSERT_EQ(sectors.size(), 2u);
  EXPECT_EQ(sectors[0].name, "real estate");
  EXPECT_EQ(sectors[1].assets, (std::vector<std::size_t>{1, 2}));
  const auto error = [&](std::string_view text) {
    try {
      read_sectors(text, "s.csv", assets, 2);
    } catch (const InputError& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  EXPECT_THAT(error("A,x\nA,y\n"), HasSubstr("s.csv:2: A has a sector already"));
  EXPECT_THAT(error("A\n"), HasSubstr("s.csv:1: a line is an asset and its sector"));
  EXPECT_THAT(error("A,x\nB,y\n"), HasSubstr("C has no sector"));
}

}  // namespace
}  // namespace qupel
