#include "qupel/compile/limits.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "qupel/base/error.h"
#include "qupel/compile/devices_example.test.h"

namespace qupel {
namespace {

Device with_errors(int qubits, double one, double two) {
  auto device = example::device_of(qubits, example::line(qubits), {"rz", "sx", "cx"});
  for (auto& gate : device.gates) gate.error = gate.qubits.size() == 2 ? two : gate.duration > 0 ? one : 0;
  for (auto& qubit : device.qubits) qubit.one_for_zero = qubit.zero_for_one = 0;
  return device;
}

TEST(DepthLimit, IsWhereOneOverEOfTheSignalIsLeft) {
  const auto device = with_errors(6, 3e-4, 1e-2);
  // A layer: two sx on each of 4 qubits and two cx, of depth 3.
  const double kept = std::pow(1 - 2 * 3e-4, 8) * std::pow(1 - 4.0 / 3 * 1e-2, 2);
  EXPECT_NEAR(depth_limit(device, 4), 3 / -std::log(kept), 1e-9);
  EXPECT_NEAR(std::pow(kept, depth_limit(device, 4) / 3), std::exp(-1), 1e-12);
  EXPECT_THROW(depth_limit(device, 7), InputError);
  EXPECT_THROW(depth_limit(device, 0), InputError);
}

TEST(DepthLimit, IsEndlessWithoutErrors) {
  EXPECT_EQ(depth_limit(with_errors(3, 0, 0), 3), std::numeric_limits<double>::infinity());
}

TEST(EffectiveQubits, AreTheSquareCircuitThatKeepsOneOverE) {
  // n layers of n/2 cx that leave 1 - 0.04 each: 6 layers of 3 lose 0.73, 7 of 3 lose 0.86, 8 of 4 lose 1.31.
  EXPECT_EQ(effective_qubits(with_errors(20, 0, 0.03)), 7);
  EXPECT_EQ(effective_qubits(with_errors(5, 0, 1e-4)), 5);
  EXPECT_EQ(effective_qubits(with_errors(5, 0, 0.9)), 1);
}

TEST(EffectiveQubits, AreRead) {
  auto device = with_errors(20, 0, 0.03);
  // Six layers of 3 cx lose 0.735, and six readings 0.245; seven of 3 lose 0.857 and 0.286, which is too
  // much.
  for (auto& qubit : device.qubits) qubit.one_for_zero = 0.01, qubit.zero_for_one = 0.03;
  EXPECT_EQ(effective_qubits(device), 6);
  for (auto& qubit : device.qubits) qubit.one_for_zero = qubit.zero_for_one = 0.5;  // nothing is told
  EXPECT_EQ(effective_qubits(device), 1);
}

}  // namespace
}  // namespace qupel
