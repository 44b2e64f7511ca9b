#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/engine/engines.h"
#include "qupel/engine/stabilizer/clifford.h"

namespace qupel {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view one_qubit_gates[] = {"x", "y", "z", "h", "s", "sdg", "sx", "sxdg"};
constexpr std::string_view two_qubit_gates[] = {"cx", "cy", "cz", "swap", "iswap", "iswapdg", "ecr"};

void add_clifford_gate(Circuit& circuit, Random& random) {
  const auto qubits = static_cast<std::size_t>(circuit.qubits());
  const auto order = random.permutation(qubits);
  const int a = static_cast<int>(order[0]), b = static_cast<int>(order[qubits > 1 ? 1 : 0]);
  const double quarter = std::numbers::pi / 2 * static_cast<double>(random.below(9)) - 2 * std::numbers::pi;
  switch (qubits > 1 ? random.below(4) : 0) {
    case 0:
      circuit.add(one_qubit_gates[random.below(std::size(one_qubit_gates))], {a});
      break;
    case 1:
      circuit.add(two_qubit_gates[random.below(std::size(two_qubit_gates))], {a, b});
      break;
    case 2:
      circuit.add("u", {a}, {quarter, -quarter, std::numbers::pi / 2});
      break;
    default:
      circuit.add_pauli_rotation(random.below(2) == 0 ? "XY" : "ZY", {b, a}, quarter);
  }
}

Observable random_strings(Random& random, int qubits) {
  Observable observable;
  for (int k = 0; k < 6; ++k) {
    PauliString string;
    for (int q = 0; q < qubits; ++q) string.set(q, "IXYZ"[random.below(4)]);
    observable.terms.push_back({random.uniform(-1, 1), string});
  }
  return observable;
}

// Expectation values, variances and distributions of shots, against the definition.
TEST(Stabilizer, AgreesWithTheDefinitionOnRandomCircuits) {
  Random random(5);
  for (int round = 0; round < 60; ++round) {
    const int qubits = 1 + static_cast<int>(random.below(6));
    Circuit circuit(qubits);
    for (std::size_t k = random.below(40); k > 0; --k) add_clifford_gate(circuit, random);
    constexpr std::uint64_t shots = 4096;
    Job job{.circuit = circuit, .observables = {random_strings(random, qubits)}, .shots = shots};
    job.variances = 1;
    job.seed = static_cast<std::uint64_t>(round);
    ASSERT_EQ(stabilizer_engine().predict(job).refusal, "");
    const auto outcome = stabilizer_engine().run(job);
    const auto state = dense_state(circuit);
    const double mean = dense_expectation(job.observables[0], state);
    EXPECT_NEAR(outcome.expectations[0], mean, 1e-12);
    EXPECT_NEAR(outcome.variances[0], dense_expectation(squared(job.observables[0]), state) - mean * mean,
                1e-12);
    std::uint64_t total = 0;
    double chi_square = 0;
    for (const auto& [basis, count] : outcome.counts) {
      const double expected = std::norm(state[basis]) * static_cast<double>(shots);
      ASSERT_GT(expected, 0.5) << "a basis state that does not occur";
      chi_square += std::pow(static_cast<double>(count) - expected, 2) / expected;
      total += count;
    }
    EXPECT_EQ(total, shots);
    const auto cells = static_cast<double>(outcome.counts.size());
    EXPECT_LT(chi_square, cells + 5 * std::sqrt(2 * cells));
  }
}

// Measurements within the circuit, resets and conditions, against the exact mixed state's engine.
TEST(Stabilizer, DrawsTheShotsOfCircuitsWithFeedback) {
  Random random(6);
  for (int round = 0; round < 20; ++round) {
    const int qubits = 2 + static_cast<int>(random.below(3));
    Circuit circuit(qubits);
    circuit.add_bits("c", 3);
    for (int k = 0; k < 25; ++k) {
      const int qubit = static_cast<int>(random.below(static_cast<std::size_t>(qubits)));
      const int bit = static_cast<int>(random.below(3));
      const auto kind = random.below(8);
      if (kind == 0)
        circuit.measure(qubit, bit);
      else if (kind == 1)
        circuit.reset(qubit);
      else if (kind == 2)
        circuit.add_if({{bit}}, "h", {qubit});
      else if (kind == 3)
        circuit.write(bit, random.below(2) == 0);
      else
        add_clifford_gate(circuit, random);
    }
    circuit.measure(0, 0).measure(1, 1);
    constexpr std::uint64_t shots = 20000;
    const Job job{.circuit = circuit, .shots = shots, .seed = 3};
    const auto drawn = run(job, "stabilizer").bit_counts, expected = run(job, "branching").bit_counts;
    const auto count_in = [](const BitCounts& all, const std::string& bits) {
      return all.contains(bits) ? static_cast<double>(all.at(bits)) : 0.0;
    };
    for (const auto* counts : {&drawn, &expected})
      for (const auto& entry : *counts) {
        const double found = count_in(drawn, entry.first), wanted = count_in(expected, entry.first);
        EXPECT_NEAR(found, wanted, 6 * std::sqrt(shots / 4.0)) << round << ' ' << entry.first;
        EXPECT_TRUE((found > 0 && wanted > 0) || (found <= 10 && wanted <= 10)) << entry.first;
      }
    EXPECT_EQ(run(job, "stabilizer").bit_counts, drawn);
  }
}

// Of two shots half share a coin's way; both ways have to be gone, whatever the share.
TEST(Stabilizer, ShotsThatPartEvenlyGoBothWays) {
  Circuit circuit(2);
  circuit.add_bits("c", 2);
  circuit.add("h", {0}).measure(0, 0).add_if({{0}}, "x", {1}).measure(1, 1);
  int both_ones = 0;
  constexpr int seeds = 2000;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    const auto counts = run({.circuit = circuit, .shots = 2, .seed = seed}, "stabilizer").bit_counts;
    both_ones += counts.contains("11") && counts.at("11") == 2;
  }
  EXPECT_NEAR(both_ones, seeds / 4.0, 5 * std::sqrt(seeds * 3.0 / 16));
}

