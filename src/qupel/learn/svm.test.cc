#include "qupel/learn/svm.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libsvm/svm.h>

#include <cmath>
#include <numeric>

#include "qupel/base/error.h"
#include "qupel/base/parallel.h"
#include "qupel/base/random.h"

namespace qupel {
namespace {

using testing::ElementsAre;

Matrix<double> column(std::initializer_list<double> values) {
  Matrix<double> x(values.size(), 1);
  std::copy(values.begin(), values.end(), x.values().begin());
  return x;
}

Matrix<double> linear_kernel(const Matrix<double>& a, const Matrix<double>& b) {
  Matrix<double> kernel(a.rows(), b.rows());
  for (std::size_t i = 0; i < a.rows(); ++i)
    for (std::size_t j = 0; j < b.rows(); ++j)
      kernel(i, j) = std::inner_product(a.row(i).begin(), a.row(i).end(), b.row(j).begin(), 0.0);
  return kernel;
}

std::vector<std::size_t> rows(std::size_t count) {
  std::vector<std::size_t> all(count);
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

/// Blobs around (0, 0), (3, 0), (0, 3), ...
struct Blobs {
  Matrix<double> x;
  std::vector<int> y;

  Blobs(std::size_t count, int classes, double width, std::uint64_t seed) : x(count, 2), y(count) {
    Random random(seed);
    for (std::size_t r = 0; r < count; ++r) {
      y[r] = static_cast<int>(r) % classes;
      x(r, 0) = 3.0 * (y[r] % 2) + width * random.normal();
      x(r, 1) = 3.0 * (y[r] / 2) + width * random.normal();
    }
  }
};

// Support vectors -1 and 1: the widest margin is f(x) = -x (positive
// for class 0), with both coefficients 1/2.
TEST(OneVsOne, FindsTheWidestMarginOnALine) {
  const auto x = column({-3, -1, 1, 4});
  const std::vector<int> y{0, 0, 1, 1};
  const auto kernel = linear_kernel(x, x);
  const OneVsOne machine(SvmRows::precomputed(kernel), rows(4), y, 100);
  EXPECT_THAT(std::vector(machine.support().begin(), machine.support().end()), ElementsAre(1, 2));
  const auto test = column({-2, 0, 0.5, 3});
  const auto decisions = machine.decisions(linear_kernel(test, take_rows(x, machine.support())));
  const double expected[] = {2, 0, -0.5, -3};
  for (std::size_t r = 0; r < 4; ++r) EXPECT_NEAR(decisions(r, 0), expected[r], 1e-3);
  EXPECT_THAT(machine.vote(column({0.1, -0.1})), ElementsAre(0, 1));
}

// By symmetry all four corners are support vectors with the same coefficient, all on the margin.
TEST(OneVsOne, SolvesExclusiveOr) {
  Matrix<double> x(4, 2);
  const double corners[] = {0, 0, 1, 1, 0, 1, 1, 0};
  std::copy(std::begin(corners), std::end(corners), x.values().begin());
  const std::vector<int> y{0, 0, 1, 1};
  const auto data = SvmRows::rbf(x, 1);
  const OneVsOne machine(data, rows(4), y, 1000);
  const auto decisions = machine.decisions(data.kernel(rows(4), machine.support()));
  for (std::size_t r = 0; r < 4; ++r) EXPECT_NEAR(decisions(r, 0), y[r] == 0 ? 1 : -1, 2e-3);
}

TEST(OneVsOne, RbfEqualsThePrecomputedKernel) {
  const Blobs blobs(60, 3, 1.2, 5);
  const auto kernel = rbf_kernel(blobs.x, blobs.x, 0.3);
  const OneVsOne a(SvmRows::rbf(blobs.x, 0.3), rows(60), blobs.y, 2);
  const OneVsOne b(SvmRows::precomputed(kernel), rows(60), blobs.y, 2);
  ASSERT_TRUE(std::ranges::equal(a.support(), b.support()));
  const auto data = SvmRows::precomputed(kernel);
  const auto left = a.decisions(data.kernel(rows(60), a.support()));
  const auto right = b.decisions(data.kernel(rows(60), b.support()));
  for (std::size_t i = 0; i < left.values().size(); ++i)
    EXPECT_NEAR(left.values()[i], right.values()[i], 1e-9);
}

// Karush-Kuhn-Tucker: outside the margin 0, on it between, inside C.
TEST(OneVsOne, MeetsTheConditionsOfOptimality) {
  const Blobs blobs(80, 2, 1.5, 9);
  const auto data = SvmRows::rbf(blobs.x, 0.5);
  const OneVsOne machine(data, rows(80), blobs.y, 1);
  const auto decisions = machine.decisions(data.kernel(rows(80), machine.support()));
  for (std::size_t r = 0; r < 80; ++r) {
    const double margin = decisions(r, 0) * (blobs.y[r] == 0 ? 1 : -1);
    const bool support = std::ranges::binary_search(machine.support(), r);
    if (support)
      EXPECT_LT(margin, 1 + 2e-3);
    else
      EXPECT_GT(margin, 1 - 2e-3);
  }
}

TEST(OneVsOne, TiesGoToTheSmallerLabel) {
  const Blobs blobs(30, 3, 0.1, 1);
  const OneVsOne machine(SvmRows::rbf(blobs.x, 1), rows(30), blobs.y, 1);
  Matrix<double> circle(1, 3);  // 0 beats 1, 2 beats 0, 1 beats 2
  circle(0, 0) = 1;
  circle(0, 1) = -1;
  circle(0, 2) = 1;
  EXPECT_THAT(machine.vote(circle), ElementsAre(0));
}

/// What LIBSVM prints when another part of the program uses it.
std::string printed_by_libsvm() {
  svm_node nodes[] = {{1, 0.0}, {-1, 0}, {1, 1.0}, {-1, 0}};
  svm_node* vectors[] = {nodes, nodes + 2};
  double labels[] = {0, 1};
  const svm_problem problem{2, labels, vectors};
  svm_parameter parameter{};
  parameter.kernel_type = LINEAR;
  parameter.cache_size = 1;
  parameter.eps = 1e-3;
  parameter.C = 1;
  testing::internal::CaptureStdout();
  auto* model = svm_train(&problem, &parameter);
  svm_free_and_destroy_model(&model);
  return testing::internal::GetCapturedStdout();
}

TEST(OneVsOne, IsSilentAndLeavesLibsvmToPrintForOthers) {
  const auto expected = printed_by_libsvm();
  EXPECT_FALSE(expected.empty());
  const Blobs data(40, 2, 1, 1);
  testing::internal::CaptureStdout();
  parallel_for(20, 3, [&](std::size_t) { OneVsOne(SvmRows::rbf(data.x, 1), rows(40), data.y, 1); });
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(printed_by_libsvm(), expected);
}

TEST(OneVsOne, RefusesImpossibleSettings) {
  const Blobs blobs(10, 2, 1, 1);
  EXPECT_THROW(OneVsOne(SvmRows::rbf(blobs.x, 1), rows(10), blobs.y, 0), InputError);
  EXPECT_THROW(OneVsOne(SvmRows::rbf(blobs.x, -1), rows(10), blobs.y, 1), InputError);
}

TEST(Svm, OrderOfTheRowsDoesNotDecide) {
  const Blobs blobs(40, 2, 0.5, 3);
  std::vector<std::size_t> reversed = rows(40);
  std::ranges::reverse(reversed);
  std::vector<int> labels;
  for (const auto row : reversed) labels.push_back(blobs.y[row]);
  const auto x = take_rows(blobs.x, reversed);
  const Svm a(SvmRows::rbf(blobs.x, 1), blobs.y, 2, 1, 0), b(SvmRows::rbf(x, 1), labels, 2, 1, 0);
  const Blobs test(100, 2, 0.5, 4);
  EXPECT_EQ(a.predict(rbf_kernel(test.x, take_rows(blobs.x, a.support()), 1)).labels,
            b.predict(rbf_kernel(test.x, take_rows(x, b.support()), 1)).labels);
}

TEST(Svm, AbsentClassesGetNoProbability) {
  Blobs blobs(30, 2, 0.5, 3);
  for (int& label : blobs.y) label *= 2;
  const auto data = SvmRows::rbf(blobs.x, 1);
  const Svm svm(data, blobs.y, 4, 1, 0);
  const auto prediction = svm.predict(data.kernel(rows(30), svm.support()));
  EXPECT_EQ(prediction.labels, blobs.y);
  for (std::size_t r = 0; r < 30; ++r) {
    EXPECT_EQ(prediction.probabilities(r, 1), 0);
    EXPECT_EQ(prediction.probabilities(r, 3), 0);
  }
}

TEST(Svm, OneClassIsPredictedAlways) {
  const Blobs blobs(5, 2, 1, 3);
  const std::vector<int> labels(5, 1);
  const auto data = SvmRows::rbf(blobs.x, 1);
  const Svm svm(data, labels, 3, 1, 0);
  const auto prediction = svm.predict(data.kernel(rows(5), svm.support()));
  EXPECT_EQ(prediction.labels, labels);
  for (std::size_t r = 0; r < 5; ++r) EXPECT_EQ(prediction.probabilities(r, 1), 1);
}

TEST(Svm, ForASearchHasTheSameLabelsAndNoCalibration) {
  const Blobs train(200, 3, 1.5, 1), test(1000, 3, 1.5, 2);
  const auto data = SvmRows::rbf(train.x, 0.2);
  const Svm whole(data, train.y, 3, 100, 7), quick(data, train.y, 3, 100, 7, true);
  const auto predict = [&](const Svm& svm) {
    return svm.predict(rbf_kernel(test.x, take_rows(train.x, svm.support()), 0.2));
  };
  const auto a = predict(whole), b = predict(quick);
  int different = 0;
  for (std::size_t r = 0; r < 1000; ++r) different += a.labels[r] != b.labels[r] ? 1 : 0;
  EXPECT_LE(different, 5);
  EXPECT_NE(a.probabilities, b.probabilities);
}

TEST(Svm, ProbabilitiesAreCalibrated) {
  const Blobs train(300, 3, 1.5, 1), test(3000, 3, 1.5, 2);
  const Svm svm(SvmRows::rbf(train.x, 0.2), train.y, 3, 1, 7);
  const auto prediction = svm.predict(rbf_kernel(test.x, take_rows(train.x, svm.support()), 0.2));
  double expected = 0, correct = 0;
  for (std::size_t r = 0; r < 3000; ++r) {
    expected += *std::ranges::max_element(prediction.probabilities.row(r)) / 3000;
    correct += (prediction.labels[r] == test.y[r] ? 1.0 : 0.0) / 3000;
  }
  EXPECT_NEAR(expected, correct, 0.05);
  EXPECT_GT(correct, 0.7);
}

TEST(Sigmoid, RecoversTheOneThatMadeTheLabels) {
  Random random(2);
  const Sigmoid truth{-1.7, 0.4};
  std::vector<DecisionValue> decisions(20000);
  for (auto& decision : decisions) {
    decision.value = 2 * random.normal();
    decision.first = random.uniform() < truth(decision.value);
  }
  const auto fitted = fit_sigmoid(decisions);
  EXPECT_NEAR(fitted.slope, truth.slope, 0.06);
  EXPECT_NEAR(fitted.offset, truth.offset, 0.06);
}

TEST(Sigmoid, StaysFiniteWhereDecisionsSeparate) {
  const std::vector<DecisionValue> decisions{{3, true}, {2, true}, {-2, false}, {-3, false}};
  const auto fitted = fit_sigmoid(decisions);
  EXPECT_TRUE(std::isfinite(fitted.slope));
  EXPECT_GT(fitted(3), 0.6);
  EXPECT_LT(fitted(-3), 0.4);
}

TEST(Couple, RecoversConsistentPairs) {
  const std::vector<double> p{0.2, 0.5, 0.3};
  Matrix<double> pairwise(3, 3);
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) pairwise(i, j) = p[i] / (p[i] + p[j]);
  const auto coupled = couple(pairwise);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(coupled[i], p[i], 5e-3);
  EXPECT_NEAR(std::accumulate(coupled.begin(), coupled.end(), 0.0), 1, 1e-12);
}

}  // namespace
}  // namespace qupel
