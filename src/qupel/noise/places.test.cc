#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "qupel/base/error.h"
#include "qupel/circuit/dense.h"
#include "qupel/circuit/qasm_reader.h"
#include "qupel/noise/circuit_noise.h"
#include "qupel/noise/readout.h"
#include "qupel/noise/schedule.h"

// Where noise acts: gates, qubits, pairs, waiting qubits, measurements.
namespace qupel {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Steps as "3: x-rotation(0.1) on 0", the number being that of the operation before.
std::vector<std::string> steps(const Circuit& circuit, std::string_view rules) {
  const auto noise = parse_noise(rules);
  const CircuitNoise placed(circuit, noise);
  std::vector<std::string> all;
  for (std::size_t k = 0; k < circuit.operations().size(); ++k) {
    for (const auto& step : placed.steps_after(k)) {
      std::string qubits;
      for (const int q : step.qubits) qubits += std::to_string(q);
      all.push_back(std::to_string(k) + ": " + std::string(step.channel.spec->name) + " " + qubits);
    }
  }
  return all;
}

Circuit read(std::string_view body, std::string_view definitions = "") {
  return read_qasm("OPENQASM 3.0; include \"stdgates.inc\"; " + std::string(definitions) + " qubit[5] q; " +
                       std::string(body),
                   "test")
      .circuit;
}

TEST(NoisePlaces, AreQubitsAndPairs) {
  Circuit circuit(4);
  circuit.add("cx", {0, 1}).add("cx", {1, 0}).add("cx", {1, 2}).add("x", {0}).add("x", {3});
  EXPECT_THAT(steps(circuit, "depolarizing(0.1) after cx on 0,1"),
              ElementsAre("0: depolarizing 01", "1: depolarizing 10"));
  EXPECT_THAT(steps(circuit, "depolarizing(0.1) after cx on 1>0 2,1"),
              ElementsAre("1: depolarizing 10", "2: depolarizing 12"));
  EXPECT_THAT(steps(circuit, "bit-flip(0.1) after all on 0 3"),
              ElementsAre("0: bit-flip 0", "1: bit-flip 0", "3: bit-flip 0", "4: bit-flip 3"));
  EXPECT_THAT(steps(circuit, "bit-flip(0.1) after cx on 0>1"), ElementsAre("0: bit-flip 0", "0: bit-flip 1"));
  // A channel on both qubits together needs both.
  EXPECT_THAT(steps(circuit, "depolarizing(0.1) after two-qubit on 0 1"),
              ElementsAre("0: depolarizing 01", "1: depolarizing 10"));
}

TEST(NoisePlaces, OnLargerGatesAreTheirQubits) {
  Circuit circuit(3);
  circuit.add("ccx", {0, 1, 2}).add("x", {0});
  EXPECT_THAT(steps(circuit, "depolarizing(0.1) after ccx"),
              ElementsAre("0: depolarizing 0", "0: depolarizing 1", "0: depolarizing 2"));
  EXPECT_THAT(steps(circuit, "depolarizing(0.1) after all on 2,1,0"),
              ElementsAre("0: depolarizing 0", "0: depolarizing 1", "0: depolarizing 2"));
  EXPECT_THAT(steps(circuit, "bit-flip(0.1) after all on 1"), ElementsAre("0: bit-flip 1"));
}

TEST(NoisePlaces, AreReadAndWritten) {
  for (const auto* text :
       {"depolarizing(0.01) after cx on 0,1 2>1", "thermal-relaxation(50, 70) while idle on 0 2",
        "duration(300) of cx on 0,1; duration(35) of one-qubit; as-early-as-possible",
        "readout(0.02, 0.05) on 2; readout(0.01, 0.01)",
        "x-rotation(0.1) after all; bit-flip(0.1) after c3x u3", "as-late-as-possible"}) {
    EXPECT_EQ(to_string(parse_noise(text)), text);
  }
  EXPECT_EQ(to_string(parse_noise("thermal(50,70) while idle  on 0")),
            "thermal-relaxation(50, 70) while idle on 0");
  EXPECT_EQ(to_string(parse_noise("readout(0.02)on 1")), "readout(0.02, 0.02) on 1");
  EXPECT_EQ(to_string(parse_noise("bit-flip(0.1) after cx on 0 , 1 3 >2")),
            "bit-flip(0.1) after cx on 0,1 3>2");
}

TEST(Gates, AreOneEventHoweverTheyAreTakenApart) {
  const auto circuit =
      read("c3x q[0], q[1], q[2], q[3]; x q[0]; rccx q[0], q[1], q[2]; ctrl @ x q[0], q[4];");
  ASSERT_GT(circuit.operations().size(), 10U);
  const auto gates = gates_of(circuit);
  ASSERT_EQ(gates.size(), 4U);
  EXPECT_EQ(gates[0].name, "c3x");
  EXPECT_THAT(gates[0].qubits, ElementsAre(0, 1, 2, 3));
  EXPECT_EQ(gates[1].name, "x");
  EXPECT_EQ(gates[2].name, "rccx");
  EXPECT_EQ(gates[3].name, "cx");
  EXPECT_EQ(steps(circuit, "depolarizing(0.1) after c3x").size(), 4U);
  EXPECT_EQ(steps(circuit, "depolarizing(0.1) after two-qubit").size(), 1U);
  EXPECT_EQ(steps(circuit, "bit-flip(0.1) after one-qubit").size(), 1U);
  EXPECT_EQ(steps(circuit, "bit-flip(0.1) after all").size(), 4U + 1 + 3 + 2);
}

TEST(Gates, OfModifiersAreOneEventToo) {
  const auto names = [](const Circuit& circuit) {
    std::vector<std::string> all;
    for (const auto& gate : gates_of(circuit))
      all.push_back(std::string(gate.name) + "/" + std::to_string(gate.qubits.size()));
    return all;
  };
  EXPECT_THAT(names(read("ctrl(3) @ x q[0], q[1], q[2], q[3];")), ElementsAre("c3x/4"));
  EXPECT_THAT(names(read("negctrl @ inv @ rccx q[0], q[1], q[2], q[3];")), ElementsAre("crccx/4"));
  EXPECT_THAT(names(read("inv @ dcx q[0], q[1]; pow(0.5) @ swap q[0], q[1];")),
              ElementsAre("dcx/2", "swap/2"));
  EXPECT_THAT(names(read("u3(0.1, 0.2, 0.3) q[0];")), ElementsAre("u3/1"));
  EXPECT_THAT(names(read("dcx q[0:1], q[2:3];")), ElementsAre("dcx/2", "dcx/2"));
  // What a program defines is its body, whose standard gates stay one event when undone.
  const auto* mine = "gate mine a, b, c { dcx a, b; x c; }";
  EXPECT_THAT(names(read("mine q[0], q[1], q[2];", mine)), ElementsAre("dcx/2", "x/1"));
  EXPECT_THAT(names(read("inv @ mine q[0], q[1], q[2];", mine)), ElementsAre("x/1", "dcx/2"));
  EXPECT_THAT(names(read("pow(2) @ mine q[0], q[1], q[2];", mine)),
              ElementsAre("dcx/2", "x/1", "dcx/2", "x/1"));
  EXPECT_THAT(names(read("ctrl @ mine q[0], q[1], q[2], q[3];", mine)),
              ElementsAre("ccx/3", "ccx/3", "cx/2"));
  EXPECT_EQ(names(read("c3x q[0], q[1], q[2], q[3];").inverse()), std::vector<std::string>{"c3x/4"});
}

TEST(Gates, OfOneOperationAnswerToBothNames) {
  const auto circuit = read("u3(0.1, 0.2, 0.3) q[0];");
  EXPECT_EQ(steps(circuit, "bit-flip(0.1) after u3").size(), 1U);
  EXPECT_EQ(steps(circuit, "bit-flip(0.1) after u").size(), 1U);
  EXPECT_EQ(steps(circuit, "bit-flip(0.1) after x").size(), 0U);
}

using Waits = std::vector<std::vector<double>>;

TEST(Waiting, GoesByTheSchedule) {
  const std::vector<int> first{0}, second{1}, both{0, 1}, third{2};
  // Qubit 0: 5, then both: 2; qubit 1: 1, then both; qubit 2: 4 alone.
  const std::vector<TimedGate> gates{{first, 5}, {second, 1}, {both, 2}, {third, 4}};
  EXPECT_EQ(waiting_times(gates, 3, 0, Schedule::as_early_as_possible), (Waits{{0}, {4}, {0, 0}, {3}}));
  EXPECT_EQ(waiting_times(gates, 3, 0, Schedule::as_late_as_possible), (Waits{{0}, {0}, {0, 0}, {0}}));
  // Behind the long gate qubit 1 has a short one, then waits for qubit 0 however gates are scheduled.
  const std::vector<TimedGate> more{{both, 2}, {first, 5}, {second, 1}, {both, 2}};
  EXPECT_EQ(waiting_times(more, 2, 0, Schedule::as_early_as_possible), (Waits{{0, 0}, {0}, {4}, {0, 0}}));
  EXPECT_EQ(waiting_times(more, 2, 0, Schedule::as_late_as_possible), (Waits{{0, 4}, {0}, {0}, {0, 0}}));
}

TEST(Waiting, GoesByBarriersAndBits) {
  const std::vector<int> first{0}, second{1}, both{0, 1}, third{2};
  // A barrier holds up qubit 1, and is no gate that ends a wait.
  const std::vector<TimedGate> aligned{{second, 1}, {first, 4}, {both, 0, {}, {}, true}, {second, 2}};
  EXPECT_EQ(waiting_times(aligned, 2, 0, Schedule::as_early_as_possible), (Waits{{3}, {2}, {}, {0}}));
  EXPECT_EQ(waiting_times(aligned, 2, 0, Schedule::as_late_as_possible), (Waits{{0}, {2}, {}, {0}}));
  // Both gates follow the measurement whose bit they read, side by side; the last one writes it anew.
  const std::vector<TimedGate> decided{
      {first, 3, {}, {0}}, {second, 1, {0}}, {third, 2, {0}}, {first, 1, {}, {0}}};
  EXPECT_EQ(waiting_times(decided, 3, 1, Schedule::as_early_as_possible), (Waits{{2}, {2}, {1}, {0}}));
  EXPECT_EQ(waiting_times(decided, 3, 1, Schedule::as_late_as_possible), (Waits{{2}, {1}, {1}, {0}}));
}

// A qubit in |1> beside one that is busy: what is left of it after the wait, by hand.
TEST(Waiting, RelaxesQubits) {
  Circuit circuit(2);
  circuit.add("x", {0}).add("cx", {0, 1}).add("x", {1}).add("x", {1}).add("cx", {0, 1});
  const auto noise = parse_noise("thermal(50, 70) while idle; duration(4) of x; duration(10) of cx");
  const auto rho = dense_density(circuit, noise);
  const double stays = std::exp(-8.0 / 50);
  EXPECT_NEAR(rho(1, 1).real(), stays, 1e-14);      // 1: qubit 0, whose cx undid the other
  EXPECT_NEAR(rho(2, 2).real(), 1 - stays, 1e-14);  // qubit 0 fell, and qubit 1 stayed
  const auto busy = parse_noise("thermal(50, 70) after x on 0; duration(4) of x");
  EXPECT_NEAR(dense_density(circuit, busy)(1, 1).real(), std::exp(-4.0 / 50), 1e-14);
}

TEST(Waiting, NeedsDurations) {
  Circuit circuit(2);
  circuit.add("x", {0}).add("cx", {0, 1});
  const auto noise = parse_noise("thermal(50, 70) while idle; duration(4) of x");
  try {
    CircuitNoise(circuit, noise);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(),
                HasSubstr("the duration of cx on qubits 0, 1 is not stated: add \"duration(TIME) of cx\""));
  }
  // Of several the last one holds.
  const auto placed = parse_noise("duration(1) of all; duration(3) of cx on 0,1; duration(2) of cx on 2>3");
  const std::vector<int> near{1, 0}, far{2, 3}, back{3, 2};
  EXPECT_EQ(placed.source()->duration({"cx", near}), 3);
  EXPECT_EQ(placed.source()->duration({"cx", far}), 2);
  EXPECT_EQ(placed.source()->duration({"cx", back}), 1);
}

