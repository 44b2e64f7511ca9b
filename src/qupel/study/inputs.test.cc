#include "qupel/study/inputs.h"

#include <gtest/gtest.h>

#include "qupel/contenders/contenders.h"
#include "qupel/study/entries.h"

namespace qupel {
namespace {

Entry on_all() { return {"a", contenders().at("logistic"), Inputs::all, {}}; }
Entry on_reduced() { return {"r", contenders().at("logistic"), Inputs::reduced, {}}; }

TEST(Inputs, AreChosenBySettingsOfReducedEntriesAlone) {
  EXPECT_FALSE(input_choice(on_all(), {}).reduced);
  const auto whole = input_choice(on_reduced(), {});
  EXPECT_TRUE(whole.reduced);
  EXPECT_EQ(whole.columns, 0u);
  const auto part =
      input_choice(on_reduced(), {{"input-columns", 1.0}, {"input-scaling", std::string("robust")}});
  EXPECT_EQ(part.columns, 1u);
  EXPECT_EQ(part.scaling, "robust");
}

TEST(Inputs, AreNoSettingsOfTheContenderItself) {
  const auto settings = default_settings(on_reduced());
  EXPECT_TRUE(settings.contains("input-columns"));
  EXPECT_FALSE(own_settings(on_reduced(), settings).contains("input-columns"));
  EXPECT_TRUE(own_settings(on_reduced(), settings).contains("C"));
  EXPECT_FALSE(default_settings(on_all()).contains("input-columns"));
}

DataSet one_column(std::vector<double> numbers) {
  DataSet data;
  Column column;
  column.name = "x";
  column.numbers = std::move(numbers);
  data.table.columns = {column};
  return data;
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

}  // namespace
}  // namespace qupel
