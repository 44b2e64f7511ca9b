#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "qupel/base/error.h"
#include "qupel/device/import.h"
#include "qupel/device/json_value.h"

namespace qupel {
namespace {

/// Qiskit Runtime's documentation, "Estimate job run time" (2026-05): some 2 s for each part of a job.
constexpr double job_overhead = 2e6;
/// The repetition delay of IBM's devices unless a job asks for another, for files that do not state one.
constexpr double usual_repetition_delay = 250;

/// Values by name in a list of {"name", "unit", "value"}, in microseconds or GHz.
class Readings {
 public:
  explicit Readings(const JsonValue& list) {
    for (const auto& item : list.list()) readings_.emplace(item.at("name").text(), item);
  }
  /// NaN if there is none.
  double at(const std::string& name) const {
    const auto found = readings_.find(name);
    if (found == readings_.end() || !found->second.find("value")) return unknown;
    return found->second.at("value").number() * scale(found->second);
  }

 private:
  static double scale(const JsonValue& reading) {
    static const std::map<std::string, double> scales{{"", 1},       {"s", 1e6},  {"ms", 1e3},  {"us", 1},
                                                      {"µs", 1},     {"μs", 1},   {"ns", 1e-3}, {"GHz", 1},
                                                      {"MHz", 1e-3}, {"Hz", 1e-9}};
    const auto unit = reading.find("unit");
    if (!unit) return 1;
    const auto known = scales.find(unit->text());
    if (known == scales.end()) unit->fail("is not a unit of time or frequency that IBM uses");
    return known->second;
  }
  std::map<std::string, JsonValue> readings_;
};

/// The operation by its name in this program; null for those that are left out.
const OpSpec* ibm_operation(const std::string& ibm_name) {
  static const std::map<std::string, std::string> names{{"u1", "p"}, {"u3", "u"}, {"id", ""}};
  const auto renamed = names.find(ibm_name);
  const auto& name = renamed == names.end() ? ibm_name : renamed->second;
  for (const auto* spec : gates())
    if (spec->name == name && (spec->qubits == 1 || spec->qubits == 2)) return spec;
  return nullptr;
}

DeviceQubit read_qubit(const JsonValue& list) {
  const Readings readings(list);
  const auto readout = readings.at("readout_error");
  const auto either = [&](const char* name) {
    const auto value = readings.at(name);
    return std::isnan(value) ? readout : value;
  };
  const auto frequency = readings.at("frequency");
  return {.t1 = readings.at("T1"),
          .t2 = readings.at("T2"),
          .one_for_zero = either("prob_meas1_prep0"),
          .zero_for_one = either("prob_meas0_prep1"),
          .readout_time = readings.at("readout_length"),
          .frequency = std::isnan(frequency) ? 0 : frequency};
}

/// The gates of the properties; the two directions of a symmetric operation are one, with the larger error.
class GateList {
 public:
  explicit GateList(Device& device) : device_(device) {}

  void add(const OpSpec& spec, std::vector<int> qubits, double duration, double error) {
    auto place = qubits;
    if (symmetric(spec)) std::sort(place.begin(), place.end());
    const auto [found, is_new] = index_.emplace(std::pair{&spec, place}, device_.gates.size());
    if (is_new) {
      device_.gates.push_back({&spec, std::move(qubits), duration, error});
      return;
    }
    auto& stands = device_.gates[found->second];
    if (error > stands.error) stands.error = error;
    if (duration > stands.duration) stands.duration = duration;
  }

