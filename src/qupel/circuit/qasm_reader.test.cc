#include "qupel/circuit/qasm_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <sstream>

#include "qupel/base/error.h"
#include "qupel/base/random.h"
#include "qupel/base/temporary_folder.h"
#include "qupel/circuit/final_measurements.h"

namespace qupel {
namespace {

using testing::ElementsAre;

constexpr std::string_view header = "OPENQASM 3.0;\ninclude \"stdgates.inc\";\nqubit[3] q;\n";

std::vector<Complex> state_of(const std::string& text) {
  return dense_state(split_final_measurements(read_qasm(text, "test.qasm").circuit).body);
}

// |<a|b>|: 1 if and only if the states are equal up to a global phase.
double overlap(std::span<const Complex> a, std::span<const Complex> b) {
  Complex sum = 0;
  for (std::size_t k = 0; k < a.size(); ++k) sum += std::conj(a[k]) * b[k];
  return std::abs(sum);
}

// A state without symmetry on three qubits, so that equal effects on it mean equal gates.
constexpr std::string_view start = R"(
U(0.3, 1.1, -0.7) q[0]; U(1.9, 0.2, 0.4) q[1]; U(2.4, -1.3, 0.9) q[2];
cx q[0], q[1]; U(0.8, 0.1, 0.6) q[1]; cx q[1], q[2]; U(1.2, 2.2, -0.3) q[2]; cx q[2], q[0];
)";

void expect_equal_circuits(const std::string& one, const std::string& other) {
  const std::string before = std::string(header) + std::string(start);
  EXPECT_NEAR(overlap(state_of(before + one), state_of(before + other)), 1, 1e-12) << one << "\n" << other;
}

struct Equal {
  std::string one, other;
};

class SameCircuit : public testing::TestWithParam<Equal> {};

TEST_P(SameCircuit, UpToAGlobalPhase) { expect_equal_circuits(GetParam().one, GetParam().other); }

INSTANTIATE_TEST_SUITE_P(
    Gates, SameCircuit,
    testing::ValuesIn(std::vector<Equal>{
        {"u3(0.1,0.2,0.3) q[0];", "rz(0.3) q[0]; ry(0.1) q[0]; rz(0.2) q[0];"},
        {"u2(0.2,0.3) q[1];", "U(pi/2,0.2,0.3) q[1];"},
        {"u1(0.4) q[2]; u0(1) q[2]; id q[0];", "p(0.4) q[2];"},
        {"u(0.1,0.2,0.3) q[0]; phase(0.3) q[1];", "U(0.1,0.2,0.3) q[0]; p(0.3) q[1];"},
        {"CX q[0],q[2];", "h q[2]; cz q[0],q[2]; h q[2];"},
        {"cu1(0.3) q[0],q[1]; cphase(0.2) q[1],q[2];", "cp(0.3) q[1],q[0]; ctrl @ p(0.2) q[2],q[1];"},
        {"cu3(0.3,0.4,0.5) q[0],q[1];",
         "p((0.4+0.5)/2) q[0]; p((0.5-0.4)/2) q[1]; cx q[0],q[1]; u3(-0.15,0,-0.45) q[1]; cx q[0],q[1]; "
         "u3(0.15,0.4,0) q[1];"},
        {"cu(0.3,0.4,0.5,0.6) q[0],q[1];", "cu3(0.3,0.4,0.5) q[0],q[1]; p(0.6) q[0];"},
        {"csx q[0],q[1];", "h q[1]; cp(pi/2) q[0],q[1]; h q[1];"},
        {"rccx q[0],q[1],q[2];", "ctrl(2) @ y q[0],q[1],q[2]; ctrl @ negctrl @ z q[0],q[1],q[2];"},
        {"dcx q[0],q[1];", "cx q[0],q[1]; cx q[1],q[0];"},
        {"r(0.3, pi/2) q[0];", "ry(0.3) q[0];"},
        {"ccz q[0],q[1],q[2];", "h q[0]; ccx q[1],q[2],q[0]; h q[0];"},
        {"cs q[0],q[1]; csdg q[1],q[2];", "cp(pi/2) q[0],q[1]; cp(-pi/2) q[1],q[2];"},
    }));

INSTANTIATE_TEST_SUITE_P(
    Modifiers, SameCircuit,
    testing::ValuesIn(std::vector<Equal>{
        {"ctrl @ x q[0],q[1];", "cx q[0],q[1];"},
        {"ctrl(2) @ x q[0],q[1],q[2];", "ccx q[0],q[1],q[2];"},
        {"negctrl @ x q[0],q[1];", "x q[0]; cx q[0],q[1]; x q[0];"},
        {"negctrl @ ctrl @ z q[0],q[1],q[2];", "x q[0]; h q[2]; ccx q[0],q[1],q[2]; h q[2]; x q[0];"},
        {"ctrl @ gphase(0.3) q[1];", "p(0.3) q[1];"},
        {"negctrl @ gphase(0.3) q[1];", "x q[1]; p(0.3) q[1]; x q[1];"},
        {"ctrl(2) @ gphase(0.3) q[1],q[0];", "cp(0.3) q[0],q[1];"},
        {"ctrl @ rz(0.3) q[0],q[1];", "crz(0.3) q[0],q[1];"},
        {"ctrl @ U(0,0,0.3) q[0],q[1];", "cp(0.3) q[0],q[1];"},
        {"gate g(a) x, y { gphase(a); rx(a) x; cx x, y; } ctrl @ g(0.4) q[2],q[0],q[1];",
         "p(0.4) q[2]; crx(0.4) q[2],q[0]; ccx q[2],q[0],q[1];"},
        {"inv @ U(0.1,0.2,0.3) q[0];", "U(-0.1,-0.3,-0.2) q[0];"},
        {"inv @ s q[0]; inv @ iswap q[0],q[1];", "sdg q[0]; iswapdg q[0],q[1];"},
        {"gate g(a) x, y { rx(a) x; cx x, y; s y; } inv @ g(0.4) q[0],q[1];",
         "sdg q[1]; cx q[0],q[1]; rx(-0.4) q[0];"},
        {"pow(2) @ s q[0]; pow(-1) @ t q[1]; pow(0) @ h q[2];", "z q[0]; tdg q[1];"},
        {"pow(3) @ rx(0.2) q[0];", "rx(0.6) q[0];"},
        {"pow(0.5) @ x q[0];", "sx q[0];"},
        {"pow(1/2.0) @ z q[0]; pow(1/4.0) @ z q[1];", "s q[0]; t q[1];"},
        {"pow(0.5) @ cx q[0],q[1];", "csx q[0],q[1];"},
        {"pow(0.5) @ swap q[0],q[1];", "rxx(pi/4) q[0],q[1]; ryy(pi/4) q[0],q[1]; rzz(pi/4) q[0],q[1];"},
        {"ctrl @ pow(0.5) @ x q[0],q[1];", "pow(0.5) @ ctrl @ x q[0],q[1];"},
        {"inv @ pow(0.5) @ x q[0];", "sxdg q[0];"},
        {"pow(0.3) @ ccx q[0],q[1],q[2]; pow(0.7) @ ccx q[0],q[1],q[2];", "ccx q[0],q[1],q[2];"},
        {"gate g x, y, z { h x; cx x, y; t y; cswap y, z, x; } pow(0.25) @ g q[0],q[1],q[2];"
         "pow(0.75) @ g q[0],q[1],q[2];",
         "h q[0]; cx q[0],q[1]; t q[1]; cswap q[1],q[2],q[0];"},
        {"pow(0.5) @ rz(7) q[0];", "rz((7 - 4*pi)/2) q[0]; "},
        {"ctrl @ pow(0.5) @ gphase(1.5*pi) q[0];", "p(-pi/4) q[0];"},
        {"ctrl @ iswap q[0],q[1],q[2];",
         "ctrl @ rxx(-pi/2) q[0],q[1],q[2]; ctrl @ ryy(-pi/2) q[0],q[1],q[2];"},
        {"ctrl @ ecr q[0],q[1],q[2];",
         "ctrl @ rzx(pi/4) q[0],q[1],q[2]; cx q[0],q[1]; ctrl @ rzx(-pi/4) q[0],q[1],q[2];"},
    }));

INSTANTIATE_TEST_SUITE_P(
    Language, SameCircuit,
    testing::ValuesIn(std::vector<Equal>{
        {"for int i in [0:2] { rx(i/2.0) q[i]; }", "rx(0.5) q[1]; rx(1) q[2];"},
        {"for uint i in [2:-2:0] rx(0.1 + i) q[i];", "rx(2.1) q[2]; rx(0.1) q[0];"},
        {"for i in {0, 2} { h q[i]; }", "h q[0]; h q[2];"},
        {"h q;", "h q[0]; h q[1]; h q[2];"},
        {"cx q[0], q[1:2];", "cx q[0],q[1]; cx q[0],q[2];"},
        {"let a = q[{2, 0}] ++ q[1]; cx a[0], a[2]; h a[-1];", "cx q[2],q[1]; h q[1];"},
        {"let a = {q[2], q[0]} ++ q[1]; cx a[0], a[2]; h a[-1];", "cx q[2],q[1]; h q[1];"},
        {"for float f in {0.25, 0.5} rx(f) q[0];", "rx(0.25) q[0]; rx(0.5) q[0];"},
        {"for angle f in {pi/4} rx(f) q[1];", "rx(pi/4) q[1];"},
        {"let a = q[:2:]; rx(0.3) a;", "rx(0.3) q[0]; rx(0.3) q[2];"},
        {"const int n = 2; if (n == 2 && !(n > 3)) { x q[n]; } else h q[0];", "x q[2];"},
        {"int n = 1; n += 1; n *= 4; rz(n) q[0];", "rz(8) q[0];"},
        {"const float a = 3*π/4 + τ - sqrt(2)**2 + sin(pi/6); rx(a) q[0];", "rx(2.75*pi - 1.5) q[0];"},
        {"rx(2**3 - -1 + mod(7, 4) + 7 % 4 + floor(1.7) + ceiling(0.2) + exp(0) + log(euler)) q[0];",
         "rx(19) q[0];"},
        {"rx(arccos(0) + arcsin(1) + arctan(1) + tan(0) + cos(0) + pow(2, 0.5)) q[0];",
         "rx(1.25*pi + 1 + sqrt(2)) q[0];"},
        {"uint[4] v = 5; for uint k in [0:3] { if (bool(v[k]) && k < 3) x q[k]; }", "x q[0]; x q[2];"},
        {"bit[3] b = \"110\"; for uint k in [0:2] if (b[k]) x q[k];", "x q[1]; x q[2];"},
        {"angle[4] a = pi/2 + 0.01; p(a) q[0]; angle b = 5*pi; p(b) q[1];", "s q[0]; z q[1];"},
        {"rx(0x1F + 0b11 + 0o17 + 1_000 + 1.5e1 + .5) q[0];", "rx(1064.5) q[0];"},
        {"gate g(a, b) x, y { for int k in [1:3] { rx(a*k) x; } if (b > 1) { cx x, y; } barrier x; }"
         "g(0.1, 2) q[0], q[1];",
         "rx(0.6) q[0]; cx q[0],q[1];"},
        {"pragma anything\n@keep it\nh q[0]; /* c */ // d\n barrier q; barrier;", "h q[0];"},
        {"gate h a { x a; } h q[0];", "x q[0];"},
        {"gate sx a { h a; } csx q[0], q[1]; sx q[2];", "csx q[0], q[1]; h q[2];"},
    }));

TEST(ReadQasm, TakesPhysicalQubitsInTheirOrder) {
  const auto program = read_qasm(
      "include \"stdgates.inc\"; bit[2] c; x $17; barrier $17, $3; cx $17, $3; // $5\n"
      "c[0] = measure $3; c[1] = measure $101; ",
      "f");
  EXPECT_THAT(program.qubits, ElementsAre("$3", "$17", "$101"));
  Circuit expected(3);
  expected.add_bits("c", 2);
  expected.add("x", {1}).barrier({0, 1}).add("cx", {1, 0}).measure(0, 0).measure(2, 1);
  EXPECT_EQ(program.circuit, expected);
}

TEST(ReadQasm, Version2HasItsOwnArithmetic) {
  const auto program = read_qasm(
      "OPENQASM 2.0;\ninclude \"qelib1.inc\";\nqreg q[2]; creg c[2];\ngate g(a) x { u1(a^2/3) x; }\n"
      "rz(1/2) q[0]; rz(-2^2) q[1]; g(3) q;\nmeasure q -> c;",
      "two.qasm");
  const auto operations = program.circuit.operations();
  ASSERT_EQ(operations.size(), 6U);
  EXPECT_EQ(operations[0].angles[0], Angle(0.5));
  EXPECT_EQ(operations[1].angles[0], Angle(-4));
  EXPECT_EQ(operations[3].angles[0], Angle(3));
}

TEST(ReadQasm, StandardGatesAreTheRegistrysOperations) {
  const auto program =
      read_qasm(std::string(header) + "ccx q[2], q[0], q[1]; sxdg q[1]; rzx(0.5) q[1], q[0];", "a");
  Circuit expected(3);
  expected.add("ccx", {2, 0, 1}).add("sxdg", {1}).add("rzx", {1, 0}, {0.5});
  EXPECT_EQ(program.circuit, expected);
}

TEST(ReadQasm, TellsWhichQubitEachBitGot) {
  const auto program = read_qasm(
      "qubit[2] a; qubit b; bit[3] c; bit d = measure b; bit[2] e = \"10\"; bit f;\n"
      "c[2] = measure a[0]; measure a[1] -> c[0]; measure a[1] -> f;",
      "m.qasm");
  EXPECT_THAT(program.qubits, ElementsAre("a[0]", "a[1]", "b"));
  EXPECT_THAT(program.circuit.registers(), ElementsAre(BitRegister{"c", 0, 3}, BitRegister{"d", 3, 1},
                                                       BitRegister{"e", 4, 2}, BitRegister{"f", 6, 1}));
  const auto [body, bits] = split_final_measurements(program.circuit);
  EXPECT_TRUE(body.operations().empty());
  const auto qubit = [](int q) { return FinalBit{.from = FinalBit::From::qubit, .qubit = q}; };
  const auto constant = [](bool value) { return FinalBit{.from = FinalBit::From::constant, .value = value}; };
  EXPECT_THAT(bits, ElementsAre(qubit(1), constant(false), qubit(0), qubit(2), constant(false),
                                constant(true), qubit(1)));
}

TEST(ReadQasm, ResetOfAFreshQubitIsNothing) {
  EXPECT_TRUE(read_qasm("qubit[2] q; reset q;", "r").circuit.operations().empty());
}

TEST(ReadQasm, InputsBecomeSlots) {
  const auto program = read_qasm(
      "include \"stdgates.inc\"; input float[64] x0; input float[64] theta1; qubit[2] q;\n"
      "rx(2*x0 - 0.25) q[0]; gate g(a) p { rz(-a/2) p; } g(theta1 + 1) q[1]; ctrl @ rx(x0) q[0], q[1];",
      "slots");
  const auto operations = program.circuit.operations();
  EXPECT_EQ(operations[0].angles[0], Angle::feature(0, 2, -0.25));
  EXPECT_EQ(operations[1].angles[0], Angle::parameter(1, -0.5, -0.5));
  EXPECT_EQ(operations[2].spec->name, "crx");
  EXPECT_EQ(program.circuit.features(), 1);
  EXPECT_EQ(program.circuit.parameters(), 2);
}

// Many controls: with idle qubits to borrow, with one, and with none; checked on every basis state.
TEST(ReadQasm, ManyControlsAreExact) {
  for (int controls = 3; controls <= 5; ++controls) {
    for (int idle = 0; idle <= 3 && controls + 1 + idle <= 8; ++idle) {
      const int n = controls + 1 + idle;
      std::string prepare = "include \"stdgates.inc\"; qubit[" + std::to_string(n) + "] q;\n";
      for (int k = 0; k < n; ++k) {
        prepare += "U(" + std::to_string(0.7 + k) + ",0.3," + std::to_string(0.2 * k) + ") q[" +
                   std::to_string(k) + "];";
        if (k > 0) prepare += "cx q[" + std::to_string(k - 1) + "], q[" + std::to_string(k) + "];";
      }
      std::string operands;
      for (int k = 0; k <= controls; ++k) operands += (k > 0 ? ", q[" : "q[") + std::to_string(k) + "]";
      auto expected = state_of(prepare);
      const auto all = (std::size_t{1} << controls) - 1, target = std::size_t{1} << controls;
      const auto u = full_matrix(operation("u"), std::vector{0.4, 1.3, -0.6});
      for (std::size_t index = 0; index < expected.size(); ++index) {
        if ((index & all) != all || (index & target) != 0) continue;
        const auto zero = expected[index], one = expected[index | target];
        expected[index] = u(0, 0) * zero + u(0, 1) * one;
        expected[index | target] = u(1, 0) * zero + u(1, 1) * one;
      }
      const auto call = "ctrl(" + std::to_string(controls) + ") @ U(0.4, 1.3, -0.6) " + operands + ";";
      EXPECT_NEAR(overlap(state_of(prepare + call), expected), 1, 1e-12)
          << controls << " controls, " << idle << " idle";
      const auto flips = "ctrl(" + std::to_string(controls) + ") @ x " + operands + ";";
      const auto phases = "h q[" + std::to_string(controls) + "]; ctrl(" + std::to_string(controls) +
                          ") @ z " + operands + "; h q[" + std::to_string(controls) + "];";
      EXPECT_NEAR(overlap(state_of(prepare + flips), state_of(prepare + phases)), 1, 1e-12);
    }
  }
}

// What borrows idle qubits may not borrow the controls that are put on it.
TEST(ReadQasm, ControlsOfControlsAreExact) {
  const std::string prepare = "include \"stdgates.inc\"; qubit[7] p; let q = p[0:2];\n" + std::string(start) +
                              "for int k in [3:6] { ry(0.3*k) p[k]; cx p[k-1], p[k]; }";
  const std::string nested =
      "gate f a, b, c, d { pow(0.5) @ ctrl(3) @ x a, b, c, d; ctrl(3) @ h a, b, d, c; }"
      "ctrl @ f p[4], p[0], p[1], p[2], p[3]; ctrl(2) @ c3x p[5], p[6], p[0], p[1], p[2], p[3];";
  const std::string flat =
      "ctrl(4) @ sx p[4], p[0], p[1], p[2], p[3]; ctrl(4) @ h p[4], p[0], p[1], p[3], p[2];"
      "ctrl(5) @ x p[5], p[6], p[0], p[1], p[2], p[3];";
  EXPECT_NEAR(overlap(state_of(prepare + nested), state_of(prepare + flat)), 1, 1e-12);
}

// A control on any operation of the registry: the dense definition with one more control.
TEST(ReadQasm, ControlsOfEveryOperationAreExact) {
  for (const auto* spec : gates()) {
    if (spec->qubits == 0) continue;
    const std::string name(spec->qasm.empty() ? spec->name : spec->qasm);
    std::vector<double> angles;
    std::string call = "ctrl @ " + name, operands = " q[0]";
    for (int k = 0; k < spec->angles; ++k) {
      angles.push_back(0.7 + 0.9 * k);
      call += (k == 0 ? "(" : ",") + std::to_string(angles.back()) + (k + 1 == spec->angles ? ")" : "");
    }
    for (int k = 0; k < spec->qubits; ++k) operands += ", q[" + std::to_string(k + 1) + "]";
    const auto prepare =
        "qubit[5] p; " + std::string("include \"stdgates.inc\"; qubit[4] q; ") + std::string(start);
    const auto before = state_of(prepare);
    auto expected = before;
    const auto matrix = full_matrix(*spec, angles);
    for (std::size_t index = 0; index < before.size(); ++index) {
      if (((index >> 5) & 1) == 0) continue;
      const std::size_t row = (index >> 6) & (matrix.rows() - 1), rest = index - (row << 6);
      expected[index] = 0;
      for (std::size_t column = 0; column < matrix.columns(); ++column) {
        expected[index] += matrix(row, column) * before[rest | (column << 6)];
      }
    }
    EXPECT_NEAR(overlap(state_of(prepare + call + operands + ";"), expected), 1, 1e-12) << call;
  }
}

TEST(ReadQasm, WhatToQasmWritesIsReadBack) {
  Circuit circuit(4);
  std::vector<double> features{0.3, -0.8}, parameters{1.2, 0.1, -2.2};
  Random random(7);
  for (const auto* spec : gates()) {
    if (spec->qubits == 0) continue;
    std::vector<int> qubits;
    for (int k = 0; k < spec->qubits; ++k) qubits.push_back((k + 1) % 4);
    std::vector<Angle> angles;
    for (int k = 0; k < spec->angles; ++k) {
      angles.push_back(k % 2 == 0 ? Angle::parameter(k, random.uniform(-2, 2), random.uniform(-2, 2))
                                  : Angle::feature(k, -1, 1e-9));
    }
    circuit.add(*spec, qubits, angles);
  }
  circuit.add_pauli_rotation("XYZ", {3, 0, 1}, Angle::feature(0));
  const auto read = read_qasm(to_qasm(circuit), "round trip").circuit;
  EXPECT_EQ(read.features(), circuit.features());
  EXPECT_EQ(read.parameters(), circuit.parameters());
  EXPECT_NEAR(overlap(dense_state(read, features, parameters), dense_state(circuit, features, parameters)), 1,
              1e-12);
}

TEST(ReadQasm, PlainCircuitsSurviveUnchanged) {
  Circuit circuit(2);
  circuit.add("h", {0})
      .add("u", {1}, {0.1, Angle::feature(3, -2, 0.5), Angle::parameter(2)})
      .add("cp", {1, 0}, {0.3});
  EXPECT_EQ(read_qasm(to_qasm(circuit), "round trip").circuit, circuit);
}

// Files of other tools, each with the state that the tool computes in its second line.
TEST(ReadQasm, ExportedCircuitsGiveTheExportersStates) {
  int files = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(QUPEL_SOURCE_DIR "/src/qupel/circuit/qasm/exported")) {
    std::ifstream file(entry.path());
    std::string line, word;
    std::getline(file, line);
    file >> word >> word;
    ASSERT_EQ(word, "state:") << entry.path();
    std::vector<Complex> expected;
    std::getline(file, line);
    std::istringstream numbers(line);
    for (double re = 0, im = 0; numbers >> re >> im;) expected.emplace_back(re, im);
    const auto program = read_qasm_file(entry.path());
    const auto state = dense_state(split_final_measurements(program.circuit).body);
    ASSERT_EQ(state.size(), expected.size()) << entry.path();
    EXPECT_NEAR(overlap(state, expected), 1, 1e-9) << entry.path();
    EXPECT_EQ(program.circuit.registers().size(), 1U) << entry.path();
    ++files;
  }
  EXPECT_EQ(files, 4);
}

TEST(ReadQasm, FilesAreIncludedFromBesideTheCircuit) {
  const TemporaryFolder folder;
  std::ofstream(folder / "mine.inc") << "gate flip a { x a; }\n";
  std::ofstream(folder / "main.qasm") << "include \"stdgates.inc\"; include \"mine.inc\"; qubit q; flip q;";
  EXPECT_EQ(read_qasm_file(folder / "main.qasm").circuit.operations().size(), 1U);
  std::ofstream(folder / "loop.inc") << "include \"loop.inc\";";
  std::ofstream(folder / "main.qasm") << "include \"loop.inc\";";
  EXPECT_THROW(read_qasm_file(folder / "main.qasm"), InputError);
}

}  // namespace
}  // namespace qupel
