#include "qupel/report/format.h"

#include <gtest/gtest.h>

#include <limits>

#include "qupel/report/growth.h"
#include "qupel/report/html.h"

namespace qupel::report {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN(),
                 infinity = std::numeric_limits<double>::infinity();

TEST(Format, Numbers) {
  EXPECT_EQ(number(0.012345), "0.0123");
  EXPECT_EQ(number(-2), "−2");
  EXPECT_EQ(number(8191.4), "8,190");
  EXPECT_EQ(number(1.5e-6), "1.5 × 10⁻⁶");
  EXPECT_EQ(number(-2e20), "−2.0 × 10²⁰");
  EXPECT_EQ(whole_percent(0.95), "95\u00A0%");
  EXPECT_EQ(p_value(0.4837), "p = 0.484");
  EXPECT_EQ(p_value(0.00002), "p < 0.001");
  EXPECT_EQ(number(-98.4515, 0.01), "−98.45");
  EXPECT_EQ(number(-98.4, 0.5), "−98.4");
  EXPECT_EQ(number(0, 0.01), "0");
  EXPECT_EQ(number(nan, 0.01), "–");
  EXPECT_EQ(number(nan), "–");
  EXPECT_EQ(number(-infinity), "−∞");
}

TEST(Format, Shares) {
  EXPECT_EQ(percent(0.97312), "97.3\u00A0%");
  EXPECT_EQ(percent(nan), "–");
  EXPECT_EQ(probability(0.0004), "<0.1\u00A0%");
  EXPECT_EQ(probability(0.9996), ">99.9\u00A0%");
  EXPECT_EQ(probability(1), "100.0\u00A0%");
  EXPECT_EQ(probability(0), "0.0\u00A0%");
}

TEST(Format, Differences) {
  const auto share = metric_of_older_version("accuracy");
  EXPECT_EQ(lead(share, 0.0123), "+1.2");
  EXPECT_EQ(lead(share, -0.02), "−2.0");
  EXPECT_EQ(lead(share, -0.0001), "0.0");
  EXPECT_EQ(lead_range(share, -0.04, 0.002), "[−4.0, +0.2]");
  EXPECT_EQ(told_lead(share, 0.01, 0, 0.02), "+1.0 points [0.0, +2.0]");
  EXPECT_EQ(lead_size(share, 0.1182), "11.8 points");
}

TEST(Format, DifferencesOfNumbers) {
  const Metric error{.name = "rmse", .unit = {}, .higher_is_better = false, .spread = 77};
  EXPECT_EQ(told_lead(error, 3.214, -1.2, 7.6), "+3.21 of rmse [−1.2, +7.6]");
  EXPECT_EQ(lead_size(error, 0.768), "0.768 of rmse");
  const Metric energy{.name = "energy", .unit = "mHa", .higher_is_better = false};
  EXPECT_EQ(lead_size(energy, 1.6), "1.6 mHa");
  EXPECT_EQ(lead(energy, nan), "–");
}

TEST(Format, Counts) {
  EXPECT_EQ(count(0), "0");
  EXPECT_EQ(count(987), "987");
  EXPECT_EQ(count(9876), "9,876");
  EXPECT_EQ(count(123456), "123,456");
  EXPECT_EQ(count(1234567), "1.23\u00A0million");
  EXPECT_EQ(count(5.5e12), "5.5\u00A0trillion");
  EXPECT_EQ(plural(1, "row"), "1 row");
  EXPECT_EQ(plural(1200, "row"), "1,200 rows");
}

TEST(Format, Durations) {
  EXPECT_EQ(duration(0), "0 s");
  EXPECT_EQ(duration(2.5e-5), "25 µs");
  EXPECT_EQ(duration(0.0354), "35.4 ms");
  EXPECT_EQ(duration(2.13), "2.13 s");
  EXPECT_EQ(duration(204), "3.4 min");
  EXPECT_EQ(duration(7920), "2.2 h");
  EXPECT_EQ(duration(12 * 86400.0), "12 d");
  EXPECT_EQ(duration(3.1 * 365.25 * 86400), "3.1 y");
  EXPECT_EQ(duration(nan), "–");
}

TEST(Format, ScoresByMetric) {
  const auto classes = [](const char* name) { return metric_of_older_version(name); };
  EXPECT_EQ(score(classes("accuracy"), 0.9731), "97.3\u00A0%");
  EXPECT_EQ(score(classes("roc-auc"), 0.9731), "0.973");
  EXPECT_EQ(score(classes("log-loss"), infinity), "∞");
  EXPECT_EQ(score_range(classes("balanced-accuracy"), {0.9, 0.85, 0.95}), "[85.0, 95.0]");
}

TEST(Format, ScoresOfNumbersAlignByTheSpread) {
  Metric metric{.name = "rmse", .unit = "mg", .higher_is_better = false, .spread = 77};
  EXPECT_EQ(score(metric, 54.6781), "54.68 mg");
  EXPECT_EQ(score_range(metric, {54.6781, 9, 100}), "[9.00, 100.00]");
  metric.spread = 0.0016;
  EXPECT_EQ(score(metric, -1.13728391), "−1.137284 mg");
  EXPECT_EQ(score(metric, 2.5e7), "25,000,000 mg");
}

TEST(Format, Sentences) {
  EXPECT_EQ(as_sentence("one row"), "One row.");
  EXPECT_EQ(as_sentence("Why?"), "Why?");
  EXPECT_EQ(as_sentence(""), "");
  EXPECT_EQ(typeset("-1.9 [-5.0, +1.2], 95% or 95 % of a-1"),
            "−1.9 [−5.0, +1.2], 95\u00A0% or 95\u00A0% of a-1");
  EXPECT_EQ(typeset("100 %x, 5 or % -"), "100\u00A0%x, 5 or % -");
}

TEST(Escaping, LeavesNoMarkup) {
  EXPECT_EQ(escaped("<b a='1' c=\"2\">&"), "&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;");
  EXPECT_EQ(escaped(std::string_view("a\0b\x1b\n", 5)), "a\uFFFDb\uFFFD\n");
  EXPECT_EQ(attribute("title", "\"x\""), "title=\"&quot;x&quot;\"");
}

TEST(Growth, TabulatedInterpolatedAndContinued) {
  const EncodingGrowth growth{"example",      {1, 2, 4, 8}, {0, 1, 2, 3},
                              {0, 2, 12, 56}, {1, 1, 1, 1}, {1, 2, 4, 8}};
  EXPECT_EQ(growth_at(growth, growth.two_qubit, 4), 12);
  EXPECT_EQ(growth_at(growth, growth.gates, 6), 6);
  EXPECT_EQ(growth_at(growth, growth.gates, 1e6), 1e6);      // as a power law
  EXPECT_EQ(growth_at(growth, growth.qubits, 1 << 20), 20);  // by equal steps a doubling
  EXPECT_EQ(growth_at(growth, growth.qubits, 1e6), 20);      // rounded up: there is no half qubit
  EXPECT_EQ(growth_at(growth, growth.depth, 1e6), 1);
  EXPECT_EQ(growth_at({}, {}, 5), 0);
}

}  // namespace
}  // namespace qupel::report
