#include <gtest/gtest.h>

#include <cmath>

#include "qupel/base/random.h"
#include "qupel/encode/encoding.h"
#include "qupel/learn/svm.h"
#include "qupel/model/encoder.h"
#include "qupel/model/records.h"

namespace qupel {
namespace {

struct Data {
  Matrix<double> x;
  std::vector<int> y;
};

Data draw(std::size_t rows, std::uint64_t seed) {
  Data data{Matrix<double>(rows, 3), {}};
  Random random(seed);
  for (double& value : data.x.values()) value = random.uniform(-1, 1);
  for (std::size_t r = 0; r < rows; ++r) data.y.push_back(data.x(r, 0) * data.x(r, 1) > 0 ? 1 : 0);
  return data;
}

/// X, Y and Z of each qubit, by the definition, of each of the starts.
Matrix<double> slow_projections(const Matrix<double>& x, const Settings& settings, int starts) {
  Executor executor(Precision::double_);
  const FitContext context{.executor = &executor};
  const Encoder first(projected_kernel, settings, false);
  std::vector<std::vector<double>> rows(x.rows());
  for (int start = 1; start <= starts; ++start) {
    const auto encoder = first.from(start);
    const auto circuit = encoder.circuit(static_cast<int>(x.columns()));
    const auto slots = encoder.slots(x, context);
    for (std::size_t r = 0; r < x.rows(); ++r) {
      const auto state = dense_state(circuit, slots.row(r));
      for (int q = 0; q < circuit.qubits(); ++q)
        for (const char pauli : {'X', 'Y', 'Z'})
          rows[r].push_back(dense_expectation({{{1, {{{q, pauli}}}}}}, state));
    }
  }
  Matrix<double> all(x.rows(), rows.front().size());
  for (std::size_t r = 0; r < x.rows(); ++r) std::ranges::copy(rows[r], all.row(r).begin());
  return all;
}

void expect_machine_of(const Settings& settings, int starts) {
  const auto train = draw(40, 1), test = draw(30, 2);
  Executor executor(Precision::double_);
  const FitContext context{.seed = 3, .executor = &executor};
  const auto model = projected_kernel.fit(Samples(train.x, train.y, 2), settings, context);

  const auto support = slow_projections(train.x, settings, starts),
             rows = slow_projections(test.x, settings, starts);
  const double gamma = scale_gamma(support);
  const auto kernel = rbf_kernel(support, support, gamma);
  const Svm slow(SvmRows::precomputed(kernel), train.y, 2, 10, 3);
  const auto expected = slow.predict(rbf_kernel(rows, take_rows(support, slow.support()), gamma));
  const auto found = classes_for(*model, test.x, context);
  EXPECT_EQ(found.labels, expected.labels);
  for (std::size_t r = 0; r < 30; ++r)
    EXPECT_NEAR(found.probabilities(r, 1), expected.probabilities(r, 1), 1e-6);
}

TEST(ProjectedKernel, IsAnRbfMachineOnPauliExpectations) {
  expect_machine_of({{"encoding", "iqp-full"}, {"bandwidth", 1.5}, {"C", 10.0}, {"gamma-scale", 1.0}}, 1);
}

TEST(ProjectedKernel, PutsTheStartsOfAnEvolutionSideBySide) {
  expect_machine_of(
      {{"encoding", "heisenberg"}, {"bandwidth", 1.5}, {"starts", 3.0}, {"C", 10.0}, {"gamma-scale", 1.0}},
      3);
}

TEST(ProjectedKernel, RunsEachRowOnceAStart) {
  const auto data = draw(30, 4);
  for (const double starts : {1.0, 5.0}) {
    Executor executor;
    const FitContext context{.executor = &executor};
    const auto model = projected_kernel.fit(Samples(data.x, data.y, 2),
                                            {{"encoding", "heisenberg"}, {"starts", starts}}, context);
    EXPECT_EQ(executor.ledger().circuits, 30 * static_cast<long long>(starts));
    classes_for(*model, data.x, context);
    EXPECT_EQ(executor.ledger().circuits, 60 * static_cast<long long>(starts));
  }
}

// Rows that differ in one feature differ in that qubit's expectations only.
TEST(ProjectedKernel, TwinSeesEachFeatureAlone) {
  Matrix<double> x(2, 3);
  x(1, 2) = 0.7;
  const Settings settings{{"encoding", "iqp-full"}, {"bandwidth", 1.0}};
  Executor executor(Precision::double_);
  const FitContext context{.executor = &executor};
  const Encoder encoder(projected_kernel, settings, true);
  const auto circuit = encoder.circuit(3);
  const auto slots = encoder.slots(x, context);
  const auto a = dense_state(circuit, slots.row(0)), b = dense_state(circuit, slots.row(1));
  for (int q = 0; q < 3; ++q) {
    const Observable y{{{1, {{q, 'Y'}}}}};
    EXPECT_NEAR(dense_expectation(y, b) - dense_expectation(y, a), q == 2 ? std::sin(0.7) : 0, 1e-12);
  }
}

}  // namespace
}  // namespace qupel
