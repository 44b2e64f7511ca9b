#include "qupel/device/import.h"

#include <gmock/gmock.h>

#include "qupel/base/error.h"

namespace qupel {
namespace {

using testing::Contains;
using testing::HasSubstr;

constexpr auto configuration = R"({"backend_name": "ibm_two", "backend_version": "1.2", "n_qubits": 2,
  "basis_gates": ["id", "rz", "sx", "x", "cz"], "default_rep_delay": 250.0, "max_experiments": 300})";
constexpr auto properties =
    R"({"backend_name": "ibm_two", "last_update_date": "2025-02-26T14:43:10-05:00", "qubits": [
   [{"name": "T1", "unit": "us", "value": 100}, {"name": "T2", "unit": "µs", "value": 300},
    {"name": "readout_error", "unit": "", "value": 0.02}, {"name": "readout_length", "unit": "ns", "value": 1200}],
   [{"name": "T1", "unit": "ms", "value": 0.2}, {"name": "prob_meas1_prep0", "unit": "", "value": 0.01},
    {"name": "prob_meas0_prep1", "unit": "", "value": 0.03}, {"name": "frequency", "unit": "GHz", "value": 5}]],
 "gates": [
   {"gate": "id", "qubits": [0], "parameters": []},
   {"gate": "rz", "qubits": [0], "parameters": [{"name": "gate_error", "unit": "", "value": 0}, {"name": "gate_length", "unit": "ns", "value": 0}]},
   {"gate": "rz", "qubits": [1], "parameters": [{"name": "gate_error", "unit": "", "value": 0}, {"name": "gate_length", "unit": "ns", "value": 0}]},
   {"gate": "sx", "qubits": [0], "parameters": [{"name": "gate_error", "unit": "", "value": 0.0002}, {"name": "gate_length", "unit": "ns", "value": 32}]},
   {"gate": "sx", "qubits": [1], "parameters": [{"name": "gate_length", "unit": "ns", "value": 32}]},
   {"gate": "cz", "qubits": [0, 1], "parameters": [{"name": "gate_error", "unit": "", "value": 0.003}, {"name": "gate_length", "unit": "ns", "value": 68}]},
   {"gate": "cz", "qubits": [1, 0], "parameters": [{"name": "gate_error", "unit": "", "value": 0.004}, {"name": "gate_length", "unit": "ns", "value": 68}]},
   {"gate": "rzz", "qubits": [0, 1], "parameters": [{"name": "gate_error", "unit": "", "value": 1}, {"name": "gate_length", "unit": "ns", "value": 68}]},
   {"gate": "reset", "qubits": [0], "parameters": [{"name": "gate_length", "unit": "ns", "value": 1500}]}]})";

constexpr auto calibration = R"({"timestampMs": "1635897600000", "metrics": [
  {"name": "single_qubit_idle_t1_micros", "targets": ["0_5"], "values": [{"doubleVal": 15}]},
  {"name": "single_qubit_idle_t1_micros", "targets": ["0_6"], "values": [{"doubleVal": 16}]},
  {"name": "single_qubit_p00_error", "targets": ["0_5"], "values": [{"doubleVal": 0.01}]},
  {"name": "single_qubit_p11_error", "targets": ["0_5"], "values": [{"doubleVal": 0.05}]},
  {"name": "single_qubit_rb_incoherent_error_per_gate", "targets": ["0_5"], "values": [{"doubleVal": 0.001}]},
  {"name": "single_qubit_rb_pauli_error_per_gate", "targets": ["0_5"], "values": [{"floatVal": 0.003}]},
  {"name": "xeb_something", "targets": ["here"], "values": [{"doubleVal": 1}]},
  {"name": "two_qubit_parallel_cz_gate_xeb_pauli_error_per_cycle", "targets": ["0_5", "0_6"], "values": [{"doubleVal": 0.005}]}]})";

