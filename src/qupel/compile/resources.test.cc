#include <gtest/gtest.h>

#include <cmath>

#include "qupel/compile/compile.h"

namespace qupel {
namespace {

Device two_qubits() {
  Device device;
  device.name = "two qubits";
  device.qubits = {{.t1 = 100, .t2 = 80, .one_for_zero = 0.01, .zero_for_one = 0.03, .readout_time = 1},
                   {.t1 = 50, .t2 = 60, .one_for_zero = 0.02, .zero_for_one = 0.02, .readout_time = 2}};
  device.native = {{&operation("rz"), true}, {&operation("sx")}, {&operation("cx")}};
  for (int q = 0; q < 2; ++q) device.gates.push_back({&operation("sx"), {q}, 0.05, 0.001});
  device.gates.push_back({&operation("cx"), {0, 1}, 0.3, 0.01});
  device.reset_time = 1.5;
  return device;
}

double relaxation(double time, double t1, double t2) {
  return 0.5 + std::exp(-time / t1) / 6 + std::exp(-time / t2) / 3;
}

TEST(Resources, OfACircuitCountedByHand) {
  Compiled compiled{Circuit(2), {0, 1}, {0, 1}};
  auto& circuit = compiled.circuit;
  circuit.add_bits("c", 2);
  circuit.add("sx", {0}).add("rz", {0}, {0.3}).add("sx", {0}).add("cx", {0, 1}).add("rz", {1}, {0.1});
  circuit.measure(0, 0).measure(1, 1);
  const auto found = resources(compiled, two_qubits());
  EXPECT_EQ(found.one_qubit, 2);
  EXPECT_EQ(found.two_qubit, 1);
  EXPECT_EQ(found.depth, 3);
  EXPECT_EQ(found.two_qubit_depth, 1);
  EXPECT_EQ(found.qubits, 2);
  EXPECT_NEAR(found.duration, 0.05 + 0.05 + 0.3 + 2, 1e-12);
  // Qubit 0 waits 1 us for its measurement to start as late as it can.
  EXPECT_NEAR(found.expected_fidelity,
              0.999 * 0.999 * 0.99 * (1 - 0.02) * (1 - 0.02) * relaxation(1, 100, 80), 1e-12);
}

TEST(Resources, CountReadoutWhereNothingIsMeasuredAndTheTimeOfDelays) {
  Compiled compiled{Circuit(2), {1}, {1}};
  compiled.circuit.delay(1, {500, Duration::Unit::ns}).barrier({0, 1});
  const auto found = resources(compiled, two_qubits());
  EXPECT_NEAR(found.duration, 0.5, 1e-12);
  EXPECT_NEAR(found.expected_fidelity, 0.98 * relaxation(0.5, 50, 60), 1e-12);
  EXPECT_EQ(found.qubits, 1);
}

TEST(Resources, TakeDelaysInARowAsOne) {
  const auto fidelity = [](const std::vector<double>& delays) {
    Compiled compiled{Circuit(2), {1}, {1}};
    compiled.circuit.add("sx", {1});
    for (const double delay : delays)
      compiled.circuit.delay(1, {delay, Duration::Unit::ns}).barrier({0, 1}).add("rz", {1}, {0.3});
    compiled.circuit.add("sx", {1});
    return resources(compiled, two_qubits()).expected_fidelity;
  };
  EXPECT_NEAR(fidelity({20000}) / fidelity({}), relaxation(20, 50, 60), 1e-12);
  EXPECT_NEAR(fidelity({12000, 3000, 5000}), fidelity({20000}), 1e-12);
}

}  // namespace
}  // namespace qupel
