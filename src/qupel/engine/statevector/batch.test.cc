#include "qupel/engine/statevector/batch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "qupel/base/error.h"
#include "qupel/engine/statevector/random_circuit.h"

namespace qupel {
namespace {

using namespace testing;
using ::testing::HasSubstr;

double tolerance(Precision precision) { return precision == Precision::single ? 2e-5 : 1e-11; }
constexpr Precision precisions[] = {Precision::single, Precision::double_};

double distance(std::span<const Complex> a, std::span<const Complex> b) {
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) most = std::max(most, std::abs(a[i] - b[i]));
  return most;
}

void expect_states_match(const Circuit& circuit, Precision precision, std::size_t samples, Random& random) {
  const auto features = random_features(random, samples, static_cast<std::size_t>(circuit.features()));
  const auto parameters = random_parameters(random, circuit.parameters());
  const auto states = BatchProgram(circuit, {}, precision).states(features, parameters, 1);
  for (std::size_t i = 0; i < samples; ++i) {
    const auto expected = dense_state(circuit, features.row(i), parameters);
    ASSERT_LT(distance(states.row(i), expected), tolerance(precision)) << "sample " << i << "\n"
                                                                       << draw(circuit);
  }
}

TEST(BatchStates, EveryOperationMatchesItsDefinition) {
  Random random(1);
  for (const auto* spec : operations()) {
    for (int qubits = std::max(1, spec->qubits); qubits <= 6; ++qubits) {
      for (const auto precision : precisions) {
        SCOPED_TRACE(spec->name);
        Circuit circuit(qubits);
        for (int q = 0; q < qubits; ++q)
          circuit.add("u", {q}, {random.uniform(0, 3), random.uniform(0, 3), 0.1 * q});
        if (qubits > 1) circuit.add("cx", {0, qubits - 1});
        add_random(circuit, *spec, random);
        add_random(circuit, *spec, random);
        expect_states_match(circuit, precision, 3, random);
      }
    }
  }
}

TEST(BatchStates, RandomCircuitsMatchTheirDefinition) {
  Random random(2);
  for (int trial = 0; trial < 60; ++trial) {
    const auto circuit = random_circuit(random, 1 + trial % 6, 5 + trial);
    for (const auto precision : precisions) expect_states_match(circuit, precision, 5, random);
  }
}

TEST(BatchStates, WindowsCoverStatesBeyondTheCache) {
  Random random(3);
  for (const int qubits : {9, 10, 11}) {
    const auto circuit = random_circuit(random, qubits, 80);
    for (const auto precision : precisions) expect_states_match(circuit, precision, 2, random);
  }
}

TEST(BatchStates, DiagonalsOfManyParitiesMatchTheirDefinition) {
  Random random(17);
  for (const bool varies : {false, true}) {
    Circuit circuit(9);
    for (int q = 0; q < 9; ++q) circuit.add("h", {q});
    for (int k = 0; k < 40; ++k) {
      const int count = 1 + static_cast<int>(random.below(9));
      const double scale = random.uniform(-4, 4);
      circuit.add_pauli_rotation(std::string(static_cast<std::size_t>(count), 'Z'),
                                 random_qubits(random, 9, count),
                                 varies ? Angle::feature(k % slots, scale) : Angle(scale));
    }
    for (int q = 0; q < 9; ++q) circuit.add("ry", {q}, {Angle::parameter(q % slots)});
    for (const auto precision : precisions) expect_states_match(circuit, precision, 3, random);
  }
}

TEST(BatchStates, WholeTurnsKeepTheirSign) {
  Circuit circuit(2);
  circuit.add("ry", {0}, {Angle::feature(0)}).add("cx", {0, 1}).add("rx", {0}, {Angle::feature(1)});
  circuit.add("rz", {1}, {Angle::parameter(0)}).add("ry", {1}, {Angle::parameter(1)});
  Matrix<double> features(1, 2);
  features(0, 0) = 7;
  features(0, 1) = -9.5;
  const std::vector<double> parameters{8, 10};
  const auto states = BatchProgram(circuit, {}, Precision::double_).states(features, parameters, 1);
  EXPECT_LT(distance(states.row(0), dense_state(circuit, features.row(0), parameters)), 1e-13);
}

TEST(BatchStates, RotationsByAnyMultipleOfAQuarterTurnAreExact) {
  for (int quarter = -8; quarter <= 8; ++quarter) {
    const double angle = quarter * std::numbers::pi / 2;
    Circuit circuit(3);
    for (int q = 0; q < 3; ++q) circuit.add("h", {q});
    circuit.add("cz", {0, 1}).add("cz", {1, 2});
    for (int q = 0; q < 3; ++q)
      circuit.add("ry", {q}, {Angle::parameter(q)}).add("rx", {q}, {Angle::feature(0)});
    circuit.add("cz", {0, 2})
        .add("rxx", {0, 1}, {Angle::parameter(0)})
        .add("ryy", {1, 2}, {Angle::feature(0)});
    const Matrix<double> features(1, 1, angle);
    const std::vector<double> parameters{angle, angle, -angle};
    const auto states = BatchProgram(circuit, {}, Precision::double_).states(features, parameters, 1);
    EXPECT_LT(distance(states.row(0), dense_state(circuit, features.row(0), parameters)), 1e-13) << quarter;
  }
}

TEST(BatchStates, DeepCircuitsStayNormalised) {
  Random random(4);
  Circuit circuit(4);
  for (int layer = 0; layer < 200; ++layer) {
    for (int q = 0; q < 4; ++q) circuit.add("ry", {q}, {Angle(random.uniform(-4, 4))});
    for (int q = 0; q < 4; ++q) circuit.add("rxx", {q, (q + 1) % 4}, {Angle(random.uniform(-4, 4))});
  }
  for (const auto precision : precisions) {
    const auto p = BatchProgram(circuit, {}, precision).probabilities(Matrix<double>(1, 0), {}, 1);
    double sum = 0;
    for (const double v : p.values()) sum += v;
    EXPECT_NEAR(sum, 1, precision == Precision::single ? 1e-4 : 1e-12);
  }
}

TEST(BatchExpectations, MatchTheDefinition) {
  Random random(5);
  for (int trial = 0; trial < 60; ++trial) {
    const int qubits = 1 + trial % 7;
    const auto circuit = random_circuit(random, qubits, 3 + trial / 2);
    std::vector<Observable> observables{Observable::z(0), random_observable(random, qubits, 5),
                                        random_observable(random, qubits, 12)};
    const auto features = random_features(random, 9, slots);
    const auto parameters = random_parameters(random, slots);
    for (const auto precision : precisions) {
      const auto values = BatchProgram(circuit, observables, precision).expectations(features, parameters, 1);
      for (std::size_t i = 0; i < features.rows(); ++i) {
        const auto state = dense_state(circuit, features.row(i), parameters);
        for (std::size_t o = 0; o < observables.size(); ++o) {
          ASSERT_NEAR(values(i, o), dense_expectation(observables[o], state), 4 * tolerance(precision))
              << to_string(observables[o]) << "\n"
              << draw(circuit);
        }
      }
    }
  }
}

// A loss with a cotangent that depends on the value and on the sample.
double weight(std::size_t sample, std::size_t observable) {
  return 1 + 0.1 * static_cast<double>(sample + observable);
}
void squares(std::size_t first, const Matrix<double>& values, Matrix<double>& derivatives) {
  for (std::size_t i = 0; i < values.rows(); ++i) {
    for (std::size_t o = 0; o < values.columns(); ++o)
      derivatives(i, o) = 2 * weight(first + i, o) * values(i, o);
  }
}
double loss(const Matrix<double>& values) {
  double sum = 0;
  for (std::size_t i = 0; i < values.rows(); ++i) {
    for (std::size_t o = 0; o < values.columns(); ++o) sum += weight(i, o) * values(i, o) * values(i, o);
  }
  return sum;
}

TEST(BatchGradient, MatchesFiniteDifferencesInParametersAndFeatures) {
  Random random(6);
  for (int trial = 0; trial < 24; ++trial) {
    const int qubits = 1 + trial % 6;
    const auto circuit = random_circuit(random, qubits, 4 + trial);
    const BatchProgram program(circuit, {random_observable(random, qubits, 4), Observable::z(qubits - 1)},
                               Precision::double_);
    auto features = random_features(random, 6, slots);
    auto parameters = random_parameters(random, slots);
    const auto gradient = program.gradient(features, parameters, squares, true, 1);
    EXPECT_EQ(gradient.values, program.expectations(features, parameters, 1));
    const auto difference = [&](double& slot) {
      constexpr double h = 1e-5;
      const double start = slot;
      slot = start + h;
      const double above = loss(program.expectations(features, parameters, 1));
      slot = start - h;
      const double below = loss(program.expectations(features, parameters, 1));
      slot = start;
      return (above - below) / (2 * h);
    };
    for (std::size_t p = 0; p < parameters.size(); ++p) {
      ASSERT_NEAR(gradient.parameters[p], difference(parameters[p]), 2e-7) << p << "\n" << draw(circuit);
    }
    for (std::size_t i = 0; i < features.rows(); ++i) {
      for (std::size_t f = 0; f < features.columns(); ++f) {
        ASSERT_NEAR(gradient.features(i, f), difference(features(i, f)), 2e-7) << i << ' ' << f << "\n"
                                                                               << draw(circuit);
      }
    }
  }
}

// d f / d angle from values at shifted angles, by the frequencies of f in it: Wierichs et al., Quantum 6, 677
// (2022).
double by_shifts(const std::vector<double>& spectrum, const std::function<double(double)>& f) {
  using std::numbers::pi;
  if (spectrum.size() == 1) return spectrum[0] / 2 * (f(pi / 2 / spectrum[0]) - f(-pi / 2 / spectrum[0]));
  const double c1 = (std::numbers::sqrt2 + 1) / (4 * std::numbers::sqrt2),
               c2 = (std::numbers::sqrt2 - 1) / (4 * std::numbers::sqrt2);
  return c1 * (f(pi / 2) - f(-pi / 2)) - c2 * (f(3 * pi / 2) - f(-3 * pi / 2));
}

TEST(BatchGradient, MatchesParameterShiftForEveryOperation) {
  Random random(7);
  for (const auto* spec : operations()) {
    const int qubits = std::max(3, spec->qubits);
    for (int k = 0; k < spec->angles; ++k) {
      if (spec->spectrum.size() > 2) continue;
      Circuit circuit(qubits);
      for (int q = 0; q < qubits; ++q) circuit.add("u", {q}, {0.3 + q, 0.7 * q, 1.1});
      for (int q = 0; q + 1 < qubits; ++q) circuit.add("cx", {q, q + 1});
      std::vector<Angle> angles(static_cast<std::size_t>(spec->angles), Angle(0.4));
      angles[static_cast<std::size_t>(k)] = Angle::parameter(0);
      if (spec->qubits == 0) {
        circuit.add_pauli_rotation("XYZ", {2, 0, 1}, angles[0]);
      } else {
        circuit.add(*spec, random_qubits(random, qubits, spec->qubits), angles);
      }
      for (int q = 0; q < qubits; ++q) circuit.add("ry", {q}, {0.2 + q});
      circuit.add("cx", {0, 2});
      const BatchProgram program(circuit, {random_observable(random, qubits, 6)}, Precision::double_);
      const Matrix<double> one(1, 0);
      const auto value = [&](double angle) { return program.expectations(one, std::vector{angle}, 1)(0, 0); };
      const auto gradient = program.gradient(
          one, std::vector{0.9}, [](auto, const auto&, auto& d) { d(0, 0) = 1; }, false, 1);
      EXPECT_NEAR(gradient.parameters[0], by_shifts(spec->spectrum, [&](double s) { return value(0.9 + s); }),
                  1e-12)
          << spec->name << ' ' << k;
    }
  }
}

TEST(BatchGradient, SinglePrecisionFollowsDouble) {
  Random random(8);
  for (const int qubits : {3, 6, 9, 10}) {
    const auto circuit = random_circuit(random, qubits, 60);
    const std::vector<Observable> observables{random_observable(random, qubits, 6)};
    const auto features = random_features(random, 5, slots);
    const auto parameters = random_parameters(random, slots);
    const auto exact = BatchProgram(circuit, observables, Precision::double_)
                           .gradient(features, parameters, squares, true, 1);
    const auto single = BatchProgram(circuit, observables, Precision::single)
                            .gradient(features, parameters, squares, true, 1);
    for (std::size_t p = 0; p < slots; ++p)
      EXPECT_NEAR(single.parameters[p], exact.parameters[p], 2e-3) << qubits;
    for (std::size_t i = 0; i < exact.features.values().size(); ++i) {
      EXPECT_NEAR(single.features.values()[i], exact.features.values()[i], 1e-3) << qubits;
    }
  }
}

TEST(BatchGradient, OfConstantsIsZero) {
  Circuit circuit(2);
  circuit.add("ry", {0}, {Angle::parameter(0)});
  const Observable identity{{{2.5, {}}}};
  const auto gradient = BatchProgram(circuit, {identity}, Precision::double_)
                            .gradient(Matrix<double>(3, 0), std::vector{0.3}, squares, true, 1);
  EXPECT_EQ(gradient.values(2, 0), 2.5);
  EXPECT_EQ(gradient.parameters[0], 0);
  EXPECT_TRUE(gradient.features.empty());
}

struct Reproducible : ::testing::TestWithParam<Precision> {};

TEST_P(Reproducible, SameBitsForAnyNumberOfThreads) {
  Random random(9);
  const auto circuit = random_circuit(random, 6, 40);
  const BatchProgram program(circuit, {Observable::z(0), random_observable(random, 6, 4)}, GetParam());
  const auto features = random_features(random, 1500, slots);
  const auto parameters = random_parameters(random, slots);
  const auto values = program.expectations(features, parameters, 1);
  const auto gradient = program.gradient(features, parameters, squares, true, 1);
  std::vector<std::size_t> some(200);
  std::iota(some.begin(), some.end(), std::size_t{0});
  const auto few = take_rows(features, some);
  const auto set = program.prepare(few, parameters, 1);
  const auto kernel = fidelities(set, set, 1);
  const auto shots = program.sample(features, parameters, 10, 3, 1);
  const auto estimates = program.estimate(features, parameters, 10, 3, 1);
  for (const int threads : {2, 5}) {
    EXPECT_EQ(values, program.expectations(features, parameters, threads));
    const auto again = program.gradient(features, parameters, squares, true, threads);
    EXPECT_EQ(gradient.parameters, again.parameters);
    EXPECT_EQ(gradient.features, again.features);
    const auto prepared = program.prepare(few, parameters, threads);
    EXPECT_EQ(kernel, fidelities(prepared, prepared, threads));
    EXPECT_EQ(shots, program.sample(features, parameters, 10, 3, threads));
    EXPECT_EQ(estimates, program.estimate(features, parameters, 10, 3, threads));
  }
}

TEST_P(Reproducible, ASampleDoesNotDependOnTheRestOfTheBatch) {
  Random random(10);
  const auto circuit = random_circuit(random, 5, 40);
  const BatchProgram program(circuit, {Observable::z(0), random_observable(random, 5, 4)}, GetParam());
  const auto parameters = random_parameters(random, slots);
  const auto features = random_features(random, 33, slots);
  const auto values = program.expectations(features, parameters, 1);
  const auto gradient = program.gradient(features, parameters, squares, true, 1);
  for (const std::size_t count : {1u, 7u, 33u}) {
    for (std::size_t first = 0; first + count <= features.rows(); first += 5) {
      std::vector<std::size_t> rows(count);
      for (std::size_t i = 0; i < count; ++i) rows[i] = first + i;
      const auto part = take_rows(features, rows);
      EXPECT_EQ(take_rows(values, rows), program.expectations(part, parameters, 1));
      const auto shifted = [&](std::size_t at, const Matrix<double>& v, Matrix<double>& d) {
        squares(first + at, v, d);
      };
      EXPECT_EQ(take_rows(gradient.features, rows),
                program.gradient(part, parameters, shifted, true, 1).features);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Batch, Reproducible, ::testing::ValuesIn(precisions), [](const auto& tested) {
  return tested.param == Precision::single ? "single" : "double";
});

TEST(InstructionSets, AgreeWithinRounding) {
  Random random(11);
  const auto circuit = random_circuit(random, 7, 60);
  const auto features = random_features(random, 33, slots);
  const auto parameters = random_parameters(random, slots);
  const std::vector<Observable> observables{random_observable(random, 7, 6)};
  const auto sets = instruction_sets();
  ASSERT_FALSE(sets.empty());
  for (const auto precision : precisions) {
    const BatchProgram program(circuit, observables, precision);
    const auto best = program.gradient(features, parameters, squares, true, 1);
    const double bound = tolerance(precision) * 30;
    for (const auto& name : sets) {
      force_instruction_set(name);
      const auto forced = program.gradient(features, parameters, squares, true, 2);
      const auto states = program.prepare(features, parameters, 1);
      EXPECT_NEAR(fidelities(states, states, 1)(32, 32), 1, bound) << name;
      for (std::size_t i = 0; i < 33; ++i) EXPECT_NEAR(forced.values(i, 0), best.values(i, 0), bound) << name;
      for (std::size_t p = 0; p < slots; ++p)
        EXPECT_NEAR(forced.parameters[p], best.parameters[p], 33 * bound) << name;
    }
    force_instruction_set("");
  }
}

TEST(InstructionSets, RefuseUnknownNames) { EXPECT_THROW(force_instruction_set("MMX"), InputError); }

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

TEST(BatchSample, FollowsTheDistribution) {
  Random random(14);
  const auto circuit = random_circuit(random, 3, 15);
  const BatchProgram program(circuit, {}, Precision::single);
  const auto features = random_features(random, 2, slots);
  const auto parameters = random_parameters(random, slots);
  constexpr std::size_t shots = 40000;
  const auto drawn = program.sample(features, parameters, shots, 5, 1);
  const auto p = program.probabilities(features, parameters, 1);
  for (std::size_t i = 0; i < 2; ++i) {
    double chi_square = 0;
    for (std::uint64_t l = 0; l < 8; ++l) {
      const auto count = static_cast<double>(std::ranges::count(drawn.row(i), l));
      const double expected = p(i, l) * shots;
      if (expected < 1e-9) {
        EXPECT_EQ(count, 0);
      } else {
        chi_square += (count - expected) * (count - expected) / expected;
      }
    }
    EXPECT_LT(chi_square, 24.3);  // 99.9% quantile at 7 degrees of freedom
  }
}

TEST(BatchSample, MoreShotsExtendTheFirst) {
  const BatchProgram program(Circuit(2).add("h", {0}).add("h", {1}), {}, Precision::double_);
  const Matrix<double> samples(3, 0);
  const auto few = program.sample(samples, {}, 5, 1, 1), many = program.sample(samples, {}, 50, 1, 1);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_TRUE(std::ranges::equal(few.row(i), many.row(i).first(5)));
  EXPECT_FALSE(std::ranges::equal(many.row(0), many.row(1)));
}

TEST(BatchEstimate, IsUnbiasedWithTheSpreadOfShots) {
  Random random(15);
  const auto circuit = random_circuit(random, 3, 15);
  const std::vector<Observable> observables{Observable::z(1), parse_observable("0.5 Z0 Z1 - 0.25 Z2 + 0.1"),
                                            parse_observable("X0 + 0.5 Y1 Z2 - 0.3 Z0")};
  const BatchProgram program(circuit, observables, Precision::double_);
  const Matrix<double> features(2000, slots, 0.3);
  const auto parameters = random_parameters(random, slots);
  const auto exact = program.expectations(features, parameters, 1);
  constexpr std::size_t shots = 100;
  const auto estimates = program.estimate(features, parameters, shots, 11, 1);
  for (std::size_t o = 0; o < observables.size(); ++o) {
    double mean = 0, square = 0;
    for (std::size_t i = 0; i < features.rows(); ++i) {
      const double error = estimates(i, o) - exact(i, o);
      mean += error / 2000;
      square += error * error / 2000;
    }
    EXPECT_LT(std::abs(mean), 4 * std::sqrt(square / 2000));
    if (o == 0) {
      EXPECT_NEAR(square * shots, 1 - exact(0, 0) * exact(0, 0), 0.12);
    }
  }
}

TEST(BatchProgram, RunsCircuitsWithoutFeaturesOnce) {
  const BatchProgram program(Circuit(2).add("h", {0}).add("cx", {0, 1}),
                             {parse_observable("Z0 Z1"), Observable::z(0)}, Precision::single);
  const auto values = program.expectations(Matrix<double>(3, 0), {}, 1);
  ASSERT_EQ(values.rows(), 3u);
  EXPECT_NEAR(values(2, 0), 1, 1e-6);
  EXPECT_NEAR(values(2, 1), 0, 1e-6);
  EXPECT_EQ(program.expectations(Matrix<double>(0, 0), {}, 1).rows(), 0u);
}

TEST(BatchProgram, RefusesWrongShapes) {
  const auto message = [](const auto& work) -> std::string {
    try {
      work();
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  };
  const BatchProgram program(
      Circuit(2).add("ry", {0}, {Angle::feature(1)}).add("rz", {1}, {Angle::parameter(0)}),
      {Observable::z(0)}, Precision::single);
  EXPECT_THAT(message([&] { program.expectations(Matrix<double>(1, 1), std::vector{0.1}, 1); }),
              HasSubstr("reads 2 features, and the samples have 1"));
  EXPECT_THAT(message([&] { program.expectations(Matrix<double>(1, 2), {}, 1); }),
              HasSubstr("1 parameters, and 0 values"));
  EXPECT_THAT(message([&] { BatchProgram(Circuit(1), {Observable::z(1)}, Precision::single); }),
              HasSubstr("acts on qubit 1, and the circuit's last is 0"));
  EXPECT_THAT(message([&] { BatchProgram(Circuit(31), {}, Precision::single); }),
              HasSubstr("up to 30 qubits, not 31"));
  EXPECT_THAT(message([&] {
                BatchProgram(Circuit(30), {}, Precision::double_).states(Matrix<double>(64, 0), {}, 1);
              }),
              HasSubstr("GB may be used on this machine"));
  EXPECT_THAT(message([&] { program.estimate(Matrix<double>(1, 2), std::vector{0.1}, 0, 1, 1); }),
              HasSubstr("0 shots"));
}

TEST(SlowBatch, LargeStatesMatchTheirDefinition) {
  Random random(16);
  const auto circuit = random_circuit(random, 14, 60);
  for (const auto precision : precisions) expect_states_match(circuit, precision, 1, random);
}

}  // namespace
}  // namespace qupel
