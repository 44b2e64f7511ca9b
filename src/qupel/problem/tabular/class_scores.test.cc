#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/problem/tabular/balanced_accuracy.h"
#include "qupel/problem/tabular/class_scores.h"

namespace qupel {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Classes prediction(const std::vector<int>& labels, const std::vector<std::vector<double>>& probabilities) {
  Classes made{labels, Matrix<double>(probabilities.size(), probabilities.front().size())};
  for (std::size_t i = 0; i < probabilities.size(); ++i)
    std::copy(probabilities[i].begin(), probabilities[i].end(), made.probabilities.row(i).begin());
  return made;
}

/// Two classes by the probability of class 1, predicted above one half.
Classes binary(const std::vector<double>& probabilities) {
  std::vector<int> labels;
  std::vector<std::vector<double>> rows;
  for (const double p : probabilities) {
    labels.push_back(p > 0.5 ? 1 : 0);
    rows.push_back({1 - p, p});
  }
  return prediction(labels, rows);
}

double metric(const std::string& name, const Classes& made, const std::vector<int>& truth, int classes = 2) {
  return score(made, truth, classes).at(name);
}

// Values marked (sklearn) are the examples of scikit-learn's documentation of the same metric.

TEST(Metrics, Accuracy) {
  EXPECT_DOUBLE_EQ(metric("accuracy", binary({0.9, 0.2, 0.6, 0.4}), {1, 0, 0, 0}), 0.75);
}

TEST(Metrics, BalancedAccuracyIsMeanRecall) {
  const auto made = binary({0.1, 0.9, 0.1, 0.1, 0.1, 0.9});
  EXPECT_DOUBLE_EQ(metric("balanced-accuracy", made, {0, 1, 0, 0, 1, 0}), 0.625);  // (sklearn)
}

double balanced(const std::vector<int>& predicted, const std::vector<int>& truth, int classes) {
  return metric("balanced-accuracy",
                prediction(predicted, std::vector(predicted.size(),
                                                  std::vector<double>(static_cast<std::size_t>(classes)))),
                truth, classes);
}

TEST(Metrics, BalancedAccuracyOfOneConstantPredictionIsOneOverTheClasses) {
  for (int classes = 2; classes <= 7; ++classes)
    for (int present = 1; present <= classes; ++present) {
      std::vector<int> truth;
      for (int label = 0; label < present; ++label)
        truth.insert(truth.end(), static_cast<std::size_t>(label + 1), label);
      for (int label = 0; label < present; ++label)
        EXPECT_DOUBLE_EQ(balanced(std::vector<int>(truth.size(), label), truth, classes), 1.0 / classes)
            << label << " of " << present << " of " << classes;
    }
}

TEST(Metrics, BalancedAccuracyOfAllRightIsOneUnlessOneClassIsThere) {
  EXPECT_DOUBLE_EQ(balanced({0, 2, 2}, {0, 2, 2}, 5), 1);
  EXPECT_DOUBLE_EQ(balanced({1, 1, 1}, {1, 1, 1}, 2), 0.5);
  EXPECT_DOUBLE_EQ(balanced({2, 2, 2}, {2, 2, 2}, 5), 0.2);
}

TEST(Metrics, BalancedAccuracyIsOnTheScaleOfAllClasses) {
  // Recalls 1 and 1/2 of two classes of three: half way from chance to perfect.
  EXPECT_DOUBLE_EQ(balanced({0, 0, 0, 1}, {0, 0, 1, 1}, 3), 1.0 / 3 + 0.5 * 2 / 3);
  // Nothing right: as far below chance.
  EXPECT_DOUBLE_EQ(balanced({1, 1, 0, 0}, {0, 0, 1, 1}, 3), 0);
}

TEST(Metrics, RocAuc) {
  EXPECT_DOUBLE_EQ(metric("roc-auc", binary({0.1, 0.4, 0.35, 0.8}), {0, 0, 1, 1}), 0.75);  // (sklearn)
}

TEST(Metrics, RocAucCountsTiesHalf) {
  EXPECT_DOUBLE_EQ(metric("roc-auc", binary({0.5, 0.5, 0.5}), {0, 1, 1}), 0.5);
  // Of four pairs one is tied and one in the wrong order.
  EXPECT_DOUBLE_EQ(metric("roc-auc", binary({0.3, 0.7, 0.3, 0.9}), {0, 0, 1, 1}), 2.5 / 4);
}

TEST(Metrics, RocAucEqualsTheShareOfOrderedPairs) {
  Random random(3);
  std::vector<double> p(60);
  std::vector<int> truth(60);
  for (std::size_t i = 0; i < p.size(); ++i) {
    truth[i] = random.uniform() < 0.4 ? 1 : 0;
    p[i] = std::floor(10 * std::clamp(random.uniform() * 0.7 + 0.3 * truth[i], 0.0, 0.99)) / 10;
  }
  double ordered = 0, pairs = 0;
  for (std::size_t i = 0; i < p.size(); ++i)
    for (std::size_t j = 0; j < p.size(); ++j)
      if (truth[i] == 1 && truth[j] == 0) pairs += 1, ordered += p[i] > p[j] ? 1 : p[i] == p[j] ? 0.5 : 0;
  EXPECT_NEAR(metric("roc-auc", binary(p), truth), ordered / pairs, 1e-12);
}

TEST(Metrics, RocAucOfThreeClassesIsTheMeanOfOneVersusRest) {
  const auto made = prediction({0, 1, 2, 0}, {{.8, .1, .1}, {.2, .6, .2}, {.3, .1, .6}, {.5, .2, .3}});
  // Class 0 is ranked .8 against .2 .3 .5; class 1 .6 .2 against .1 .1; class 2 .6 against .1 .2 .3.
  EXPECT_DOUBLE_EQ(metric("roc-auc", made, {0, 1, 2, 1}, 3), 1);
  // Class 0 .5 against .8 .2 .3: 2 of 3; class 1 .6 .1 against .1 .2: 1 + 1 + 0.5 + 0 of 4; class 2 .1
  // against .2 .6 .3.
  EXPECT_NEAR(metric("roc-auc", made, {2, 1, 1, 0}, 3), (2.0 / 3 + 2.5 / 4 + 0) / 3, 1e-12);
}

TEST(Metrics, RocAucOfOneClassIsHalf) { EXPECT_EQ(metric("roc-auc", binary({0.9, 0.8}), {1, 1}), 0.5); }

TEST(Metrics, LogLoss) {
  const auto made = prediction({1, 0, 0, 1}, {{.1, .9}, {.9, .1}, {.8, .2}, {.35, .65}});
  EXPECT_NEAR(metric("log-loss", made, {1, 0, 0, 1}), 0.21616, 5e-6);  // (sklearn)
}

TEST(Metrics, LogLossIsClipped) {
  EXPECT_NEAR(metric("log-loss", binary({0.0}), {1}), -std::log(1e-15), 1e-9);
  EXPECT_EQ(metric("log-loss", binary({1.0}), {1}), 0);
}

TEST(Metrics, CalibrationError) {
  // Bin of .9: two rows, one right, gap .4; bin of .6: one row, right, gap .4.
  EXPECT_NEAR(metric("calibration-error", binary({0.9, 0.9, 0.6}), {1, 0, 1}), 0.4, 1e-12);
  EXPECT_NEAR(metric("calibration-error", binary({1.0, 0.0}), {1, 0}), 0, 1e-12);
}

TEST(Metrics, NaNIsTheWorstPrediction) {
  auto made = binary({0.9, 0.1, 0.8, 0.2});
  const std::vector<int> truth{1, 0, 1, 0};
  made.probabilities(0, 0) = made.probabilities(0, 1) = nan;
  const auto scores = score(made, truth, 2);
  EXPECT_DOUBLE_EQ(scores.at("accuracy"), 0.75);
  EXPECT_DOUBLE_EQ(scores.at("balanced-accuracy"), 0.75);
  EXPECT_DOUBLE_EQ(scores.at("roc-auc"), 0.5);
  EXPECT_GT(scores.at("log-loss"), 34.5 / 4);
  auto wrong = binary({0.0, 0.1, 0.8, 0.2});
  EXPECT_NEAR(scores.at("calibration-error"), metric("calibration-error", wrong, truth), 1e-12);
  made.probabilities = Matrix<double>(4, 2, nan);
  for (const auto& [name, value] : score(made, truth, 2)) EXPECT_TRUE(std::isfinite(value)) << name;
  EXPECT_EQ(score(made, truth, 2).at("roc-auc"), 0);
}

TEST(Metrics, RefuseShapesThatDoNotFit) {
  EXPECT_THROW(score(binary({0.5, 0.5}), std::vector{1}, 2), InputError);
  EXPECT_THROW(score(binary({0.5}), std::vector{1}, 3), InputError);
  EXPECT_THROW(score(Classes{}, {}, 2), InputError);
}

}  // namespace
}  // namespace qupel
