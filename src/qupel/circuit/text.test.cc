#include <gtest/gtest.h>

#include <algorithm>
#include <numbers>
#include <sstream>

#include "qupel/circuit/circuit.h"

// What circuits look like as text: OpenQASM 3 and drawings.
namespace qupel {
namespace {

TEST(OpenQasm, DeclaresInputsAndDefinesWhatTheStandardGatesLack) {
  Circuit circuit(3);
  circuit.add("i", {0}).add("u", {0}, {0.5, Angle::parameter(1), Angle::feature(0, 2, -0.25)});
  circuit.add("ecr", {0, 2}).add("rzx", {2, 1}, {Angle::parameter(0, -1)}).add("ecr", {1, 0});
  circuit.add_pauli_rotation("XY", {2, 0}, 1e-9);
  EXPECT_EQ(to_qasm(circuit), R"(OPENQASM 3.0;
include "stdgates.inc";
gate ecr q0, q1 { s q0; sx q1; cx q0, q1; x q0; }
gate rzx(a0) q0, q1 { h q1; cx q0, q1; rz(a0) q1; cx q0, q1; h q1; }
gate pauli_rotation_xy(a0) q0, q1 { h q0; rx(pi/2) q1; cx q0, q1; rz(a0) q1; cx q0, q1; h q0; rx(-pi/2) q1; }
input float[64] x0;
input float[64] theta0;
input float[64] theta1;
qubit[3] q;
id q[0];
U(0.5, theta1, 2*x0 - 0.25) q[0];
ecr q[0], q[2];
rzx(-theta0) q[2], q[1];
ecr q[1], q[0];
pauli_rotation_xy(1e-09) q[2], q[0];
)");
}

TEST(Draw, ShowsControlsTargetsAndAngles) {
  Circuit circuit(3);
  circuit.add("h", {0}).add("ry", {1}, {Angle::feature(0, 2, 0.5)}).add("rx", {2}, {std::numbers::pi / 2});
  circuit.add("cx", {0, 2})
      .add("cz", {1, 2})
      .add("rzx", {1, 0}, {Angle::parameter(3, -1)})
      .add("iswap", {1, 2});
  EXPECT_EQ("\n" + draw(circuit), R"(
q0: ──────┤h├───────●───────┤X├────────────────
                    │        │
q1: ─┤ry(2·x0+0.5)├─┼─●─┤Z rzx(-θ3)├─┤0 iswap├─
                    │ │                  │
q2: ───┤rx(π/2)├────⊕─●──────────────┤1 iswap├─
)");
}

TEST(Draw, OfAnEmptyCircuitIsBareWires) { EXPECT_EQ(draw(Circuit(2)), "q0: ─\n\nq1: ─\n"); }

TEST(Draw, WrapsToItsWidth) {
  Circuit circuit(2);
  for (int layer = 0; layer < 20; ++layer)
    circuit.add("ry", {0}, {Angle::parameter(layer)}).add("cx", {0, 1});
  std::istringstream lines(draw(circuit, 60));
  int rows = 0;
  for (std::string line; std::getline(lines, line); ++rows) {
    EXPECT_LE(std::ranges::count_if(line, [](char c) { return (c & 0xC0) != 0x80; }), 60);
  }
  EXPECT_EQ(rows, 5 * 4 - 1) << "five blocks of three lines, an empty one between";
}

}  // namespace
}  // namespace qupel
