#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "qupel/base/error.h"
#include "qupel/device/import.h"
#include "qupel/device/json_value.h"

namespace qupel {
namespace {

constexpr double microseconds = 1e6;  // in a second

/// Braket's name of an operation without capitals and underscores, and ours.
const std::map<std::string, std::string>& operation_names() {
  static const std::map<std::string, std::string> names{
      {"cnot", "cx"}, {"cx", "cx"},  {"cz", "cz"},   {"ecr", "ecr"},   {"iswap", "iswap"},
      {"ms", "ms"},   {"zz", "rzz"}, {"gpi", "gpi"}, {"gpi2", "gpi2"}, {"prx", "prx"},
      {"rx", "rx"},   {"ry", "ry"},  {"rz", "rz"},   {"v", "sx"},      {"x", "x"},
      {"u", "u"},     {"h", "h"},    {"xx", "rxx"},  {"yy", "ryy"},    {"phaseshift", "p"}};
  return names;
}

std::string plain(std::string text) {
  std::string out;
  for (const char c : text)
    if (c != '_') out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

/// Null for an operation that is not known.
const OpSpec* braket_operation(const std::string& braket_name) {
  const auto found = operation_names().find(plain(braket_name));
  return found == operation_names().end() ? nullptr : &operation(found->second);
}

double duration_of(const JsonValue& object) {
  static const std::map<std::string, double> scales{{"s", 1e6}, {"ms", 1e3}, {"us", 1}, {"ns", 1e-3}};
  const auto unit = object.find("unit");
  if (!unit) return object.at("value").number(0) * microseconds;
  const auto scale = scales.find(plain(unit->text()));
  if (scale == scales.end()) unit->fail("is not a unit of time: s, ms, us or ns");
  return object.at("value").number(0) * scale->second;
}

/// Device properties in Braket's schemas: `paradigm` says what is coupled, `standardized` what was measured
/// at each place (versions 1 and 2) or in the mean (version 3), `provider` the means of IonQ's devices.
class BraketImporter {
 public:
  explicit BraketImporter(const JsonValue& root) : root_(root), paradigm_(root.at("paradigm")) {}

  Device device() {
    read_header();
    number_qubits();
    device_.qubits.assign(numbers_.size(), {.t1 = unknown,
                                            .t2 = unknown,
                                            .one_for_zero = unknown,
                                            .zero_for_one = unknown,
                                            .readout_time = unknown});
    read_native();
    add_pairs();
    if (const auto provider = root_.find("provider")) read_provider(*provider);
    if (const auto standardized = root_.find("standardized")) read_standardized(*standardized);
    add_gates();
    return std::move(device_);
  }

 private:
  void read_header() {
    const auto schema = root_.at("braketSchemaHeader").at("name").text();
    const auto family = family_of(schema);
    device_.vendor = family;
    device_.name = family;
    device_.source = "Amazon Braket's device properties";
    if (const auto service = root_.find("service"))
      if (const auto updated = service->find("updatedAt")) device_.date = updated->date();
  }
  /// "braket.device_schema.ionq.ionq_device_capabilities" -> "ionq"
  static std::string family_of(const std::string& schema) {
    const std::string head = "braket.device_schema.";
    if (!schema.starts_with(head)) return schema;
    return schema.substr(head.size(), schema.find('.', head.size()) - head.size());
  }

  bool fully_connected() const { return paradigm_.at("connectivity").at("fullyConnected").flag(); }

  /// Qubits by their names in the file, in the order of their numbers.
  void number_qubits() {
    std::vector<int> names;
    if (fully_connected()) {
      constexpr int most = 500;
      for (int q = 0; q < paradigm_.at("qubitCount").whole(1, most); ++q) names.push_back(q);
    } else {
      std::set<int> seen;
      for (const auto& [name, neighbours] : paradigm_.at("connectivity").at("connectivityGraph").members()) {
        seen.insert(qubit_name(name, neighbours));
        for (const auto& other : neighbours.list()) seen.insert(qubit_name(other.text(), other));
      }
      names.assign(seen.begin(), seen.end());
    }
    for (const int name : names) numbers_.emplace(name, static_cast<int>(numbers_.size()));
    if (!names.empty() && names.back() + 1 != static_cast<int>(names.size()))
      device_.repairs.push_back(fmt::format(
          "qubits are numbered anew from 0 in the order of their names, which go up to {}", names.back()));
  }

  static int qubit_name(const std::string& text, const JsonValue& place) {
    int name = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), name);
    if (error != std::errc{} || end != text.data() + text.size() || name < 0)
      place.fail(fmt::format("belongs to \"{}\", which is not the number of a qubit", text));
    return name;
  }

