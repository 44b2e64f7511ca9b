#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "qupel/base/error.h"
#include "qupel/base/file.h"
#include "qupel/cli/command.h"
#include "qupel/cli/device_options.h"
#include "qupel/device/device.h"
#include "qupel/device/import.h"
#include "qupel/report/device_pictures.h"

namespace qupel::cli {
namespace {

using json = nlohmann::ordered_json;

struct DeviceOptions {
  std::string first, second, out, name, date, source;
  bool json = false, map = false;
};

std::vector<std::string> native_names(const Device& device) {
  std::vector<std::string> names;
  for (const auto& native : device.native) names.emplace_back(native.spec->name);
  return names;
}

/// Pairs that are coupled, dead ones, too, as vendors count them.
std::size_t couplings(const Device& device) { return device.edges().size() + device.dead_edges.size(); }

/// A number, or null for one that is not known or infinite.
json number(double value) { return std::isfinite(value) ? json(value) : json(nullptr); }

json summary(const Device& device) {
  return {{"name", device.name},     {"vendor", device.vendor},    {"date", device.date},
          {"qubits", device.size()}, {"edges", couplings(device)}, {"native", native_names(device)}};
}

struct Median {
  const char* key;
  const char* text;
  const char* unit;
  double DeviceMedians::*value;
};
constexpr Median median_rows[] = {
    {"t1_us", "T1", "us", &DeviceMedians::t1},
    {"t2_us", "T2", "us", &DeviceMedians::t2},
    {"one_qubit_error", "one-qubit error", "", &DeviceMedians::one_qubit_error},
    {"two_qubit_error", "two-qubit error", "", &DeviceMedians::two_qubit_error},
    {"readout_error", "readout error", "", &DeviceMedians::readout_error},
    {"one_qubit_time_us", "one-qubit time", "us", &DeviceMedians::one_qubit_time},
    {"two_qubit_time_us", "two-qubit time", "us", &DeviceMedians::two_qubit_time},
    {"readout_time_us", "readout time", "us", &DeviceMedians::readout_time}};

std::string median_text(const Median& row, const DeviceMedians& all) {
  const auto value = all.*row.value;
  if (std::isnan(value)) return "not known";
  if (std::isinf(value)) return "none";
  return fmt::format("{:.3g}{}{}", value, *row.unit ? " " : "", row.unit);
}

int live_qubits(const Device& device) {
  return static_cast<int>(std::count_if(device.qubits.begin(), device.qubits.end(),
                                        [](const DeviceQubit& qubit) { return qubit.live; }));
}

void list(const DeviceOptions& options, const Console& console) {
  json rows = json::array();
  std::string text = fmt::format("{:<18} {:<8} {:<10} {:>6} {:>5}  {}\n", "device", "vendor", "date",
                                 "qubits", "pairs", "native");
  for (const auto& name : device_names()) {
    const auto found = device(name);
    rows.push_back(summary(found));
    text += fmt::format("{:<18} {:<8} {:<10} {:>6} {:>5}  {}\n", found.name, found.vendor, found.date,
                        found.size(), couplings(found), fmt::join(native_names(found), " "));
  }
  if (options.json)
    return console.print(json{{"schema_version", 1}, {"devices", std::move(rows)}}.dump() + "\n");
  console.print(
      text +
      "\nMade to order: line(5), ring(8), grid(3x4), heavy-hex(127), all-to-all(11), with errors as\n"
      "\"grid(3x3, one-qubit=0.001, two-qubit=0.01, readout=0.02, t1=100, t2=80)\"; or a file of qupel "
      "device import\n");
}

std::string show_json(const Device& device) {
  auto out = summary(device);
  out["live_qubits"] = live_qubits(device);
  out["live_edges"] = device.edges().size();
  out["source"] = device.source;
  const auto all = medians(device);
  for (const auto& row : median_rows) out["medians"][row.key] = number(all.*row.value);
  out["repairs"] = device.repairs;
  json whole{{"schema_version", 1}};
  whole.update(out);
  return whole.dump() + "\n";
}

std::string show_text(const Device& device) {
  std::string out = fmt::format("{} ({}{}{})\nqubits  {}, {} live; {} coupled pairs, {} live\nnative  {}\n",
                                device.name, device.vendor, device.date.empty() ? "" : ", calibrated ",
                                device.date, device.size(), live_qubits(device), couplings(device),
                                device.edges().size(), fmt::join(native_names(device), " "));
  out += "medians\n";
  const auto all = medians(device);
  for (const auto& row : median_rows) out += fmt::format("  {:<15} {}\n", row.text, median_text(row, all));
  if (!device.source.empty()) out += fmt::format("source  {}\n", device.source);
  for (const auto& repair : device.repairs) out += fmt::format("mended  {}\n", repair);
  return out;
}

void show(const DeviceOptions& options, const Console& console) {
  const auto found = device(options.first);
  if (options.map) return console.print(report::device_figure(found));
  console.print(options.json ? show_json(found) : show_text(found));
  warn_of_age(found, console);
}

void compare(const DeviceOptions& options, const Console& console) {
  const auto a = device(options.first), b = device(options.second);
  const auto of_a = medians(a), of_b = medians(b);
  json rows = json::object();
  std::string text = fmt::format("{:<16} {:>16} {:>16}\n", "", a.name, b.name);
  const auto counts = [&](const char* what, std::size_t in_a, std::size_t in_b) {
    text += fmt::format("{:<16} {:>16} {:>16}\n", what, in_a, in_b);
  };
  counts("qubits", a.qubits.size(), b.qubits.size());
  counts("coupled pairs", couplings(a), couplings(b));
  counts("of them live", a.edges().size(), b.edges().size());
  for (const auto& row : median_rows) {
    rows[row.key] = {number(of_a.*row.value), number(of_b.*row.value)};
    text += fmt::format("{:<16} {:>16} {:>16}\n", row.text, median_text(row, of_a), median_text(row, of_b));
  }
  if (options.json)
    return console.print(
        json{{"schema_version", 1}, {"devices", {summary(a), summary(b)}}, {"medians", rows}}.dump() + "\n");
  console.print(text);
}

Device imported(const DeviceOptions& options) {
  const auto first = read_file(options.first);
  const auto second = options.second.empty() ? "" : read_file(options.second);
  std::optional<NamedText> properties;
  if (!options.second.empty()) properties = {second, options.second};
  auto found = import_device({first, options.first}, properties);
  if (!options.name.empty()) found.name = options.name;
  if (!options.date.empty()) found.date = options.date;
  if (!options.source.empty()) found.source = options.source;
  return found;
}

void import(const DeviceOptions& options, const Console& console) {
  const auto found = validated(imported(options));
  write_file(options.out, to_json(found));
  console.print(options.json ? show_json(found)
                             : show_text(found) + fmt::format("file    {}\n", options.out));
  warn_of_age(found, console);
}

void add_action(CLI::App* command, const std::shared_ptr<DeviceOptions>& options, Action& chosen,
                void (*action)(const DeviceOptions&, const Console&)) {
  add_json(*command, options->json);
  command->callback([=, &chosen] { chosen = [=](const Console& console) { action(*options, console); }; });
}

}  // namespace

void add_device(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<DeviceOptions>();
  auto* command = app.add_subcommand("device", "quantum computers as data: list, show, import, compare");
  command->require_subcommand(1);
  add_action(command->add_subcommand("list", "the devices that are built in"), options, chosen, list);
  auto* one =
      command->add_subcommand("show", "one device: size, native operations, medians, what was mended");
  one->add_option("DEVICE", options->first,
                  "a built-in device, one made to order as line(5), or a device file")
      ->type_name("")
      ->required();
  one->add_flag("--map", options->map, "print a picture of its qubits and couplings instead, as HTML");
  add_action(one, options, chosen, show);
  auto* file = command->add_subcommand("import", "makes a device file from a vendor's calibration");
  file->add_option("CALIBRATION", options->first,
                   "IBM's conf_*.json, Google's calibration as Cirq has it, Braket's device properties")
      ->type_name("")
      ->required();
  file->add_option("PROPERTIES", options->second, "IBM's props_*.json")->type_name("");
  file->add_option("--out", options->out, "the device file to write")->type_name("FILE")->required();
  file->add_option("--name", options->name, "another name than the calibration's")->type_name("NAME");
  file->add_option("--date", options->date, "day of the calibration, if it does not say it")
      ->type_name("DATE");
  file->add_option("--source", options->source, "where the calibration is from, and its licence")
      ->type_name("TEXT");
  add_action(file, options, chosen, import);
  auto* two = command->add_subcommand("compare", "two devices side by side");
  two->add_option("A", options->first, "a device")->type_name("")->required();
  two->add_option("B", options->second, "another")->type_name("")->required();
  add_action(two, options, chosen, compare);
}

}  // namespace qupel::cli
