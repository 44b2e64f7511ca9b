#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "qupel/base/error.h"
#include "qupel/circuit/final_measurements.h"
#include "qupel/circuit/qasm_reader.h"

// What tools write and the language allows, each beside the same circuit in plain words.
namespace qupel {
namespace {

using namespace std::string_literals;

std::vector<Complex> dialect_state(const std::string& text) {
  return dense_state(split_final_measurements(read_qasm(text, "f").circuit).body);
}

// Three qubits q in a state without symmetry, in both versions.
const std::string any_state = R"(
U(0.3, 1.1, -0.7) q[0]; U(1.9, 0.2, 0.4) q[1]; U(2.4, -1.3, 0.9) q[2];
CX q[0], q[1]; U(0.8, 0.1, 0.6) q[1]; CX q[1], q[2]; U(1.2, 2.2, -0.3) q[2]; CX q[2], q[0];
)";
const std::string version_two = "OPENQASM 2.0;\ninclude \"qelib1.inc\";\nqreg q[3]; creg c[3];\n" + any_state;
const std::string version_three =
    "OPENQASM 3.0;\ninclude \"stdgates.inc\";\nqubit[3] q; bit[3] c;\n" + any_state;

struct Same {
  std::string text, plain;
};
class Dialect : public testing::TestWithParam<Same> {};

TEST_P(Dialect, MeansTheSame) {
  const auto found = dialect_state(GetParam().text), expected = dialect_state(GetParam().plain);
  ASSERT_EQ(found.size(), expected.size());
  Complex overlap = 0;
  for (std::size_t k = 0; k < found.size(); ++k) overlap += std::conj(found[k]) * expected[k];
  EXPECT_NEAR(std::abs(overlap), 1, 1e-12) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Scope, Dialect,
    testing::ValuesIn(std::vector<Same>{
        {version_two +
             "gate step(tau, pi, euler) a { rx(tau) a; rz(pi) a; ry(euler) a; } step(0.1, 0.2, 0.3) q[0];",
         version_two + "rx(0.1) q[0]; rz(0.2) q[0]; ry(0.3) q[0];"},
        {version_three + "gate step(π) a { rx(π) a; } step(0.1) q[0]; rz(π) q[0];",
         version_three + "rx(0.1) q[0]; rz(pi) q[0];"},
        {version_three + "const float pi = 0.25; float tau = 0.5; rx(pi + tau) q[1]; tau = 1; rx(tau) q[1];",
         version_three + "rx(1.75) q[1];"},
        {version_three + "for int euler in [1:2] rx(0.1 * euler) q[2]; rx(euler) q[2];",
         version_three + "rx(0.3 + 2.718281828459045) q[2];"},
        {version_three +
             "int n = 0 - 7; ry(0.1 * mod(n, 3)) q[0]; rz(0.1 * (n % 3)) q[0]; rx(mod(-7.5, 2)) q[0];",
         version_three + "ry(-0.1) q[0]; rz(-0.1) q[0]; rx(-1.5) q[0];"},
    }));

INSTANTIATE_TEST_SUITE_P(
    Text, Dialect,
    testing::ValuesIn(std::vector<Same>{
        {"OPENQASM 3.0;\rqubit q;\r// prepare\rx q;\r", "qubit q; x q;"},
        {"OPENQASM 3.0;\r\nqubit q;\r\n#pragma other\r@note\rx q;\r\n", "qubit q; x q;"},
        {"\xef\xbb\xbfOPENQASM 3.0; qubit q; x q;", "qubit q; x q;"},
        {"q\0u\0b\0i\0t\0 \0q\0;\0x\0 \0q\0;\0"s, "qubit q; x q;"},
        {"qubit\xc2\xa0q;\xe2\x80\x8b x\xe3\x80\x80q\xef\xbb\xbf;", "qubit q; x q;"},
        {"include 'stdgates.inc'; qubit[2] q; sx q[0];", "include \"stdgates.inc\"; qubit[2] q; sx q[0];"},
        {version_three +
             "gate g(a, b,) x, y, { rx(a + b) x; cx x, y,; } g(0.1, 0.2,) q[0], q[1],; h q[{0, 2,}]; "
             "barrier q[0],; rx(pow(2, 3,)) q[1,];",
         version_three + "rx(0.3) q[0]; cx q[0], q[1]; h q[0]; h q[2]; rx(8) q[1];"},
        {version_three + "{ h q[0]; } box { x q[1]; { s q[1]; } }",
         version_three + "h q[0]; x q[1]; s q[1];"},
    }));

INSTANTIATE_TEST_SUITE_P(
    Version2Names, Dialect,
    testing::ValuesIn(std::vector<Same>{
        {"OPENQASM 2.0; include \"qelib1.inc\"; gate inv a { x a; } qreg angle[1]; creg bit[1]; inv angle[0];"
         "if (bit == 0) inv angle[0]; inv angle;",
         "qubit q; x q;"},
        {version_two + "gate ctrl(const, let) int, box { rx(const) int; cx int, box; rz(let) box; }\n"
                       "gate for a { h a; } gate pragma a { s a; } gate end a { for a; pragma a; }\n"
                       "ctrl(0.1, 0.2) q[0], q[1]; end q[2]; pragma q[0];",
         version_two + "rx(0.1) q[0]; cx q[0], q[1]; rz(0.2) q[1]; h q[2]; s q[2]; s q[0];"},
        {"OPENQASM 2.0; include \"qelib1.inc\"; qreg input[1]; qreg delay[1]; qreg true[1]; x delay[0]; h "
         "true[0];",
         "include \"stdgates.inc\"; qubit[3] q; x q[1]; h q[2];"},
    }));

INSTANTIATE_TEST_SUITE_P(
    NotUsed, Dialect,
    testing::ValuesIn(std::vector<Same>{
        {version_two + "opaque wait(t) a; gate unused a { wait(1) a; } x q[0];", version_two + "x q[0];"},
        {version_two + "opaque delay(t) a; opaque rzx(t) a, b; delay(100) q[0]; rzx(0.3) q[0], q[1];",
         version_three + "rzx(0.3) q[0], q[1];"},
        {version_three +
             "def f(qubit a) -> bit { h a; { } return measure a; } extern g(int, float) -> int;\n"
             "duration d = 10ns; const duration e = 2 * d; stretch s; complex[float[64]] z = 1 + 2im;\n"
             "array[int[8], 2, 2] t = {{1, 2}, {3, 4}}; defcalgrammar \"openpulse\";\n"
             "cal { port d0; frame f = newframe(d0, 1e9, 0.0); }\n"
             "defcal rx(angle[20] a) $7 { play(f, 'x ~ {'); }\n x q[0];",
         version_three + "x q[0];"},
        {"OPENQASM 3.0; include \"stdgates.inc\"; defcal x $3 { play $3; } x $5; h $0;",
         "include \"stdgates.inc\"; qubit[2] q; x q[1]; h q[0];"},
    }));

INSTANTIATE_TEST_SUITE_P(
    Tools, Dialect,
    testing::ValuesIn(std::vector<Same>{
        {version_two + "gphase(-0.7853981633974483) q[0]; rx(0.3) q[0];",
         version_two + "rx(0.3) q[0];"},  // PennyLane
        {version_three +
             "ctrl @ gphase(0.3) q[0], q[1]; gate g a { gphase(0.4) a; } ctrl @ g q[1], q[2]; gphase(1) q;",
         version_three + "p(0.3) q[0]; p(0.4) q[1];"},
        {version_two +
             "mcx q[0], q[1], q[2]; mcphase(0.3) q[1], q[0]; mcrz(0.4) q[2], q[0], q[1]; c2z q[0], q[1], "
             "q[2];",
         version_three +
             "ccx q[0], q[1], q[2]; cp(0.3) q[1], q[0]; ctrl(2) @ rz(0.4) q[2], q[0], q[1]; ccz q[0], "
             "q[1], q[2];"},
        {version_three + "gate g a, b, c { mcx a, b, c; ctrl @ mcx a, b, c; c1h a, b; } g q[2], q[0], q[1];",
         version_three + "ch q[2], q[0];"},
        {"include \"stdgates.inc\"; qubit[4] q; h q; t q[3]; rcccx q[3], q[1], q[0], q[2];",
         "include \"stdgates.inc\"; qubit[4] q; h q; t q[3]; rc3x q[3], q[1], q[0], q[2];"},
        // pytket for Quantinuum
        {"OPENQASM 2.0; include \"hqslib1.inc\"; qreg q[2]; U1q(0.3, 0.7) q[0]; ZZ q[0], q[1]; h q[0]; "
         "U1q(1, 2) q[1];"
         "RZZ(0.2) q[0], q[1]; Rz(0.4) q[0];",
         "include \"stdgates.inc\"; qubit[2] q; rz(-0.7) q[0]; rx(0.3) q[0]; rz(0.7) q[0]; rzz(pi/2) q[0], "
         "q[1]; h q[0];"
         "rz(-2) q[1]; rx(1) q[1]; rz(2) q[1]; rzz(0.2) q[0], q[1]; rz(0.4) q[0];"},
    }));

const std::string without_include = "OPENQASM 3.0;\nqubit[3] q;\n" + any_state;

INSTANTIATE_TEST_SUITE_P(
    Braket, Dialect,
    testing::ValuesIn(std::vector<Same>{
        {"OPENQASM 3.0;\nqubit[1] q;\n#pragma braket unitary([[0, 1.0], [1.0, 0]]) q[0]\n", "qubit q; x q;"},
        // The first qubit is the highest bit of the matrix: cx from q[0] to q[2].
        {without_include + "#pragma braket unitary([[1,0,0,0],[0,1,0,0],[0,0,0,1],[0,0,1,0]]) q[0], q[2]\n",
         version_three + "cx q[0], q[2];"},
        {without_include + "#pragma braket unitary([[0.6, 0.8im], [0.48 + 0.64im, 0.48-0.36im]]) q[1]\n",
         version_three + "gphase(0.0); U(2*arccos(0.6), arctan(4.0/3), -pi/2) q[1];"},
        {"OPENQASM 3.0;\n#pragma braket verbatim\nbox{ h $4; cnot $4, $7; }\n"
         "#pragma braket unitary([[1, 0], [0, 1im]]) $4\n",
         "include \"stdgates.inc\"; qubit[2] q; h q[0]; cx q[0], q[1]; s q[0];"},
        {without_include +
             "i q[0]; v q[0]; vi q[1]; si q[1]; ti q[2]; phaseshift(0.1) q[0]; prx(0.2, 0.3) q[1]; "
             "gpi(0.4) q[2];"
             "gpi2(0.5) q[0]; ccnot q[0], q[1], q[2]; cv q[0], q[1]; zz(0.6) q[1], q[2];",
         version_three +
             "sx q[0]; sxdg q[1]; sdg q[1]; tdg q[2]; p(0.1) q[0]; r(0.2, 0.3) q[1]; rz(-0.4) q[2]; rx(pi) "
             "q[2];"
             "rz(0.4) q[2]; r(pi/2, 0.5) q[0]; ccx q[0], q[1], q[2]; csx q[0], q[1]; rzz(0.6) q[1], q[2];"},
        {without_include +
             "cphaseshift00(0.1) q[0], q[1]; cphaseshift01(0.2) q[1], q[2]; cphaseshift10(0.3) q[0], q[2];"
             "pswap(0.4) q[0], q[1]; xy(0.5) q[1], q[2]; ms(0.6, 0.7, 0.8) q[0], q[2]; xx(0.9) q[0], q[1];",
         version_three +
             "negctrl(2) @ gphase(0.1) q[0], q[1]; negctrl @ ctrl @ gphase(0.2) q[1], q[2];"
             "ctrl @ negctrl @ gphase(0.3) q[0], q[2]; swap q[0], q[1];"
             "ctrl @ negctrl @ gphase(0.4) q[0], q[1]; negctrl @ ctrl @ gphase(0.4) q[0], q[1];"
             "rxx(-0.25) q[1], q[2]; ryy(-0.25) q[1], q[2]; rz(-0.6) q[0]; rz(-0.7) q[2]; rxx(0.8) q[0], "
             "q[2];"
             "rz(0.6) q[0]; rz(0.7) q[2]; rxx(0.9) q[0], q[1];"},
    }));

// A fractional power does not depend on qubits that the gate could borrow.
INSTANTIATE_TEST_SUITE_P(
    Powers, Dialect,
    testing::ValuesIn(std::vector<Same>{
        {"include \"stdgates.inc\"; qubit[7] q; h q; t q[4]; pow(0.5) @ c4x q[0], q[1], q[2], q[3], q[4];",
         "include \"stdgates.inc\"; qubit[7] q; h q; t q[4]; ctrl(4) @ sx q[0], q[1], q[2], q[3], q[4];"},
    }));

// Where no qubit is idle, gates with many controls have as many operations as where one is, up to a factor.
TEST(QasmControls, DoNotNeedAnIdleQubit) {
  const auto program = [](int qubits, int controls) {
    std::string text = "include \"stdgates.inc\"; qubit[" + std::to_string(qubits) +
                       "] q; x q; ry(0.3) q[3]; ctrl(" + std::to_string(controls) + ") @ x q[0]";
    for (int k = 1; k <= controls; ++k) text += ", q[" + std::to_string(k) + "]";
    return read_qasm(text + ";", "f");
  };
  const auto full = program(26, 25), roomy = program(27, 25);
  EXPECT_EQ(full.declared_qubits(), 26);
  EXPECT_LE(full.circuit.operations().size(), 2 * roomy.circuit.operations().size());
  const auto small = program(10, 9);
  const auto state = dense_state(small.circuit);
  for (std::size_t k = 0; k < state.size(); ++k) {
    const double expected = k == 511 ? std::cos(0.15) : k == 1015 ? std::sin(0.15) : 0;
    EXPECT_NEAR(std::abs(state[k]), expected, 1e-12) << k;
  }
}

TEST(QasmPragmas, UnknownOnesAreWarnedOf) {
  const auto program = read_qasm(
      "OPENQASM 3.0;\nqubit q;\n#pragma braket result state_vector\nif (true) {\n  pragma user  x y\n}\n"
      "gate g a {\n#pragma z\n U(0, 0, 0) a; } g q;",
      "f");
  EXPECT_THAT(program.warnings,
              testing::ElementsAre(
                  "f:3:1: the pragma \"braket result state_vector\" is left out: what is computed is said by "
                  "--observable, --shots and --state",
                  "f:5:3: the pragma \"user  x y\" is left out: Qupel does not know it",
                  "f:8:1: the pragma \"z\" is left out: Qupel does not know it"));
}

// Nested definitions count once each.
TEST(QasmNesting, ReachesTwoHundredDefinitions) {
  std::string text = "include \"stdgates.inc\"; qubit q; gate g0 a { x a; }\n";
  const auto program = [&](int levels) {
    auto made = text;
    for (int k = 1; k < levels; ++k)
      made += "gate g" + std::to_string(k) + " a { g" + std::to_string(k - 1) + " a; }\n";
    return made + "g" + std::to_string(levels - 1) + " q;";
  };
  EXPECT_EQ(read_qasm(program(199), "f").circuit.operations().size(), 1U);
  EXPECT_THROW(read_qasm(program(201), "f"), InputError);
}

TEST(QasmBits, AliasesAndConversionsNameBits) {
  const auto program = read_qasm(version_three +
                                     "c = measure q; let low = c[0:1]; let all = c[2] ++ low;\n"
                                     "if (low[1]) x q[0]; if (int[4](c) == 5) x q[1]; if (uint(all) == 3) y "
                                     "q[1]; if (bool(c[2])) x q[2];\n"
                                     "bit[2] d = low; bit e = bit(c[1]); if (bit[3](c)[0] == 1) z q[0];",
                                 "f");
  std::vector<std::string> seen;
  for (const auto& operation : program.circuit.operations())
    for (const auto& condition : operation.conditions) {
      std::string text(operation.spec->name);
      for (const int bit : condition.bits) text += ' ' + std::to_string(bit);
      seen.push_back(text + " =" + std::to_string(condition.value));
    }
  EXPECT_THAT(seen, testing::IsSupersetOf({"x 1 =0", "x 0 1 2 =5", "y 2 0 1 =3", "x 2 =0", "z 0 =1"}));
}

}  // namespace
}  // namespace qupel
