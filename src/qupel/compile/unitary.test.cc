#include "qupel/compile/unitary.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/compile/matrices.h"

namespace qupel {
namespace {

/// Some entangled state of three qubits.
Circuit before() {
  Circuit circuit(3);
  for (int q = 0; q < 3; ++q) circuit.add("u", {q}, {0.3 + q, 0.7 * q, 1.1 - q});
  return circuit.add("cx", {0, 1}).add("cx", {1, 2});
}

double overlap(const Circuit& a, const Circuit& b) {
  const auto first = dense_state(a), second = dense_state(b);
  Complex sum = 0;
  for (std::size_t i = 0; i < first.size(); ++i) sum += std::conj(first[i]) * second[i];
  return std::abs(sum);
}

TEST(Unitary, MakesEveryGateOfOneOrTwoQubits) {
  Random random(3);
  for (const OpSpec* gate : gates()) {
    if (gate->qubits == 0 || gate->qubits > 2) continue;
    std::vector<double> numbers;
    for (int k = 0; k < gate->angles; ++k) numbers.push_back(random.uniform(-3, 3));
    std::vector<int> on{2, 0};
    on.resize(static_cast<std::size_t>(gate->qubits));
    auto expected = before(), made = before();
    expected.add(*gate, on, {numbers.begin(), numbers.end()});
    add_unitary(made, full_matrix(*gate, numbers), on);
    EXPECT_NEAR(overlap(expected, made), 1, 1e-12) << gate->name;
  }
}

TEST(Unitary, RefusesWhatIsNone) {
  Circuit circuit(3);
  Matrix<Complex> matrix(2, 2, 1);
  const std::vector<int> one{0}, two{0, 1}, three{0, 1, 2};
  EXPECT_THROW(add_unitary(circuit, matrix, one), InputError);
  EXPECT_THROW(add_unitary(circuit, matrix, two), InputError);
  EXPECT_THROW(add_unitary(circuit, Matrix<Complex>(8, 8), three), InputError);
  matrix(0, 0) = std::nan("");
  EXPECT_THROW(add_unitary(circuit, matrix, one), InputError);
}

}  // namespace
}  // namespace qupel