  int number(const std::string& text, const JsonValue& place) const {
    const auto found = numbers_.find(qubit_name(text, place));
    if (found == numbers_.end()) place.fail(fmt::format("belongs to qubit {}, which is not coupled", text));
    return found->second;
  }

  void read_native() {
    for (const auto& name : paradigm_.at("nativeGateSet").list()) {
      const auto* spec = braket_operation(name.text());
      if (spec == nullptr || device_.native_operation(spec->name) != nullptr) continue;
      const bool in_software = spec->name == "rz" || spec->name == "p";
      device_.native.push_back({spec, in_software});
    }
    const bool phases =
        device_.native_operation("gpi2") != nullptr || device_.native_operation("prx") != nullptr;
    if (phases && device_.native_operation("rz") == nullptr) {
      device_.native.push_back({&operation("rz"), true});
      device_.repairs.push_back(
          "rz is added: a change of frame, which shifts the phases of later operations");
    }
    std::stable_sort(device_.native.begin(), device_.native.end(), [](const auto& a, const auto& b) {
      return std::pair(a.spec->qubits, !a.is_virtual) < std::pair(b.spec->qubits, !b.is_virtual);
    });
    if (device_.native.empty()) paradigm_.at("nativeGateSet").fail("holds no operation that is known");
  }

  void add_pairs() {
    if (fully_connected()) {
      for (int a = 0; a < device_.size(); ++a)
        for (int b = a + 1; b < device_.size(); ++b) pairs_.insert({a, b});
      return;
    }
    for (const auto& [name, neighbours] : paradigm_.at("connectivity").at("connectivityGraph").members())
      for (const auto& other : neighbours.list())
        pairs_.insert(std::minmax({number(name, neighbours), number(other.text(), other)}));
  }

  static double error_of(const JsonValue& fidelity) { return 1 - fidelity.number(0, 1); }

  void read_provider(const JsonValue& provider) {
    if (const auto fidelity = provider.find("fidelity"); fidelity && fidelity->is_object()) {
      const auto mean = [&](const char* key) {
        const auto found = fidelity->find(key);
        return found ? error_of(found->at("mean")) : unknown;
      };
      one_error_ = mean("1Q");
      two_error_ = mean("2Q");
      for (auto& qubit : device_.qubits) qubit.one_for_zero = qubit.zero_for_one = mean("spam");
    }
    if (const auto timing = provider.find("timing"); timing && timing->is_object()) {
      const auto time = [&](const char* key) {
        const auto found = timing->find(key);
        return found ? found->number(0) * microseconds : unknown;
      };
      one_time_ = time("1Q");
      two_time_ = time("2Q");
      for (auto& qubit : device_.qubits) {
        qubit.t1 = time("T1");
        qubit.t2 = time("T2");
        qubit.readout_time = time("readout");
      }
      if (const auto reset = time("reset"); !std::isnan(reset)) device_.reset_time = reset;
    }
  }

  void read_standardized(const JsonValue& standardized) {
    if (const auto each = standardized.find("oneQubitProperties"))
      for (const auto& [name, properties] : each->members()) read_qubit(number(name, properties), properties);
    if (const auto each = standardized.find("twoQubitProperties"))
      for (const auto& [name, properties] : each->members()) read_pair(name, properties);
    read_means(standardized);
  }