// Expectation values by the probabilities of bit strings, each bit read with its confusion matrix.
TEST(Readout, ConfusesBits) {
  Circuit circuit(3);
  circuit.add("ry", {0}, {0.7}).add("cx", {0, 1}).add("ry", {2}, {1.9}).add("cx", {2, 1});
  const auto noise =
      parse_noise("readout(0.1, 0.3); readout(0.05, 0.02) on 2; amplitude-damping(0.1) after cx");
  const auto rho = dense_density(circuit, noise);
  const auto chance = [&](std::size_t read, std::size_t is) {
    double product = 1;
    for (int q = 0; q < 3; ++q) {
      const auto error = noise.readout(q);
      const bool one = ((is >> q) & 1) != 0;
      const double wrong = one ? error.zero_for_one : error.one_for_zero;
      product *= ((read ^ is) >> q & 1) != 0 ? wrong : 1 - wrong;
    }
    return product;
  };
  const auto diagonal = [&](const Observable& observable, std::size_t basis) {
    double value = 0;
    for (const auto& [weight, pauli] : observable.terms)
      value += odd(basis & pauli.word().z) ? -weight : weight;
    return value;
  };
  for (const auto* text : {"Z0", "Z0 Z1 Z2", "0.5 Z1 - 2 Z0 Z2 + 0.25 I"}) {
    const auto observable = parse_observable(text), read = as_read(observable, noise);
    double expected = 0, found = 0;
    for (std::size_t is = 0; is < 8; ++is) {
      found += rho(is, is).real() * diagonal(read, is);
      for (std::size_t as = 0; as < 8; ++as)
        expected += rho(is, is).real() * chance(as, is) * diagonal(observable, as);
    }
    EXPECT_NEAR(found, expected, 1e-14) << text;
  }
  EXPECT_EQ(to_string(as_read(parse_observable("2 X1 Y3"), parse_noise("readout(0.25) on 1"))), "X1 Y3");
  EXPECT_TRUE(misreads(noise, 3));
  EXPECT_FALSE(misreads(parse_noise("readout(0.1) on 3"), 3));
  EXPECT_THROW(as_read(Observable{{{1, PauliString(std::string(30, 'Z'))}}}, noise), InputError);
}

TEST(Coherent, ErrorsAddUp) {
  Circuit circuit(1);
  for (int k = 0; k < 10; ++k) circuit.add("i", {0});
  const auto rho = dense_density(circuit, parse_noise("x-rotation(0.1) after id"));
  EXPECT_NEAR((rho(0, 0) - rho(1, 1)).real(), std::cos(1.0), 1e-14);
}

}  // namespace
}  // namespace qupel
