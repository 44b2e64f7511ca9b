#include "qupel/engine/noisy_batch/noisy_batch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "qupel/base/error.h"
#include "qupel/circuit/dense.h"
#include "qupel/engine/density/density_matrix.h"
#include "qupel/engine/noisy_batch/noisy_readings.h"
#include "qupel/engine/simd/instruction_set.h"
#include "qupel/engine/testing/random_circuit.h"
#include "qupel/noise/readout.h"

namespace qupel::noisy_batch_test {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

/// Every channel, after gates of all kinds, at places and on qubits that wait; readout errors of both kinds.
const NoiseModel noise = parse_noise(
    "depolarizing(0.1) after two-qubit; amplitude-damping(0.2) after one-qubit; thermal-relaxation(50, 40, "
    "9) after two-qubit; pauli(0.01, 0.02, 0.03) after rx ry h cx swap; phase-damping(0.05) after cz crx u; "
    "bit-flip(0.03) after x on 0; phase-flip(0.04) after s; depolarizing(0.02) after one-qubit; "
    "thermal(50, 70) while idle; duration(0.3) of all; duration(1.5) of cx; readout(0.02, 0.05) on 0; "
    "readout(0.1)");

struct Case {
  Circuit circuit;
  std::vector<Observable> observables;
  Matrix<double> features;
  std::vector<double> parameters;

  Case(std::uint64_t seed, int qubits, int size, std::size_t samples) : circuit(1) {
    Random random(seed);
    circuit = testing::random_circuit(random, qubits, size);
    for (int o = 0; o < 3; ++o) observables.push_back(testing::random_observable(random, qubits, 1 + 2 * o));
    features = testing::random_features(random, samples, static_cast<std::size_t>(circuit.features()));
    parameters = testing::random_parameters(random, circuit.parameters());
  }
};

/// tr(rho P) for every Pauli string, by definition.
std::vector<double> dense_coefficients(const Matrix<Complex>& rho, int qubits) {
  std::vector<double> all;
  for (std::size_t index = 0; index < std::size_t{1} << (2 * qubits); ++index) {
    std::string letters;
    for (int q = 0; q < qubits; ++q) letters += "IXYZ"[index >> (2 * q) & 3];
    all.push_back(0);
    const auto both = product(pauli_matrix(letters), rho);
    for (std::size_t i = 0; i < both.rows(); ++i) all.back() += both(i, i).real();
  }
  return all;
}

double expectation(const Observable& observable, std::span<const double> coefficients) {
  double sum = 0;
  for (const auto& [weight, pauli] : observable.terms) sum += weight * coefficients[pauli.index()];
  return sum;
}

/// Rotations at the end of a circuit, which begin alike.
TEST(NoisyReadings, AreThoseOfEachCircuitAlone) {
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    const Case task(seed, 4, 40, 11);
    std::vector<Circuit> circuits(3, task.circuit);
    circuits[1].add("h", {0}).add("h", {2});
    circuits[2].add("sx", {1}).add("cx", {1, 3}).add("h", {1});
    const NoisyReadings readings(circuits, noise);
    EXPECT_GT(readings.common_share(), 0.5);
    const auto found = readings.probabilities(task.features, task.parameters, 2);
    for (std::size_t c = 0; c < circuits.size(); ++c) {
      const auto wanted = NoisyBatch(circuits[c], noise, {}).probabilities(task.features, task.parameters, 1);
      ASSERT_EQ(found[c].rows(), wanted.rows());
      for (std::size_t i = 0; i < wanted.values().size(); ++i)
        EXPECT_NEAR(found[c].values()[i], wanted.values()[i], 1e-13) << seed << " " << c;
    }
  }
}

TEST(NoisyBatch, IsTheDefinition) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const int qubits = 1 + static_cast<int>(seed % 4);
    const Case c(seed, qubits, 25, 3);
    const NoisyBatch batch(c.circuit, noise, c.observables);
    const auto coefficients = batch.coefficients(c.features, c.parameters, 1);
    const auto values = batch.expectations(c.features, c.parameters, 1);
    const auto probabilities = batch.probabilities(c.features, c.parameters, 1);
    for (std::size_t s = 0; s < 3; ++s) {
      const auto rho = dense_density(c.circuit.bind(c.features.row(s), c.parameters), noise);
      const auto expected = dense_coefficients(rho, qubits);
      for (std::size_t i = 0; i < expected.size(); ++i)
        ASSERT_NEAR(coefficients(s, i), expected[i], 1e-12) << seed << ", string " << i;
      for (std::size_t b = 0; b < rho.rows(); ++b) ASSERT_NEAR(probabilities(s, b), rho(b, b).real(), 1e-12);
      for (std::size_t o = 0; o < c.observables.size(); ++o)
        ASSERT_NEAR(values(s, o), expectation(as_read(c.observables[o], noise), expected), 1e-12);
    }
  }
}

