#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "qupel/base/error.h"
#include "qupel/circuit/qasm_reader.h"

// What the reader of OpenQASM refuses, and where it says that the fault is.
namespace qupel {
namespace {

using testing::HasSubstr;

struct Refused {
  std::string text, message;
};

class Refusal : public testing::TestWithParam<Refused> {};

TEST_P(Refusal, NamesLineAndColumn) {
  try {
    read_qasm(GetParam().text, "f", 1000);
    FAIL() << GetParam().text;
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr(GetParam().message)) << GetParam().text;
  }
}

constexpr auto in_circuit = [](std::string_view statement) {
  return "include \"stdgates.inc\";\nqubit[2] q; bit[2] c;\n" + std::string(statement);
};

INSTANTIATE_TEST_SUITE_P(
    Syntax, Refusal,
    testing::ValuesIn(std::vector<Refused>{
        {"", "f:1:1: the text declares no qubits"},
        {"OPENQASM 4.0;", "f:1:10: OpenQASM \"4.0\" is not supported"},
        {"OPENQASM 3.0\nqubit q;", "f:2:1: \";\" expected after the version, not \"qubit\""},
        {"qubit q; /* x", "f:1:10: this comment has no end"},
        {"include \"stdgates.inc;\n", "f:1:9: this string has no end"},
        {"qubit q; ?", "f:1:10: the character '?' has no meaning here"},
        {"qubit \xce\xb8; h \xce\xb8 ?", "f:1:14: the character '?'"},
        {in_circuit("h q[0]"), "f:3:7: \";\" expected after a statement, not the end of the text"},
        {in_circuit("rx(1 q[0];"), "f:3:6: \")\" expected after a list, not \"q\""},
        {in_circuit("rx() q[0];"), "f:3:1: gate \"rx\" takes 1 angle, not 0"},
        {in_circuit("rx(1e) q[0];"), "f:3:4: this number's exponent has no digits"},
        {in_circuit("rx(1e999) q[0];"), "f:3:4: 1e999 is beyond the range"},
        {in_circuit("rx(99999999999999999999) q[0];"), "f:3:4: the integer is too large"},
        {in_circuit("rx(0b12) q[0];"), "f:3:4: \"0b12\" is not an integer"},
        {in_circuit("rx(100ns) q[0];"), "f:3:4: a duration does not belong here"},
        {in_circuit("rx(100im) q[0];"), "f:3:4: an imaginary number: complex numbers are not supported"},
        {in_circuit("rx(100km) q[0];"), "f:3:4: a number followed by a unit"},
        {in_circuit("rx(" + std::string(1000, '(') + "1"), "f:3:203: nested too deeply"},
        {in_circuit("rx(1" + std::string(1000, '-') + "1"), "nested too deeply"},
        {in_circuit("for int i in [0:1] { h q[i];"), "\"}\" expected after a block, not the end of the text"},
        {in_circuit("inv h q;"), "f:3:5: \"@\" expected after inv, not \"h\""},
    }));

INSTANTIATE_TEST_SUITE_P(
    Meaning, Refusal,
    testing::ValuesIn(std::vector<Refused>{
        {in_circuit("hh q[0];"), "f:3:1: the gate \"hh\" is not defined; did you mean"},
        {"qubit[2] q; crx(1) q[0], q[1];", "f:1:13: the gate \"crx\" is not defined: include"},
        {in_circuit("h q[2];"), "f:3:5: index 2 is out of range: there are 2"},
        {in_circuit("h q[0:2];"), "f:3:5: index 2 is out of range"},
        {in_circuit("h r;"), "f:3:3: \"r\" is not defined here"},
        {in_circuit("h c;"), "f:3:3: \"c\" is not a qubit or a qubit register"},
        {in_circuit("cx q[0];"), "f:3:1: gate \"cx\" takes 2 qubits, not 1"},
        {in_circuit("cx q[0], q[0];"), "f:3:1: cx on qubit q[0] twice"},
        {in_circuit("cx q, q[1];"), "f:3:1: cx on qubit q[1] twice"},
        {in_circuit("qubit[3] r; cx q, r;"), "f:3:19: registers of 2 and 3 qubits in one call"},
        {in_circuit("qubit[2] q;"), "f:3:1: \"q\" is declared already"},
        {in_circuit("qubit[0] r;"), "f:3:7: a size of 0"},
        {in_circuit("qubit[2000000] r;"), "f:3:7: a size of 2000000"},
        {in_circuit("rx(a) q[0];"), "f:3:4: \"a\" is not defined here"},
        {in_circuit("rx(1/0) q[0];"), "f:3:5: division by zero"},
        {in_circuit("rx(1.5/0) q[0];"), "f:3:7: division by zero"},
        {in_circuit("rx(1/2*pi) q[0];"), "f:3:5: 1/2 of two integers: OpenQASM 3 drops the rest"},
        {in_circuit("rx(sqrt(-1)) q[0];"), "f:3:4: the result is not a finite number"},
        {in_circuit("rx(sinh(1)) q[0];"), "f:3:4: \"sinh\" is not a function"},
        {in_circuit("rx(sin(1, 2)) q[0];"), "f:3:4: sin takes 1 argument, not 2"},
        {in_circuit("rx(1e200) q[0];"), "f:3:4: the angle is too large"},
        {in_circuit("int[4] n = 8;"), "f:3:12: 8 does not fit: the type holds -8 to 7"},
        {in_circuit("int n; rx(n) q[0];"), "f:3:11: \"n\" has no value yet"},
        {in_circuit("const int n = 1; n = 2;"), "f:3:18: \"n\" cannot be assigned to"},
        {in_circuit("for int i in [0:0:3] h q;"), "f:3:17: a step of 0"},
        {in_circuit("for int i in [0:1000000] h q;"), "f:3:1: more than 1000 operations"},
        {in_circuit("gate g a { g a; } g q;"), "f:3:12: the gate \"g\" calls itself"},
        {in_circuit("gate g a { h b; }"), "f:3:14: gate \"g\" has no such qubit: it acts on a"},
        {in_circuit("gate g a { measure a; }"), "f:3:12: the definition of gate \"g\" may hold"},
        {in_circuit("gate g a, a { }"), "f:3:11: \"a\" is named twice"},
        {in_circuit("gate g a { } gate g a { }"), "f:3:14: the gate \"g\" is defined already"},
        {in_circuit("gate a b { h b; t b; } gate d b { a b; a b; } gate e b { d b; d b; } pow(1000) @ e q;"),
         "f:3:70: more than 1000 operations"},
        {in_circuit("ctrl(0) @ x q[0];"), "f:3:1: 0 controls"},
        {in_circuit("ctrl @ x q[0];"), "f:3:1: gate \"x\" takes 2 qubits with its controls, not 1"},
        {in_circuit("measure q -> c[0];"), "f:3:15: 2 qubits are measured into 1 bits"},
    }));

INSTANTIATE_TEST_SUITE_P(
    NotSupported, Refusal,
    testing::ValuesIn(std::vector<Refused>{
        {"OPENQASM 2.0; opaque g a; qreg q[1];\ng q[0];",
         "f:2:1: \"g\" is an opaque gate: it has no definition"},
        {"OPENQASM 2.0; include \"qelib1.inc\"; qreg q[1];\nopaque g a; gate h2 a { g a; h a; } h2 q[0];",
         "\"g\" is an opaque gate"},
        {"OPENQASM 2.0;\nqreg q[2]; creg c[2];\nmeasure q[-1] -> c[0];",
         "f:3:11: index -1 is out of range: there are 2, counted from 0 (OpenQASM 2 has no negative "
         "indices)"},
        {"OPENQASM 2.0;\ninclude \"qelib1.inc\";\ngate h a { }",
         "f:3:1: the gate \"h\" is defined already, by"},
        {"include \xe2\x80\x9cstdgates.inc\xe2\x80\x9d;", "f:1:9: a typographic quotation mark"},
        {in_circuit("#\nh q;"), "\"pragma\" after \"#\" expected"},
        {in_circuit("#pragma braket noise bit_flip(0.1) q[0]"), "f:3:1: noise in a pragma is not run"},
        {in_circuit("#pragma braket unitary([[1, 0], [0, 2]]) q[0]"),
         "f:3:1: the matrix of this pragma is not unitary"},
        {in_circuit("#pragma braket unitary([[1, 0], [0, 1]]) q"), "f:3:1: a unitary of 2 rows on 2 qubits"},
        {in_circuit("#pragma braket unitary([[1, 0], [0, ]]) q"), "f:3:37: a number expected in a pragma"},
        {in_circuit("c = measure q; rx(c[0]) q[1];"),
         "f:3:19: a measured bit is known only when the circuit runs"},
        {in_circuit("c = measure q; for int i in [0:c] h q[1];"), "f:3:32: a measured bit is known only"},
        {in_circuit("c = measure q; float n = c;"), "f:3:26: a measured bit is known only"},
        {in_circuit("float n = 0; c = measure q; if (c == 2) n = 1;"),
         "f:3:41: \"n\" would depend on a measurement, and only bits can"},
        {in_circuit("c = measure q; if (c / 2 == 1) h q;"),
         "f:3:22: \"/\" of measured bits is not supported"},
        {in_circuit("c = measure q; if (sin(c) > 0) h q;"),
         "f:3:20: measured bits may be used in a condition as single bits"},
        {in_circuit("bit[2] d; c = measure q; d = measure q; if (c * d == 1) h q;"),
         "measured bits are multiplied by constants only"},
        {in_circuit("bit[3] d; c = measure q; d = c;"), "f:3:26: 2 bits are written into 3"},
        {in_circuit("extern f(int) -> float;\nrx(f(1)) q[0];"), "f:4:4: what is extern is not defined here"},
        {in_circuit("extern vote(bit[2]) -> bit; bit r;\nc = measure q; r = vote(c);"),
         "f:4:20: what is extern is not defined here"},
        {in_circuit("duration d = 10ns;\ndelay[d] q;"), "f:4:7: a duration, a number with one of the units"},
        {in_circuit("const complex[float[64]] z = 1 + 2im;\nrx(z) q;"),
         "f:4:4: complex numbers are not supported"},
        {in_circuit("def f(qubit a) { h a;"), "a block in braces is missing, or its }"},
        {in_circuit("delay[100] q;"), "f:3:7: a duration, a number with one of the units"},
        {in_circuit("delay[1e999ns] q;"), "f:3:7: 1e999 is beyond the range"},
        {in_circuit("box[100ns] { h q; }"), "f:3:4: the duration of a box: timing is not supported"},
        {in_circuit("h $0;"), "f:2:1: this circuit uses physical qubits"},
        {"h $00;", "f:1:3: the number of a physical qubit starts with 0"},
        {in_circuit("input float a;"), "f:3:1: the input \"a\" has no value"},
        {in_circuit("input float x0; rx(sin(x0)) q[0];"), "f:3:20: sin of an input"},
        {in_circuit("input float x0; input float x1; rx(x0 + x1) q[0];"), "f:3:39: an angle of two inputs"},
        {in_circuit("input float x0; pow(0.5) @ rx(x0) q[0];"), "f:3:17: pow(0.5) of an input"},
        {in_circuit("include \"other.inc\";"), "f:3:1: \"other.inc\" cannot be included"},
        {"include \"stdgates.inc\"; qubit[6] q; gate g a,b,c,d,e,f { h a; cx a,b; cx b,c; cx c,d; cx d,e; cx "
         "e,f; }"
         "pow(0.5) @ g q[0],q[1],q[2],q[3],q[4],q[5];",
         "pow(0.5) of a gate on 6 qubits"},
    }));

}  // namespace
}  // namespace qupel