constexpr auto braket =
    R"({"braketSchemaHeader": {"name": "braket.device_schema.iqm.iqm_device_capabilities", "version": "1"},
  "service": {"updatedAt": "2025-07-01T10:00:00"},
  "paradigm": {"qubitCount": 3, "nativeGateSet": ["prx", "cz"],
    "connectivity": {"fullyConnected": false, "connectivityGraph": {"1": ["2"], "2": ["1", "4"]}}},
  "standardized": {
    "oneQubitProperties": {"1": {"T1": {"value": 4e-5, "unit": "S"}, "T2": {"value": 9e-6, "unit": "s"}, "oneQubitFidelity": [
      {"fidelityType": {"name": "RANDOMIZED_BENCHMARKING"}, "fidelity": 0.9995},
      {"fidelityType": {"name": "SIMULTANEOUS_RANDOMIZED_BENCHMARKING"}, "fidelity": 0.999},
      {"fidelityType": {"name": "READOUT"}, "fidelity": 0.97}]}},
    "twoQubitProperties": {"1-2": {"twoQubitGateFidelity": [
      {"gateName": "CZ", "fidelity": 0.99, "fidelityType": {"name": "INTERLEAVED_RANDOMIZED_BENCHMARKING"}}]}}}})";

constexpr auto braket_ions =
    R"({"braketSchemaHeader": {"name": "braket.device_schema.ionq.ionq_device_capabilities", "version": "1"},
  "paradigm": {"qubitCount": 4, "nativeGateSet": ["GPI", "GPI2", "MS"],
    "connectivity": {"fullyConnected": true, "connectivityGraph": {}}},
  "provider": {"fidelity": {"1Q": {"mean": 0.9995}, "2Q": {"mean": 0.996}, "spam": {"mean": 0.9961}},
    "timing": {"T1": 100, "T2": 1, "1Q": 0.000135, "2Q": 0.0006, "readout": 0.0003, "reset": 0.00002}}})";

Device imported(std::string_view text) { return import_device({text, "file.json"}, std::nullopt); }

