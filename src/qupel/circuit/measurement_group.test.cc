#include "qupel/circuit/measurement_group.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "qupel/circuit/dense.h"

namespace qupel {
namespace {

using ::testing::ElementsAre;

TEST(MeasurementGroups, HoldWhatAgreesOnEveryQubit) {
  const std::vector observables{parse_observable("X0 Y1 + Z0 Z2 - I + 2 Z1"),
                                parse_observable("X2 + Z0 Z2 + Y1")};
  const auto strings = distinct_strings(observables);
  ASSERT_EQ(strings.size(), 5U);
  const auto groups = measurement_groups(strings);
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_TRUE(groups[0].diagonal());
  EXPECT_EQ(groups[0].basis, PauliString("ZZZ"));
  EXPECT_THAT(groups[0].strings, ElementsAre(1, 2));
  EXPECT_EQ(groups[1].basis, PauliString("XYX"));
  EXPECT_THAT(groups[1].strings, ElementsAre(0, 3, 4));
  EXPECT_TRUE(measurement_groups({}).empty());
}

TEST(MeasurementGroups, TurnTheirLettersToZ) {
  Circuit circuit(2);
  circuit.add("ry", {0}, {0.7}).add("rx", {1}, {0.4}).add("crx", {0, 1}, {1.1}).add("rz", {0}, {0.6});
  for (const auto* text : {"X0 X1", "X0 Y1", "Y0 Z1", "Y0", "Z0 Z1"}) {
    const auto observable = parse_observable(text);
    const auto strings = distinct_strings({&observable, 1});
    const auto group = measurement_groups(strings).at(0);
    std::vector<int> qubits;
    for (const auto& [qubit, letter] : strings[0].letters()) qubits.push_back(qubit);
    EXPECT_NEAR(dense_expectation(Observable::parity(qubits), dense_state(rotated_to_z(circuit, group))),
                dense_expectation(observable, dense_state(circuit)), 1e-14)
        << text;
  }
}

}  // namespace
}  // namespace qupel
