#include "qupel/engine/noisy_batch/noisy_kernel.h"

#include <gtest/gtest.h>

#include <cmath>

#include "qupel/base/error.h"
#include "qupel/engine/density/density_matrix.h"
#include "qupel/engine/testing/random_circuit.h"
#include "qupel/noise/readout.h"

namespace qupel::noisy_kernel_test {
namespace {

/// |0...0><0...0| as a sum of all products of Z.
Observable all_zero(int qubits) {
  Observable projector;
  for (std::uint64_t zs = 0; zs < std::uint64_t{1} << qubits; ++zs)
    projector.terms.push_back({std::ldexp(1.0, -qubits), PauliString::of_masks(0, zs)});
  return projector;
}

// Qubits that wait, so that noise in one half depends on the other.
const NoiseModel noise = parse_noise(
    "depolarizing(0.02) after two-qubit; amplitude-damping(0.1) after one-qubit; thermal(50, 70) while "
    "idle; duration(0.3) of all; duration(1.5) of cx; readout(0.02, 0.05)");

TEST(NoisyKernel, IsComputeUncompute) {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    Random random(seed);
    const int qubits = 1 + static_cast<int>(seed % 4);
    const auto circuit = testing::random_circuit(random, qubits, 12);
    const auto a = testing::random_features(random, 3, testing::slots),
               b = testing::random_features(random, 10, testing::slots);
    const auto parameters = testing::random_parameters(random, testing::slots);
    const auto entries = NoisyKernel(circuit, noise).entries(a, b, parameters, 1).front();
    ASSERT_EQ(entries.rows(), 3U);
    ASSERT_EQ(entries.columns(), 10U);
    const auto measured = as_read(all_zero(qubits), noise);
    for (const auto& [i, j] : {std::pair<std::size_t, std::size_t>{0, 0}, {2, 7}, {1, 9}}) {
      auto both = circuit.bind(a.row(i), parameters);
      both.append(circuit.bind(b.row(j), parameters).inverse());
      const DensityMatrix state(both, noise, Precision::double_, 1);
      EXPECT_NEAR(entries(i, j), state.expectation(measured), 1e-12) << seed;
    }
  }
}

/// A circuit of two rows that is no circuit with its inverse: other gates in the second half.
Circuit of_two_rows(const Circuit& first, const Circuit& second) {
  auto both = first;
  both.append(second, testing::slots);
  return both;
}

TEST(NoisyKernel, ReadsAnyNumberOfAnyTwoHalves) {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    Random random(seed);
    const int qubits = 1 + static_cast<int>(seed % 3);
    const auto first = testing::random_circuit(random, qubits, 9),
               second = testing::random_circuit(random, qubits, 11);
    const auto both = of_two_rows(first, second);
    const auto a = testing::random_features(random, 3, testing::slots),
               b = testing::random_features(random, 10, testing::slots);
    const auto parameters = testing::random_parameters(random, testing::slots);
    std::vector<std::vector<double>> counted(2, std::vector<double>(std::size_t{1} << qubits));
    for (auto& each : counted)
      for (double& value : each) value = random.normal();
    ASSERT_TRUE(NoisyKernel::separates(both, testing::slots));
    const auto found =
        NoisyKernel(both, testing::slots, noise, counted)
            .entries(a, b, std::span(parameters).first(static_cast<std::size_t>(both.parameters())), 1);
    ASSERT_EQ(found.size(), 2U);
    auto bound = first.bind(a.row(2), parameters);
    bound.append(second.bind(b.row(9), parameters));
    const DensityMatrix state(bound, noise, Precision::double_, 1);
    for (std::size_t k = 0; k < 2; ++k) {
      double mean = 0;
      for (std::size_t read = 0; read < counted[k].size(); ++read) {
        Observable projector;
        projector.terms = {{counted[k][read], {}}};
        for (int q = 0; q < qubits; ++q) {
          const double sign = read >> q & 1 ? -0.5 : 0.5;
          auto with_z = projector.terms;
          for (auto& term : projector.terms) term.weight *= 0.5;
          for (auto& term : with_z) term.weight *= sign, term.pauli.set(q, 'Z');
          projector.terms.insert(projector.terms.end(), with_z.begin(), with_z.end());
        }
        mean += state.expectation(as_read(projector, noise));
      }
      EXPECT_NEAR(found[k](2, 9), mean, 1e-12) << seed;
    }
  }
}

TEST(NoisyKernel, NeedsHalvesThatFollowEachOther) {
  Circuit mixed(1);
  mixed.add("rx", {0}, {Angle::feature(0)}).add("rx", {0}, {Angle::feature(1)});
  EXPECT_TRUE(NoisyKernel::separates(mixed, 1));
  mixed.add("rz", {0}, {Angle::feature(0)});
  EXPECT_FALSE(NoisyKernel::separates(mixed, 1));
  EXPECT_THROW(NoisyKernel(mixed, 1, noise, {}), InputError);
}

TEST(NoisyKernel, KeepsItsBits) {
  Random random(3);
  const auto circuit = testing::random_circuit(random, 3, 20);
  const auto a = testing::random_features(random, 20, testing::slots),
             b = testing::random_features(random, 13, testing::slots);
  const auto parameters = testing::random_parameters(random, testing::slots);
  const NoisyKernel kernel(circuit, noise);
  const auto entries = kernel.entries(a, b, parameters, 1).front();
  EXPECT_EQ(kernel.entries(a, b, parameters, 4).front(), entries);
  const std::size_t rows[] = {17, 4};
  const auto some =
      kernel.entries(take_rows(a, rows), take_rows(b, std::span(rows).last(1)), parameters, 1).front();
  EXPECT_EQ(some(0, 0), entries(17, 4));
  EXPECT_EQ(some(1, 0), entries(4, 4));
}

TEST(NoisyKernel, IsOfFewQubits) { EXPECT_THROW(NoisyKernel(Circuit(11), noise), InputError); }

}  // namespace
}  // namespace qupel::noisy_kernel_test
