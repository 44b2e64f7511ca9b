#include "qupel/engine/batch/batch.h"

#include <gtest/gtest.h>

#include <vector>

#include "qupel/base/error.h"
#include "qupel/engine/batch/batch_checks.h"
#include "qupel/engine/testing/random_circuit.h"

namespace qupel {
namespace {

using namespace testing;

TEST(BatchFidelity, IsTheSquaredOverlap) {
  Random random(12);
  for (const int qubits : {1, 3, 7, 8}) {
    const auto circuit = random_circuit(random, qubits, 20);
    const auto a = random_features(random, 19, slots), b = random_features(random, 33, slots);
    const auto parameters = random_parameters(random, slots);
    for (const auto precision : precisions) {
      const BatchProgram program(circuit, {}, precision);
      const auto kernel = fidelities(program.prepare(a, parameters, 1), program.prepare(b, parameters, 1), 2);
      std::vector<std::vector<Complex>> rights;
      for (std::size_t j = 0; j < b.rows(); ++j) rights.push_back(dense_state(circuit, b.row(j), parameters));
      for (std::size_t i = 0; i < a.rows(); ++i) {
        const auto left = dense_state(circuit, a.row(i), parameters);
        for (std::size_t j = 0; j < b.rows(); ++j) {
          const auto& right = rights[j];
          Complex overlap = 0;
          for (std::size_t l = 0; l < left.size(); ++l) overlap += std::conj(left[l]) * right[l];
          ASSERT_NEAR(kernel(i, j), std::norm(overlap), tolerance(precision));
        }
      }
    }
  }
}

TEST(BatchFidelity, OfASetWithItselfIsSymmetricWithOnesOnTheDiagonal) {
  Random random(13);
  const BatchProgram program(random_circuit(random, 4, 20), {}, Precision::single);
  const auto set = program.prepare(random_features(random, 37, slots), random_parameters(random, slots), 1);
  const auto kernel = fidelities(set, set, 1);
  const auto copy = set;
  const auto other = fidelities(set, copy, 1);
  for (std::size_t i = 0; i < 37; ++i) {
    EXPECT_NEAR(kernel(i, i), 1, 1e-5);
    for (std::size_t j = 0; j < 37; ++j) {
      EXPECT_EQ(kernel(i, j), kernel(j, i));
      EXPECT_NEAR(kernel(i, j), other(i, j), 1e-6);
    }
  }
}

TEST(BatchFidelity, RefusesSetsThatDoNotMatch) {
  const auto prepare = [](int qubits, Precision precision) {
    return BatchProgram(Circuit(qubits), {}, precision).prepare(Matrix<double>(2, 0), {}, 1);
  };
  EXPECT_THROW(fidelities(prepare(2, Precision::single), prepare(3, Precision::single), 1), InputError);
  EXPECT_THROW(fidelities(prepare(2, Precision::single), prepare(2, Precision::double_), 1), InputError);
}

}  // namespace
}  // namespace qupel
