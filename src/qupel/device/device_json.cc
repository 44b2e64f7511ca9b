#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "qupel/base/error.h"
#include "qupel/device/device.h"
#include "qupel/device/json_value.h"
#include "qupel/device/price_json.h"

namespace qupel {
namespace {

using Json = JsonValue::Json;

constexpr std::string_view format = "qupel device 1";
constexpr double no_limit = std::numeric_limits<double>::infinity();

struct QubitField {
  const char* name;
  double DeviceQubit::*field;
  double otherwise, most;
};
constexpr QubitField qubit_fields[] = {{"t1", &DeviceQubit::t1, no_limit, no_limit},
                                       {"t2", &DeviceQubit::t2, no_limit, no_limit},
                                       {"one_for_zero", &DeviceQubit::one_for_zero, 0, 1},
                                       {"zero_for_one", &DeviceQubit::zero_for_one, 0, 1},
                                       {"readout_time", &DeviceQubit::readout_time, 0, no_limit},
                                       {"frequency", &DeviceQubit::frequency, 0, no_limit}};

// Writing -------------------------------------------------------------------------------------------------

Json written(double value) {
  if (std::isnan(value)) return nullptr;
  if (std::isinf(value)) return "infinite";
  return value;
}

/// One value if all are the same, else all.
Json column(const std::vector<double>& values) {
  std::vector<Json> all;
  for (const double value : values) all.push_back(written(value));
  const bool same =
      std::all_of(all.begin(), all.end(), [&](const Json& value) { return value == all.front(); });
  if (same && !all.empty() && !all.front().is_null()) return all.front();
  return all;
}

Json qubits_json(const Device& device) {
  Json out{{"count", device.size()}};
  for (const auto& [name, field, otherwise, most] : qubit_fields) {
    std::vector<double> values;
    for (const auto& qubit : device.qubits) values.push_back(qubit.*field);
    const auto is_default = [&, other = otherwise](double value) { return value == other; };
    if (!std::all_of(values.begin(), values.end(), is_default)) out[name] = column(values);
  }
  std::vector<int> dead;
  for (int q = 0; q < device.size(); ++q)
    if (!device.qubits[static_cast<std::size_t>(q)].live) dead.push_back(q);
  if (!dead.empty()) out["dead"] = dead;
  return out;
}

Json operation_json(const Device& device, const NativeOperation& native) {
  Json out{{"operation", native.spec->name}};
  if (native.is_virtual) out["virtual"] = true;
  Json on = Json::array();
  std::vector<double> durations, errors;
  bool everywhere = native.spec->qubits == 1;
  for (const auto& gate : device.gates) {
    if (gate.spec != native.spec) continue;
    everywhere = everywhere && gate.qubits.front() == static_cast<int>(durations.size());
    on.push_back(gate.qubits.size() == 1 ? Json(gate.qubits.front()) : Json(gate.qubits));
    durations.push_back(gate.duration);
    errors.push_back(gate.error);
  }
  if (!everywhere || static_cast<int>(on.size()) != device.size()) out["on"] = on;
  const auto is_zero = [](double value) { return value == 0; };
  if (!std::all_of(durations.begin(), durations.end(), is_zero)) out["duration"] = column(durations);
  if (!std::all_of(errors.begin(), errors.end(), is_zero)) out["error"] = column(errors);
  return out;
}

std::string dumped(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

/// A line for each field and for each operation, so that a person can read and compare files.
std::string lines(const Json& object) {
  std::string out = "{\n";
  for (auto member = object.begin(); member != object.end(); ++member) {
    const auto end = std::next(member) == object.end() ? "\n" : ",\n";
    const bool many = member->is_array() && !member->empty() && !member->front().is_number();
    if (!many) {
      out += fmt::format(" {}: {}{}", dumped(member.key()), dumped(*member), end);
      continue;
    }
    out += fmt::format(" {}: [\n", dumped(member.key()));
    for (std::size_t i = 0; i < member->size(); ++i)
      out += fmt::format("  {}{}\n", dumped((*member)[i]), i + 1 == member->size() ? "" : ",");
    out += fmt::format(" ]{}", end);
  }
  return out + "}\n";
}

// Reading -------------------------------------------------------------------------------------------------

double read_number(const JsonValue& value, double most) {
  if (value.is_null()) return unknown;
  if (most == no_limit && value.is_text() && value.text() == "infinite") return no_limit;
  return most == no_limit ? value.number(0) : value.number(0, most);
}

/// `size` values, from a list of them or from one that all have; `otherwise` if there is none.
std::vector<double> read_column(const JsonValue& object, std::string_view key, std::size_t size,
                                double otherwise, double most) {
  const auto found = object.find(key);
  if (!found) return std::vector<double>(size, otherwise);
  if (!found->is_list()) return std::vector<double>(size, read_number(*found, most));
  const auto items = found->list();
  if (items.size() != size) found->fail(fmt::format("where {} values are needed (or one for all)", size));
  std::vector<double> values;
  for (const auto& item : items) values.push_back(read_number(item, most));
  return values;
}

std::vector<DeviceQubit> read_qubits(const JsonValue& object) {
  object.only({"count", "t1", "t2", "one_for_zero", "zero_for_one", "readout_time", "frequency", "dead"});
  std::vector<DeviceQubit> qubits(static_cast<std::size_t>(object.at("count").whole(1, most_device_qubits)));
  for (const auto& [name, field, otherwise, most] : qubit_fields) {
    const auto values = read_column(object, name, qubits.size(), otherwise, most);
    for (std::size_t q = 0; q < qubits.size(); ++q) qubits[q].*field = values[q];
  }
  if (const auto dead = object.find("dead"))
    for (const auto& q : dead->list())
      qubits[static_cast<std::size_t>(q.whole(0, static_cast<int>(qubits.size()) - 1))].live = false;
  return qubits;
}

const OpSpec& read_spec(const JsonValue& value) {
  const auto name = value.text();
  std::vector<std::string> names;
  for (const auto* spec : gates()) {
    if (spec->qubits != 1 && spec->qubits != 2) continue;
    if (spec->name == name) return *spec;
    names.emplace_back(spec->name);
  }
  value.fail(unknown_name(name, "an operation on one or two qubits", names).substr(name.size() + 3));
}

std::vector<int> read_pair(const JsonValue& value, int qubits) {
  const auto ends = value.list();
  if (ends.size() != 2) value.fail("is not a pair of qubits");
  return {ends[0].whole(0, qubits - 1), ends[1].whole(0, qubits - 1)};
}

std::vector<std::vector<int>> read_places(const JsonValue& object, const OpSpec& spec, int qubits) {
  std::vector<std::vector<int>> places;
  const auto on = object.find("on");
  if (!on) {
    if (spec.qubits == 2) object.fail("lacks \"on\": the pairs of qubits on which the operation runs");
    for (int q = 0; q < qubits; ++q) places.push_back({q});
    return places;
  }
  for (const auto& item : on->list())
    places.push_back(spec.qubits == 1 ? std::vector{item.whole(0, qubits - 1)} : read_pair(item, qubits));
  return places;
}

void read_operation(const JsonValue& object, Device& device) {
  object.only({"operation", "virtual", "on", "duration", "error"});
  const auto& spec = read_spec(object.at("operation"));
  if (device.native_operation(spec.name) != nullptr) object.at("operation").fail("stands twice");
  const auto is_virtual = object.find("virtual");
  device.native.push_back({&spec, is_virtual && is_virtual->flag()});
  const auto places = read_places(object, spec, device.size());
  const auto durations = read_column(object, "duration", places.size(), 0, no_limit);
  const auto errors = read_column(object, "error", places.size(), 0, 1);
  for (std::size_t k = 0; k < places.size(); ++k)
    device.gates.push_back({&spec, places[k], durations[k], errors[k]});
}

std::string read_text(const JsonValue& object, std::string_view key) {
  const auto found = object.find(key);
  return found ? found->text() : "";
}

std::string read_date(const JsonValue& object) {
  const auto found = object.find("date");
  return !found || found->text().empty() ? "" : found->date();
}

double read_time(const JsonValue& object, std::string_view key) {
  const auto found = object.find(key);
  return found ? found->number(0) : 0;
}

}  // namespace

std::string to_json(const Device& device) {
  Json out{{"format", format},    {"name", device.name},     {"vendor", device.vendor},
           {"date", device.date}, {"source", device.source}, {"qubits", qubits_json(device)}};
  auto& operations = out["operations"] = Json::array();
  for (const auto& native : device.native) operations.push_back(operation_json(device, native));
  out["reset_time"] = device.reset_time;
  out["repetition_delay"] = device.repetition_delay;
  out["job_overhead"] = device.job_overhead;
  out["circuits_per_job"] = device.circuits_per_job;
  for (const auto& price : device.prices) out["prices"].push_back(price_to_json(price));
  if (!device.dead_edges.empty()) out["dead_edges"] = device.dead_edges;
  if (!device.repairs.empty()) out["repairs"] = device.repairs;
  return lines(out);
}

Device device_from_json(std::string_view text, std::string_view place) {
  const auto parsed = JsonValue::parse(text, place);
  const JsonValue object(parsed, std::string(place));
  if (!object.is_object() || !object.find("format"))
    throw InputError(
        fmt::format("{} is no device file: it lacks \"format\": \"{}\" (calibrations of vendors are "
                    "read by qupel device import)",
                    place, format));
  if (const auto stated = object.at("format"); stated.text() != format)
    stated.fail(fmt::format("is not \"{}\", the format that this version reads", format));
  object.only({"format", "name", "vendor", "date", "source", "qubits", "operations", "reset_time",
               "repetition_delay", "job_overhead", "circuits_per_job", "prices", "dead_edges", "repairs"});
  Device device{.name = object.at("name").text(),
                .vendor = read_text(object, "vendor"),
                .date = read_date(object),
                .source = read_text(object, "source"),
                .qubits = read_qubits(object.at("qubits"))};
  for (const auto& each : object.at("operations").list()) read_operation(each, device);
  device.reset_time = read_time(object, "reset_time");
  device.repetition_delay = read_time(object, "repetition_delay");
  device.job_overhead = read_time(object, "job_overhead");
  if (const auto most = object.find("circuits_per_job")) device.circuits_per_job = most->whole(1);
  if (const auto prices = object.find("prices"))
    for (const auto& price : prices->list()) device.prices.push_back(price_from_json(price));
  if (const auto edges = object.find("dead_edges"))
    for (const auto& edge : edges->list()) {
      const auto ends = read_pair(edge, device.size());
      device.dead_edges.emplace_back(ends[0], ends[1]);
    }
  if (const auto repairs = object.find("repairs"))
    for (const auto& repair : repairs->list()) device.repairs.push_back(repair.text());
  return device;
}

}  // namespace qupel
