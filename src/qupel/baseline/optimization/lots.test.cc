#include <gtest/gtest.h>

#include "qupel/base/random.h"
#include "qupel/baseline/optimization/records.h"
#include "qupel/problem/optimization/portfolio.h"

namespace qupel {
namespace {

PortfolioChoice random_limited() {
  Random random(3);
  PortfolioChoice choice{.picks = 6, .risk = 2};
  choice.covariance = Matrix<double>(6, 6);
  for (std::size_t a = 0; a < 6; ++a) {
    choice.assets.push_back("A" + std::to_string(a));
    choice.mean.push_back(0.002 * random.normal());
    for (std::size_t b = 0; b < 6; ++b)
      choice.covariance(a, b) = a == b ? 2e-4 + 1e-4 * random.uniform() : 5e-5;
  }
  choice.limits = {.lots = 3, .most_assets = 3, .sectors = {{"one", {0, 1, 2}, 3}, {"two", {3, 4}, 2}}};
  return choice;
}

void expect_optimum_by(const Contender& contender) {
  const Portfolio portfolio(random_limited());
  const FitContext context{.seed = 1, .executor = nullptr};
  if (!contender.refuses || contender.refuses(portfolio).empty()) {
    const auto model = contender.fit(portfolio, {}, context);
    const auto answer = std::get<Assignment>(model->answer(portfolio, context));
    EXPECT_EQ(portfolio.violation(answer.values), "");
    EXPECT_NEAR(portfolio.objective(answer.values), portfolio.proven_optimum().value(), 1e-12);
  }
}

TEST(Lots, ExchangeFindsTheOptimumWithinTheLimits) { expect_optimum_by(lot_exchange); }
TEST(Lots, CbcFindsTheOptimumWithinTheLimits) { expect_optimum_by(cbc); }

}  // namespace
}  // namespace qupel
