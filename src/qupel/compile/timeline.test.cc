#include "qupel/compile/timeline.h"

#include <gtest/gtest.h>

#include "qupel/circuit/qasm_reader.h"
#include "qupel/compile/compile.h"
#include "qupel/device/device.h"

namespace qupel {
namespace {

const char* const two_pairs = R"(OPENQASM 3.0;
include "stdgates.inc";
qubit[3] q;
cz q[0], q[1];
rz(0.3) q[1];
cz q[1], q[2];
)";

TEST(Timeline, EveryOperationStartsAsLateAsItCan) {
  const auto line = device("line(3, one-qubit-time=0.1, two-qubit-time=0.5)");
  const auto circuit = read_qasm(two_pairs, "test").circuit;
  const Compiled as_it_is{circuit, {0, 1, 2}, {0, 1, 2}};
  const auto made = timeline(as_it_is, line);
  ASSERT_EQ(made.operations.size(), 2U);  // without the change of frame
  EXPECT_EQ(made.operations[0].name, "cz");
  EXPECT_EQ(made.operations[0].qubits, (std::vector{0, 1}));
  EXPECT_DOUBLE_EQ(made.operations[0].start, 0);
  EXPECT_DOUBLE_EQ(made.operations[1].start, 0.5);
  EXPECT_DOUBLE_EQ(made.operations[1].duration, 0.5);
  EXPECT_EQ(made.layout, (std::vector{0, 1, 2}));
  EXPECT_EQ(made.left_out, 0);
}

TEST(Timeline, LeavesOutWhatIsTooMuchToDraw) {
  Circuit circuit(2);
  for (std::size_t k = 0; k < most_timeline_operations + 3; ++k) circuit.add("cz", {0, 1});
  const auto made = timeline({circuit, {0, 1}, {0, 1}}, device("line(2, two-qubit-time=0.5)"));
  EXPECT_EQ(made.operations.size(), most_timeline_operations);
  EXPECT_EQ(made.left_out, 3);
}

}  // namespace
}  // namespace qupel