TEST(Stabilizer, TakesAThousandQubits) {
  constexpr int qubits = 1000;
  Circuit circuit(qubits);
  circuit.add_bits("c", qubits);
  circuit.add("h", {0});
  for (int q = 1; q < qubits; ++q) circuit.add("cx", {q - 1, q});
  std::vector<int> all(qubits);
  for (int q = 0; q < qubits; ++q) all[static_cast<std::size_t>(q)] = q;
  PauliString flips(std::string(qubits, 'X'), all);
  Job job{.circuit = circuit, .observables = {{{{1, flips}}}, parse_observable("Z0 Z999"), Observable::z(5)}};
  const auto values = run(job);
  EXPECT_EQ(values.engine, "stabilizer");
  EXPECT_THAT(values.expectations, ::testing::ElementsAre(1, 1, 0));
  for (int q = 0; q < qubits; ++q) circuit.measure(q, q);
  const auto counts = run({.circuit = circuit, .shots = 1000000000, .seed = 1}).bit_counts;
  ASSERT_EQ(counts.size(), 2U);
  EXPECT_NEAR(static_cast<double>(counts.at(std::string(qubits, '1'))), 5e8, 6 * std::sqrt(2.5e8));
  // As many coins as qubits, and a measurement within.
  Random random(8);
  Circuit deep(qubits);
  deep.add_bits("c", qubits);
  for (int k = 0; k < 20000; ++k) add_clifford_gate(deep, random);
  for (int q = 0; q < qubits; ++q) deep.measure(q, q);
  EXPECT_EQ(run({.circuit = deep, .shots = 100}).bit_counts.size(), 100U);
}

TEST(Stabilizer, KnowsWhichGatesAreClifford) {
  stabilizer::CliffordGates gates;
  const auto is_clifford = [&](std::string_view name, std::vector<int> qubits,
                               std::vector<Angle> angles = {}) {
    return gates.find({&operation(name), std::move(qubits), std::move(angles), {}}) != nullptr;
  };
  EXPECT_TRUE(is_clifford("h", {0}));
  EXPECT_TRUE(is_clifford("rz", {0}, {-std::numbers::pi / 2}));
  EXPECT_TRUE(is_clifford("cp", {0, 1}, {std::numbers::pi}));
  EXPECT_FALSE(is_clifford("ccx", {0, 1, 2}));
  EXPECT_FALSE(is_clifford("t", {0}));
  EXPECT_TRUE(is_clifford("ry", {0}, {-7 * std::numbers::pi / 2}));
  EXPECT_TRUE(is_clifford("u", {0}, {std::numbers::pi / 2, 0.0, std::numbers::pi}));
  EXPECT_TRUE(is_clifford("u", {0}, {0.0, std::numbers::pi / 4, std::numbers::pi / 4}));
  // Small rotations add up.
  for (const double more : {1e-9, 1e-13, 3e-15}) {
    EXPECT_FALSE(is_clifford("rz", {0}, {std::numbers::pi / 2 + more})) << more;
    EXPECT_FALSE(is_clifford("rxx", {0, 1}, {more})) << more;
    EXPECT_FALSE(is_clifford("u", {0}, {more, 0.0, 0.0})) << more;
  }
  EXPECT_TRUE(is_clifford("crz", {0, 1}, {std::numbers::pi}));
  EXPECT_FALSE(is_clifford("crz", {0, 1}, {std::numbers::pi / 2}));
}

TEST(Stabilizer, SaysWhatItDoesNotRun) {
  Circuit circuit(100);
  circuit.add("h", {7}).add("t", {99});
  for (int q = 0; q < 100; ++q) circuit.add("sx", {q});
  const auto message = [](const Job& job) {
    try {
      run(job);
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  EXPECT_THAT(message({.circuit = circuit, .observables = {Observable::z(0)}}),
              HasSubstr("stabilizer: it runs Clifford gates only, and there is t on qubit 99"));
  Circuit within(100);
  within.add_bits("c", 1);
  for (int q = 0; q < 100; ++q) within.add("h", {q});
  EXPECT_THAT(message({.circuit = within, .shots = 10}), HasSubstr("shots of more than 64 qubits"));
  within.measure(0, 0).add("h", {0});
  EXPECT_THAT(
      message({.circuit = within, .observables = {Observable::z(0)}}),
      HasSubstr(
          "it computes no expectation values of circuits that measure or reset before their end: ask for shots"));
}

}  // namespace
}  // namespace qupel
