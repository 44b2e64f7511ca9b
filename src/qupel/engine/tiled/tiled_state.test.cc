#include "qupel/engine/tiled/tiled_state.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <numeric>
#include <tuple>

#include "qupel/base/error.h"
#include "qupel/engine/batch/batch.h"
#include "qupel/engine/simd/instruction_set.h"
#include "qupel/engine/testing/random_circuit.h"

namespace qupel {
namespace {

using testing::random_circuit;
using testing::random_observable;

// A random circuit of all operations with its slots given values.
Circuit random_bound(Random& random, int qubits, int size) {
  const auto circuit = random_circuit(random, qubits, size);
  const auto features = testing::random_parameters(random, circuit.features());
  const auto parameters = testing::random_parameters(random, circuit.parameters());
  return circuit.bind(features, parameters);
}

double distance(const std::vector<Complex>& a, const std::vector<Complex>& b) {
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) most = std::max(most, std::abs(a[i] - b[i]));
  return most;
}

double tolerance(Precision precision) { return precision == Precision::single ? 3e-5 : 1e-12; }

class Tiled : public ::testing::TestWithParam<Precision> {};

TEST_P(Tiled, EveryOperationMatchesItsDefinition) {
  Random random(derive(1, {key_of("tiled operations")}));
  for (const auto* spec : gates()) {
    for (int repeat = 0; repeat < 2; ++repeat) {
      Circuit circuit(9);
      for (int q = 0; q < 9; ++q) circuit.add("u", {q}, {random.uniform(-3, 3), random.uniform(-3, 3), 1});
      for (int k = 0; k < 4; ++k) testing::add_random(circuit, *spec, random);
      const auto features = testing::random_parameters(random, circuit.features());
      const auto parameters = testing::random_parameters(random, circuit.parameters());
      const auto bound = circuit.bind(features, parameters);
      const TiledState state(bound, GetParam(), 1);
      EXPECT_LT(distance(state.amplitudes(), dense_state(bound)), tolerance(GetParam())) << spec->name;
    }
  }
}

// More phases than a word has bits, as the cost of a decision with many terms has them.
TEST_P(Tiled, ManyPhasesInARowMatchTheirDefinition) {
  Random random(derive(1, {key_of("tiled phases")}));
  Circuit circuit(9);
  for (int q = 0; q < 9; ++q) circuit.add("h", {q});
  for (std::uint64_t mask = 1; mask < 512; mask += 3) {
    std::vector<int> on;
    for (int q = 0; q < 9; ++q)
      if (mask >> q & 1) on.push_back(q);
    circuit.add_pauli_rotation(std::string(on.size(), 'Z'), on, Angle(random.uniform(-3, 3)));
  }
  for (int q = 0; q < 9; ++q) circuit.add("rx", {q}, {0.4});
  const TiledState state(circuit, GetParam(), 1);
  EXPECT_LT(distance(state.amplitudes(), dense_state(circuit)), tolerance(GetParam()));
}

TEST_P(Tiled, RandomCircuitsMatchTheirDefinition) {
  Random random(derive(2, {key_of("tiled circuits")}));
  for (int repeat = 0; repeat < 40; ++repeat) {
    const int qubits = 8 + static_cast<int>(random.below(5));
    const auto circuit = random_bound(random, qubits, 5 + static_cast<int>(random.below(60)));
    const TiledState state(circuit, GetParam(), 1 + repeat % 3);
    const auto expected = dense_state(circuit);
    ASSERT_LT(distance(state.amplitudes(), expected), tolerance(GetParam()))
        << repeat << ": " << qubits << " qubits";
    std::vector<Observable> observables;
    for (int o = 0; o < 4; ++o) observables.push_back(random_observable(random, qubits, 3));
    const auto values = state.expectations(observables, 2);
    for (std::size_t o = 0; o < observables.size(); ++o)
      ASSERT_NEAR(values[o], dense_expectation(observables[o], expected), 4 * tolerance(GetParam()));
  }
}

// On random pairs, with all parameters free.
Circuit canonical_layers(Random& random, int qubits, int layers) {
  Circuit circuit(qubits);
  std::vector<int> order(static_cast<std::size_t>(qubits));
  std::iota(order.begin(), order.end(), 0);
  const auto angle = [&] { return Angle::parameter(circuit.parameters()); };
  for (int layer = 0; layer < layers; ++layer) {
    for (std::size_t i = order.size(); i-- > 1;) std::swap(order[i], order[random.below(i + 1)]);
    for (const int q : order) circuit.add("ry", {q}, {angle()}).add("rz", {q}, {angle()});
    for (std::size_t i = 0; i + 1 < order.size(); i += 2) {
      const std::vector pair{order[i], order[i + 1]};
      for (const auto* name : {"rxx", "ryy", "rzz"}) circuit.add(name, pair, {angle()});
    }
  }
  return circuit;
}

// Some rotations that meet add up to nearly a right angle, whose tangent is large or too large.
std::vector<double> canonical_angles(Random& random, int count) {
  constexpr double right = std::numbers::pi;  // of the whole angle
  auto angles = testing::random_parameters(random, count);
  for (std::size_t k = 0; k + 1 < angles.size(); ++k) {
    if (random.below(3) == 0) angles[k + 1] = right - angles[k] + (random.below(2) == 0 ? 0 : 1e-2);
  }
  return angles;
}

TEST_P(Tiled, CanonicalGatesMatchTheirDefinition) {
  Random random(derive(7, {key_of("tiled canonical gates")}));
  for (int repeat = 0; repeat < 30; ++repeat) {
    const int qubits = 8 + static_cast<int>(random.below(5));
    const auto layers = canonical_layers(random, qubits, 1 + static_cast<int>(random.below(5)));
    const auto circuit = layers.bind({}, canonical_angles(random, layers.parameters()));
    ASSERT_LT(distance(TiledState(circuit, GetParam(), 1).amplitudes(), dense_state(circuit)),
              tolerance(GetParam()))
        << repeat;
  }
}

TEST_P(Tiled, AProgramFollowsItsAngles) {
  Random random(derive(8, {key_of("tiled programs")}));
  const auto circuit = canonical_layers(random, 16, 3);
  const std::vector observables{parse_observable("Z0 + X3 Y5")};
  const BatchProgram program(circuit, observables, GetParam());
  for (int repeat = 0; repeat < 6; ++repeat) {
    const auto angles = canonical_angles(random, circuit.parameters());
    const TiledState state(circuit.bind({}, angles), GetParam(), 2);
    EXPECT_NEAR(program.expectations(Matrix<double>(1, 0), angles, 2)(0, 0),
                state.expectations(observables, 2)[0], tolerance(GetParam()));
  }
}

// Only what the rotations reach is kept; CX and X move it to other basis states.
TEST_P(Tiled, AmplitudesThatNoRotationReachesAreZero) {
  Circuit circuit(12);
  circuit.add("ry", {3}, {0.7}).add("rx", {10}, {1.1}).add("x", {5});
  for (int q = 0; q + 1 < 12; ++q) circuit.add("cx", {q, q + 1});
  ASSERT_LT(TiledState::plan(circuit, {}, GetParam()).dimension, 12);
  EXPECT_LT(distance(TiledState(circuit, GetParam(), 1).amplitudes(), dense_state(circuit)),
            tolerance(GetParam()));
}

TEST_P(Tiled, DeepCircuitsStayNormalised) {
  Random random(derive(6, {key_of("tiled depth")}));
  Circuit circuit(8);
  for (int k = 0; k < 3000; ++k) {
    const int q = static_cast<int>(random.below(2));
    circuit.add("ry", {q}, {random.uniform(1.5, 1.7)}).add("rz", {q}, {random.uniform(-3, 3)});
  }
  const TiledState state(circuit, GetParam(), 1);
  double norm = 0;
  for (const auto amplitude : state.amplitudes()) norm += std::norm(amplitude);
  EXPECT_NEAR(norm, 1, 20 * tolerance(GetParam()));
  EXPECT_LT(distance(state.amplitudes(), dense_state(circuit)), 20 * tolerance(GetParam()));
}

TEST_P(Tiled, CountsFollowTheDistribution) {
  Random random(derive(3, {key_of("tiled counts")}));
  const auto circuit = random_bound(random, 8, 30);
  const TiledState state(circuit, GetParam(), 1);
  constexpr std::uint64_t shots = 200000;
  std::vector<double> counts(256);
  for (const auto& [basis_state, count] : state.counts(shots, 7, 2))
    counts.at(basis_state) = static_cast<double>(count);
  double chi_squared = 0;
  int cells = 0;
  for (std::size_t b = 0; b < counts.size(); ++b) {
    const double expected = shots * std::norm(state.amplitude(b));
    if (expected < 5) continue;
    chi_squared += (counts[b] - expected) * (counts[b] - expected) / expected;
    ++cells;
  }
  EXPECT_LT(chi_squared, cells + 5 * std::sqrt(2.0 * cells));
  EXPECT_DOUBLE_EQ(std::accumulate(counts.begin(), counts.end(), 0.0), shots);
}

TEST_P(Tiled, SameBitsForAnyNumberOfThreads) {
  Random random(derive(4, {key_of("tiled threads")}));
  const auto circuit = random_bound(random, 20, 80);
  const std::vector observables{random_observable(random, 20, 5)};
  const auto run = [&](int threads) {
    const TiledState state(circuit, GetParam(), threads);
    return std::tuple(state.expectations(observables, threads), state.counts(5000, 1, threads),
                      state.amplitude(12345));
  };
  const auto one = run(1);
  EXPECT_EQ(one, run(2));
  EXPECT_EQ(one, run(5));
}

TEST_P(Tiled, InstructionSetsAgreeWithinRounding) {
  Random random(derive(5, {key_of("tiled instruction sets")}));
  const auto circuit = random_bound(random, 11, 60);
  const auto best = TiledState(circuit, GetParam(), 1).amplitudes();
  for (const auto& name : instruction_sets()) {
    force_instruction_set(name);
    EXPECT_LT(distance(TiledState(circuit, GetParam(), 1).amplitudes(), best), tolerance(GetParam())) << name;
  }
  force_instruction_set("");
}

INSTANTIATE_TEST_SUITE_P(Precisions, Tiled, ::testing::Values(Precision::single, Precision::double_),
                         [](const auto& each) {
                           return each.param == Precision::single ? "single" : "double";
                         });

// Only what rotations reach is kept: qubits that are entangled by permutations alone cost nothing.
TEST(TiledState, KeepsTheSupportOnly) {
  Circuit circuit(64);
  circuit.add("ry", {40}, {0.8});
  for (int q = 40; q < 63; ++q) circuit.add("cx", {q, q + 1});
  for (int q = 40; q > 0; --q) circuit.add("cx", {q, q - 1});
  circuit.add("x", {7}).add("rz", {63}, {0.4}).add("p", {3}, {0.3});
  const TiledState state(circuit, Precision::double_, 1);
  const std::uint64_t zeros = std::uint64_t{1} << 7, ones = ~zeros;
  EXPECT_EQ(TiledState::plan(circuit, {}, Precision::double_).dimension, TiledState::fewest_qubits);
  EXPECT_EQ(state.amplitude(0), 0.0);
  const Complex a = state.amplitude(zeros), b = state.amplitude(ones);
  EXPECT_NEAR(std::abs(a - std::polar(std::cos(0.4), -0.2)), 0, 1e-14);
  EXPECT_NEAR(std::abs(b - std::polar(std::sin(0.4), 0.2 + 0.3)), 0, 1e-14);
  const auto values = state.expectations(std::vector{parse_observable("Z0"), parse_observable("-Z7 Z0"),
                                                     parse_observable("X0"), parse_observable("Z63 - Z1")},
                                         1);
  EXPECT_NEAR(values[0], std::cos(0.8), 1e-14);
  EXPECT_NEAR(values[1], 1, 1e-14);
  EXPECT_EQ(values[2], 0);
  EXPECT_NEAR(values[3], 0, 1e-14);
  std::uint64_t shots = 0;
  for (const auto& [basis_state, count] : state.counts(1000, 1, 1)) {
    EXPECT_TRUE(basis_state == zeros || basis_state == ones) << basis_state;
    shots += count;
  }
  EXPECT_EQ(shots, 1000U);
}

TEST(TiledState, RefusesWhatItCannotRun) {
  EXPECT_THROW(TiledState(Circuit(9).add("rx", {0}, {Angle::parameter(0)}), Precision::single, 1),
               InputError);
  EXPECT_THROW(TiledState(Circuit(4), Precision::single, 1), InputError);
  EXPECT_THROW(TiledState(Circuit(65), Precision::single, 1), InputError);
  Circuit large(60);
  for (int q = 0; q < 60; ++q) large.add("h", {q});
  EXPECT_THROW(TiledState(large, Precision::single, 1), InputError);
}

}  // namespace
}  // namespace qupel
