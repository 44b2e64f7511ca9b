#include "qupel/report/break_even_chart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "qupel/base/error.h"

namespace qupel::report {
namespace {

using ::testing::HasSubstr;

Metric share() {
  Metric metric;
  metric.share = true;
  return metric;
}
const Metric accuracy = share();

TEST(BreakEvenChart, DrawsEachDeviceThatWasTried) {
  BreakEven found;
  found.device = "a < b";
  for (const double factor : {1.0, 0.5, 0.25})
    found.points.push_back({.factor = factor,
                            .two_qubit_error = 0.01 * factor,
                            .shots = 100,
                            .difference = 0.1 - 0.2 * factor,
                            .low = -0.2 * factor,
                            .high = 0.2 - 0.2 * factor,
                            .verdict = factor < 0.5 ? Verdict::quantum_better : Verdict::inconclusive});
  const auto svg = break_even_chart(found, accuracy);
  EXPECT_EQ(svg.find("a < b"), std::string::npos);
  EXPECT_THAT(svg, HasSubstr("class=\"leads\" data-tip=\"two-qubit error 0.0025, 100 shots: +5"));
  std::size_t behind = 0;
  for (auto at = svg.find("class=\"behind\""); at != std::string::npos;
       at = svg.find("class=\"behind\"", at + 1))
    ++behind;
  EXPECT_EQ(behind, 2u);
}

TEST(BreakEvenChart, IsNothingWhereNoDeviceWasTried) {
  EXPECT_THROW(break_even_chart(BreakEven{}, accuracy), InputError);
}

}  // namespace
}  // namespace qupel::report