/// Trapped-ion gates, whose phases are slots: the frame of one that is undone at once costs nothing.
Circuit folded_ions(int folds) {
  const Angle a{1, {Slot::Kind::feature, 0}, 0.3}, b{-0.5, {Slot::Kind::feature, 1}, 0.1};
  const auto back = [](Angle angle) {
    return Angle{angle.scale, angle.slot, angle.offset + std::numbers::pi};
  };
  Circuit circuit(3);
  circuit.add("gpi2", {0}, {a}).add("gpi2", {1}, {b}).add("ms", {0, 1}, {a, b});
  for (int i = 0; i < folds; ++i) circuit.add("ms", {0, 1}, {back(a), b}).add("ms", {0, 1}, {a, b});
  circuit.add("gpi2", {0}, {b}).add("ms", {1, 2}, {b, a}).add("gpi2", {1}, {a});
  return circuit;
}

TEST(NoisyBatch, TakesUpTurnsThatMeet) {
  const auto ions = parse_noise(
      "depolarizing(0.1) after two-qubit; thermal-relaxation(50, 40, 9) after two-qubit; depolarizing(0.01) "
      "after one-qubit; thermal-relaxation(50, 40, 2) after one-qubit");
  const std::vector<Observable> observables{parse_observable("Z0 X1 + Y2")};
  Random random(5);
  const auto features = testing::random_features(random, 3, 2);
  double plain = 0;
  for (const int folds : {0, 1, 2}) {
    const auto circuit = folded_ions(folds);
    const NoisyBatch batch(circuit, ions, observables);
    const auto coefficients = batch.coefficients(features, {}, 1);
    for (std::size_t s = 0; s < 3; ++s) {
      const auto expected = dense_coefficients(dense_density(circuit.bind(features.row(s), {}), ions), 3);
      for (std::size_t i = 0; i < expected.size(); ++i)
        ASSERT_NEAR(coefficients(s, i), expected[i], 1e-12) << folds << ", string " << i;
    }
    if (folds == 0) plain = batch.work();
    EXPECT_LE(batch.work(), 1.5 * plain) << folds;
  }
}

double weight(std::size_t sample, std::size_t observable) {
  return 1 + 0.1 * static_cast<double>(sample + observable);
}
void squares(std::size_t first, const Matrix<double>& values, Matrix<double>& derivatives) {
  for (std::size_t i = 0; i < values.rows(); ++i)
    for (std::size_t o = 0; o < values.columns(); ++o)
      derivatives(i, o) = 2 * weight(first + i, o) * values(i, o);
}
double loss(const NoisyBatch& batch, const Matrix<double>& features, std::span<const double> parameters) {
  const auto values = batch.expectations(features, parameters, 1);
  double sum = 0;
  for (std::size_t i = 0; i < values.rows(); ++i)
    for (std::size_t o = 0; o < values.columns(); ++o) sum += weight(i, o) * values(i, o) * values(i, o);
  return sum;
}

/// d loss / d slot, one of the features or parameters, by central differences of two widths (Richardson).
double difference(const NoisyBatch& batch, const Matrix<double>& features, std::span<const double> parameters,
                  double& slot) {
  const double start = slot;
  const auto central = [&](double h) {
    slot = start + h;
    const double above = loss(batch, features, parameters);
    slot = start - h;
    const double below = loss(batch, features, parameters);
    slot = start;
    return (above - below) / (2 * h);
  };
  return (4 * central(1e-3) - central(2e-3)) / 3;
}

void expect_gradient(Case c) {
  const NoisyBatch batch(c.circuit, noise, c.observables);
  const auto gradient = batch.gradient(c.features, c.parameters, squares, true, 1);
  EXPECT_EQ(gradient.values, batch.expectations(c.features, c.parameters, 1));
  for (std::size_t p = 0; p < c.parameters.size(); ++p)
    EXPECT_NEAR(gradient.parameters[p], difference(batch, c.features, c.parameters, c.parameters[p]), 1e-9);
  for (std::size_t i = 0; i < c.features.values().size(); ++i)
    EXPECT_NEAR(gradient.features.values()[i],
                difference(batch, c.features, c.parameters, c.features.values()[i]), 1e-9);
  EXPECT_EQ(batch.gradient(c.features, c.parameters, squares, false, 1).parameters, gradient.parameters);
}

