#include <gtest/gtest.h>

#include "qupel/base/error.h"
#include "qupel/circuit/qasm_reader.h"

// Arithmetic of the classical types (OpenQASM 3, "Types and casting" and "Classical instructions").
namespace qupel {
namespace {

std::size_t operations_of(const std::string& text) {
  const std::string head = "OPENQASM 3.0; include \"stdgates.inc\"; qubit q; ";
  return read_qasm(head + text, "f").circuit.operations().size();
}

TEST(QasmTypes, EachHasItsOwnArithmetic) {
  for (const std::string holds : {
           // unsigned numbers and shifts wrap around; literals have no width
           "uint[4] a = 5; if (~a == 10)",
           "uint[63] a = 9223372036854775807; if (~a == 0)",
           "uint[4] a = 3; if ((a << 3) == 8)",
           "int[4] a = 3; a <<= 2; if (a == -4)",
           "uint[4] a = 9; uint[4] b = a + a; if (b == 2)",
           "uint[4] a = 3; uint[4] b = 5; if (a - b == 14)",
           "uint[8] a = 250; uint[4] b = 10; if (a + b == 4)",
           "uint[4] a = 15; if (a + 1 == 16)",
           "uint[4] a = 1; uint[4] b = -a; if (b == 15)",
           "int a = 5; if (~a == -6)",
           "int a = 4; if (~(!5 ^ a) == -5)",
           "uint[4] a = 5; if ((a | 32) == 37)",
           "uint[4] a = 5; uint[8] b = 32; if ((a ^ b) == 37)",
           "uint[4] a = 5; if (~(a | 2) == 8)",
           "const bit[4] b = \"0101\"; if ((b | 8) == 13)",
           "const bit[4] b = \"0101\"; if ((b & 36) == 4)",
           // casts keep bits
           "const bit[4] b = \"1011\"; int[4] k = int[4](b); if (k == -5)",
           "int[4] a = -8; if (uint[4](a) == 8)",
           "int[4] a = -8; if (uint[8](a) == 248)",
           "uint[4] a = 9; if (int[4](a) == -7)",
           "int[4] a = -8; const bit[4] b = bit[4](a); if (b == \"1000\")",
           "angle[4] a = angle[4](\"1000\"); if (a == pi)",
           // angles: nearest multiple, ties to even; quotients without rest
           "angle[4] a = pi / 16; if (a == 0)",
           "angle[2] a = 3 * pi / 4; if (a == pi)",
           "angle[4] a = 5 * (pi / 4); angle[4] b = pi / 8; if (a / b == 10)",
           "angle[4] a = 7 * (pi / 8); uint[4] two = 2; if (a / two == 3 * (pi / 8))",
           "angle[8] a = 3 * pi / 2; if (a == -pi / 2)",
           "angle a = 5 * (pi / 4); angle b = pi / 8; if (a / b > 9.9)",
       })
    EXPECT_EQ(operations_of(holds + " x q;"), 1U) << holds;
}

TEST(QasmTypes, RefuseWhatTheyDoNotHold) {
  for (const std::string refused : {
           "uint[4] a = -1;",
           "int[8] a = 100; int[8] b = a + 100;",
           "uint a = 5; if (~a == 10) x q;",
           "uint a = 3; uint b = 5; if (a - b == 2) x q;",
           "const bit[4] b = \"0101\"; if ((b | 32) == 37) x q;",
           "angle[4] a = angle[4](\"100\");",
           "uint[4] a = 7; uint[4] b = 2; uint[4] d = a / b;",
           // an angle that is 0 up to rounding
           "angle[4] a = pi / 2; angle[4] b = pi; uint[4] k = b / (a * 52);",
       })
    EXPECT_THROW(operations_of(refused), InputError) << refused;
}

}  // namespace
}  // namespace qupel
