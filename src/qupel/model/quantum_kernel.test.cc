#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "qupel/base/random.h"
#include "qupel/encode/encoding.h"
#include "qupel/model/encoder.h"
#include "qupel/model/records.h"

namespace qupel {
namespace {

using std::numbers::pi;

Matrix<double> uniform_rows(std::size_t rows, std::size_t columns) {
  Matrix<double> x(rows, columns);
  Random random(8);
  for (double& value : x.values()) value = random.uniform(-1, 1);
  return x;
}

Matrix<double> kernel(const Matrix<double>& x, const Settings& settings, bool separable) {
  Executor executor(Precision::double_);
  const FitContext context{.executor = &executor};
  const Encoder encoder(quantum_kernel, settings, separable);
  const auto job = executor.prepare(encoder.circuit(static_cast<int>(x.columns())), {});
  const auto rows = executor.encode(job, encoder.slots(x, context), {});
  return executor.overlaps(rows, rows).values;
}

// |<0| RY(b - a) |0>|^2 = cos^2((a - b) / 2) on every qubit.
TEST(QuantumKernel, AngleEncodingHasItsClosedForm) {
  const auto x = uniform_rows(12, 3);
  const auto k = kernel(x, {{"encoding", "angle-y"}, {"bandwidth", 1.3}}, false);
  for (std::size_t i = 0; i < 12; ++i)
    for (std::size_t j = 0; j < 12; ++j) {
      double product = 1;
      for (std::size_t q = 0; q < 3; ++q) product *= std::pow(std::cos(1.3 * (x(i, q) - x(j, q)) / 2), 2);
      EXPECT_NEAR(k(i, j), product, 1e-12);
    }
}

/// One qubit after `layers` of RX(-pi/4), RY(-x).
std::pair<Complex, Complex> benchmark_qubit(double x, int layers) {
  Complex zero = 1, one = 0;
  const double c = std::cos(pi / 8), s = std::sin(pi / 8);
  for (int layer = 0; layer < layers; ++layer) {
    const Complex a = c * zero + Complex(0, s) * one, b = Complex(0, s) * zero + c * one;
    zero = std::cos(x / 2) * a + std::sin(x / 2) * b;
    one = -std::sin(x / 2) * a + std::cos(x / 2) * b;
  }
  return {zero, one};
}

// The separable kernel of the reference benchmark (Bowles, Ahmed and Schuld, arXiv:2403.07059), features in
// [-pi/2, pi/2].
TEST(QuantumKernel, BenchmarkSeparableIsAProductOfOverlaps) {
  const auto x = uniform_rows(10, 4);
  for (const int layers : {1, 3}) {
    const auto k = kernel(x,
                          {{"encoding", "benchmark-separable"},
                           {"bandwidth", pi / 2},
                           {"repeats", static_cast<double>(layers)}},
                          true);
    for (std::size_t i = 0; i < 10; ++i)
      for (std::size_t j = 0; j < 10; ++j) {
        double product = 1;
        for (std::size_t q = 0; q < 4; ++q) {
          const auto a = benchmark_qubit(pi / 2 * x(i, q), layers),
                     b = benchmark_qubit(pi / 2 * x(j, q), layers);
          product *= std::norm(std::conj(a.first) * b.first + std::conj(a.second) * b.second);
        }
        EXPECT_NEAR(k(i, j), product, 1e-12);
      }
  }
}

TEST(QuantumKernel, TwinLosesThePairs) {
  const auto x = uniform_rows(8, 3);
  const Settings iqp{{"encoding", "iqp-full"}, {"bandwidth", 1.0}, {"repeats", 1.0}};
  const auto twin = kernel(x, iqp, true), full = kernel(x, iqp, false);
  double largest = 0;
  for (std::size_t i = 0; i < 8; ++i)
    for (std::size_t j = 0; j < 8; ++j) {
      double product = 1;  // H, RZ(x): the same overlaps as RY(x)
      for (std::size_t q = 0; q < 3; ++q) product *= std::pow(std::cos((x(i, q) - x(j, q)) / 2), 2);
      EXPECT_NEAR(twin(i, j), product, 1e-12);
      largest = std::max(largest, std::abs(twin(i, j) - full(i, j)));
    }
  EXPECT_GT(largest, 0.05);
}

TEST(QuantumKernel, RunsEachRowOnceAndNotEachPair) {
  const auto x = uniform_rows(30, 2);
  std::vector<int> y(30);
  for (std::size_t r = 0; r < 30; ++r) y[r] = x(r, 0) > 0 ? 1 : 0;
  Executor executor;
  const FitContext context{.executor = &executor};
  const auto model = quantum_kernel.fit(Samples(x, y, 2), {}, context);
  EXPECT_EQ(executor.ledger().circuits, 30 + model->info().parameters);
  const auto before = executor.ledger().circuits;
  classes_for(*model, x, context);
  EXPECT_EQ(executor.ledger().circuits, before + 30);
}

}  // namespace
}  // namespace qupel