TEST(NoisyBatch, GradientIsTheDerivative) {
  for (std::uint64_t seed = 100; seed < 124; ++seed)
    expect_gradient(Case(seed, 1 + static_cast<int>(seed % 4), 25, 3));
}

// More steps than a window takes.
TEST(NoisyBatch, GradientOfALongCircuitIsTheDerivative) { expect_gradient(Case(7, 4, 150, 2)); }

// Rotations of many qubits have windows of their own: so many that not all states are held at once.
TEST(NoisyBatch, GradientIsTheDerivativeWhereStatesAreMadeAgain) {
  Case c(11, 7, 0, 1);
  for (int k = 0; k < 70; ++k)
    c.circuit.add_pauli_rotation(
        k % 2 == 0 ? "XYZXZYX" : "ZZXYYZ",
        k % 2 == 0 ? std::vector{0, 1, 2, 3, 4, 5, 6} : std::vector{6, 5, 3, 2, 1, 0},
        k < 69 ? Angle::parameter(k % 4, 0.5 + 0.01 * k) : Angle::feature(0));
  const NoisyBatch batch(c.circuit, noise, c.observables);
  const auto gradient = batch.gradient(c.features, c.parameters, squares, true, 1);
  EXPECT_NEAR(gradient.parameters[2], difference(batch, c.features, c.parameters, c.parameters[2]), 1e-9);
  EXPECT_NEAR(gradient.features(0, 0), difference(batch, c.features, c.parameters, c.features(0, 0)), 1e-9);
}

/// Features on every qubit first, then parameters: what follows the features is computed for all samples
/// together.
Case classifier(int qubits, std::size_t observables) {
  Case c(3, qubits, 0, 20);
  c.circuit = Circuit(qubits);
  for (int q = 0; q < qubits; ++q) c.circuit.add("ry", {q}, {Angle::feature(q % 4)});
  for (int q = 1; q < qubits; ++q) c.circuit.add("rzz", {0, q}, {Angle::feature(q % 4, 0.5)});
  for (int layer = 0; layer < 2; ++layer) {
    for (int q = 0; q < qubits; ++q)
      c.circuit.add("u", {q}, {Angle::parameter(q % 4), 0.3, Angle::parameter(3, 2)});
    for (int q = 1; q < qubits; ++q) c.circuit.add("cx", {q - 1, q});
  }
  Random random(6);
  c.observables.clear();
  for (std::size_t o = 0; o < observables; ++o)
    c.observables.push_back(testing::random_observable(random, qubits, 3));
  c.features = testing::random_features(random, 20, static_cast<std::size_t>(c.circuit.features()));
  return c;
}

TEST(NoisyBatch, GradientOfAClassifierIsTheDerivative) {
  for (const std::size_t observables : {1u, 3u, 8u, 9u}) expect_gradient(classifier(3, observables));
  expect_gradient(classifier(1, 1));
}

TEST(NoisyBatch, IsTheDefinitionAcrossWindows) {
  const auto c = classifier(6, 3);
  const NoisyBatch batch(c.circuit, noise, c.observables);
  const auto gradient = batch.gradient(c.features, c.parameters, squares, true, 2);
  for (const std::size_t s : {0u, 19u}) {
    const DensityMatrix state(c.circuit.bind(c.features.row(s), c.parameters), noise, Precision::double_, 1);
    for (std::size_t o = 0; o < 3; ++o)
      EXPECT_NEAR(gradient.values(s, o), state.expectation(as_read(c.observables[o], noise)), 1e-12);
  }
  auto shifted = c;
  for (const std::size_t p : {0u, 3u})
    EXPECT_NEAR(gradient.parameters[p],
                difference(batch, c.features, shifted.parameters, shifted.parameters[p]), 1e-9);
  EXPECT_NEAR(gradient.features(7, 1),
              difference(batch, shifted.features, c.parameters, shifted.features(7, 1)), 1e-9);
}

