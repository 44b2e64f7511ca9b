#include "qupel/noise/device_noise.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "qupel/base/error.h"
#include "qupel/circuit/dense.h"
#include "qupel/noise/circuit_noise.h"

namespace qupel {
namespace {

using ::testing::HasSubstr;

const OpSpec& op(std::string_view name) { return operation(name); }

/// Two qubits with everything that a calibration states.
std::shared_ptr<const Device> pair() {
  Device made{.name = "pair", .vendor = "test", .date = "2026-01-01", .source = "made up"};
  made.qubits = {{.t1 = 100, .t2 = 80, .one_for_zero = 0.02, .zero_for_one = 0.05, .readout_time = 1},
                 {.t1 = 50, .t2 = 90, .one_for_zero = 0.01, .zero_for_one = 0.03, .readout_time = 1}};
  made.native = {{&op("rz"), true}, {&op("sx")}, {&op("ecr")}};
  made.gates = {{&op("sx"), {0}, 0.05, 3e-4}, {&op("sx"), {1}, 0.05, 1e-4}, {&op("ecr"), {1, 0}, 0.3, 1e-2}};
  return std::make_shared<const Device>(std::move(made));
}

// The formula of Qiskit Aer, worked out by hand.
TEST(DeviceNoise, RelaxationAndDepolarizingMatchPublishedValues) {
  const std::vector<DeviceQubit> one{{.t1 = 100, .t2 = 80}};
  const double r = relaxation_infidelity(0.05, one);
  EXPECT_NEAR(r, 2.915807462e-4, 1e-12);
  EXPECT_NEAR(depolarizing_share(3e-4, r, 1), 1.68483329e-5, 1e-12);
  const std::vector<DeviceQubit> two{{.t1 = 100, .t2 = 100}, {.t1 = 100, .t2 = 100}};
  const double r2 = relaxation_infidelity(0.3, two);
  EXPECT_NEAR(r2, 3.59056752472e-3, 1e-13);
  EXPECT_NEAR(depolarizing_share(1e-2, r2, 2), 8.58701966564e-3, 1e-13);
}

/// The average gate fidelity that a circuit of one gate with its noise has.
double gate_fidelity(const Circuit& circuit, const NoiseModel& noise) {
  const auto gate = gate_ended_by(circuit.operations().front());
  auto total = transfer_matrix(std::vector{identity(std::size_t{1} << circuit.qubits())});
  for (const auto& step : noise.source()->after(*gate)) {
    // On two qubits a step on one of them acts on that one alone.
    auto kraus = step.kraus();
    if (static_cast<int>(step.qubits.size()) < circuit.qubits())
      for (auto& k : kraus)
        k = step.qubits.front() == 0 ? kronecker(identity(2), k) : kronecker(k, identity(2));
    total = product(transfer_matrix(kraus), total);
  }
  double trace = 0;
  for (std::size_t i = 0; i < total.rows(); ++i) trace += total(i, i);
  const double d = std::ldexp(1.0, circuit.qubits());
  return (trace / d + 1) / (d + 1);
}

TEST(DeviceNoise, GatesHaveTheFidelityThatTheCalibrationStates) {
  const auto noise = device_noise(pair(), {0, 1});
  EXPECT_NEAR(gate_fidelity(Circuit(2).add("ecr", {1, 0}), noise), 1 - 1e-2, 1e-12);
  EXPECT_NEAR(gate_fidelity(Circuit(1).add("sx", {0}), device_noise(pair(), {0})), 1 - 3e-4, 1e-12);
}

// An error that relaxation alone exceeds: nothing is taken away from relaxation.
TEST(DeviceNoise, NeverDepolarizesByLessThanNothing) {
  EXPECT_EQ(depolarizing_share(1e-4, 2e-4, 1), 0);
  const auto noise = device_noise(pair(), {1});
  const auto steps = noise.source()->after(*gate_ended_by(Circuit(1).add("sx", {0}).operations().front()));
  ASSERT_EQ(steps.size(), 1u);
  EXPECT_EQ(steps[0].channel.spec->name, "thermal-relaxation");
  EXPECT_THAT(steps[0].channel.parameters, ::testing::ElementsAre(50, 90, 0.05));
}

TEST(DeviceNoise, IsCappedWhereTheStateIsLost) {
  EXPECT_NEAR(depolarizing_share(0.74, 0, 1), 4.0 / 3, 1e-12 + 0.2);
  EXPECT_LE(depolarizing_share(1, 0, 2), 16.0 / 15);
}

TEST(DeviceNoise, ChangesOfFrameAreFree) {
  const auto noise = device_noise(pair(), {0, 1});
  const auto circuit = Circuit(2).add("rz", {0}, {Angle(0.3)});
  const auto gate = *gate_ended_by(circuit.operations().front());
  EXPECT_TRUE(noise.source()->after(gate).empty());
  EXPECT_EQ(noise.source()->duration(gate), 0);
}

TEST(DeviceNoise, AnInverseIsAsNoisyAsTheOperation) {
  const auto noise = device_noise(pair(), {0, 1});
  EXPECT_NEAR(gate_fidelity(Circuit(1).add("sxdg", {0}), noise), 1 - 3e-4, 1e-12);
}

TEST(DeviceNoise, FollowsQubitsToTheirPlaces) {
  const auto noise = device_noise(pair(), {1, 0});
  EXPECT_EQ(noise.readout(0).one_for_zero, 0.01);
  EXPECT_EQ(noise.readout(1).zero_for_one, 0.05);
  const auto circuit = Circuit(2).add("ecr", {0, 1});
  EXPECT_EQ(noise.source()->duration(*gate_ended_by(circuit.operations().front())), 0.3);
}

TEST(DeviceNoise, LeavesSourcesOut) {
  const auto nothing = device_noise(pair(), {0, 1}, {.gates = false, .idle = false, .readout = false});
  EXPECT_FALSE(nothing.disturbs_gates());
  EXPECT_TRUE(nothing.readout(0).none());
  const auto text = to_string(nothing);
  EXPECT_THAT(text, HasSubstr("without waiting"));
  EXPECT_NE(text, to_string(device_noise(pair(), {0, 1})));
}

TEST(DeviceNoise, NamesTheGateAndThePlaceThatTheDeviceLacks) {
  const auto noise = device_noise(pair(), {0, 1});
  for (const auto& [name, qubits] : {std::pair("h", std::vector{0}), std::pair("ecr", std::vector{0, 1})}) {
    const auto circuit = Circuit(2).add(name, qubits);
    try {
      noise.source()->after(*gate_ended_by(circuit.operations().front()));
      FAIL();
    } catch (const InputError& error) {
      EXPECT_THAT(error.what(), HasSubstr(std::string(name) + " on qubit"));
      EXPECT_THAT(error.what(), HasSubstr("pair has no such operation there"));
    }
  }
}

TEST(DeviceNoise, AddsCoherentErrorsWhereAsked) {
  const auto noise = device_noise(pair(), {0, 1}, {.gates = false, .idle = false, .crosstalk = 0.1});
  const auto fidelity = gate_fidelity(Circuit(2).add("ecr", {1, 0}), noise);
  EXPECT_NEAR(1 - fidelity, 0.8 * std::pow(std::sin(0.05), 2), 1e-12);
  const auto detuned = device_noise(pair(), {0, 1}, {.gates = false, .idle = false, .detuning = 0.1});
  EXPECT_TRUE(detuned.source()->disturbs_waiting());
  const auto steps = detuned.source()->while_idle(1, 3);
  ASSERT_EQ(steps.size(), 1u);
  const auto kraus = steps[0].kraus();
  EXPECT_NEAR(std::arg(kraus[0](1, 1) / kraus[0](0, 0)), 0.3, 1e-12);
}

// Two halves of a line run the same gates at the same time, one listed after the other: the inner qubits of
// both wait together while the outer ones are busy.
TEST(DeviceNoise, CouplesQubitsThatWaitTogether) {
  const auto line = std::make_shared<const Device>(
      device("line(6, one-qubit-time=0.05, two-qubit-time=0.5, t1=100, t2=100)"));
  const auto noise = device_noise(line, {0, 1, 2, 3, 4, 5}, {.gates = false, .idle = false, .idle_zz = 0.3});
  Circuit circuit(6);
  circuit.add("cz", {2, 1}).add("cz", {1, 0}).add("cz", {1, 0}).add("cz", {2, 1});
  circuit.add("cz", {3, 4}).add("cz", {4, 5}).add("cz", {4, 5}).add("cz", {3, 4});
  EXPECT_THROW(CircuitNoise(circuit, noise), InputError);  // there is no place that is within both waits
  const auto ordered = in_time_order(circuit, noise);
  EXPECT_EQ(in_time_order(circuit, {}), circuit);
  const CircuitNoise placed(ordered, noise);
  std::vector<NoiseStep> steps;
  for (std::size_t k = 0; k < ordered.operations().size(); ++k)
    for (auto& step : placed.steps_after(k)) steps.push_back(std::move(step));
  ASSERT_EQ(steps.size(), 1u);
  EXPECT_EQ(steps[0].qubits, (std::vector<int>{2, 3}));
  EXPECT_EQ(steps[0].channel.spec->name, "zz-rotation");
  EXPECT_NEAR(steps[0].channel.parameters[0], 0.3 * 1.0, 1e-12);
}

// Of every operation of the widest device that is built in. It takes some hundredths of a second; Aer's takes
// 20 to 30.
TEST(DeviceNoise, OfAWholeDeviceHasEveryGate) {
  const auto device = std::make_shared<const Device>(qupel::device("ibm-marrakesh"));
  std::vector<int> all;
  for (int q = 0; q < device->size(); ++q) all.push_back(q);
  const auto noise = device_noise(device, all);
  Circuit circuit(device->size());
  for (const auto& gate : device->gates) {
    if (device->native_operation(gate.spec->name)->is_virtual) continue;
    circuit.add(*gate.spec, gate.qubits,
                std::vector<Angle>(static_cast<std::size_t>(gate.spec->angles), Angle(0.3)));
  }
  const CircuitNoise placed(circuit, noise);
  for (std::size_t k = 0; k < circuit.operations().size(); ++k)
    EXPECT_FALSE(placed.steps_after(k).empty()) << k;
  EXPECT_GT(circuit.operations().size(), 500U);
}

}  // namespace
}  // namespace qupel
