#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "qupel/base/error.h"
#include "qupel/circuit/condition_text.h"
#include "qupel/circuit/final_measurements.h"
#include "qupel/circuit/qasm_reader.h"

// Circuits with measurements, resets, barriers, delays and conditions.
namespace qupel {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using Relation = Condition::Relation;

std::string refusal_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

Circuit with_feedback() {
  Circuit circuit(3);
  circuit.add_bits("c", 2);
  circuit.add_bits("flag", 1);
  circuit.add("h", {0}).measure(0, 1).barrier({0, 1, 2}).reset(0);
  circuit.add_if({{0, 1}, Relation::equal, 2}, "cx", {1, 2}).delay(2, {100, Duration::Unit::us});
  circuit.write(2, true).add_if({{2}, Relation::equal, 0}, "x", {0}).measure(2, 0);
  return circuit;
}

TEST(Feedback, ErrorsSayTheRuleAndTheValue) {
  Circuit c(2);
  c.add_bits("c", 2);
  EXPECT_EQ(refusal_of([&] { c.measure(0, 2); }),
            "measure with classical bit 2: the circuit has bits 0 to 1");
  EXPECT_EQ(refusal_of([&] { Circuit(1).measure(0, 0); }),
            "measure with classical bit 0: the circuit has none");
  EXPECT_EQ(refusal_of([&] { c.add("measure", {0}); }), "measure takes 1 bit, not 0");
  EXPECT_EQ(refusal_of([&] { c.reset(2); }), "reset on qubit 2: the circuit has qubits 0 to 1");
  EXPECT_EQ(refusal_of([&] { c.barrier({}); }), "barrier takes at least one qubit");
  EXPECT_EQ(refusal_of([&] { c.delay(0, {-1}); }), "delay with duration -1ns: a delay has one, of 0 or more");
  EXPECT_EQ(refusal_of([&] { c.add_if({}, "x", {0}); }), "x with a condition on 0 bits: it takes 1 to 64");
  EXPECT_EQ(refusal_of([&] { c.add_if({{5}}, "x", {0}); }),
            "x with classical bit 5: the circuit has bits 0 to 1");
  EXPECT_EQ(refusal_of([&] { c.add_bits("c", 1); }), "the circuit has a register \"c\" already");
  EXPECT_EQ(refusal_of([&] { c.add_bits("d", 0); }), "a register \"d\" of 0 bits: at least 1");
  EXPECT_EQ(refusal_of([&] { with_feedback().inverse(); }),
            "measure cannot be undone: only gates without conditions have an inverse");
  EXPECT_EQ(refusal_of([&] { Circuit(c).add_if({{0}}, "x", {0}).inverse(); }),
            "x with a condition cannot be undone: only gates without conditions have an inverse");
  EXPECT_EQ(refusal_of([&] { dense_state(with_feedback()); }),
            "measure in a circuit that must be unitary: gates without conditions only");
  EXPECT_EQ(refusal_of([&] { Circuit(2).append(c).append(with_feedback().without_operations()); }),
            "a circuit on 3 qubits cannot follow one on 2");
  EXPECT_THAT(c.operations(), IsEmpty());
}

TEST(Feedback, CountsWhatIsNoGateApart) {
  const auto cost = with_feedback().cost();
  EXPECT_EQ(cost.measurements, 2);
  EXPECT_EQ(cost.resets, 1);
  EXPECT_EQ(cost.conditioned, 2);
  EXPECT_THAT(cost.gates, ElementsAre(Pair("cx", 1), Pair("h", 1), Pair("x", 1)));
  EXPECT_EQ(cost.depth, 2) << "cx follows h, whose qubit the barrier aligned with its own";
  EXPECT_EQ(cost.two_qubit_depth, 1);
  Circuit free(2);
  free.add("h", {0}).add("x", {1});
  EXPECT_EQ(free.cost().depth, 1);
  Circuit aligned(2);
  aligned.add("h", {0}).barrier({0, 1}).add("x", {1});
  EXPECT_EQ(aligned.cost().depth, 2);
}

TEST(Feedback, SurvivesBindingAppendingAndTheTwin) {
  const auto circuit = with_feedback();
  EXPECT_EQ(circuit.bind({}, {}), circuit);
  EXPECT_EQ(Circuit(3).append(circuit), circuit);
  const auto twin = circuit.separable();
  EXPECT_EQ(twin.operations().size(), circuit.operations().size() - 1) << "without cx";
  EXPECT_EQ(twin.bits(), 3);
}

TEST(Feedback, IsWrittenAndReadBack) {
  EXPECT_EQ(to_qasm(with_feedback()), R"(OPENQASM 3.0;
include "stdgates.inc";
qubit[3] q;
bit[2] c;
bit[1] flag;
h q[0];
c[1] = measure q[0];
barrier q[0], q[1], q[2];
reset q[0];
if (c == 2) { cx q[1], q[2]; }
delay[100us] q[2];
flag[0] = true;
if (!flag[0]) { x q[0]; }
c[0] = measure q[2];
)");
  auto circuit = with_feedback();
  circuit.add_if({{1, 2}, Relation::equal, 1}, "z", {1}).add_if({{0, 1}, Relation::greater, 1}, "z", {1});
  // What is known while reading is decided then: flag is 1.
  const auto read = read_qasm(to_qasm(circuit), "again").circuit;
  EXPECT_EQ(read.operations().size(), circuit.operations().size() - 2);
  EXPECT_EQ(read.operations()[7].spec->name, "measure");
}

TEST(Feedback, IsDrawn) {
  EXPECT_EQ("\n" + draw(with_feedback(), 200), R"(
q0: ──────┤h├──────┤M c[1]├─░────┤reset├────┤x if !flag[0]├──────────
                            │
q1: ────────────────────────░───────●────────────────────────────────
                            │       │
q2: ────────────────────────░─┤⊕ if c == 2├──┤delay 100us├──┤M c[0]├─

c:  ─┤set flag[0]├───────────────────────────────────────────────────
)");
}

TEST(Feedback, MeasurementsAtTheEndAreApart) {
  const auto [body, bits] = split_final_measurements(with_feedback());
  EXPECT_EQ(body.operations().size(), with_feedback().operations().size() - 1) << "no last measurement";
  Circuit aligned(2);
  aligned.add_bits("c", 1);
  aligned.add("h", {0}).barrier({0, 1}).measure(0, 0);
  EXPECT_EQ(split_final_measurements(aligned).body.operations().size(), 1U) << "nothing follows the barrier";
  EXPECT_EQ(bits[0].from, FinalBit::From::qubit);
  EXPECT_EQ(bits[0].qubit, 2);
  EXPECT_EQ(bits[1].from, FinalBit::From::body);
  EXPECT_EQ(bits[2].from, FinalBit::From::body) << "a condition reads it";
  // What is written under a condition keeps what was written before.
  Circuit kept(1);
  kept.add_bits("c", 2);
  kept.measure(0, 0).write(1, true);
  kept.add({.spec = &operation("clear"),
            .qubits = {},
            .angles = {},
            .pauli = {},
            .bits = {1},
            .conditions = {{{0}}}});
  EXPECT_EQ(split_final_measurements(kept).body, kept);
}

struct Read {
  std::string text;
  std::vector<Condition> conditions;  ///< of the last operation
};

class ReadConditions : public testing::TestWithParam<Read> {};

TEST_P(ReadConditions, AsComparisons) {
  const auto circuit =
      read_qasm(
          "include \"stdgates.inc\"; qubit[4] q; bit[3] c; bit d; c[0] = measure q[0]; c[1] = measure q[1];"
          "c[2] = measure q[2]; d = measure q[3]; " +
              GetParam().text,
          "test")
          .circuit;
  EXPECT_EQ(circuit.operations().back().conditions, GetParam().conditions) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Qasm, ReadConditions,
    testing::ValuesIn(std::vector<Read>{
        {"if (c == 3) x q[0];", {{{0, 1, 2}, Relation::equal, 3}}},
        {"if (3 == c) x q[0];", {{{0, 1, 2}, Relation::equal, 3}}},
        {"if (4 < c) x q[0];", {{{0, 1, 2}, Relation::greater, 4}}},
        {"if (uint[3](c) != 3) x q[0];", {{{0, 1, 2}, Relation::not_equal, 3}}},
        {"if (c == \"011\") x q[0];", {{{0, 1, 2}, Relation::equal, 3}}},
        {"if (c) x q[0];", {{{0, 1, 2}, Relation::not_equal, 0}}},
        {"if (d) x q[0];", {{{3}, Relation::not_equal, 0}}},
        {"if (!c[1]) x q[0];", {{{1}, Relation::equal, 0}}},
        {"if (c[1] == false) x q[0];", {{{1}, Relation::equal, 0}}},
        {"if (c[1] > 0) x q[0];", {{{1}, Relation::equal, 1}}},
        {"if (c[0] == 1 && !d) x q[0];", {{{0}, Relation::equal, 1}, {{3}, Relation::equal, 0}}},
        {"if (c[0:1] == 2) x q[0];", {{{0, 1}, Relation::equal, 2}}},
        {"if (c == 3) { } else x q[0];", {{{0, 1, 2}, Relation::not_equal, 3}}},
        {"if (d) { if (c == 1) x q[0]; }", {{{3}, Relation::not_equal, 0}, {{0, 1, 2}, Relation::equal, 1}}},
        {"if (c[0] || d) x q[0];", {{{4}, Relation::not_equal, 1}}},  // not neither: a spare bit
        {"if (c == 8) x q[0]; z q[0];", {}},                          // never
        {"if (c < 8) z q[0];", {}},                                   // always
        {"if (c == 99999999999999999999999) x q[0]; z q[0];", {}},
        {"if (false && c[0]) x q[0]; z q[0];", {}},
        {"c[0] = 1; if (c[0]) z q[0];", {}},  // known while reading
        {"if (c) x q[0]; if ((c[0] && false) == 0) z q[0];", {}},
        {"if (c) x q[0]; if ((c[0] || true) == 1) z q[0];", {}},
        {"if (c) x q[0]; if (2 > (c[0] && false)) z q[0];", {}},
        {"if (c) x q[0]; if ((c[0] || true) != -1) z q[0];", {}},
        {"z q[0]; if ((c[0] && false) == 1) x q[0];", {}},
        {"if (bool(c) == true) x q[0];", {{{4}, Relation::equal, 1}}},  // a spare bit: c != 0
        {"if (uint[2](c) == 1) x q[0];", {{{0, 1}, Relation::equal, 1}}},
        {"if (uint[1](c)) x q[0];", {{{0}, Relation::not_equal, 0}}},
        {"if (int[3](c) == -1) x q[0];", {{{0, 1, 2}, Relation::equal, 7}}},
        {"if (int[3](c) < 0) x q[0];", {{{2}, Relation::not_equal, 0}}},
        {"if (int[3](c) > -1) x q[0];", {{{2}, Relation::equal, 0}}},
        {"if (int[2](c) == -2) x q[0];", {{{0, 1}, Relation::equal, 2}}},
        {"if (uint[8](int[2](c)) == 254) x q[0];", {{{0, 1}, Relation::equal, 2}}},
        {"if (uint[8](int[3](c)) > 100) x q[0];", {{{2}, Relation::not_equal, 0}}},
        {"if (uint(int[3](c)) > 5) x q[0];", {{{2}, Relation::not_equal, 0}}},
        {"if (int[4](c) == 7) x q[0];", {{{0, 1, 2}, Relation::equal, 7}}},
        {"z q[0]; if (int[3](c) == 4) x q[0];", {}},
        {"if (c) x q[0]; if (int[3](c) >= -4) z q[0];", {}},
    }));

// A condition that its own block changes is decided once.
TEST(Feedback, IfIsDecidedOnce) {
  const auto circuit = read_qasm(
                           "include \"stdgates.inc\"; qubit[2] q; bit c; h q[0]; c = measure q[0];"
                           "if (c) { h q[1]; c = measure q[1]; x q[0]; } else { z q[0]; }",
                           "test")
                           .circuit;
  const auto operations = circuit.operations();
  const std::vector<Condition> kept{{{1}, Relation::equal, 1}}, otherwise{{{1}, Relation::not_equal, 1}};
  EXPECT_EQ(operations[2].spec->name, "set");
  EXPECT_EQ(operations[4].conditions, kept);
  EXPECT_EQ(operations[5].conditions, kept);
  EXPECT_EQ(operations[6].conditions, otherwise);
  EXPECT_EQ(circuit.registers()[1].name, "") << "a spare bit";
}

TEST(Feedback, ReadsOpenQasm2) {
  const auto circuit =
      read_qasm(
          "OPENQASM 2.0; include \"qelib1.inc\"; qreg q[2]; creg c[70]; h q[0];\n"
          "measure q[0] -> c[69]; reset q[0]; barrier q; if(c==590295810358705651712) cx q[0],q[1];",
          "test")
          .circuit;
  const auto& last = circuit.operations().back();
  EXPECT_EQ(last.spec->name, "cx");
  ASSERT_EQ(last.conditions.size(), 2U) << "2^69, in two parts";
  EXPECT_EQ(last.conditions[0].value, 0U);
  EXPECT_EQ(last.conditions[1].value, 1U << 7);
}

TEST(Feedback, ReadsDelaysInAllUnits) {
  const auto circuit =
      read_qasm(
          "qubit[2] q; delay[1.5ns] q; delay[2us] q[0]; delay[3\xc2\xb5s] q[0]; delay[1e3ms] q[0]; "
          "delay[4s] q[0]; delay[100dt] q[1];",
          "test")
          .circuit;
  std::vector<std::string> texts;
  for (const auto& each : circuit.operations()) texts.push_back(to_string(each.duration));
  EXPECT_THAT(texts, ElementsAre("1.5ns", "1.5ns", "2us", "3us", "1000ms", "4s", "100dt"));
}

}  // namespace
}  // namespace qupel