// Whole turns change nothing, however many.
TEST(NoisyBatch, TakesLargeAngles) {
  Circuit circuit(1);
  circuit.add("rx", {0}, {Angle::feature(0)});
  const NoisyBatch batch(circuit, {}, {Observable::z(0), parse_observable("Y0")});
  Matrix<double> features(40, 1);
  for (std::size_t s = 0; s < 40; ++s)
    features(s, 0) = (s % 2 == 0 ? 1 : -1) * std::pow(3.7, static_cast<double>(s) - 15);
  const auto values = batch.expectations(features, {}, 1);
  for (std::size_t s = 0; s < 40; ++s) {
    EXPECT_NEAR(values(s, 0), std::cos(features(s, 0)), 2e-15) << features(s, 0);
    EXPECT_NEAR(values(s, 1), -std::sin(features(s, 0)), 2e-15) << features(s, 0);
  }
}

TEST(NoisyBatch, WithoutNoiseIsTheStateVector) {
  const Case c(5, 4, 40, 10);
  const auto values = NoisyBatch(c.circuit, {}, c.observables).expectations(c.features, c.parameters, 1);
  const auto expected =
      BatchProgram(c.circuit, c.observables, Precision::double_).expectations(c.features, c.parameters, 1);
  for (std::size_t i = 0; i < expected.values().size(); ++i)
    EXPECT_NEAR(values.values()[i], expected.values()[i], 1e-12);
}

// A sample's numbers depend neither on threads nor on its place in the batch.
TEST(NoisyBatch, KeepsItsBits) {
  const Case c(8, 4, 30, 29);
  const NoisyBatch batch(c.circuit, noise, c.observables);
  const auto whole = batch.gradient(c.features, c.parameters, squares, true, 1);
  for (const int threads : {2, 5}) {
    const auto again = batch.gradient(c.features, c.parameters, squares, true, threads);
    EXPECT_EQ(again.values, whole.values);
    EXPECT_EQ(again.parameters, whole.parameters);
    EXPECT_EQ(again.features, whole.features);
  }
  for (std::size_t s = 0; s < c.features.rows(); s += 5) {
    const std::size_t row[] = {s};
    EXPECT_EQ(batch.expectations(take_rows(c.features, row), c.parameters, 1), take_rows(whole.values, row));
  }
}

TEST(NoisyBatch, IsAlikeForEveryInstructionSet) {
  const Case c(9, 3, 30, 9);
  const NoisyBatch batch(c.circuit, noise, c.observables);
  const auto expected = batch.gradient(c.features, c.parameters, squares, true, 1);
  for (const auto& set : instruction_sets()) {
    force_instruction_set(set);
    const auto found = batch.gradient(c.features, c.parameters, squares, true, 2);
    for (std::size_t i = 0; i < expected.values.values().size(); ++i)
      EXPECT_NEAR(found.values.values()[i], expected.values.values()[i], 1e-13) << set;
    for (std::size_t p = 0; p < expected.parameters.size(); ++p)
      EXPECT_NEAR(found.parameters[p], expected.parameters[p], 1e-11) << set;
  }
  force_instruction_set("");
}

TEST(NoisyBatch, SaysWhatItCannotRun) {
  EXPECT_THAT([] { NoisyBatch(Circuit(11), noise, {}); },
              ThrowsMessage<InputError>(HasSubstr("takes up to 10 qubits, not 11")));
  EXPECT_THAT([] { NoisyBatch(Circuit(2), noise, {Observable::z(2)}); },
              ThrowsMessage<InputError>(HasSubstr("acts on qubit 2")));
  Circuit reset(1);
  reset.reset(0);
  EXPECT_THROW(NoisyBatch(reset, noise, {}), InputError);
  const NoisyBatch batch(Circuit(1), {}, {Observable::z(0)});
  EXPECT_THAT([&] { batch.expectations(Matrix<double>(1, 3), {}, 1); },
              ThrowsMessage<InputError>(HasSubstr("reads 0 features, and the samples have 3")));
  EXPECT_EQ(batch.expectations(Matrix<double>(2, 0), {}, 1), Matrix<double>(2, 1, 1.0));
  EXPECT_EQ(batch.expectations(Matrix<double>(0, 0), {}, 1).rows(), 0U);
  EXPECT_THAT([&] { NoisyBatch(Circuit(10), {}, {}).coefficients(Matrix<double>(1 << 24, 0), {}, 1); },
              ThrowsMessage<InputError>(HasSubstr("numbers for each of 16777216 samples needs")));
}

}  // namespace
}  // namespace qupel::noisy_batch_test
