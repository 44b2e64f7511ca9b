#include <fmt/format.h>
#include <gmock/gmock.h>

#include <functional>

#include "qupel/circuit/classical_run.test.h"

// Loops, jumps, subroutines, and arithmetic of measured bits, in circuits of x, cx and measurements, which
// are run as the classical programs that they are.
namespace qupel {
namespace {

using testing::HasSubstr;

TEST(ControlFlow, While) {
  EXPECT_EQ(values("qubit[5] q; int i = 0; while (i < 3) { x q[i]; i += 1; }"), "11100");
  EXPECT_EQ(values("qubit[2] q; while (false) x q[0]; x q[1];"), "01");
  EXPECT_THAT(refusal("qubit q; bit c; c = measure q;\nwhile (c) { x q; c = measure q; }"),
              HasSubstr("f:3:1: how often this loop runs is measured"));
  EXPECT_THAT(refusal("qubit q; while (true) { }"), HasSubstr("f:2:10"));
}

TEST(ControlFlow, BreakContinueAndEnd) {
  EXPECT_EQ(values("qubit[6] q; for int i in [0:5] { if (i == 1) continue; if (i == 4) break; x q[i]; }"),
            "101100");
  EXPECT_EQ(
      values(
          "qubit[4] q; for int i in [0:1] { for int j in {0, 1} { if (j == 1) break; x q[2 * i + j]; } x q[3]; }"),
      "1010")
      << "the inner loop alone is left";
  EXPECT_EQ(values("qubit[3] q; x q[0]; if (true) { x q[1]; end; } x q[2];"), "110");
  EXPECT_EQ(values("qubit[3] q; int n = 0; while (true) { if (n == 2) break; x q[n]; n += 1; }"), "110");
  EXPECT_EQ(
      values(
          "qubit[2] q; bit c; x q[0]; c = measure q[0]; if (c) { for int i in [0:3] { if (i == 1) break; x q[1]; } }"),
      "11")
      << "a loop under a measured condition";
  EXPECT_THAT(refusal("qubit q; break;"), HasSubstr("f:2:10: break and continue belong into loops"));
  EXPECT_THAT(refusal("qubit q; return;"), HasSubstr("f:2:10: return belongs into a subroutine"));
  EXPECT_THAT(refusal("qubit q; bit c; c = measure q; for int i in [0:1] { if (c) break; }"),
              HasSubstr("f:2:60: break, continue, return and end may not depend on what is measured"));
  EXPECT_THAT(refusal("qubit q; bit c; c = measure q; if (c) end;"),
              HasSubstr("may not depend on what is measured"));
}

TEST(ControlFlow, SwitchOnConstants) {
  const auto text = [](int n) {
    return fmt::format(
        "qubit[4] q; int n = {}; switch (n) {{ case 0 {{ x q[0]; n = 1; }} case 1, 2 {{ x q[1]; }} "
        "case 3 {{ }} default {{ x q[3]; }} }}",
        n);
  };
  EXPECT_EQ(values(text(0)), "1000");
  EXPECT_EQ(values(text(1)), "0100");
  EXPECT_EQ(values(text(2)), "0100");
  EXPECT_EQ(values(text(3)), "0000");
  EXPECT_EQ(values(text(4)), "0001");
  EXPECT_EQ(values("qubit[2] q; switch (7) { default { x q[1]; } }"), "01");
  EXPECT_EQ(values("qubit[2] q; switch (7) { case 7 { x q[1]; } }"), "01");
  EXPECT_EQ(values("qubit[2] q; switch (7) { }"), "00");
}

TEST(ControlFlow, SwitchOnMeasuredBits) {
  for (int n = 0; n < 4; ++n) {
    const auto prepared = fmt::format("qubit[2] q; qubit[4] r; bit[2] c; {} {} c = measure q; ",
                                      n & 1 ? "x q[0];" : "", n & 2 ? "x q[1];" : "");
    const auto outcome = [&](const std::string& text) { return values(prepared + text).substr(2); };
    const std::string expected = n == 0 ? "1000" : n == 3 ? "0001" : "0100";
    EXPECT_EQ(outcome("switch (c) { case 0 { x r[0]; c = 3; } case 1, 2 { x r[1]; } default { x r[3]; } }"),
              expected);
    // As Qiskit writes it.
    EXPECT_EQ(
        outcome(
            "int switch_dummy_0; switch_dummy_0 = c; switch (switch_dummy_0) { case 0: { x r[0]; } break; "
            "case 1, 2: { x r[1]; } break; default: { x r[3]; } break; }"),
        expected);
  }
}

TEST(ControlFlow, NumbersHoldMeasuredBits) {
  EXPECT_EQ(
      values("qubit[3] q; bit[2] c; x q[1]; c = measure q[0:1]; uint n = c; c[1] = 0; if (n == 2) x q[2];"),
      "011");
  EXPECT_EQ(
      values("qubit[3] q; bit[2] c; x q[1]; c = measure q[0:1]; int n = c; n = n >> 1; if (n == 1) x q[2];"),
      "011");
  EXPECT_EQ(values("qubit[3] q; bit[2] c; x q[1]; c = measure q[0:1]; int n = c; n = 5; if (n == 5) x q[2];"),
            "011");
  EXPECT_THAT(refusal("qubit[2] q; bit[2] c; c = measure q; int[2] n = c;"),
              HasSubstr("2 measured bits do not fit into this type without a change of sign"));
}

TEST(Subroutines, ActOnTheQubitsTheyAreGiven) {
  EXPECT_EQ(values("def flip(qubit a, qubit[2] b, int n) { x a; if (n > 1) x b[1]; }\n"
                   "qubit[4] q; flip(q[0], q[1:2], 2); flip(q[3], q[1:2], 0);"),
            "1011");
  EXPECT_EQ(
      values("const int k = 2; def all(qubit[k] a) { for int i in [0:k-1] x a[i]; } qubit[2] q; all(q);"),
      "11");
  EXPECT_EQ(
      values("def twice(qubit a, int n) { if (n == 0) return; x a; twice(a, n - 1); } qubit q; twice(q, 3);"),
      "1");
}

TEST(Subroutines, SeePhysicalQubits) {
  EXPECT_EQ(values("def f() -> bit { x $0; return measure $0; } bit r = f(); if (r) x $1;"), "11");
}

TEST(Subroutines, ReturnNumbers) {
  EXPECT_EQ(
      values(
          "def square(int n) -> int { return n * n; } qubit[5] q; x q[square(2)]; int m = square(1) + 1; x q[m];"),
      "00101");
  EXPECT_EQ(
      values(
          "def first(int n) -> int { for int i in [0:9] { if (i * i > n) return i; } return 0; } qubit[5] q; "
          "int m = first(5); x q[m]; if (first(9) == 4) x q[4];"),
      "00011");
  const auto circuit = circuit_of("def half(float x) -> float { return x / 2; } qubit q; rx(half(3) + 1) q;");
  EXPECT_EQ(circuit.operations()[0].angles[0].offset, 2.5);
}

TEST(Subroutines, ReturnMeasuredBits) {
  EXPECT_EQ(
      values(
          "def look(qubit a) -> bit { return measure a; } qubit[3] q; x q[0]; bit r = look(q[0]); if (r) x q[2]; "
          "if (look(q[1])) x q[1];"),
      "101");
  EXPECT_EQ(
      values(
          "def both(qubit[2] a) -> bit { bit[2] c = measure a; bit r = c[0] & c[1]; return r; } qubit[4] q; "
          "x q[0]; x q[1]; bit r; r = both(q[0:1]); if (r) x q[2]; if (both(q[1:2]) && !both(q[2:3])) x q[3];"),
      "1111");
  EXPECT_EQ(
      values("def odd(bit[3] c) -> bool { return (c[0] ^ c[1] ^ c[2]) == 1; } qubit[4] q; x q[0]; bit[3] c; "
             "c = measure q[0:2]; if (odd(c)) x q[3];"),
      "1001");
  EXPECT_EQ(
      values(
          "def change(bit[2] c) -> bit { c[0] = 1; return c[0]; } qubit[3] q; bit[2] c; c = measure q[0:1]; "
          "if (change(c)) x q[1]; if (c[0]) x q[2];"),
      "010")
      << "bits are given by their values";
}

TEST(Subroutines, UnderMeasuredConditions) {
  const std::string text =
      "def act(qubit a, qubit b) -> bit { x a; return measure b; } qubit[4] q; bit c; bit r; ";
  EXPECT_EQ(values(text + "x q[0]; c = measure q[0]; if (c) { r = act(q[1], q[0]); if (r) x q[2]; }"),
            "1110");
  EXPECT_EQ(values(text + "c = measure q[0]; if (c) { r = act(q[1], q[0]); if (!r) x q[2]; }"), "0000");
}

TEST(Arrays, HoldNumbers) {
  EXPECT_EQ(
      values(
          "qubit[4] q; array[int[8], 3] a = {1, 0, 3}; for int i in [0:2] x q[a[i]]; a[-1] = 1; x q[a[2]];"),
      "1001");
  EXPECT_EQ(values("qubit[4] q; const array[uint, 2, 2] a = {{3, 2}, {1, 0}}; x q[a[0, 1]]; x q[a[1][1]];"),
            "1010");
  EXPECT_EQ(
      values(
          "qubit[4] q; array[uint[4], 2, 2] a; a[1, 0] = 2; a[1][1] = 3; a[0] = a[1]; x q[a[0][0]]; x q[a[0][1]];"),
      "0011");
  EXPECT_EQ(values("qubit[3] q; array[int, 2] a = {0, 2}; for int k in a x q[k]; if (a[1][1] == 1) x q[1];"),
            "111")
      << "and a bit of an element";
  EXPECT_EQ(
      values("qubit[4] q; array[float, 3, 2] a; x q[sizeof(a)]; x q[sizeof(a, 1)]; x q[sizeof(a[0]) - 2];"),
      "1011");
  const auto circuit = circuit_of(
      "qubit[2] q; array[float[64], 2] angles = {0.25, pi}; rx(angles[0]) q[0]; rx(angles[1] / 2) q[1];");
  EXPECT_EQ(circuit.operations()[0].angles[0].offset, 0.25);
}

TEST(Arrays, AreGivenToSubroutines) {
  EXPECT_EQ(
      values(
          "def f(mutable array[int, 2] a, readonly array[int, #dim = 1] b) { a[0] = b[2]; a[1] += 1; } "
          "qubit[4] q; array[int, 2] a = {0, 0}; array[int, 3] b = {0, 0, 3}; f(a, b); x q[a[0]]; x q[a[1]];"),
      "0101");
  EXPECT_THAT(refusal("def f(readonly array[int, 2] a) { a[0] = 1; } qubit q; array[int, 2] a; f(a);"),
              HasSubstr("a constant array cannot be assigned to"));
  EXPECT_THAT(refusal("def f(readonly array[int, 2] a) { } qubit q; array[int, 3] a; f(a);"),
              HasSubstr("\"a\" takes an array of other dimensions"));
  EXPECT_THAT(refusal("def f(readonly array[int, 2] a) { } qubit q; f(1);"),
              HasSubstr("\"a\" takes an array"));
}

TEST(Arrays, ElementsThatCallsNameAreGivenToSubroutines) {
  EXPECT_EQ(values("def one() -> int { return 1; } def g(mutable array[int, 2] r) { r[0] = 2; } "
                   "qubit[3] q; array[int, 2, 2] a; g(a[one()]); x q[a[1][0]];"),
            "001");
}

TEST(Arrays, ErrorsSayWhere) {
  EXPECT_THAT(refusal("qubit q; array[int, 2] a = {1, 2, 3};"),
              HasSubstr("f:2:28: {...} of 2 elements expected here"));
  EXPECT_THAT(refusal("qubit q; array[int, 2] a; rx(a[2]) q;"), HasSubstr("f:2:32: index 2 is out of range"));
  EXPECT_THAT(refusal("qubit q; array[int, 2, 2] a; rx(a[1]) q;"),
              HasSubstr("an array of 2 dimensions, and 1 of its indices"));
  EXPECT_THAT(refusal("qubit q; array[int, 2] a; rx(a) q;"),
              HasSubstr("\"a\" is an array: only its elements are numbers"));
  EXPECT_THAT(refusal("qubit q; array[bit, 2] a;"), HasSubstr("arrays hold numbers and truths"));
  EXPECT_THAT(refusal("qubit q; array[int, 1000000, 1000000] a;"),
              HasSubstr("an array of more than 1000000 elements"));
  EXPECT_THAT(refusal("qubit q; array[int, 4] a; rx(a[0:1]) q;"),
              HasSubstr("slices of arrays are not supported"));
  EXPECT_THAT(refusal("qubit q; bit c; array[int, 2] a; c = measure q; if (c) a[0] = 1;"),
              HasSubstr("an array would depend on a measurement"));
}

TEST(ControlFlow, SwitchLooksAtItsValueOnce) {
  EXPECT_EQ(
      values(
          "def g(qubit r) -> bit { x r; return measure r; } qubit[4] q; switch (g(q[1])) { case 0, 1 { x q[3]; } }"),
      "0101");
  EXPECT_EQ(values("def h2(qubit[2] r) -> bit[2] { x r[0]; return measure r; } qubit[4] q; "
                   "switch (h2(q[0:1])) { case 2, 3 { x q[3]; } default { x q[2]; } }"),
            "1010");
  EXPECT_EQ(
      with_five("int n = 1; switch (n) { case 0: { x q[0]; } break; case 1: case 2: { x q[1]; } break; }"),
      "0100");
}

TEST(ControlFlow, NumbersOfMeasuredBitsAreAsWideAsTheirTypes) {
  EXPECT_EQ(
      with_five(
          "int n = c; if ((n << 1) == 10) x q[0]; if (~n == -6) x q[1]; if (~n < 0) x q[2]; if (~n > -6) x q[3];"),
      "1110");
  EXPECT_EQ(
      with_five(
          "uint[8] n = c; if (~n == 250) x q[0]; uint[8] m = n << 1; if (m == 10) x q[1]; if ((n | 8) == 13) x q[2];"),
      "1110");
  EXPECT_EQ(
      with_five(
          "if ((uint[8](c) << 1) == 10) x q[0]; if ((int(c) | 8) == 13) x q[1]; int n = ~c; if (n == 2) x q[2];"),
      "1110");
  EXPECT_EQ(
      with_five(
          "int n = c; int m = ~n; if (m == -6) x q[0]; m = m >> 1; if (m == -3) x q[1]; if (m >= -3) x q[2];"),
      "1110");
  EXPECT_EQ(with_five("bool b = c[0]; if (b) x q[0]; int n = !c[1]; switch (n) { case 1 { x q[1]; } }"),
            "1100");
}

TEST(ControlFlow, NumbersAreAssignedToUnderMeasuredConditions) {
  EXPECT_EQ(with_five("int n; if (c == 5) { n = c; switch (n) { case 5 { x q[0]; } } } if (n == 5) x q[1];"),
            "1100");
  EXPECT_EQ(
      with_five("int n = 2; if (c == 4) n = 9; if (n == 2) x q[0]; if (c == 5) n = 12; if (n == 12) x q[1];"),
      "1100");
  EXPECT_EQ(with_five("int n = c; if (n == 5) n = 2; if (n == 2) x q[0]; if (n == 5) x q[1];"), "1000");
}

TEST(ControlFlow, NumbersAreCopiedUnderMeasuredConditions) {
  EXPECT_EQ(
      with_five(
          "int n = 1; int m = c; if (c == 5) n = m; if (n == 5) x q[0]; if (c == 4) n = 2; if (n == 5) x q[1];"),
      "1100");
  EXPECT_EQ(
      with_five(
          "bool b = false; if (c == 5) b = true; if (b) x q[0]; if (c == 4) b = false; if (b) x q[1]; if (c == 5) b = c; if (b) x q[2];"),
      "1110");
  EXPECT_EQ(with_five("int n; if (c == 5) n = 0; if (n < 1) x q[0]; if (n == 0) x q[1];"), "1100");
  EXPECT_EQ(with_five("bool b = c; if (b) x q[0]; b = c & 2; if (!b) x q[1];"), "1100");
}

TEST(ControlFlow, LoopVariablesMayBeAssignedTo) {
  EXPECT_EQ(values("qubit[4] q; for int i in [0:1] { x q[i]; i += 2; x q[i]; }"), "1111");
}

TEST(MeasuredBits, SeveralAreNotWrittenIntoOne) {
  for (const auto* text : {"bit d; d = c;", "bit d = c[1:2];", "c[0] = c[1:2];", "bit d; d = c & 4;",
                           "def f(bit b, qubit r) { if (b) x r; } f(c, q[0]);"})
    EXPECT_THAT(refusal("qubit[4] q; bit[3] c; c = measure q[0:2]; " + std::string(text)),
                HasSubstr("bits are written into 1"))
        << text;
}

TEST(Subroutines, AreCalledWhereverAValueStands) {
  const std::string one = "def f(int n) -> int { return n; } qubit[4] q; bit[4] c; array[int, 4] a; ";
  EXPECT_EQ(values(one + "x q[1]; c[0] = measure q[f(1)]; if (c[0]) x q[3];"), "0101");
  EXPECT_EQ(values(one + "x q[1]; reset q[f(1)]; a[f(2)] = 3; a[f(2)] += f(0); x q[a[2]]; barrier q[f(1)];"),
            "0001");
  EXPECT_EQ(
      values(one + "for int i in [f(0):f(1)] x q[i]; for int i in {f(3)} x q[i]; let z = q[f(0):f(1)]; x z;"),
      "0001");
  EXPECT_EQ(
      values(
          one +
          "x q[0]; ctrl(f(1)) @ x q[0], q[1]; pow(f(2)) @ x q[2]; measure q[f(1)] -> c[f(2)]; if (c[2]) x q[3];"),
      "1101");
}

TEST(Subroutines, TakeAndReturnNumbersOfMeasuredBits) {
  EXPECT_EQ(with_five("def f(int[8] k, qubit r) { if (k == 5) x r; } f(c, q[0]); f(c ^ 1, q[1]);"), "1000");
  EXPECT_EQ(with_five("def f(bit[3] k) -> uint[4] { return k << 1; } if (f(c) == 2) x q[0];"), "1000");
  EXPECT_EQ(
      with_five(
          "def f(qubit[2] r) -> uint[2] { return measure r; } x q[1]; uint[2] n = f(q[0:1]); if (n == 2) x q[3];"),
      "0101");
}

TEST(Subroutines, AreNotCalledWhereTheLeftSideDecides) {
  EXPECT_EQ(
      with_five(
          "def g(qubit r) -> bool { x r; return true; } if (false && g(q[2])) x q[1]; if (true || g(q[3])) x q[0];"),
      "1000");
  EXPECT_EQ(
      with_five(
          "def f(qubit a) -> bit { x a; return measure a; } if (c[1] && f(q[3])) x q[2]; if (c[0] && f(q[0])) x q[1]; "
          "if (c[0] || f(q[3])) { } if (c[1] || f(q[2])) x q[1];"),
      "1010")
      << "nor where it does when the circuit runs";
  EXPECT_EQ(with_five("def r(int n) -> bool { return n > 0 && r(n - 1); } if (!r(3)) x q[0];"), "1000");
  EXPECT_EQ(
      with_five(
          "def f(mutable array[int, 2] z) -> int { z[0] += 1; return z[0]; } array[int, 2] a = {1, 2}; x q[a[0] + f(a)];"),
      "0001");
}

TEST(Subroutines, CallThemselvesInLongExpressions) {
  std::string ones;
  for (int k = 0; k < 300; ++k) ones += " + 1";
  const auto text = [&](int rounds) {
    return "def f(int n) -> int { if (n == 0) return 0; return f(n - 1)" + ones + "; } qubit q; int y = f(" +
           std::to_string(rounds) + "); if (y == " + std::to_string(300 * rounds) + ") x q;";
  };
  EXPECT_EQ(values(text(5)), "1");
  EXPECT_THAT(refusal(text(60)), HasSubstr("nested too deeply: more than 2000 levels"));
}

TEST(Subroutines, AnnotationsAndPragmasInThemAreSkipped) {
  EXPECT_EQ(values("def f(qubit a) {\n  @it's x\n  x a;\n#pragma {\n}\nqubit q; f(q);"), "1");
  EXPECT_EQ(values("qubit q; if (true) @reversible\nx q;"), "1");
}

TEST(Subroutines, ErrorsSayWhere) {
  EXPECT_THAT(refusal("def f(qubit a) { x a; }\nqubit[2] q;\nf(q[0], q[1]);"),
              HasSubstr("f:4:1: \"f\" takes 1 argument, not 2"));
  EXPECT_THAT(refusal("def f(qubit a, qubit[2] b) { x a; }\nqubit[2] q;\nf(q[0], q);"),
              HasSubstr("f:4:1: f on qubit q[0] twice: its qubits must differ"));
  EXPECT_THAT(refusal("def f(qubit[2] a) { x a; }\nqubit[3] q;\nf(q);"),
              HasSubstr("f:4:3: \"a\" takes 2 qubits, not 3"));
  EXPECT_THAT(refusal("qubit q; def f(int n) { x q; }\nf(1);"), HasSubstr("\"q\" is not defined here"));
  EXPECT_THAT(refusal("def f() { f(); }\nqubit q; f();"), HasSubstr("nested too deeply"));
  EXPECT_THAT(refusal("def f() { }\nqubit q;\nrx(f()) q;"), HasSubstr("f:4:4: \"f\" returns nothing here"));
  EXPECT_THAT(refusal("def f() { }\nqubit q;\nrx(f) q;"),
              HasSubstr("a subroutine has no value: call it by f(...)"));
  EXPECT_THAT(refusal("def f(qubit a) -> float { return measure a; }\nqubit q; f(q);"),
              HasSubstr("the type of what is returned does not hold 1 measured bit"));
  EXPECT_THAT(refusal("def f() { return 1; }\nqubit q; f();"), HasSubstr("write -> and the type"));
  EXPECT_THAT(refusal("def f(array[int, 1] a) { }\nqubit q; f(1);"),
              HasSubstr("readonly or mutable before an array expected"));
  EXPECT_EQ(refusal("def f(complex a) { nonsense }\nqubit q;"), "no error") << "which nobody calls";
}

struct Arithmetic {
  std::string condition;
  std::function<bool(unsigned c, unsigned d)> truth;
};

class MeasuredBits : public testing::TestWithParam<Arithmetic> {};

TEST_P(MeasuredBits, DecideAsNumbersDo) {
  for (unsigned c = 0; c < 8; ++c)
    for (unsigned d = 0; d < 4; ++d) {
      std::string text = "qubit[6] q; bit[3] c; bit[2] d; ";
      for (unsigned k = 0; k < 5; ++k)
        if (((c | d << 3) >> k & 1) != 0) text += fmt::format("x q[{}]; ", k);
      text += "c = measure q[0:2]; d = measure q[3:4]; if (" + GetParam().condition + ") x q[5];";
      EXPECT_EQ(run(circuit_of(text))[5], GetParam().truth(c, d))
          << GetParam().condition << " c " << c << " d " << d;
    }
}

INSTANTIATE_TEST_SUITE_P(
    Qasm, MeasuredBits,
    testing::ValuesIn(std::vector<Arithmetic>{
        {"c & 3", [](unsigned c, unsigned) { return (c & 3) != 0; }},
        {"(c & 3) == 1", [](unsigned c, unsigned) { return (c & 3) == 1; }},
        {"(c & 9) == 1", [](unsigned c, unsigned) { return (c & 1) == 1; }},
        {"(c | 1) != 5", [](unsigned c, unsigned) { return (c | 1) != 5; }},
        {"(c ^ 5) > 3", [](unsigned c, unsigned) { return (c ^ 5) > 3; }},
        {"~c == 2", [](unsigned c, unsigned) { return (~c & 7) == 2; }},
        {"~c", [](unsigned c, unsigned) { return c != 7; }},
        {"~uint[4](c) == 10", [](unsigned c, unsigned) { return c == 5; }},
        {"(c >> 1) <= 2", [](unsigned c, unsigned) { return (c >> 1) <= 2; }},
        {"(c << 1) == 6", [](unsigned c, unsigned) { return (c << 1 & 7) == 6; }},
        {"(c << 9) == 0", [](unsigned, unsigned) { return true; }},
        {"(c ^ 1) < 9", [](unsigned, unsigned) { return true; }},
        {"(c ^ 1) < -1", [](unsigned, unsigned) { return false; }},
        {"(c & d) >= 2", [](unsigned c, unsigned d) { return (c & d) >= 2; }},
        {"(c ^ d) == 4", [](unsigned c, unsigned d) { return (c ^ d) == 4; }},
        {"c == d", [](unsigned c, unsigned d) { return c == d; }},
        {"c != d", [](unsigned c, unsigned d) { return c != d; }},
        {"c[0:1] == d && (c | d) < 7", [](unsigned c, unsigned d) { return (c & 3) == d && (c | d) < 7; }},
        {"((c >> 1) ^ (d & 2)) == 3", [](unsigned c, unsigned d) { return ((c >> 1) ^ (d & 2)) == 3; }},
    }));

TEST(MeasuredBits, AreWrittenAsNumbers) {
  EXPECT_EQ(
      values(
          "qubit[4] q; bit[2] c; bit[2] d; x q[0]; c = measure q[0:1]; d = c ^ 3; c = c << 1; if (d == 2) x q[2]; "
          "if (c == 2) x q[3];"),
      "1011");
  EXPECT_THAT(refusal("qubit[2] q; bit[2] c; c = measure q; if ((c | 4) == 4) x q;"),
              HasSubstr("4 does not fit into the 2 measured bits"));
}

TEST(ControlFlow, BitsOfBlocks) {
  const auto text =
      "qubit[3] q; bit[1] r; x q[0]; for int i in [0:1] { bit b = measure q[i]; if (b) x q[2]; } r[0] = measure q[2];";
  EXPECT_EQ(values(text), "101");
  EXPECT_EQ(circuit_of(text).registers()[0].name, "r");
}

}  // namespace
}  // namespace qupel
