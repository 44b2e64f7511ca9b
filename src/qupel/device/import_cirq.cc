#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "qupel/base/error.h"
#include "qupel/device/import.h"
#include "qupel/device/json_value.h"

namespace qupel {
namespace {

/// A qubit of Google's grids by row and column.
using Place = std::pair<int, int>;
using Targets = std::vector<Place>;
using Metric = std::map<Targets, double>;

/// From "0_5" or "q0_5".
Place place_of(const JsonValue& value) {
  const auto text = value.text();
  const auto begin = text.data() + (text.starts_with('q') ? 1 : 0), end = text.data() + text.size();
  Place place;
  const auto row = std::from_chars(begin, end, place.first);
  if (row.ec == std::errc{} && row.ptr != end && *row.ptr == '_') {
    const auto column = std::from_chars(row.ptr + 1, end, place.second);
    if (column.ec == std::errc{} && column.ptr == end) return place;
  }
  value.fail("is not a qubit of a grid as \"0_5\" (row and column)");
}

double number_of(const JsonValue& value) {
  for (const auto* key : {"doubleVal", "floatVal", "int32Val"})
    if (const auto found = value.find(key)) return found->number();
  if (const auto found = value.find("int64Val"))  // text, by the rules of protos in JSON
    return found->is_text() ? std::strtod(found->text().c_str(), nullptr) : found->number();
  return unknown;
}

std::map<std::string, Metric> read_metrics(const JsonValue& list) {
  std::map<std::string, Metric> metrics;
  for (const auto& item : list.list()) {
    const auto name = item.at("name").text();
    const auto targets = item.find("targets");
    const auto values = item.at("values").list();
    if (!targets || targets->list().empty() || targets->list().size() > 2 || values.empty()) continue;
    if (!name.starts_with("single_qubit") && !name.starts_with("two_qubit")) continue;
    Targets places;
    for (const auto& target : targets->list()) places.push_back(place_of(target));
    metrics[name][places] = number_of(values.front());
  }
  return metrics;
}

/// What Google's calibrations say of a gate, and the times that its device specifications state.
struct TwoQubitGate {
  const char* metric;
  const char* operation;
  double one_qubit_time, two_qubit_time, readout_time, reset_time;  ///< microseconds
};
// Times: cirq-google 1.7, weber_2021_12_10 and willow_pink_d7v1-2024_08_16 device specifications.
constexpr TwoQubitGate two_qubit_gates[] = {
    {"two_qubit_parallel_cz_gate_xeb_pauli_error_per_cycle", "cz", 0.025, 0.042, 0.6, 0.16},
    {"two_qubit_parallel_sqrt_iswap_gate_xeb_pauli_error_per_cycle", "sqrt_iswap", 0.025, 0.032, 4, 0.25}};

/// The calibration does not say of which processor it is; its file is named after it.
std::string name_of_file(std::string_view place) {
  auto name = std::filesystem::path(place).stem().string();
  if (const auto end = name.rfind("_calibration"); end != std::string::npos && end > 0) name.erase(end);
  return name;
}

class CirqImporter {
 public:
  CirqImporter(const JsonValue& root, std::string_view place)
      : metrics_(read_metrics(root.at("metrics"))), place_(place) {
    device_.name = name_of_file(place);
    device_.vendor = "Google";
    device_.source = "Google's calibration, as Cirq publishes it";
    if (const auto stamp = root.find("timestampMs")) device_.date = date_of(*stamp);
  }

  Device device() {
    const auto gate = two_qubit_gate();
    number_qubits();
    for (const auto& [place, number] : index_) add_qubit(place, gate);
    add_pairs(gate);
    device_.reset_time = gate.reset_time;
    device_.repairs.push_back(
        "times of gates and readout are not in the calibration and taken from Google's "
        "device specification of the same family");
    return std::move(device_);
  }

