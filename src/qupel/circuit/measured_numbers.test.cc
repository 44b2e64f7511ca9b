#include <gmock/gmock.h>

#include "qupel/circuit/classical_run.test.h"

// Whole numbers that hold measured bits: their widths and signs, and what is written into them under measured
// conditions. The measured register c is 5, and each text flips q[0] alone.
namespace qupel {
namespace {

class MeasuredNumbers : public testing::TestWithParam<const char*> {};

TEST_P(MeasuredNumbers, AreWorth) { EXPECT_EQ(with_five(GetParam()), "1000"); }

INSTANTIATE_TEST_SUITE_P(
    DeclaredUnderConditions, MeasuredNumbers,
    testing::Values(
        "if (c[0]) { int n = 0; if (c[1]) n = 1; if (n == 0) x q[0]; else x q[3]; }",
        "if (c[0]) { int n = 0; if (c[2]) n = 1; if (n == 1) x q[0]; else x q[3]; }",
        "switch (c) { case 5 { bool d = false; if (c[1]) d = true; if (d) x q[3]; else x q[0]; } }",
        "if (c[1]) { x q[3]; } else { bool d = true; if (c[1]) d = false; if (d) x q[0]; }",
        "def f(qubit a, bit b) { int n = 1; if (b) n = 0; if (n == 1) x a; } if (c[2]) { f(q[0], c[1]); }",
        "if (c[0]) { for int i in [0:1] { bool b = false; if (c[i]) b = true; if (b) x q[i]; } }"));

INSTANTIATE_TEST_SUITE_P(
    OfOneBit, MeasuredNumbers,
    testing::Values("switch ((int(c[2]) << 1) | int(c[1])) { case 1 { x q[3]; } case 2 { x q[0]; } }",
                    "if (((int(c[2]) << 1) | int(c[1])) == 1) x q[3]; else x q[0];",
                    "if ((uint[4](c[0]) << 1) == 2) x q[0];",
                    "if (((int(c[2]) << 1) ^ int(c[1])) > 1) x q[0];",
                    "if ((int(c[0]) << 1) == int(c[2])) x q[3]; else x q[0];",
                    "bool b = c[0]; if ((uint[4](b) << 1) == 2) x q[0];", "if (~uint[4](c[0]) == 14) x q[0];",
                    "if (~uint[4](c[1]) == 15) x q[0];", "if (~int(c[1]) == -1) x q[0];",
                    "if (~int(c[0])) x q[0];", "if ((uint[4](c == 5) << 1) == 2) x q[0];",
                    "uint[4] n = uint[4](c == 5) << 1; if (n == 2) x q[0];",
                    "if (uint[2](c ^ 6) == 3) x q[0];", "if (uint[1](c & 4)) x q[3]; else x q[0];",
                    "if (int(c[0]) == 1) x q[0];", "if (int(c[0]) == int(c[2])) x q[0];"));

INSTANTIATE_TEST_SUITE_P(
    Returned, MeasuredNumbers,
    testing::Values(
        "def f(bit[3] b) -> uint[4] { return b; } if (~f(c) == 10) x q[0];",
        "def f(bit[3] b) -> uint[4] { return b; } if ((f(c) << 1) == 10) x q[0];",
        "def f(bit[3] b) -> int { int n = b; return n; } if (~f(c) == -6) x q[0];",
        "def f(bit[3] b) -> int[4] { int[4] n = b; n = ~n; return n; } if (f(c) == -6) x q[0];",
        "def f(qubit[2] a) -> uint[4] { return measure a; } uint[4] y = f(q[1:2]) | c; if (y == 5) x q[0];",
        "def f(bool b, qubit a) { if (b) x a; } f(c == 5, q[0]);"));

INSTANTIATE_TEST_SUITE_P(ByBit, MeasuredNumbers,
                         testing::Values("uint[4] n = c[1:2]; if (n[-1]) x q[3]; else x q[0];",
                                         "uint[4] n = c[0:1]; n[-1] = 1; if (n == 9) x q[0];",
                                         "uint[4] n = 2; if (c[0]) n = 3; if (n[-1]) x q[3]; else x q[0];",
                                         "uint[4] n = c[1:2]; bit[4] e = n; if (e == 2) x q[0];",
                                         "uint[4] n = 0; n[1] = 1; if (n == 2) x q[0];",
                                         "uint[4] n = 8; n[0] = c[0]; if (n == 9) x q[0];",
                                         "int[4] n = -8; n[0] = c[0]; if (n == -7) x q[0];",
                                         "uint[2] s; s[0] = c[0]; if (s == 1) x q[0];",
                                         "uint[4] n = 8; if (c[0]) { n[0] = 1; } if (n == 9) x q[0];",
                                         "uint[4] n = 8; n[0] = measure q[1]; if (n == 8) x q[0];",
                                         "int[4] n = c; n = ~n; int[8] m = n; if (m == -6) x q[0];",
                                         "int[4] n = c; n = ~n; if (n[-1]) x q[0];",
                                         "uint[8] n = 128; n |= c; if (n == 133) x q[0];",
                                         "int[8] a = c; int[4] b = ~int[4](c); if ((a & b) == 0) x q[0];"));

INSTANTIATE_TEST_SUITE_P(PartsOfKnownBits, MeasuredNumbers,
                         testing::Values("bit[4] a = \"1010\"; bit[2] b = a[1:2]; if (b == 1) x q[0];",
                                         "bit[4] a = \"1010\"; if (a[1:2] == 1) x q[0];",
                                         "bit[4] a = \"1010\"; a[0:1] = a[2:3]; if (a == 10) x q[0];",
                                         "bit[3] y; if ((y[0:1] ^ c[0:1]) == 1) x q[0];",
                                         "bit[3] y; y[0] = c[0]; bit[2] w = y[1:2]; if (w == 0) x q[0];",
                                         "uint[4] a = 10; if (a[1:2] == 1) x q[0];",
                                         "uint[100] a = 5; if (a[66]) x q[3]; else x q[0];",
                                         "const bit[4] r = rotl(\"0011\", 1); if (r == 6) x q[0];",
                                         "const uint[4] r = 3; if (rotr(r, 1) == 9) x q[0];"));

INSTANTIATE_TEST_SUITE_P(
    Sums, MeasuredNumbers,
    testing::Values(
        "if (c[0] + c[1] + c[2] == 2) x q[0];", "if (2 * c[0] + c[2] == 3) x q[0];",
        "switch (2 * int(c[1]) + int(c[2])) { case 1 { x q[0]; } default { x q[3]; } }",
        "uint[4] n = c; n = n + 1; if (n == 6) x q[0];", "uint[4] n = c; n += 12; if (n == 1) x q[0];",
        "uint[4] n = c; n -= 6; if (n == 15) x q[0];", "uint[8] n = c - 6; if (n == 255) x q[0];",
        "int[4] n = c + 8; if (n == -3) x q[0];", "int n = c; n = n - 7; if (n == -2) x q[0];",
        "int n = c; n = n - 7; if (n < -1) x q[0];", "int n = c; n -= 5; if (n) x q[3]; else x q[0];",
        "int n = 0; for int i in [0:2] n += c[i]; if (n == 2) x q[0];",
        "int n = 0; for int i in [0:2] { if (c[i]) n += 1; } if (n == 2) x q[0];",
        "int n = 0; if (c == 5) { n = 1; n = n + 1; } if (n == 2) x q[0];",
        "int n = 2; if (c[0]) n = -1; if (n < 0) x q[0];", "int n = 2; if (c[1]) n = -1; if (n == 2) x q[0];",
        "int n = -3; if (c[0]) n = n + 1; if (n == -2) x q[0];",
        "int n = c; n = -3 * n; if (n == -15) x q[0];", "if (c - 6 == -1) x q[0];",
        "if ((c + 3 & 7) == 0) x q[0];", "uint[2] n = c[0:1]; uint[2] m = c[1:2]; if (n < m) x q[0];",
        "uint[2] n = c[0:1]; uint[2] m = c[1:2]; if (m <= n) x q[3]; else x q[0];",
        "int n = c[0:1]; int m = c[1:2]; if (n - m >= m - n) x q[3]; else x q[0];",
        "int[4] n = c; int[4] m = ~n; if (m < n) x q[0];", "if (c[0:1] > c[1:2]) x q[3]; else x q[0];",
        "if (c[0:1] > 0 && c[1:2] >= 2) x q[0];",
        "def f(bit[3] b) -> int { return b + 1; } if (f(c) == 6) x q[0];"));

INSTANTIATE_TEST_SUITE_P(
    WithTypes, MeasuredNumbers,
    testing::Values("if (c == (c[0] && c[2])) x q[3]; else x q[0];", "if (!c[1] != c[1:2]) x q[0];",
                    "int n = c; if ((n > 3) == n) x q[3]; else x q[0];",
                    "int n = c; if (~(n + 1) == -7) x q[0];",
                    "int n = c; n = (n + 1) << 2; if (n == 24) x q[0];",
                    "int n = c; bit[8] a = uint[8]((n + 1) << 2); if (a == 24) x q[0];",
                    "int n = c; if ((2 * n) << 1 == 20) x q[0];", "if (((c - 6) & 255) == 255) x q[0];",
                    "int r = ~(4 - c[0]); if (r == -4) x q[0];", "int n = c; if ((n + 1 | 16) == 22) x q[0];",
                    "int n = c; if ((n + 1 | -8) == -2) x q[0];",
                    "uint[3] n = c; int[3] m = int[3](c); if (n == m) x q[3]; else x q[0];",
                    "uint[3] n = c; int[3] m = int[3](c); if (m < n) x q[0];",
                    "uint[3] n = c; int k = int[3](c[1]) | n; if (k == 5) x q[0];",
                    "uint[3] n = c; uint[3] m = 3; if (n + m == 0) x q[0];",
                    "uint[3] n = c; uint[3] m = 3; uint[5] s = n + m; if (s == 0) x q[0];",
                    "uint[3] n = c; uint[3] m = 6; if (n - m == 7) x q[0];",
                    "uint[8] n = c; n -= 6; if (n == 255) x q[0];", "int n = c; if (-n == -5) x q[0];",
                    "uint[4] n = c; if (-n == 11) x q[0];", "uint[4] n = c; if ((n ^ -1) == 10) x q[0];",
                    "uint[4] n = c; if (~(n & 255) == 10) x q[0];",
                    "int n = 0; for int i in [1:40] { n += c[i % 3]; } if (n == 26) x q[0];"));

/// 64 ones in c.
std::string with_ones(const std::string& text) {
  const auto written = values("qubit[66] q; bit[64] c; x q[0:63]; c = measure q[0:63]; x q[0:63]; " + text);
  return written.substr(64);
}

TEST(WideMeasuredNumbers, HaveASign) {
  EXPECT_EQ(with_ones("if (int[64](c) == -1) x q[64]; if (int[64](c) != -2) x q[65];"), "11");
  EXPECT_EQ(with_ones("if (int[64](c) == 18446744073709551615) x q[64];"), "00");
  EXPECT_EQ(with_ones("if ((c ^ -1) == 0) x q[64]; if (c == 18446744073709551615) x q[65];"), "11");
  EXPECT_EQ(values("qubit[2] q; bit[70] c = -1; if (c[69]) x q[0];"), "10");
}

TEST(MeasuredNumbers, NamesAndTypesThatDoNotFit) {
  using testing::HasSubstr;
  const auto refused = [](const std::string& text) {
    return refusal("qubit[4] q; bit[3] c; c = measure q[0:2]; " + text);
  };
  EXPECT_THAT(refused("if (c[0]) { float f = 0.0; if (c[1]) { f = pi; } rx(f) q[3]; }"),
              HasSubstr("\"f\" would depend on a measurement"));
  EXPECT_THAT(refused("if (c[0]) { array[int, 2] a = {0, 0}; if (c[1]) { a[0] = 1; } }"),
              HasSubstr("an array would depend on a measurement"));
  EXPECT_THAT(refused("int n = c; if (n[5]) x q[0];"),
              HasSubstr("the lowest 3 bits of this number can be named"));
  EXPECT_THAT(refused("int[4] n = c; let m = n;"), HasSubstr("an alias names qubits or bits, not a number"));
  EXPECT_THAT(refused("int n = c; int m = n * n;"), HasSubstr("are multiplied by constants only"));
  EXPECT_THAT(refused("const int n = 1; n[0] = c[0];"), HasSubstr("a bit or a bit register expected"));
}

TEST(Choices, ManyBranches) {
  std::string ifs, cases;
  for (int n = 0; n < 300; ++n) {
    ifs += (n == 0 ? "" : " else ") + std::string("if (c == ") + std::to_string(n) + ") x q[" +
           (n == 5 ? "0" : "3") + "];";
    cases += "case " + std::to_string(n) + " { x q[" + (n == 5 ? "0" : "3") + "]; }";
  }
  EXPECT_EQ(with_five("uint[9] n = c; " + ifs), "1000");
  EXPECT_EQ(with_five("switch (c) { " + cases + " }"), "1000");
  EXPECT_EQ(with_five("switch (c) { case 7 { x q[3]; } " + cases.substr(0, cases.find("case 6")) +
                      " default { x q[3]; } }"),
            "1000");
  EXPECT_EQ(with_five("switch (5) { " + cases + " }"), "1000");
  std::string many = "case ";
  for (int n = 6; n < 3000; ++n) many += std::to_string(n) + ", ";
  EXPECT_EQ(with_five("switch (c) { " + many + "4000 { x q[3]; } default { x q[0]; } }"), "1000");
}

TEST(Choices, ABranchMayChangeWhatTheNextOnesLookAt) {
  EXPECT_EQ(with_five("if (c == 5) { x q[0]; c[1] = 1; } else if (c == 7) { x q[3]; } else { x q[2]; }"),
            "1000");
}

}  // namespace
}  // namespace qupel
