#include "qupel/engine/tiled/tile_plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "qupel/engine/testing/rotation_reference.h"

namespace qupel::tiled {
namespace {

// Plans of a random circuit's sweeps, for vectors of four doubles.
struct Planned {
  static constexpr Shape shape{10, 2, 5, 3};
  Schedule schedule;
  std::vector<SweepPlan> plans;

  explicit Planned(std::span<const Rotation> gates) : schedule(tiled::schedule(numbered(gates), shape)) {
    for (const auto& sweep : schedule.sweeps)
      plans.push_back(plan(sweep, shape, sizeof(double), Purpose::apply));
  }
};

TEST(TilePlan, EveryStepVisitsEveryLineOfARowOnce) {
  Random random(derive(1, {key_of("tile plan")}));
  const auto program = testing::random_program(random, 10, 150);
  for (const auto& sweep : Planned(program.rotations).plans) {
    for (const auto& window : sweep.windows) {
      for (const auto& stage : window.stages) {
        for (const auto& step : stage.steps) {
          if (step.pass.rotations == 0) continue;
          auto lines = step.pass.route.own;
          std::ranges::sort(lines);
          EXPECT_EQ(lines, sweep.own);
        }
      }
    }
  }
}

TEST(TilePlan, LinesOfAGroupArePartnersOfItsRotations) {
  Random random(derive(2, {key_of("tile plan")}));
  const auto program = testing::random_program(random, 10, 150);
  for (const auto& sweep : Planned(program.rotations).plans) {
    for (const auto& window : sweep.windows) {
      for (const auto& stage : window.stages) {
        for (const auto& step : stage.steps) {
          const auto& own = step.pass.route.own;
          const std::size_t size = std::size_t{1} << step.pass.rotations;
          for (std::size_t i = 0; i < own.size(); ++i) {
            std::size_t expected = own[i / size * size] / sweep.line_bytes;
            for (std::size_t j = 0; j < static_cast<std::size_t>(step.pass.rotations); ++j) {
              if ((i >> j & 1) != 0) expected ^= step.pass.pairs[j].x;
            }
            ASSERT_EQ(own[i] / sweep.line_bytes, expected);
          }
        }
      }
    }
  }
}

TEST(TilePlan, TilesDivideTheState) {
  Random random(derive(3, {key_of("tile plan")}));
  const auto program = testing::random_program(random, 10, 40);
  for (const auto& sweep : Planned(program.rotations).plans) {
    std::vector<std::size_t> lines;
    for (std::size_t tile = 0; tile < sweep.tiles(); ++tile) {
      const std::size_t start = (sweep.base(tile) >> sweep.lane_bits) * sweep.line_bytes;
      const auto& source = sweep.windows.front().source;
      for (const std::size_t row : source.rows) {
        for (const std::size_t line : source.lines) lines.push_back((start ^ row ^ line) / sweep.line_bytes);
      }
    }
    std::ranges::sort(lines);
    ASSERT_EQ(lines.size(), std::size_t{1} << 8);
    for (std::size_t i = 0; i < lines.size(); ++i) ASSERT_EQ(lines[i], i);
  }
}

// The coefficient that a rotation takes, and the factor that it leaves to the sweep's scale.
TEST(TileBinding, TakesTheTangentOfSmallAnglesAndTheCotangentOfLargeOnes) {
  const std::vector<Rotation> gates{{4, 4, {}}};
  for (const double angle : {0.4, -1.2, 2.9, -3.0, 7.0}) {
    Planned planned(gates);
    auto& sweep = planned.plans.at(0);
    tiled::bind(sweep, std::vector{angle}, 1);
    const auto& pair = sweep.windows.at(0).stages.at(0).steps.at(0).pass.pairs[0];
    const double reduced = std::remainder(angle, 2 * std::numbers::pi), sign = std::abs(angle) > 4 ? -1 : 1;
    const bool small = std::abs(reduced) <= std::numbers::pi / 2;
    EXPECT_EQ(pair.form, small ? Form::tangent : Form::cotangent) << angle;
    EXPECT_NEAR(pair.f, small ? std::tan(reduced / 2) : 1 / std::tan(reduced / 2), 1e-12) << angle;
    EXPECT_NEAR(sweep.scale, sign * (small ? std::cos(reduced / 2) : std::sin(reduced / 2)), 1e-12) << angle;
  }
}

TEST(TileBinding, PhasesAbsorbTheScale) {
  const std::vector<Rotation> gates{{4, 4, {}}, {0, 4, {}}, {4, 4, {}}};
  Planned planned(gates);
  auto& sweep = planned.plans.at(0);
  tiled::bind(sweep, std::vector{0.5, 0.7, 0.9}, 3);
  const auto& stages = sweep.windows.at(0).stages;
  ASSERT_EQ(stages.size(), 2U);
  EXPECT_NEAR(stages[1].factor, 3 * std::cos(0.25), 1e-12);
  EXPECT_NEAR(sweep.scale, std::cos(0.45), 1e-12);
  EXPECT_EQ(stages[1].phases(), 1U);
  EXPECT_NEAR(stages[1].fixed.at(0).exponent, -0.35, 1e-12);
}

}  // namespace
}  // namespace qupel::tiled
