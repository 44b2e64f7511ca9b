#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "qupel/base/random.h"
#include "qupel/encode/encoding.h"
#include "qupel/learn/svr.h"
#include "qupel/model/records.h"

// Numbers that a shallow entangling circuit of the features gives: where the truth is quantum, quantum
// contenders for regression must find it; their separable twins and the kernels of the plane must not.
namespace qupel {
namespace {

using std::numbers::pi;

constexpr std::size_t train_rows = 300, all_rows = 600;

struct Measured {
  Matrix<double> train, test;
  std::vector<double> train_numbers, test_numbers;
};

/// One IQP layer of bandwidth pi on 4 features, read in the X basis: 500 + 40 <Z Z>.
Measured iqp_numbers() {
  const auto& spec = encoding("iqp-full");
  auto circuit = spec.circuit(4, {});
  for (int q = 0; q < 4; ++q) circuit.add("h", {q});
  Matrix<double> x(all_rows, 4);
  Random random(21);
  for (double& value : x.values()) value = random.uniform(-1, 1);
  const int qubits[] = {0, 1};
  Executor executor(Precision::double_);
  const auto values = executor
                          .expectations(executor.prepare(circuit, {Observable::parity(qubits)}),
                                        encode_rows(spec, {}, x, pi), {})
                          .values;
  Measured measured;
  std::vector<std::size_t> train, test;
  for (std::size_t r = 0; r < all_rows; ++r) {
    const bool first = r < train_rows;
    (first ? train : test).push_back(r);
    (first ? measured.train_numbers : measured.test_numbers).push_back(500 + 40 * values(r, 0));
  }
  measured.train = take_rows(x, train);
  measured.test = take_rows(x, test);
  return measured;
}

/// The share of the test rows' variance that is explained.
double r_squared(std::span<const double> predicted, std::span<const double> truth) {
  double mean = 0, left = 0, all = 0;
  for (const double value : truth) mean += value / static_cast<double>(truth.size());
  for (std::size_t r = 0; r < truth.size(); ++r) {
    left += std::pow(truth[r] - predicted[r], 2);
    all += std::pow(truth[r] - mean, 2);
  }
  return 1 - left / all;
}

double r_squared(const Contender& spec, const Measured& data, const Settings& settings) {
  Executor executor;
  const FitContext context{.seed = 1, .executor = &executor};
  const auto model =
      spec.fit(Samples(data.train, std::span<const double>(data.train_numbers)), settings, context);
  const auto answer = model->answer(Samples(data.test), context);
  return r_squared(std::get<Numbers>(answer).values, data.test_numbers);
}

/// The best that support vectors with an RBF kernel reach on the test rows themselves, over a grid.
double best_rbf_regression(const Measured& data) {
  double best = 0;
  for (const double C : {1.0, 10.0, 100.0})
    for (const double gamma : {0.3, 1.0, 3.0, 10.0}) {
      const Svr svr(SvmRows::rbf(data.train, gamma), data.train_numbers, C, 0.1);
      const auto numbers = svr.predict(rbf_kernel(data.test, take_rows(data.train, svr.support()), gamma));
      best = std::max(best, r_squared(numbers.values, data.test_numbers));
    }
  return best;
}

TEST(SlowPlantedNumbers, AreFoundByQuantumContendersOnly) {
  const auto data = iqp_numbers();
  EXPECT_GT(r_squared(variational, data, {}), 0.99);
  const Settings matched{{"bandwidth", pi}, {"alpha", 0.01}};
  EXPECT_GT(r_squared(quantum_kernel_ridge, data, matched), 0.7);
  EXPECT_GT(r_squared(quantum_kernel_svr, data, {{"bandwidth", pi}}), 0.7);
  EXPECT_LT(r_squared(variational_separable, data, {}), 0.5);
  EXPECT_LT(r_squared(quantum_kernel_ridge_separable, data, matched), 0.5);
  EXPECT_LT(best_rbf_regression(data), 0.5);
}

}  // namespace
}  // namespace qupel
