#include "qupel/circuit/measured_part.h"

#include <gtest/gtest.h>

namespace qupel {
namespace {

TEST(MeasuredPart, LeavesOutWhatNoBitDependsOn) {
  Circuit circuit(4), expected(4);
  for (auto* each : {&circuit, &expected}) each->add_bits("c", 2);
  circuit.add("h", {0}).add("cx", {0, 1}).add("h", {2}).add("cx", {2, 3}).measure(0, 0).barrier({0, 1});
  circuit.reset(0).add("x", {1}).add_if({{0}}, "x", {3});
  expected.add("h", {0}).add("cx", {0, 1}).measure(0, 0);
  EXPECT_EQ(measured_part(circuit), expected);
}

TEST(MeasuredPart, KeepsWhatDecidesAndWhatIsKeptForLater) {
  Circuit circuit(2);
  circuit.add_bits("c", 2);
  circuit.add("h", {0}).measure(0, 0).reset(0).add_if({{0}}, "x", {1}).measure(1, 1);
  Circuit expected = circuit.without_operations();
  expected.add("h", {0}).measure(0, 0).add_if({{0}}, "x", {1}).measure(1, 1);
  EXPECT_EQ(measured_part(circuit), expected);
  // Overwritten: the first measurement still disturbs the qubit.
  Circuit twice(1);
  twice.add_bits("c", 1);
  twice.add("h", {0}).measure(0, 0).add("h", {0}).measure(0, 0);
  EXPECT_EQ(measured_part(twice), twice);
  // A reset qubit forgets what was before.
  Circuit forgotten(1);
  forgotten.add_bits("c", 1);
  forgotten.add("h", {0}).reset(0).measure(0, 0);
  Circuit rest = forgotten.without_operations();
  rest.reset(0).measure(0, 0);
  EXPECT_EQ(measured_part(forgotten), rest);
}

}  // namespace
}  // namespace qupel
