#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "qupel/base/random.h"
#include "qupel/encode/encoding.h"
#include "qupel/learn/svm.h"
#include "qupel/model/records.h"

// Labels drawn from a shallow entangling circuit of the features: where the truth is quantum, quantum
// contenders must find it and the kernels of the plane must not.
namespace qupel {
namespace {

using std::numbers::pi;

struct Labelled {
  Matrix<double> x;
  std::vector<int> y;
};

/// Uniform rows of 4 features; class 1 where the observable is above its median, rows close to it left out.
Labelled draw(const Circuit& circuit, const Observable& observable, const Matrix<double>& x,
              const Matrix<double>& slots, std::size_t rows) {
  Executor executor(Precision::double_);
  const auto values = executor.expectations(executor.prepare(circuit, {observable}), slots, {}).values;
  std::vector<double> sorted(values.values().begin(), values.values().end());
  std::ranges::sort(sorted);
  const double median = sorted[sorted.size() / 2];
  Labelled drawn{Matrix<double>(rows, x.columns()), {}};
  for (std::size_t r = 0; r < x.rows() && drawn.y.size() < rows; ++r) {
    if (std::abs(values(r, 0) - median) < 0.05) continue;
    std::ranges::copy(x.row(r), drawn.x.row(drawn.y.size()).begin());
    drawn.y.push_back(values(r, 0) > median ? 1 : 0);
  }
  return drawn;
}

Matrix<double> uniform_rows(std::size_t rows) {
  Matrix<double> x(rows, 4);
  Random random(21);
  for (double& value : x.values()) value = random.uniform(-1, 1);
  return x;
}

/// RY(pi x) on every qubit, CX along the ring, Z on the first.
Labelled angle_ring() {
  Circuit circuit(4);
  for (int q = 0; q < 4; ++q) circuit.add("ry", {q}, {Angle::feature(q, pi)});
  for (int q = 0; q < 4; ++q) circuit.add("cx", {q, (q + 1) % 4});
  const auto x = uniform_rows(1500);
  return draw(circuit, Observable::z(0), x, x, 600);
}

/// One IQP layer of bandwidth pi read in the X basis, Z Z on the first two.
Labelled iqp() {
  const auto& spec = encoding("iqp-full");
  auto circuit = spec.circuit(4, {});
  for (int q = 0; q < 4; ++q) circuit.add("h", {q});
  const auto x = uniform_rows(1500);
  const int measured[] = {0, 1};
  return draw(circuit, Observable::parity(measured), x, encode_rows(spec, {}, x, pi), 600);
}

std::vector<std::size_t> range(std::size_t first, std::size_t last) {
  std::vector<std::size_t> rows;
  for (auto r = first; r < last; ++r) rows.push_back(r);
  return rows;
}

double accuracy(std::span<const int> predicted, std::span<const int> truth) {
  double right = 0;
  for (std::size_t r = 0; r < truth.size(); ++r) right += predicted[r] == truth[r] ? 1 : 0;
  return right / static_cast<double>(truth.size());
}

double test_accuracy(const Contender& spec, const Labelled& data, const Settings& settings) {
  Executor executor;
  const FitContext context{.seed = 1, .executor = &executor};
  const auto train = take_rows(data.x, range(0, 300)), test = take_rows(data.x, range(300, 600));
  const auto labels = std::span(data.y);
  const auto model = spec.fit(Samples(train, labels.first(300), 2), settings, context);
  return accuracy(classes_for(*model, test, context).labels, labels.subspan(300));
}

/// The best that RBF machines reach on the test rows themselves, over a grid.
double best_rbf(const Labelled& data) {
  const auto train = take_rows(data.x, range(0, 300)), test = take_rows(data.x, range(300, 600));
  const auto labels = std::span(data.y);
  double best = 0;
  for (const double C : {1.0, 10.0, 100.0})
    for (const double gamma : {0.3, 1.0, 3.0, 10.0}) {
      const Svm svm(SvmRows::rbf(train, gamma), labels.first(300), 2, C, 0);
      const auto prediction = svm.predict(rbf_kernel(test, take_rows(train, svm.support()), gamma));
      best = std::max(best, accuracy(prediction.labels, labels.subspan(300)));
    }
  return best;
}

TEST(SlowPlanted, VariationalFindsItsOwnCircuit) {
  const auto ring = angle_ring();
  EXPECT_GT(test_accuracy(variational, ring, {{"encoding", "angle-y"}}), 0.95);
  EXPECT_LT(best_rbf(ring), 0.85);
  const auto data = iqp();
  EXPECT_GT(test_accuracy(variational, data, {}), 0.95);
  EXPECT_LT(best_rbf(data), 0.75);
}

TEST(SlowPlanted, VariationalCorrectsABandwidthThatIsOff) {
  EXPECT_GT(test_accuracy(variational, angle_ring(), {{"encoding", "angle-y"}, {"bandwidth", 2.3}}), 0.95);
}

TEST(SlowPlanted, QuantumKernelBeatsRbf) {
  const auto ring = angle_ring();
  EXPECT_GT(test_accuracy(quantum_kernel, ring, {{"encoding", "angle-y"}, {"bandwidth", pi}}),
            best_rbf(ring) + 0.05);
}

// The product of a rotation's cosine on every feature: no entanglement is needed, and the twins know it.
TEST(SlowPlanted, SeparableTwinsFindAProductOfCosines) {
  Labelled data{uniform_rows(600), {}};
  for (std::size_t r = 0; r < 600; ++r) {
    double product = 1;
    for (const double value : data.x.row(r)) product *= std::cos(pi * value);
    data.y.push_back(product > 0 ? 1 : 0);
  }
  EXPECT_GT(test_accuracy(variational_separable, data, {{"penalty", 1e-6}}), 0.93);
  EXPECT_GT(test_accuracy(reuploading_separable, data, {{"penalty", 1e-6}}), 0.93);
}

/// One IQP layer with a coupling of its own, sign and size, for every feature and pair; X X on two qubits.
Labelled iqp_with_random_couplings(std::uint64_t seed) {
  const auto& spec = encoding("iqp-full");
  auto circuit = spec.circuit(4, {});
  for (int q = 0; q < 4; ++q) circuit.add("h", {q});
  const auto x = uniform_rows(1500);
  auto slots = encode_rows(spec, {}, x, pi);
  Random random(seed);
  for (std::size_t s = 0; s < slots.columns(); ++s) {
    const double coupling = random.uniform(0.5, 1.5) * (random.below(2) == 1 ? -1 : 1);
    for (std::size_t r = 0; r < slots.rows(); ++r) slots(r, s) *= coupling;
  }
  const int measured[] = {0, 2};
  return draw(circuit, Observable::parity(measured), x, slots, 600);
}

TEST(SlowPlanted, VariationalFindsRandomCouplings) {
  for (const std::uint64_t seed : {1u, 2u, 3u})
    EXPECT_GT(test_accuracy(variational, iqp_with_random_couplings(seed), {}), 0.9) << seed;
}

TEST(SlowPlanted, SeparableTwinMissesWhatNeedsEntanglers) {
  EXPECT_LT(test_accuracy(variational_separable, iqp(), {}), 0.75);
}

}  // namespace
}  // namespace qupel
