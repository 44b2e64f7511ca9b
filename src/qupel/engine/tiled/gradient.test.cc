#include "qupel/engine/tiled/gradient.h"

#include <gtest/gtest.h>

#include <cmath>

#include "qupel/engine/batch/batch.h"
#include "qupel/engine/batch/batch_checks.h"
#include "qupel/engine/testing/random_circuit.h"

namespace qupel {
namespace {

using namespace testing;
using rotations::RotationProgram;
using tiled::Runners;

// d loss / d parameter, from those by gate.
std::vector<double> by_parameter(const RotationProgram& program, const std::vector<double>& gates,
                                 std::size_t count) {
  std::vector<double> result(count);
  for (std::size_t g = 0; g < gates.size(); ++g) {
    for (const auto& [slot, coefficient] : program.rotations[g].angle.terms) {
      if (slot.kind == Slot::Kind::parameter)
        result[static_cast<std::size_t>(slot.index)] += coefficient * gates[g];
    }
  }
  return result;
}

class TiledGradient : public ::testing::TestWithParam<Precision> {};

TEST_P(TiledGradient, IsThatOfTheBatchEngine) {
  Random random(derive(3, {key_of("tiled gradient")}));
  const bool single = GetParam() == Precision::single;
  for (int trial = 0; trial < 40; ++trial) {
    const int qubits = 8 + trial % 5;
    const auto circuit = random_circuit(random, qubits, 10 + 3 * trial);
    std::vector<Observable> observables{random_observable(random, qubits, 6)};
    if (trial % 3 > 0) observables.push_back(Observable::z(qubits - 1));
    const auto features = random_features(random, 1, slots);
    const auto parameters = random_parameters(random, slots);
    const BatchProgram batch(circuit, observables, Precision::double_);
    const auto expected = batch.gradient(features, parameters, squares, false, 1);
    const RotationProgram program(circuit, observables, RotationProgram::Use::values);
    Runners runners;
    const auto loss = [&](std::span<const double> values) {
      Matrix<double> row(1, values.size()), derivatives(1, values.size());
      std::ranges::copy(values, row.row(0).begin());
      squares(0, row, derivatives);
      return std::vector<double>(derivatives.row(0).begin(), derivatives.row(0).end());
    };
    const auto found = single
                           ? tiled::gradient<float>(program, runners, features.row(0), parameters, loss, 1)
                           : tiled::gradient<double>(program, runners, features.row(0), parameters, loss, 1);
    const auto derivatives = by_parameter(program, found.rotations, parameters.size());
    for (std::size_t o = 0; o < observables.size(); ++o)
      EXPECT_NEAR(found.values[o], expected.values(0, o), single ? 1e-4 : 1e-11) << trial;
    for (std::size_t p = 0; p < parameters.size(); ++p)
      EXPECT_NEAR(derivatives[p], expected.parameters[p], single ? 2e-3 : 1e-10)
          << trial << ", parameter " << p;
  }
}

TEST_P(TiledGradient, HasTheSameBitsForAnyThreadCount) {
  const auto circuit = ring_layers(18, 2);
  Circuit trainable(18);
  int parameter = 0;
  for (const auto& operation : circuit.operations()) {
    if (operation.angles.empty())
      trainable.add(std::string(operation.spec->name), operation.qubits);
    else
      trainable.add(std::string(operation.spec->name), operation.qubits, {Angle::parameter(parameter++)});
  }
  Random random(4);
  const auto parameters = random_parameters(random, parameter);
  const RotationProgram program(trainable, std::vector{parse_observable("Z0 + X3 Y17 - Z5 Z9")},
                                RotationProgram::Use::values);
  Runners runners;
  const auto loss = [](std::span<const double> values) { return std::vector<double>(values.size(), 1); };
  const auto gradient = [&](int threads) {
    return GetParam() == Precision::single
               ? tiled::gradient<float>(program, runners, {}, parameters, loss, threads)
               : tiled::gradient<double>(program, runners, {}, parameters, loss, threads);
  };
  const auto one = gradient(1);
  for (const int threads : {2, 5}) {
    const auto many = gradient(threads);
    EXPECT_EQ(one.values, many.values);
    EXPECT_EQ(one.rotations, many.rotations);
  }
}

INSTANTIATE_TEST_SUITE_P(Precisions, TiledGradient, ::testing::Values(Precision::single, Precision::double_));

}  // namespace
}  // namespace qupel
