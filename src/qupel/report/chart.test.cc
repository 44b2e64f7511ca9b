#include "qupel/report/chart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "qupel/report/markup_check.test.h"

namespace qupel::report {
namespace {

using ::testing::DoubleNear;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pointwise;

MATCHER(Near, "") { return std::abs(std::get<0>(arg) - std::get<1>(arg)) < 1e-9; }

TEST(Scale, MapsLinearly) {
  const Scale scale(0.5, 1, 0, 100);
  EXPECT_DOUBLE_EQ(scale(0.75), 50);
  EXPECT_THAT(scale.ticks(5), Pointwise(Near(), std::vector{0.5, 0.6, 0.7, 0.8, 0.9, 1.0}));
  EXPECT_TRUE(scale.contains(1));
  EXPECT_FALSE(scale.contains(1.01));
}

TEST(Scale, MapsPowersOfTen) {
  const Scale scale(1, 1e6, 0, 60, true);
  EXPECT_THAT(scale(1000), DoubleNear(30, 1e-9));
  EXPECT_THAT(scale.ticks(3), Pointwise(Near(), std::vector{1.0, 1e2, 1e4, 1e6}));
}

TEST(Scale, ZeroIsATickExactly) {
  for (const double tick : Scale(-0.03, 0.03, 0, 1).ticks())
    EXPECT_TRUE(tick == 0 || std::abs(tick) > 1e-3) << tick;
}

TEST(Scale, DegenerateRangesStayUsable) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  for (const auto& scale :
       {Scale(1, 1, 0, 1), Scale(nan, nan, 0, 1), Scale(2, 1, 0, 1), Scale(0, 0, 0, 1, true)}) {
    EXPECT_TRUE(std::isfinite(scale(0.5)));
    EXPECT_LT(scale.ticks().size(), 20U);
  }
}

TEST(Scale, RoundingIsNoRange) {
  for (const double value : {-22.95, 1e-9, 3e15, -7e200}) {
    for (const bool logarithmic : {false, value > 0}) {
      const Scale scale(value, std::nextafter(value, 1e300), 0, 1, logarithmic);
      EXPECT_LE(scale.ticks().size(), 12u) << value;
      EXPECT_NEAR(scale(value), 0, 1e-6) << value;
    }
  }
  EXPECT_GE(Scale(1, 1 + 1e-8, 0, 1).ticks().size(), 2u);  // no more than a small one
}

TEST(Canvas, FluidDrawingsMeasureWidthInPercent) {
  auto canvas = Canvas::fluid(30, "a \"label\"");
  canvas.line(0, 1, 50, 1, "grid");
  canvas.mark(25, 15, Family::quantum, "", "a <tip>");
  const auto svg = canvas.svg();
  EXPECT_EQ(markup_fault(svg), "");
  EXPECT_THAT(svg, HasSubstr("x2=\"50.00%\""));
  EXPECT_THAT(svg, HasSubstr("aria-label=\"a &quot;label&quot;\""));
  EXPECT_THAT(svg, HasSubstr("data-tip=\"a &lt;tip&gt;\"><title>a &lt;tip&gt;</title>"));
}

TEST(Canvas, MarksWithoutAPlaceAreLeftOut) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  auto canvas = Canvas::fixed(100, 100, "");
  canvas.line(nan, 1, 50, 1, "");
  canvas.rect(0, 0, nan, 1, "");
  canvas.dot(nan, 0, 1, "");
  canvas.mark(0, nan, Family::classical);
  canvas.path({{0, 0}, {nan, 1}, {2, 2}}, "curve");
  EXPECT_THAT(canvas.svg(), Not(HasSubstr("nan")));
  EXPECT_THAT(canvas.svg(), HasSubstr("M0.0 0.0L2.0 2.0"));
}

TEST(Spread, KeepsLabelsApartInOrderAndAboveTheLimit) {
  std::vector<double> places{50, 10, 52, 51};
  spread(places, 14, 60);
  EXPECT_THAT(places, Pointwise(Near(), std::vector{32, 10, 60, 46}));
}

}  // namespace
}  // namespace qupel::report
