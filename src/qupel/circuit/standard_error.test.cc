#include "qupel/circuit/standard_error.h"

#include <gtest/gtest.h>

#include <cmath>

namespace qupel {
namespace {

// Of a value that is 1 for `events` draws and 0 for all others.
double error_of(double draws, double events, double untaken = 1) {
  return standard_error(
      {.count = draws, .sum = events, .sum_of_squares = events, .range = 1, .untaken = untaken});
}

// The probability that so many draws miss the mean by no more than `errors` standard errors.
double coverage(int draws, double chance, double errors) {
  double sum = 0, here = std::pow(1 - chance, draws);
  for (int events = 0; events <= draws; ++events) {
    if (std::abs(events / double(draws) - chance) <= errors * error_of(draws, events)) sum += here;
    here *= chance / (1 - chance) * (draws - events) / (events + 1);
  }
  return sum;
}

TEST(StandardErrors, CoverTheMeanHoweverRareTheEventsAre) {
  for (const int draws : {50, 200, 1000}) {
    for (double mean_events = 0.001; mean_events < 20; mean_events *= 1.05) {
      EXPECT_GT(coverage(draws, mean_events / draws, 1), 0.64) << mean_events << " of " << draws;
      EXPECT_GT(coverage(draws, mean_events / draws, 2), 0.93) << mean_events << " of " << draws;
    }
  }
}

TEST(StandardErrors, AreThoseOfTheSampleWhereNothingWasMissed) {
  EXPECT_DOUBLE_EQ(error_of(100, 50, 0), std::sqrt(0.25 / 99));
  EXPECT_EQ(error_of(100, 0, 0), 0);
  EXPECT_DOUBLE_EQ(error_of(100, 0, 1e-6), 1e-6);
  EXPECT_DOUBLE_EQ(error_of(100, 0, 1), 0.0136);
  EXPECT_TRUE(std::isinf(error_of(1, 1)));
}

}  // namespace
}  // namespace qupel
