#include "qupel/engine/binomial.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace qupel {
namespace {

// Chi-square of draws against the distribution, tails pooled so that each cell expects at least 5.
TEST(Binomial, FollowsItsDistribution) {
  struct Case {
    std::uint64_t trials;
    double p;
  };
  for (const auto& [trials, p] :
       {Case{20, 0.3}, Case{1000, 0.003}, Case{100, 0.5}, Case{1000, 0.87}, Case{40, 0.99}}) {
    Random random(derive(1, {trials}));
    constexpr int draws = 20000;
    std::vector<int> counts(trials + 1);
    for (int i = 0; i < draws; ++i) ++counts[binomial(random, trials, p)];
    double chi_square = 0, pooled_expected = 0, pooled_count = 0;
    int cells = 0;
    const auto n = static_cast<double>(trials);
    for (std::uint64_t k = 0; k <= trials; ++k) {
      const auto x = static_cast<double>(k);
      pooled_expected += draws * std::exp(std::lgamma(n + 1) - std::lgamma(x + 1) - std::lgamma(n - x + 1) +
                                          x * std::log(p) + (n - x) * std::log1p(-p));
      pooled_count += counts[k];
      if (pooled_expected < 5) continue;
      chi_square += std::pow(pooled_count - pooled_expected, 2) / pooled_expected;
      pooled_expected = pooled_count = 0;
      ++cells;
    }
    EXPECT_LT(chi_square, cells + 4 * std::sqrt(2.0 * cells)) << trials << ' ' << p;
  }
}

TEST(Binomial, IsCertainAtTheEnds) {
  Random random(2);
  EXPECT_EQ(binomial(random, 100, 0), 0u);
  EXPECT_EQ(binomial(random, 100, -1e-9), 0u);
  EXPECT_EQ(binomial(random, 100, 1 + 1e-9), 100u);
  EXPECT_EQ(binomial(random, 0, 0.5), 0u);
}

}  // namespace
}  // namespace qupel