std::string import_refusal(std::string_view first, std::optional<std::string_view> second = std::nullopt) {
  try {
    std::optional<NamedText> other;
    if (second) other = NamedText{*second, "props.json"};
    static_cast<void>(validated(import_device({first, "conf.json"}, other)));
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(Import, Ibm) {
  const auto device =
      validated(import_device({configuration, "conf.json"}, NamedText{properties, "props.json"}));
  EXPECT_EQ(device.name, "ibm-two");
  EXPECT_EQ(device.date, "2025-02-26");
  EXPECT_EQ(device.qubits[0].t2, 200);
  EXPECT_EQ(device.qubits[0].one_for_zero, 0.02);
  EXPECT_EQ(device.qubits[1].t1, 200);
  EXPECT_EQ(device.qubits[1].t2, 400);
  EXPECT_EQ(device.qubits[1].zero_for_one, 0.03);
  EXPECT_EQ(device.qubits[1].readout_time, 1.2);
  EXPECT_EQ(device.qubits[1].frequency, 5);
  EXPECT_TRUE(device.native_operation("rz")->is_virtual);
  EXPECT_EQ(device.native_operation("rzz"), nullptr) << "calibrated nowhere";
  EXPECT_EQ(device.native_operation("i"), nullptr);
  EXPECT_EQ(device.gate(operation("cz"), std::vector{0, 1})->error, 0.004);
  EXPECT_EQ(device.gate(operation("sx"), std::vector{1})->error, 0.0002);
  EXPECT_EQ(device.reset_time, 1.5);
  EXPECT_EQ(device.circuits_per_job, 300);
}

TEST(Import, Google) {
  const auto raw = imported(calibration);
  const auto device = validated(raw);
  EXPECT_EQ(device.date, "2021-11-03");
  ASSERT_EQ(device.size(), 2);
  EXPECT_EQ(device.qubits[0].one_for_zero, 0.01);
  EXPECT_EQ(device.qubits[0].zero_for_one, 0.05);
  // 1/Tphi = 3 (0.001 - 0.025/(3 x 15))/0.025, 1/T2 = 1/30 + 1/Tphi
  EXPECT_NEAR(device.qubits[0].t2, 1 / (1.0 / 30 + 3 * (0.001 - 0.025 / 45) / 0.025), 1e-9);
  EXPECT_EQ(device.qubits[1].t2, 32) << "not known";
  EXPECT_NEAR(device.gate(operation("prx"), std::vector{0})->error, 0.002, 1e-15);
  EXPECT_NEAR(device.gate(operation("cz"), std::vector{1, 0})->error, 0.004, 1e-15);
  const auto wrapped =
      R"({"cirq_type": "cirq.google.Calibration", "metrics": )" + std::string(calibration) + "}";
  EXPECT_EQ(to_json(imported(wrapped)), to_json(raw));
  EXPECT_EQ(import_cirq({calibration, "found/rainbow_2021_calibration.json"}).name, "rainbow_2021");
}

TEST(Import, Braket) {
  const auto device = validated(imported(braket));
  EXPECT_EQ(device.vendor, "iqm");
  EXPECT_EQ(device.date, "2025-07-01");
  ASSERT_EQ(device.size(), 3) << "qubits 1, 2 and 4";
  EXPECT_NEAR(device.qubits[0].t1, 40, 1e-9);
  EXPECT_NEAR(device.qubits[0].t2, 9, 1e-9);
  EXPECT_NEAR(device.qubits[0].zero_for_one, 0.03, 1e-12);
  EXPECT_NEAR(device.gate(operation("prx"), std::vector{0})->error, 0.001, 1e-12)
      << "with all others at once";
  EXPECT_NEAR(device.gate(operation("cz"), std::vector{1, 0})->error, 0.01, 1e-12);
  EXPECT_NE(device.gate(operation("cz"), std::vector{1, 2}), nullptr);
  EXPECT_TRUE(device.native_operation("rz")->is_virtual);
  EXPECT_THAT(device.repairs, Contains(HasSubstr("numbered anew")));
}

TEST(Import, BraketsMeansOfIons) {
  const auto device = validated(imported(braket_ions));
  EXPECT_EQ(device.edges().size(), 6u);
  const auto all = medians(device);
  EXPECT_NEAR(all.t1, 1e8, 1);
  EXPECT_NEAR(all.two_qubit_error, 0.004, 1e-12);
  EXPECT_NEAR(all.two_qubit_time, 600, 1e-9);
  EXPECT_NEAR(all.readout_error, 0.0039, 1e-12);
  EXPECT_NE(device.gate(operation("ms"), std::vector{3, 0}), nullptr);
}

TEST(Import, RefusalsNameTheFile) {
  EXPECT_THAT(import_refusal(configuration), HasSubstr("its properties (props_*.json) are needed"));
  EXPECT_THAT(import_refusal(properties), HasSubstr("give its configuration"));
  EXPECT_THAT(import_refusal(calibration, properties), HasSubstr("needs no second file"));
  EXPECT_THAT(import_refusal("{}"), HasSubstr("conf.json: no calibration that Qupel knows"));
  EXPECT_THAT(import_refusal("[1"), HasSubstr("conf.json is not JSON"));
  EXPECT_THAT(import_refusal(configuration, "{}"),
              HasSubstr("props.json: an object lacks \"last_update_date\""));
  auto three = std::string(configuration);
  three.replace(three.find("\"n_qubits\": 2"), 13, "\"n_qubits\": 3");
  EXPECT_THAT(import_refusal(three, properties), HasSubstr("n_qubits: 3 are not the 2 qubits of props.json"));
  auto unit = std::string(properties);
  unit.replace(unit.find("\"ms\""), 4, "\"min\"");
  EXPECT_THAT(import_refusal(configuration, unit), HasSubstr("unit: \"min\" is not a unit"));
  EXPECT_THAT(import_refusal(R"({"metrics": []})"), HasSubstr("nothing says which qubits are coupled"));
}

}  // namespace
}  // namespace qupel
