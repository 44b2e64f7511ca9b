#include "qupel/study/inputs.h"
#include "qupel/contenders/contenders.h"

#include <gtest/gtest.h>

#include "qupel/study/entries.h"
#include "qupel/study/prior_shift.h"

namespace qupel {
namespace {

PreparedRows rows() {
  PreparedRows rows{Matrix<double>(2, 3), {}};
  for (const auto scale : {Scale::range, Scale::robust}) {
    rows.reduced[scale] = Matrix<double>(2, 2);
    for (std::size_t i = 0; i < 4; ++i)
      rows.reduced[scale].values()[i] = static_cast<double>(i) + (scale == Scale::robust ? 10 : 0);
  }
  return rows;
}

Entry on_all() { return {"a", contenders().at("logistic"), Inputs::all, {}}; }
Entry on_reduced() { return {"r", contenders().at("logistic"), Inputs::reduced, {}}; }

TEST(Inputs, AreTheFirstColumnsInTheWantedScale) {
  EXPECT_EQ(inputs_of(rows(), on_all(), {}).columns(), 3u);
  const auto whole = inputs_of(rows(), on_reduced(), {});
  EXPECT_EQ(whole.columns(), 2u);
  EXPECT_EQ(whole(1, 1), 3);
  const auto part =
      inputs_of(rows(), on_reduced(), {{"input-columns", 1.0}, {"input-scaling", std::string("robust")}});
  ASSERT_EQ(part.columns(), 1u);
  EXPECT_EQ(part(1, 0), 12);
  EXPECT_EQ(inputs_of(rows(), on_reduced(), {{"input-columns", 9.0}}).columns(), 2u);
}

TEST(Inputs, AreNoSettingsOfTheContenderItself) {
  const auto settings = default_settings(on_reduced());
  EXPECT_TRUE(settings.contains("input-columns"));
  EXPECT_FALSE(own_settings(on_reduced(), settings).contains("input-columns"));
  EXPECT_TRUE(own_settings(on_reduced(), settings).contains("C"));
  EXPECT_FALSE(default_settings(on_all()).contains("input-columns"));
}

TabularProblem one_column(std::vector<double> numbers) {
  TabularProblem problem;
  Column column;
  column.name = "x";
  column.numbers = std::move(numbers);
  problem.table.columns = {column};
  return problem;
}

TEST(Angles, AreToldByTheirDomain) {
  EXPECT_TRUE(columns_are_angles(one_column({0.1, 3, 6.2})));
  EXPECT_TRUE(columns_are_angles(one_column({-3.1, 0, 3.0})));
  EXPECT_FALSE(columns_are_angles(one_column({0.1, 0.5, 1})));  // half a turn is not covered
  EXPECT_FALSE(columns_are_angles(one_column({-1, 3, 6.2})));   // neither domain
  EXPECT_FALSE(columns_are_angles(one_column({0, 90, 360})));
}

TEST(Angles, KeepTheirDomain) {
  Matrix<double> fitted(2, 2), x(1, 2);
  fitted(0, 0) = 0.1, fitted(1, 0) = 6, fitted(0, 1) = -3, fitted(1, 1) = 3;
  x(0, 0) = 3.14159265358979, x(0, 1) = 3.14159265358979;
  const auto scaled = angles(fitted, x);
  EXPECT_NEAR(scaled(0, 0), 0, 1e-12);  // the middle of [0, 2 pi]
  EXPECT_NEAR(scaled(0, 1), 1, 1e-12);  // the end of [-pi, pi]
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
