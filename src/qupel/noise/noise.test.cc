#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/circuit/dense.h"
#include "qupel/noise/circuit_noise.h"
#include "qupel/noise/noise_model.h"

namespace qupel {
namespace {

using ::testing::HasSubstr;

/// A channel with parameters that its rules allow.
Channel random_channel(const ChannelSpec& spec, Random& random) {
  for (;;) {
    Channel made{&spec, {}};
    for (const auto& parameter : spec.parameters)
      made.parameters.push_back(random.uniform(parameter.low, std::min(parameter.high, 1.0)));
    try {
      check(made);
      return made;
    } catch (const InputError&) {  // drawn again
    }
  }
}

double distance(const Matrix<double>& a, const Matrix<double>& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.values().size(); ++i)
    largest = std::max(largest, std::abs(a.values()[i] - b.values()[i]));
  return largest;
}

Matrix<double> diagonal(std::initializer_list<double> entries) {
  Matrix<double> matrix(entries.size(), entries.size());
  for (std::size_t i = 0; const double entry : entries) matrix(i, i) = entry, ++i;
  return matrix;
}

Matrix<double> transfer_of(std::string_view name, std::vector<double> parameters, int qubits = 1) {
  return transfer_matrix(channel(name).kraus(parameters, qubits));
}

TEST(Channels, KeepTheTrace) {
  Random random(1);
  for (const auto* spec : channels()) {
    for (int repeat = 0; repeat < 20; ++repeat) {
      const auto made = random_channel(*spec, random);
      const int qubits = spec->qubits == 0 ? 1 + repeat % 2 : spec->qubits;
      auto left = identity(std::size_t{1} << qubits);
      for (const auto& k : spec->kraus(made.parameters, qubits)) {
        const auto part = product(adjoint(k), k);
        for (std::size_t i = 0; i < left.values().size(); ++i) left.data()[i] -= part.data()[i];
      }
      for (const auto& value : left.values()) EXPECT_LT(std::abs(value), 1e-12) << spec->name;
    }
  }
}

TEST(Channels, HaveTheTransferMatricesOfTheTextbook) {
  const double p = 0.3, u = 1 - 4 * p / 3;
  EXPECT_LT(distance(transfer_of("depolarizing", {p}), diagonal({1, u, u, u})), 1e-14);
  EXPECT_LT(distance(transfer_of("bit-flip", {p}), diagonal({1, 1, 1 - 2 * p, 1 - 2 * p})), 1e-14);
  EXPECT_LT(distance(transfer_of("phase-flip", {p}), diagonal({1, 1 - 2 * p, 1 - 2 * p, 1})), 1e-14);
  EXPECT_LT(distance(transfer_of("pauli", {0.1, 0.2, 0.3}), diagonal({1, 0, 0.2, 0.4})), 1e-14);
  const double kept = std::sqrt(1 - p);
  EXPECT_LT(distance(transfer_of("phase-damping", {p}), diagonal({1, kept, kept, 1})), 1e-14);
  auto damping = diagonal({1, kept, kept, 1 - p});
  damping(3, 0) = p;
  EXPECT_LT(distance(transfer_of("amplitude-damping", {p}), damping), 1e-14);
  const double coherence = std::exp(-20.0 / 70), population = std::exp(-20.0 / 50);
  auto relaxation = diagonal({1, coherence, coherence, population});
  relaxation(3, 0) = 1 - population;
  EXPECT_LT(distance(transfer_of("thermal-relaxation", {50, 70, 20}), relaxation), 1e-14);
}

TEST(Channels, DepolarizeTwoQubitsTogether) {
  const auto transfer = transfer_of("depolarizing", {0.15}, 2);
  for (std::size_t i = 0; i < 16; ++i) {
    for (std::size_t j = 0; j < 16; ++j)
      EXPECT_NEAR(transfer(i, j), i != j ? 0 : i == 0 ? 1 : 1 - 16 * 0.15 / 15, 1e-14);
  }
}

TEST(Noise, IsReadAndWritten) {
  const auto noise = parse_noise(
      "depolarizing( 0.01 ) after two-qubit;amplitude-damping(0.02) after rx, sx ;pauli(0.1,0,0.2) after h;");
  EXPECT_EQ(
      to_string(noise),
      "depolarizing(0.01) after two-qubit; amplitude-damping(0.02) after rx sx; pauli(0.1, 0, 0.2) after h");
  EXPECT_EQ(to_string(parse_noise(to_string(noise))), to_string(noise));
}

TEST(Noise, FollowsTheOperationsOfItsRule) {
  const auto noise = parse_noise("depolarizing(0.01) after two-qubit; bit-flip(0.1) after cx x");
  Circuit circuit(3);
  circuit.add("cx", {2, 0}).add("x", {1}).add("h", {1}).add("cz", {0, 1}).add("ccx", {0, 1, 2});
  std::vector<std::vector<std::vector<int>>> qubits;
  const CircuitNoise placed(circuit, noise);
  for (std::size_t k = 0; k < circuit.operations().size(); ++k) {
    auto& of = qubits.emplace_back();
    for (const auto& step : placed.steps_after(k)) of.push_back(step.qubits);
  }
  EXPECT_EQ(qubits,
            (std::vector<std::vector<std::vector<int>>>{{{2, 0}, {2}, {0}}, {{1}}, {}, {{0, 1}}, {}}));
}

TEST(Noise, BadRulesNameTheRule) {
  const auto message = [](std::string_view text) -> std::string {
    try {
      parse_noise(text);
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(message(""), HasSubstr("the noise is empty"));
  EXPECT_THAT(message("depolarising(0.1) after two-qubit"), HasSubstr("did you mean \"depolarizing\"?"));
  EXPECT_THAT(message("depolarizing(0.1) after twoqubit"), HasSubstr("did you mean \"two-qubit\"?"));
  EXPECT_THAT(message("depolarizing(0.1) after cxx"), HasSubstr("did you mean \"cx\"?"));
  EXPECT_THAT(message("depolarizing(0.1)"), HasSubstr("expected \"after\""));
  EXPECT_THAT(message("depolarizing 0.1 after cx"), HasSubstr("values in parentheses"));
  EXPECT_THAT(message("depolarizing(a) after cx"), HasSubstr("a number, not \"a\""));
  EXPECT_THAT(message("depolarizing(1.5) after cx"),
              HasSubstr("p of depolarizing is 1.5: it must be between 0 and 1"));
  EXPECT_THAT(message("depolarizing(nan) after cx"), HasSubstr("must be between"));
  EXPECT_THAT(message("depolarizing(0.1, 0.2) after cx"), HasSubstr("takes 1 value, not 2"));
  EXPECT_NO_THROW(parse_noise("pauli(0.56, 0.34, 0.1) after x"));  // 1 + 2e-16 in binary digits
  EXPECT_THAT(message("pauli(0.5,0.5,0.5) after x"), HasSubstr("add up to 1.5"));
  EXPECT_THAT(message("thermal-relaxation(10, 30, 1) after x"), HasSubstr("more than twice T1"));
  EXPECT_THAT(message("depolarizing(0.1) after one-qubit two-qubit"), HasSubstr("alone"));
  EXPECT_THAT(message("depolarizing(0.1) after "), HasSubstr("after"));
  EXPECT_THAT(message("depolarizing(0.1) after cx on"), HasSubstr("qubits after \"on\""));
  EXPECT_THAT(message("depolarizing(0.1) after cx on a"), HasSubstr("the number of a qubit, not \"a\""));
  EXPECT_THAT(message("depolarizing(0.1) after cx on 1,1"), HasSubstr("qubits that differ, not \"1,1\""));
  EXPECT_THAT(message("depolarizing(0.1) after cx on 0,1>2"), HasSubstr("a pair as 0,1 or 0>1"));
  EXPECT_THAT(message("thermal(10, 30) while idle"), HasSubstr("more than twice T1"));
  EXPECT_THAT(message("thermal(10, 3) while idle on 0,1"), HasSubstr("qubits that wait, each for itself"));
  EXPECT_THAT(message("thermal(10, 3) while busy"), HasSubstr("\"after\" and one-qubit"));
  EXPECT_THAT(message("readout(0.1, 2) on 1"), HasSubstr("p0 of readout is 2"));
  EXPECT_THAT(message("readout(0.1) after x"), HasSubstr("\"on\" and qubits, not \"after x\""));
  EXPECT_THAT(message("readout(0.1) on 0,1"), HasSubstr("each for itself"));
  EXPECT_THAT(message("duration(-1) of cx"), HasSubstr("time of duration is -1"));
  EXPECT_THAT(message("duration(1) after cx"), HasSubstr("expected \"of\""));
}

TEST(DenseDensity, IsTheProjectorOfAStateWithoutNoise) {
  Circuit circuit(2);
  circuit.add("h", {0}).add("cx", {0, 1}).add("ry", {1}, {0.3}).add("s", {0});
  const auto state = dense_state(circuit);
  const auto density = dense_density(circuit, {});
  for (std::size_t row = 0; row < 4; ++row) {
    for (std::size_t column = 0; column < 4; ++column)
      EXPECT_LT(std::abs(density(row, column) - state[row] * std::conj(state[column])), 1e-14);
  }
}

}  // namespace
}  // namespace qupel
