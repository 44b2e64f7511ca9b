#include "qupel/circuit/circuit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "qupel/base/error.h"

namespace qupel {
namespace {

using testing::ElementsAre;
using testing::Pair;

std::string error_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

Circuit example() {
  Circuit circuit(3);
  circuit.add("h", {0}).add("ry", {1}, {Angle::feature(2, 2.0, 0.5)}).add("cx", {0, 1});
  circuit.add("rzz", {1, 2}, {Angle::parameter(1, -1)}).add("u", {2}, {0.1, Angle::parameter(0), 0.3});
  circuit.add_pauli_rotation("XIY", {0, 1, 2}, Angle::feature(0)).add("ccx", {0, 1, 2});
  return circuit;
}

TEST(Circuit, ErrorsSayTheRuleAndTheValue) {
  Circuit c(2);
  const double infinite = std::numeric_limits<double>::infinity();
  EXPECT_EQ(error_of([] { Circuit(0); }), "a circuit needs at least one qubit, not 0");
  EXPECT_EQ(error_of([&] { c.add("cx", {0}); }), "cx takes 2 qubits, not 1");
  EXPECT_EQ(error_of([&] { c.add("x", {0, 1}); }), "x takes 1 qubit, not 2");
  EXPECT_EQ(error_of([&] { c.add("rx", {0}); }), "rx takes 1 angle, not 0");
  EXPECT_EQ(error_of([&] { c.add("u", {0}, {1}); }), "u takes 3 angles, not 1");
  EXPECT_EQ(error_of([&] { c.add("x", {2}); }), "x on qubit 2: the circuit has qubits 0 to 1");
  EXPECT_EQ(error_of([&] { c.add("x", {-1}); }), "x on qubit -1: the circuit has qubits 0 to 1");
  EXPECT_EQ(error_of([&] { c.add("cx", {1, 1}); }), "cx on qubit 1 twice: its qubits must differ");
  EXPECT_EQ(error_of([&] { c.add("rx", {0}, {infinite}); }),
            "rx with angle 0 * slot + inf: angles must be finite");
  EXPECT_EQ(error_of([&] { c.add("rx", {0}, {Angle::feature(-1)}); }),
            "rx with slot -1: slots are numbered from 0");
  EXPECT_EQ(error_of([&] {
              c.add("pauli_rotation", {0, 1}, {1});
            }),
            "pauli_rotation needs its Pauli letters: use add_pauli_rotation");
  EXPECT_EQ(error_of([&] {
              c.add_pauli_rotation("XYZ", {0, 1}, 1);
            }),
            "pauli_rotation of \"XYZ\" takes 3 qubits, not 2");
  EXPECT_EQ(error_of([&] {
              c.add_pauli_rotation("Xq", {0, 1}, 1);
            }),
            "pauli_rotation of \"Xq\": letters are I, X, Y, Z");
  EXPECT_EQ(error_of([&] {
              c.add_pauli_rotation("II", {0, 1}, 1);
            }),
            "pauli_rotation of \"II\" is a global phase: it needs an X, Y or Z");
  EXPECT_EQ(error_of([&] { c.append(Circuit(3)); }), "a circuit on 3 qubits cannot follow one on 2");
  EXPECT_TRUE(c.operations().empty()) << "a refused operation leaves the circuit as it was";
}

TEST(Circuit, CountsItsSlots) {
  EXPECT_EQ(example().features(), 3);
  EXPECT_EQ(example().parameters(), 2);
  Circuit shifted(3);
  shifted.append(example(), 10, 20);
  EXPECT_EQ(shifted.features(), 13);
  EXPECT_EQ(shifted.parameters(), 22);
}

TEST(Circuit, AppendsToItself) {
  auto twice = example();
  twice.append(twice, 0, 2);
  EXPECT_EQ(twice.operations().size(), 2 * example().operations().size());
  EXPECT_EQ(twice.parameters(), 4);
}

TEST(Circuit, LeavesIdentityLettersOut) {
  Circuit circuit(3);
  circuit.add_pauli_rotation("XIY", {2, 1, 0}, 0.5);
  EXPECT_THAT(circuit.operations()[0].qubits, ElementsAre(2, 0));
  EXPECT_EQ(circuit.operations()[0].letters(), "XY");
}

TEST(Circuit, InverseReturnsToTheStart) {
  auto circuit = example();
  circuit.append(circuit.inverse());
  const auto state = dense_state(circuit, std::vector{0.1, 0.2, 0.3}, std::vector{0.4, 0.5});
  EXPECT_NEAR(std::abs(state[0] - 1.0), 0, 1e-12);
}

TEST(Circuit, InverseIsAnInvolution) { EXPECT_EQ(example().inverse().inverse(), example()); }

TEST(Circuit, BindingDoesNotChangeTheState) {
  const std::vector features{0.1, 0.2, 0.3}, parameters{0.4, 0.5};
  const auto bound = example().bind(features, parameters);
  EXPECT_EQ(bound.features() + bound.parameters(), 0);
  EXPECT_EQ(dense_state(bound), dense_state(example(), features, parameters));
}

TEST(Circuit, BindingNeedsEveryValue) {
  EXPECT_EQ(error_of([] {
              example().bind(std::vector{0.1}, std::vector{0.4, 0.5});
            }),
            "the circuit uses feature 2, but 1 values were given");
  EXPECT_EQ(error_of([] {
              dense_state(example(), std::vector{0.1, 0.2, 0.3});
            }),
            "the circuit uses parameter 1, but 0 values were given");
}

TEST(Circuit, SeparableTwinHasNoEntanglers) {
  const auto twin = example().separable();
  EXPECT_EQ(twin.operations().size(), 3U);
  EXPECT_EQ(twin.cost().two_qubit + twin.cost().larger, 0);
  EXPECT_EQ(twin.parameters(), 1) << "slots of removed operations are gone";
}

TEST(Circuit, CostCountsGatesAndLayers) {
  const auto cost = example().cost();
  EXPECT_EQ(cost.qubits, 3);
  EXPECT_THAT(cost.gates, ElementsAre(Pair("ccx", 1), Pair("cx", 1), Pair("h", 1), Pair("pauli_rotation", 1),
                                      Pair("ry", 1), Pair("rzz", 1), Pair("u", 1)));
  EXPECT_EQ(cost.one_qubit, 3);
  EXPECT_EQ(cost.two_qubit, 3);
  EXPECT_EQ(cost.larger, 1);
  EXPECT_EQ(cost.depth, 6);
  EXPECT_EQ(cost.two_qubit_depth, 4);
  EXPECT_EQ(Circuit(2).cost().depth, 0);
}

TEST(DenseState, QubitZeroIsTheLowestBit) {
  Circuit circuit(3);
  circuit.add("x", {1});
  EXPECT_EQ(dense_state(circuit)[2], 1.0);
}

TEST(DenseState, OfABellPair) {
  Circuit circuit(2);
  circuit.add("h", {0}).add("cx", {0, 1});
  const auto state = dense_state(circuit);
  EXPECT_NEAR(state[0].real(), std::sqrt(0.5), 1e-15);
  EXPECT_NEAR(state[3].real(), std::sqrt(0.5), 1e-15);
  EXPECT_EQ(state[1], 0.0);
  EXPECT_EQ(state[2], 0.0);
}

TEST(DenseState, HasALimit) {
  EXPECT_EQ(error_of([] { dense_state(Circuit(21)); }), "the dense reference takes up to 20 qubits, not 21");
}

}  // namespace
}  // namespace qupel
