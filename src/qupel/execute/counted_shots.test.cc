#include "qupel/execute/counted_shots.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace qupel::counted_shots_test {
namespace {

TEST(CountedBy, IsTheValueOfEachReading) {
  const auto counted = counted_by(parse_observable("0.5 + 0.25 Z0 - Z0 Z2"), 3);
  ASSERT_EQ(counted.size(), 8u);
  EXPECT_DOUBLE_EQ(counted[0b000], -0.25);
  EXPECT_DOUBLE_EQ(counted[0b001], 1.25);
  EXPECT_DOUBLE_EQ(counted[0b100], 1.75);
  EXPECT_DOUBLE_EQ(counted[0b101], -0.75);
}

/// All zeros on four qubits, as the inverse of readout errors of p counts it.
std::vector<double> unfolded_zeros(double p) {
  std::vector<double> counted(16, 1);
  for (std::size_t state = 0; state < 16; ++state)
    for (int q = 0; q < 4; ++q) counted[state] *= (state >> q & 1 ? -p * (1 + 0.1 * q) : 1 - p) / (1 - 2 * p);
  return counted;
}

TEST(CountedShots, NeedFewNumbers) {
  std::vector<double> zeros(16);
  zeros[0] = 1;
  EXPECT_EQ(CountedShots(zeros).numbers().size(), 1u);
  EXPECT_EQ(CountedShots(unfolded_zeros(0.01)).numbers().size(), 3u);  // one number is left over
  EXPECT_EQ(CountedShots({0, 0.3, 0.6, 1}).numbers().size(), 3u);
}

/// The same drawn basis state by basis state.
std::pair<double, double> by_states(const std::vector<double>& counted, const std::vector<double>& chances,
                                    std::uint64_t shots, Random& random) {
  double sum = 0, squares = 0;
  for (std::uint64_t shot = 0; shot < shots; ++shot) {
    double left = random.uniform();
    std::size_t state = 0;
    while (state + 1 < chances.size() && left >= chances[state]) left -= chances[state++];
    sum += counted[state];
    squares += counted[state] * counted[state];
  }
  const auto n = static_cast<double>(shots);
  return {sum / n, std::sqrt((squares / n - sum * sum / n / n) / (n - 1))};
}

TEST(CountedShots, AreDistributedLikeShots) {
  std::vector<double> chances;
  double total = 0;
  for (int state = 0; state < 16; ++state) {
    chances.push_back(std::exp(-0.4 * state));
    total += chances.back();
  }
  for (double& chance : chances) chance /= total;
  for (const double p : {0.002, 0.02, 0.1}) {
    const auto counted = unfolded_zeros(p);
    const CountedShots drawn(counted);
    std::vector<double> means;
    for (const auto& number : drawn.numbers()) {
      means.push_back(0);
      for (std::size_t state = 0; state < 16; ++state) means.back() += number[state] * chances[state];
    }
    constexpr int draws = 4000;
    // Moments of the mean and the mean of its error, from both.
    double moments[2][4] = {};
    for (int draw = 0; draw < draws; ++draw)
      for (int way = 0; way < 2; ++way) {
        Random random(derive(5, {static_cast<std::uint64_t>(draw), static_cast<std::uint64_t>(way)}));
        const auto [mean, error] =
            way == 0 ? drawn.draw(means, 25, random) : by_states(counted, chances, 25, random);
        const double centred = mean - 0.3;
        moments[way][0] += centred / draws;
        moments[way][1] += centred * centred / draws;
        moments[way][2] += centred * centred * centred / draws;
        moments[way][3] += error / draws;
      }
    EXPECT_NEAR(moments[0][0], moments[1][0], 0.009);
    EXPECT_NEAR(moments[0][1], moments[1][1], 0.001);
    EXPECT_NEAR(moments[0][2], moments[1][2], 0.0006);
    EXPECT_NEAR(moments[0][3], moments[1][3], 0.0005);
  }
}

TEST(CountedShots, OfOneShotHaveNoError) {
  Random random(1);
  const CountedShots drawn({1, 0});
  const double never[] = {0.0};
  const auto [mean, error] = drawn.draw(never, 1, random);
  EXPECT_EQ(mean, 1);
  EXPECT_EQ(error, std::numeric_limits<double>::infinity());
}

}  // namespace
}  // namespace qupel::counted_shots_test
