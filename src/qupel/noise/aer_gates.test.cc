#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <ctime>
#include <nlohmann/json.hpp>

#include "qupel/base/file.h"
#include "qupel/circuit/dense.h"
#include "qupel/noise/circuit_noise.h"
#include "qupel/noise/device_noise.h"

// Noise of devices against that of Qiskit Aer 0.18 (scripts/aer-values).
namespace qupel {
namespace {

/// What follows a gate on the circuit's qubits 0 (and 1), as one transfer matrix.
Matrix<double> transfer_of(const GateEvent& gate, const NoiseModel& noise, int qubits) {
  auto total = transfer_matrix(std::vector{identity(std::size_t{1} << qubits)});
  for (const auto& step : noise.source()->after(gate)) {
    auto kraus = step.kraus();
    if (static_cast<int>(step.qubits.size()) < qubits)
      for (auto& k : kraus)
        k = step.qubits.front() == 0 ? kronecker(identity(2), k) : kronecker(k, identity(2));
    total = product(transfer_matrix(kraus), total);
  }
  return total;
}

TEST(AerGates, NoiseOfEveryGateIsAers) {
  const auto reference = nlohmann::json::parse(read_file(QUPEL_SOURCE_DIR "/src/qupel/noise/aer_gates.json"));
  ASSERT_GT(reference.size(), 40U);
  std::map<std::string, std::shared_ptr<const Device>> devices;
  for (const auto& entry : reference) {
    const auto name = entry.at("device").get<std::string>(), gate = entry.at("gate").get<std::string>();
    auto& device = devices[name];
    if (device == nullptr) device = std::make_shared<const Device>(qupel::device(name));
    const auto physical = entry.at("qubits").get<std::vector<int>>();
    const auto noise = device_noise(device, physical);
    const int qubits = static_cast<int>(physical.size());
    const auto places = qubits == 1 ? std::vector{0} : std::vector{0, 1};
    const auto& spec = operation(gate);
    const auto circuit = Circuit(qubits).add(
        spec, places, std::vector<Angle>(static_cast<std::size_t>(spec.angles), Angle(0.3)));
    const auto found = transfer_of(*gate_ended_by(circuit.operations().front()), noise, qubits);
    Matrix<double> wanted(found.rows(), found.columns());
    for (const auto& cell : entry.at("transfer"))
      wanted(cell.at(0).get<std::size_t>(), cell.at(1).get<std::size_t>()) = cell.at(2).get<double>();
    for (std::size_t i = 0; i < found.values().size(); ++i)
      ASSERT_NEAR(found.values()[i], wanted.values()[i], 1e-12)
          << name << " " << gate << " " << entry.at("qubits").dump() << " entry " << i;
  }
}

// A device keeps both errors of a measurement apart.
TEST(AerGates, ReadoutErrorsStayAsymmetric) {
  const auto device = std::make_shared<const Device>(qupel::device("google-weber"));
  const auto noise = device_noise(device, {0});
  const auto& qubit = device->qubits[0];
  EXPECT_NE(qubit.one_for_zero, qubit.zero_for_one);
  EXPECT_EQ(noise.readout(0).one_for_zero, qubit.one_for_zero);
  EXPECT_EQ(noise.readout(0).zero_for_one, qubit.zero_for_one);
}

}  // namespace
}  // namespace qupel
