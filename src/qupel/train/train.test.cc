#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "qupel/base/error.h"
#include "qupel/base/interrupt.h"
#include "qupel/base/random.h"
#include "qupel/train/line_search.h"
#include "qupel/train/optimizer.h"
#include "qupel/train/spsa.h"

namespace qupel {
namespace {

using testing::HasSubstr;

/// sum_i (i + 1) (x_i - i)^2
double bowl(std::span<const double> x, std::span<double> gradient, std::size_t) {
  double loss = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double weight = static_cast<double>(i) + 1, error = x[i] - static_cast<double>(i);
    loss += weight * error * error;
    gradient[i] = 2 * weight * error;
  }
  return loss;
}

/// Rosenbrock 1960: a curved valley with its minimum 0 at (1, ..., 1).
double rosenbrock(std::span<const double> x, std::span<double> gradient, std::size_t) {
  std::fill(gradient.begin(), gradient.end(), 0.0);
  double loss = 0;
  for (std::size_t i = 0; i + 1 < x.size(); ++i) {
    const double valley = x[i + 1] - x[i] * x[i], slope = 1 - x[i];
    loss += 100 * valley * valley + slope * slope;
    gradient[i] += -400 * x[i] * valley - 2 * slope;
    gradient[i + 1] += 200 * valley;
  }
  return loss;
}

TEST(Adam, FindsTheBottomOfABowl) {
  const auto optimum = adam(bowl, {5, 5, 5}, {.max_steps = 2000, .window = 0});
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(optimum.parameters[i], static_cast<double>(i), 1e-3);
  EXPECT_EQ(optimum.steps, 2000u);
  EXPECT_EQ(optimum.losses.size(), 2000u);
  EXPECT_FALSE(optimum.converged);
  EXPECT_THAT(optimum.reason, HasSubstr("step limit of 2000"));
}

TEST(Adam, FirstStepHasTheLengthOfTheLearningRate) {
  const auto optimum = adam(bowl, {5, 5}, {.learning_rate = 0.25, .max_steps = 1});
  EXPECT_NEAR(optimum.parameters[0], 4.75, 1e-8);
  EXPECT_NEAR(optimum.parameters[1], 4.75, 1e-8);
}

TEST(Adam, StopsWhenTheMeanLossStandsStill) {
  const Objective noise = [](auto, auto gradient, std::size_t step) {
    std::fill(gradient.begin(), gradient.end(), 0.0);
    return 1 + 0.1 * Random(derive(3, {step})).normal();
  };
  const auto optimum = adam(noise, {0}, {.max_steps = 5000, .window = 20});
  EXPECT_TRUE(optimum.converged);
  EXPECT_GE(optimum.steps, 40u);
  EXPECT_LT(optimum.steps, 500u);
  EXPECT_THAT(optimum.reason, HasSubstr("the last 20 steps"));
}

TEST(Adam, GoesOnWhileTheLossFalls) {
  const Objective falling = [](auto, auto gradient, std::size_t step) {
    std::fill(gradient.begin(), gradient.end(), 0.0);
    return 100 - static_cast<double>(step);
  };
  EXPECT_FALSE(adam(falling, {0}, {.max_steps = 300, .window = 20}).converged);
}

// Losses by hand: epochs of 2 steps with means 5, 3, 3, 2.95, 2.95, ...; an improvement of 0.1 is asked for.
TEST(Adam, RunsOutOfPatience) {
  const std::vector<double> losses{6, 4, 3, 3, 2, 4, 3, 2.9};
  const Objective given = [&](auto, auto gradient, std::size_t step) {
    std::ranges::fill(gradient, 1.0);
    return losses[std::min(step, losses.size() - 1)] + (step >= losses.size() ? 0.05 : 0);
  };
  AdamOptions options{.max_steps = 100, .window = 0, .epoch = 2, .patience = 3, .improvement = 0.1};
  const auto ended = adam(given, {0.0}, options);
  EXPECT_TRUE(ended.converged);
  EXPECT_EQ(ended.steps, 2 * (2 + 3));  // two epochs that improved, three that did not
  EXPECT_THAT(ended.reason, testing::HasSubstr("no epoch of 3 in a row"));
  options.epoch = 0;
  EXPECT_FALSE(adam(given, {0.0}, options).converged);
}

TEST(Adam, EndsAtTheLastFiniteParameters) {
  const Objective breaks = [](auto x, auto gradient, std::size_t step) {
    gradient[0] = 1;
    return step < 3 ? x[0] : std::numeric_limits<double>::quiet_NaN();
  };
  const auto optimum = adam(breaks, {0}, {.learning_rate = 1, .max_steps = 10});
  EXPECT_FALSE(optimum.converged);
  EXPECT_EQ(optimum.steps, 3u);
  EXPECT_NEAR(optimum.parameters[0], -2, 1e-6);
  EXPECT_THAT(optimum.reason, HasSubstr("not finite at step 3"));
}

TEST(Adam, RefusesALearningRateThatIsNotPositive) {
  EXPECT_THROW(adam(bowl, {0}, {.learning_rate = 0}), InputError);
  EXPECT_THROW(adam(bowl, {0}, {.learning_rate = std::nan("")}), InputError);
}

// From losses with errors as large as a tenth of what there is to gain.
TEST(Spsa, ComesNearTheBottomOfANoisyBowl) {
  Random random(3);
  const NoisyObjective noisy = [&](std::span<const double> x) {
    std::vector<double> gradient(x.size());
    return bowl(x, gradient, 0) + 0.2 * random.normal();
  };
  const auto found = spsa(noisy, {1, 0, 3, 2}, {.steps = 400, .perturbation = 0.3, .seed = 1});
  EXPECT_EQ(found.steps, 400u);
  EXPECT_EQ(found.losses.size(), 400u);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(found.parameters[i], static_cast<double>(i), 0.15);
}

TEST(Spsa, DependsOnItsSeedAlone) {
  const NoisyObjective exact = [](std::span<const double> x) {
    std::vector<double> gradient(x.size());
    return bowl(x, gradient, 0);
  };
  const auto run = [&](std::uint64_t seed) { return spsa(exact, {1, 1}, {.steps = 20, .seed = seed}); };
  EXPECT_EQ(run(1).parameters, run(1).parameters);
  EXPECT_NE(run(1).parameters, run(2).parameters);
}

TEST(Lbfgs, FindsTheBottomOfABowl) {
  const auto optimum = lbfgs(bowl, {9, -9, 40, 3}, {});
  EXPECT_TRUE(optimum.converged) << optimum.reason;
  EXPECT_LT(optimum.steps, 20u);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(optimum.parameters[i], static_cast<double>(i), 1e-5);
}

TEST(Lbfgs, FollowsTheValleyOfRosenbrock) {
  const auto optimum = lbfgs(rosenbrock, {-1.2, 1, -0.5, 2}, {.relative_tolerance = 0});
  EXPECT_TRUE(optimum.converged) << optimum.reason;
  EXPECT_LT(optimum.steps, 100u);
  for (const double x : optimum.parameters) EXPECT_NEAR(x, 1, 1e-4);
}

TEST(Lbfgs, NeverRaisesTheLoss) {
  const auto optimum = lbfgs(rosenbrock, {-1.2, 1}, {});
  EXPECT_TRUE(std::is_sorted(optimum.losses.rbegin(), optimum.losses.rend()));
}

TEST(Lbfgs, StepsBackFromPointsThatAreNotFinite) {
  const Objective logarithm = [](auto x, auto gradient, std::size_t) {
    gradient[0] = 1 - 1 / x[0];
    return x[0] - std::log(x[0]);
  };
  EXPECT_NEAR(lbfgs(logarithm, {30}, {}).parameters[0], 1, 1e-4);
}

TEST(Lbfgs, SaysSoWhenTheStartIsNotFinite) {
  const Objective broken = [](auto, auto, std::size_t) { return std::nan(""); };
  const auto optimum = lbfgs(broken, {4}, {});
  EXPECT_FALSE(optimum.converged);
  EXPECT_EQ(optimum.parameters, std::vector<double>{4});
  EXPECT_THAT(optimum.reason, HasSubstr("not finite at the start"));
}

TEST(Lbfgs, SaysWhenItReachedTheStepLimit) {
  const auto optimum = lbfgs(rosenbrock, {-1.2, 1}, {.max_steps = 3});
  EXPECT_FALSE(optimum.converged);
  EXPECT_EQ(optimum.reason, "step limit of 3");
}

TEST(LineSearch, MeetsTheStrongWolfeConditions) {
  for (const double first : {1e-3, 0.1, 1.0, 50.0}) {
    const auto phi = [](double t) {
      return LinePoint{t, std::cos(t) + 0.01 * t * t, 0.02 * t - std::sin(t)};
    };
    const auto start = phi(0.3);
    const auto shifted = [&](double t) {
      auto point = phi(0.3 + t);
      point.t = t;
      return point;
    };
    const auto found = strong_wolfe(shifted, start.value, start.slope, first);
    ASSERT_TRUE(found);
    EXPECT_LE(found->value, start.value + 1e-4 * found->t * start.slope);
    EXPECT_LE(std::abs(found->slope), 0.9 * std::abs(start.slope));
  }
}

TEST(LineSearch, GivesNothingUphill) {
  const auto phi = [](double t) { return LinePoint{t, t, 1}; };
  EXPECT_FALSE(strong_wolfe(phi, 0, 1, 1));
  EXPECT_FALSE(strong_wolfe(phi, 0, -1, 1));
}

TEST(Optimisers, StopWhenAskedTo) {
  StopSource source;
  source.request_stop();
  const StopScope scope(source.token());
  EXPECT_THROW(adam(bowl, {5}, {}), Interrupted);
  EXPECT_THROW(lbfgs(bowl, {5}, {}), Interrupted);
}

}  // namespace
}  // namespace qupel