  /// Version 3: one value for all.
  void read_means(const JsonValue& standardized) {
    const auto duration = [&](const char* key, double& value) {
      if (const auto found = standardized.find(key)) value = duration_of(*found);
    };
    const auto error = [&](const char* key, double& value) {
      const auto found = standardized.find(key);
      if (found && !found->list().empty()) value = error_of(found->list().front().at("fidelity"));
    };
    duration("singleQubitGateDuration", one_time_);
    duration("twoQubitGateDuration", two_time_);
    duration("activeResetDuration", device_.reset_time);
    error("singleQubitFidelity", one_error_);
    error("twoQubitGateFidelity", two_error_);
    double readout = unknown;
    error("readoutFidelity", readout);
    for (auto& qubit : device_.qubits) {
      duration("T1", qubit.t1);
      duration("T2", qubit.t2);
      duration("readoutDuration", qubit.readout_time);
      if (!std::isnan(readout)) qubit.one_for_zero = qubit.zero_for_one = readout;
    }
  }

  void read_qubit(int q, const JsonValue& properties) {
    auto& qubit = device_.qubits[static_cast<std::size_t>(q)];
    if (const auto t1 = properties.find("T1")) qubit.t1 = duration_of(*t1);
    if (const auto t2 = properties.find("T2")) qubit.t2 = duration_of(*t2);
    for (const auto& item : properties.at("oneQubitFidelity").list()) {
      const auto type = item.find("fidelityType");
      const auto name = type ? type->at("name").text() : "RANDOMIZED_BENCHMARKING";
      const auto error = error_of(item.at("fidelity"));
      if (name == "READOUT") qubit.one_for_zero = qubit.zero_for_one = error;
      if (name == "READOUT_ERROR_0_1" || name == "READOUT_ERROR 0_1") qubit.one_for_zero = 1 - error;
      if (name == "READOUT_ERROR_1_0" || name == "READOUT_ERROR 1_0") qubit.zero_for_one = 1 - error;
      const bool simultaneous = name == "SIMULTANEOUS_RANDOMIZED_BENCHMARKING";
      if (simultaneous || (name == "RANDOMIZED_BENCHMARKING" && !one_errors_.contains(q)))
        one_errors_[q] = error;  // at the same time on all is how circuits run
    }
  }

  void read_pair(const std::string& name, const JsonValue& properties) {
    const auto dash = name.find('-');
    if (dash == std::string::npos)
      properties.fail(fmt::format("belongs to \"{}\", which is no pair as \"0-1\"", name));
    const auto pair =
        std::minmax({number(name.substr(0, dash), properties), number(name.substr(dash + 1), properties)});
    for (const auto& item : properties.at("twoQubitGateFidelity").list())
      if (const auto* spec = braket_operation(item.at("gateName").text()))
        two_errors_[{spec, pair}] = error_of(item.at("fidelity"));
  }

  void add_gates() {
    for (const auto& native : device_.native)
      native.spec->qubits == 1 ? add_one_qubit(native) : add_two_qubit(*native.spec);
  }

  void add_one_qubit(const NativeOperation& native) {
    for (int q = 0; q < device_.size(); ++q) {
      const auto found = one_errors_.find(q);
      const auto error = found == one_errors_.end() ? one_error_ : found->second;
      device_.gates.push_back(
          {native.spec, {q}, native.is_virtual ? 0 : one_time_, native.is_virtual ? 0 : error});
    }
  }

  void add_two_qubit(const OpSpec& spec) {
    for (const auto& pair : pairs_) {
      const auto found = two_errors_.find({&spec, pair});
      const auto error = found == two_errors_.end() ? two_error_ : found->second;
      device_.gates.push_back({&spec, {pair.first, pair.second}, two_time_, error});
      if (!symmetric(spec)) device_.gates.push_back({&spec, {pair.second, pair.first}, two_time_, error});
    }
  }

  const JsonValue& root_;
  JsonValue paradigm_;
  Device device_;
  std::map<int, int> numbers_;  // of qubits by their names
  std::set<std::pair<int, int>> pairs_;
  std::map<int, double> one_errors_;
  std::map<std::pair<const OpSpec*, std::pair<int, int>>, double> two_errors_;
  double one_error_ = unknown, two_error_ = unknown, one_time_ = unknown, two_time_ = unknown;
};

}  // namespace

Device import_braket(const NamedText& properties) {
  const auto parsed = JsonValue::parse(properties.text, properties.place);
  const JsonValue root(parsed, std::string(properties.place));
  return BraketImporter(root).device();
}

}  // namespace qupel