 private:
  static std::string date_of(const JsonValue& stamp) {
    const double milliseconds =
        stamp.is_text() ? std::strtod(stamp.text().c_str(), nullptr) : stamp.number(0);
    constexpr double day = 86400e3, most = 1e8;
    if (!(milliseconds >= 0 && milliseconds / day < most))
      stamp.fail("is no time in milliseconds since 1970");
    const std::chrono::year_month_day date{
        std::chrono::sys_days(std::chrono::days(static_cast<int>(milliseconds / day)))};
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  }

  TwoQubitGate two_qubit_gate() const {
    for (const auto& gate : two_qubit_gates)
      if (metrics_.contains(gate.metric)) return gate;
    throw InputError(fmt::format("{}: no metric {} or {}: nothing says which qubits are coupled", place_,
                                 two_qubit_gates[0].metric, two_qubit_gates[1].metric));
  }

  void number_qubits() {
    for (const auto& [name, metric] : metrics_)
      for (const auto& [targets, value] : metric)
        for (const auto& place : targets) index_[place] = 0;
    int next = 0;
    for (auto& [place, number] : index_) number = next++;
  }

  double value(const std::string& name, const Targets& targets) const {
    const auto metric = metrics_.find(name);
    if (metric == metrics_.end()) return unknown;
    const auto found = metric->second.find(targets);
    return found == metric->second.end() ? unknown : found->second;
  }

  /// Randomised benchmarking's incoherent error is t/(3 T1) + t/(3 Tphi) (cirq_google's
  /// noise_properties_from_calibration); 1/T2 = 1/(2 T1) + 1/Tphi.
  double t2_of(const Place& place, double t1, double gate_time) const {
    const auto incoherent = value("single_qubit_rb_incoherent_error_per_gate", {place});
    if (std::isnan(incoherent) || std::isnan(t1)) return unknown;
    const auto dephasing = incoherent - gate_time / (3 * t1);
    if (dephasing <= 0) return 2 * t1;
    return 1 / (1 / (2 * t1) + 3 * dephasing / gate_time);
  }

  void add_qubit(const Place& place, const TwoQubitGate& gate) {
    const int q = device_.size();
    const auto t1 = value("single_qubit_idle_t1_micros", {place});
    device_.qubits.push_back({.t1 = t1,
                              .t2 = t2_of(place, t1, gate.one_qubit_time),
                              .one_for_zero = value("single_qubit_p00_error", {place}),
                              .zero_for_one = value("single_qubit_p11_error", {place}),
                              .readout_time = gate.readout_time});
    const auto pauli_error = value("single_qubit_rb_pauli_error_per_gate", {place});
    one_qubit_.push_back({&operation("prx"), {q}, gate.one_qubit_time, pauli_error * 2 / 3});
  }

  void add_pairs(const TwoQubitGate& gate) {
    const auto& rz = operation("rz");
    const auto& prx = operation("prx");
    const auto& two = operation(gate.operation);
    device_.native = {{&rz, true}, {&prx}, {&two}};
    for (int q = 0; q < device_.size(); ++q) device_.gates.push_back({&rz, {q}});
    device_.gates.insert(device_.gates.end(), one_qubit_.begin(), one_qubit_.end());
    for (const auto& [targets, pauli_error] : metrics_.at(gate.metric)) {
      if (targets.size() != 2) continue;
      const int a = index_.at(targets[0]), b = index_.at(targets[1]);
      device_.gates.push_back({&two, {a, b}, gate.two_qubit_time, pauli_error * 4 / 5});
    }
  }

  std::map<std::string, Metric> metrics_;
  std::string place_;
  std::map<Place, int> index_;
  std::vector<DeviceGate> one_qubit_;
  Device device_;
};

}  // namespace

Device import_cirq(const NamedText& calibration) {
  const auto parsed = JsonValue::parse(calibration.text, calibration.place);
  const JsonValue root(parsed, std::string(calibration.place));
  const auto inner = root.at("metrics");  // cirq_google's own JSON wraps the proto
  return CirqImporter(inner.is_object() ? inner : root, calibration.place).device();
}

}  // namespace qupel
