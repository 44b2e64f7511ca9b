#include "qupel/execute/shift_rule.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/execute/executor.h"

namespace qupel {
namespace {

// On a sum of sines of the frequencies.
TEST(ShiftTerms, AreTheDerivativeOfAnyFunctionOfTheSpectrum) {
  for (const auto& spectrum : {std::vector{1.0}, {0.5, 1.0}, {0.25, 0.5, 0.75, 1.0}, {2.0, 4.0, 6.0}}) {
    Random random(4);
    std::vector<double> sine, cosine;
    for (std::size_t k = 0; k < spectrum.size(); ++k)
      sine.push_back(random.normal()), cosine.push_back(random.normal());
    const auto f = [&](double x) {
      double sum = 0.7;
      for (std::size_t k = 0; k < spectrum.size(); ++k)
        sum += sine[k] * std::sin(spectrum[k] * x) + cosine[k] * std::cos(spectrum[k] * x);
      return sum;
    };
    const double x = 0.83;
    double derivative = 0, expected = 0;
    for (const auto& [shift, weight] : shift_terms(spectrum)) derivative += weight * f(x + shift);
    for (std::size_t k = 0; k < spectrum.size(); ++k)
      expected += spectrum[k] * (sine[k] * std::cos(spectrum[k] * x) - cosine[k] * std::sin(spectrum[k] * x));
    EXPECT_NEAR(derivative, expected, 1e-12);
  }
  EXPECT_THROW(shift_terms(std::vector{1.0, 3.0}), InputError);
}

/// The operation between gates that make its angles matter; angle k is 0.7 * slot + 0.2 of feature k, or of
/// parameter 0, which others share.
Circuit around(const OpSpec& spec, bool features) {
  const int qubits = std::max(spec.qubits == 0 ? 3 : spec.qubits, 2);
  Circuit circuit(qubits);
  for (int q = 0; q < qubits; ++q) circuit.add("ry", {q}, {0.4 + q}).add("rz", {q}, {0.9 - 0.3 * q});
  std::vector<int> targets;
  for (int q = 0; q < (spec.qubits == 0 ? 3 : spec.qubits); ++q) targets.push_back(q);
  std::vector<Angle> angles;
  for (int k = 0; k < spec.angles; ++k)
    angles.push_back(features ? Angle::feature(k, 0.7, 0.2) : Angle::parameter(0, 0.7 - 0.2 * k, 0.2));
  if (spec.qubits == 0)
    circuit.add_pauli_rotation("XYZ", targets, angles[0]);
  else
    circuit.add(spec, targets, angles);
  circuit.add("cx", {0, 1}).add("rx", {0}, {features ? Angle::parameter(0) : Angle::feature(0)});
  for (int q = 0; q < qubits; ++q) circuit.add("ry", {q}, {1.1 - q});
  return circuit;
}

/// Derivatives of sin(<O_0>) + <O_1>^2 by both kinds of slots.
BatchGradient gradient(Executor& executor, const Circuit& circuit) {
  Matrix<double> x(3, static_cast<std::size_t>(circuit.features()));
  for (std::size_t i = 0; i < x.values().size(); ++i) x.values()[i] = 0.3 + 0.41 * static_cast<double>(i);
  const std::vector<double> trained(static_cast<std::size_t>(circuit.parameters()), 0.6);
  const auto prepared = executor.prepare(circuit, {Observable::z(0), parse_observable("Z1 + 0.5 X0 Y1")});
  return executor.gradient(
      prepared, x, trained,
      [](std::size_t, const Matrix<double>& values, Matrix<double>& derivatives) {
        for (std::size_t r = 0; r < values.rows(); ++r) {
          derivatives(r, 0) = std::cos(values(r, 0));
          derivatives(r, 1) = 2 * values(r, 1);
        }
      },
      true);
}

// An engine that is named makes the executor run circuit by circuit, exactly: only the rule differs.
TEST(ShiftRule, EqualsTheAdjointForEveryOperationWithASpectrum) {
  int checked = 0;
  for (const auto* spec : operations()) {
    if (spec->spectrum.empty()) continue;
    ++checked;
    for (const bool features : {true, false}) {
      const auto circuit = around(*spec, features);
      Executor adjoint(Precision::double_), shifted({.precision = Precision::double_, .engine = "density"});
      const auto expected = gradient(adjoint, circuit), found = gradient(shifted, circuit);
      ASSERT_EQ(found.parameters.size(), expected.parameters.size());
      for (std::size_t p = 0; p < expected.parameters.size(); ++p)
        EXPECT_NEAR(found.parameters[p], expected.parameters[p], 1e-10) << spec->name;
      for (std::size_t i = 0; i < expected.features.values().size(); ++i)
        EXPECT_NEAR(found.features.values()[i], expected.features.values()[i], 1e-10) << spec->name;
      EXPECT_EQ(shifted.ledger().hardware_circuits, adjoint.ledger().hardware_circuits) << spec->name;
    }
  }
  EXPECT_GE(checked, 14);
}

TEST(ShiftRule, EveryOperationWithAnglesHasASpectrum) {
  for (const auto* spec : operations()) EXPECT_EQ(spec->angles > 0, !spec->spectrum.empty()) << spec->name;
}

// Unbiased where the loss is linear in the values.
TEST(ShiftRule, WithShotsIsUnbiased) {
  const auto circuit = around(operation("crx"), false);
  const auto ones = [](std::size_t, const Matrix<double>&, Matrix<double>& d) {
    std::ranges::fill(d.values(), 1);
  };
  const auto by = [&](Execution execution) {
    Executor executor(execution);
    const auto prepared = executor.prepare(circuit, {Observable::z(0), parse_observable("X1")});
    return executor.gradient(prepared, Matrix<double>(1, 1, 0.5), std::vector{0.6}, ones, true);
  };
  const auto exact = by({.precision = Precision::double_});
  double mean = 0, square = 0, of_feature = 0;
  constexpr int seeds = 400;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    const auto found = by({.shots = 50, .precision = Precision::double_, .seed = seed});
    const double error = found.parameters[0] - exact.parameters[0];
    mean += error / seeds;
    square += error * error / seeds;
    of_feature += (found.features(0, 0) - exact.features(0, 0)) / seeds;
  }
  EXPECT_GT(square, 1e-4);
  EXPECT_LT(std::abs(mean), 4 * std::sqrt(square / seeds));
  EXPECT_LT(std::abs(of_feature), 4 * std::sqrt(square / seeds));
}

}  // namespace
}  // namespace qupel