 private:
  Device& device_;
  std::map<std::pair<const OpSpec*, std::vector<int>>, std::size_t> index_;
};

std::set<const OpSpec*> native_operations(const JsonValue& configuration) {
  std::set<const OpSpec*> native{&operation("rzz")};
  for (const auto& name : configuration.at("basis_gates").list()) native.insert(ibm_operation(name.text()));
  native.erase(nullptr);
  return native;
}

void read_gate(const JsonValue& gate, const std::set<const OpSpec*>& native, Device& device,
               GateList& gates) {
  const auto name = gate.at("gate").text();
  const Readings readings(gate.at("parameters"));
  if (name == "reset") {
    if (const auto time = readings.at("gate_length"); time > device.reset_time) device.reset_time = time;
    return;
  }
  const auto* spec = ibm_operation(name);
  if (!native.contains(spec)) return;
  std::vector<int> qubits;
  for (const auto& q : gate.at("qubits").list()) qubits.push_back(q.whole(0, device.size() - 1));
  if (static_cast<int>(qubits.size()) != spec->qubits)
    gate.at("qubits").fail(fmt::format("are not the {} qubits that {} takes", spec->qubits, name));
  gates.add(*spec, std::move(qubits), readings.at("gate_length"), readings.at("gate_error"));
}

/// In a fixed order, whatever the file's: changes of frame, other one-qubit operations, then two-qubit ones,
/// the calibrated rzz last.
void set_native(Device& device) {
  std::vector<const OpSpec*> specs;
  for (const auto& gate : device.gates)
    if (std::find(specs.begin(), specs.end(), gate.spec) == specs.end()) specs.push_back(gate.spec);
  const auto is_virtual = [&](const OpSpec* spec) {
    return spec->qubits == 1 &&
           std::all_of(device.gates.begin(), device.gates.end(), [&](const DeviceGate& gate) {
             return gate.spec != spec || (gate.duration == 0 && gate.error == 0);
           });
  };
  const auto rank = [&](const OpSpec* spec) {
    return std::tuple(spec->qubits, !is_virtual(spec), spec->name == "rzz", spec->name);
  };
  std::sort(specs.begin(), specs.end(), [&](const auto* a, const auto* b) { return rank(a) < rank(b); });
  for (const auto* spec : specs) device.native.push_back({spec, is_virtual(spec)});
  std::sort(device.gates.begin(), device.gates.end(), [&](const DeviceGate& a, const DeviceGate& b) {
    return std::tuple(rank(a.spec), a.qubits) < std::tuple(rank(b.spec), b.qubits);
  });
}

/// rzz without a single pair that was calibrated (error 1 everywhere, as on Heron r1) is not there.
void drop_uncalibrated_rzz(Device& device) {
  const auto& rzz = operation("rzz");
  const auto is_rzz = [&](const DeviceGate& gate) { return gate.spec == &rzz; };
  const bool works = std::any_of(device.gates.begin(), device.gates.end(),
                                 [&](const DeviceGate& gate) { return is_rzz(gate) && gate.error < 1; });
  if (!works) std::erase_if(device.gates, is_rzz);
}

std::string with_dashes(std::string name) {
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

void read_configuration(const JsonValue& configuration, Device& device) {
  const auto delay = configuration.find("default_rep_delay");
  device.repetition_delay = delay ? delay->number(0) : usual_repetition_delay;
  if (!delay)
    device.repairs.push_back(fmt::format("the repetition delay is not known and taken as IBM's usual {} us",
                                         usual_repetition_delay));
  if (const auto most = configuration.find("max_experiments")) device.circuits_per_job = most->whole(1);
  device.job_overhead = job_overhead;
}

}  // namespace

Device import_ibm(const NamedText& configuration_text, const NamedText& properties_text) {
  const auto configuration_json = JsonValue::parse(configuration_text.text, configuration_text.place);
  const auto properties_json = JsonValue::parse(properties_text.text, properties_text.place);
  const JsonValue configuration(configuration_json, std::string(configuration_text.place));
  const JsonValue properties(properties_json, std::string(properties_text.place));
  Device device{
      .name = with_dashes(configuration.at("backend_name").text()),
      .vendor = "IBM",
      .date = properties.at("last_update_date").date(),
      .source = fmt::format("IBM's calibration of {}, version {}", configuration.at("backend_name").text(),
                            configuration.at("backend_version").text())};
  for (const auto& qubit : properties.at("qubits").list()) device.qubits.push_back(read_qubit(qubit));
  if (const auto count = configuration.at("n_qubits"); count.whole(1) != device.size())
    count.fail(fmt::format("are not the {} qubits of {}", device.size(), properties_text.place));
  read_configuration(configuration, device);
  const auto native = native_operations(configuration);
  GateList gates(device);
  for (const auto& gate : properties.at("gates").list()) read_gate(gate, native, device, gates);
  drop_uncalibrated_rzz(device);
  set_native(device);
  return device;
}

}  // namespace qupel
