#include "qupel/cli/device_options.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <ctime>

#include "qupel/base/error.h"
#include "qupel/cli/command.h"
#include "qupel/device/price.h"

namespace qupel::cli {
namespace {

/// Null: no coherent error has this name.
double* coherent_error(const std::string& name, DeviceNoiseOptions& noise) {
  if (name == "over-rotation") return &noise.over_rotation;
  if (name == "crosstalk") return &noise.crosstalk;
  if (name == "detuning") return &noise.detuning;
  if (name == "idle-zz") return &noise.idle_zz;
  return nullptr;
}

void add_coherent(const std::string& list, DeviceNoiseOptions& noise) {
  static const std::vector<std::string> errors{"over-rotation", "crosstalk", "detuning", "idle-zz"};
  for (const auto& each : names_of(list)) {
    const auto equals = each.find('=');
    const auto name = each.substr(0, equals);
    auto* const angle = coherent_error(name, noise);
    if (angle == nullptr) throw InputError("--coherent: " + unknown_name(name, "a coherent error", errors));
    const char* const end = each.data() + each.size();
    const char* const first = equals == std::string::npos ? end : each.data() + equals + 1;
    const auto [last, error] = std::from_chars(first, end, *angle);
    if (error != std::errc{} || last != end || !(std::abs(*angle) <= 6.28))
      throw InputError("--coherent: \"" + each +
                       "\": a name and a number up to 6.28, as in \"crosstalk=0.02\"");
  }
}

}  // namespace

std::vector<std::string> names_of(const std::string& list) {
  std::vector<std::string> names(1);
  int depth = 0;
  for (const char c : list) {
    depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
    if (c == ',' && depth == 0)
      names.emplace_back();
    else if (c != ' ' || depth > 0)
      names.back() += c;
  }
  std::erase(names, "");
  return names;
}

void add_device(CLI::App& command, OnDeviceOptions& options) {
  command
      .add_option(
          "--device", options.device,
          "quantum computers to run on (an audit takes several, apart by commas, and judges by the "
          "first): names of qupel device list, a generic one as \"line(5)\" or \"grid(3x4, "
          "two-qubit=0.01)\", or a file; a price of your own follows in brackets, as \"ibm-torino[per_second=1]\"")
      ->type_name("NAME")
      ->check(not_empty());
  command
      .add_option(
          "--mitigate", options.mitigate,
          "error mitigation on the device, as \"zne,readout\" or \"zne(1 3 5, exponential)\" (qupel list "
          "mitigations)")
      ->type_name("LIST")
      ->check(not_empty());
}

void add_max_cost(CLI::App& command, std::string& max_cost) {
  command
      .add_option("--max-cost", max_cost,
                  "ends with an error before anything runs if the devices would cost more, as 500USD")
      ->type_name("MONEY")
      ->check([](const std::string& text) -> std::string {
        try {
          parse_money(text);
          return "";
        } catch (const InputError& error) {
          return error.what();
        }
      });
}

void add_circuit_on_device(CLI::App& command, OnDeviceOptions& options) {
  command.add_flag(
      "--noise-only", options.native,
      "with --device: the circuit is in the device's operations already and runs where it stands, "
      "qubit n of its register (or $n) being qubit n of the device");
  command.add_flag("--exact", options.exact, "with --device: expectation values under noise without shots");
  command
      .add_option(
          "--leave-out", options.leave_out,
          "with --device: sources of noise that are left out, of gates,idle,readout,over-rotation,crosstalk (idle-zz, "
          "too),detuning,idle-zz")
      ->type_name("LIST");
  command
      .add_option(
          "--coherent", options.coherent,
          "with --device: coherent errors beside the calibration, of over-rotation (radians a gate), "
          "crosstalk (ZZ, radians a two-qubit gate), detuning and idle-zz (radians per microsecond of waiting, of one "
          "qubit and of coupled ones together), as "
          "\"crosstalk=0.02,detuning=0.1\"")
      ->type_name("LIST")
      ->check(not_empty());
}

GateNames native_names(const OnDeviceOptions& options) {
  GateNames names;
  if (options.device.empty() || !options.native) return names;
  const auto found = device(options.device);
  for (const auto& native : found.native) names.emplace(native.spec->name);
  return names;
}

void warn_of_age(const Device& device, const Console& console) {
  if (device.date.empty()) return;
  const auto today = fmt::format("{:%Y-%m-%d}", fmt::gmtime(std::time(nullptr)));
  if (const auto age = age_in_days(device, today); age > oldest_calibration_in_days)
    console.say(
        fmt::format("warning: the calibration of {} is of {}, {} days ago; after {} days it no longer says "
                    "what the device does today",
                    device.name, device.date, age, oldest_calibration_in_days));
}

std::shared_ptr<const Device> device_of(const std::string& name, const Console& console) {
  auto found = std::make_shared<const Device>(device(name));
  warn_of_age(*found, console);
  for (const auto& repair : found->repairs) console.say("mended: " + repair);
  return found;
}

void require_device(const OnDeviceOptions& options) {
  if (!options.device.empty()) return;
  const auto refuse = [](std::string_view option) {
    throw InputError(fmt::format("{} needs --device: it would change nothing", option));
  };
  if (!options.mitigate.empty()) refuse("--mitigate");
  if (!options.leave_out.empty()) refuse("--leave-out");
  if (!options.coherent.empty()) refuse("--coherent");
  if (options.native) refuse("--noise-only");
  if (options.exact) refuse("--exact");
}

DeviceNoiseOptions noise_options(const OnDeviceOptions& options) {
  static const std::vector<std::string> sources{"gates",     "idle",     "readout", "over-rotation",
                                                "crosstalk", "detuning", "idle-zz"};
  DeviceNoiseOptions noise;
  add_coherent(options.coherent, noise);
  for (const auto& name : names_of(options.leave_out)) {
    if (std::ranges::find(sources, name) == sources.end())
      throw InputError("--leave-out: " + unknown_name(name, "a source of noise", sources));
    if (name == "gates") noise.gates = false;
    if (name == "idle") noise.idle = false;
    if (name == "readout") noise.readout = false;
    if (auto* angle = coherent_error(name, noise)) *angle = 0;
    if (name == "crosstalk") noise.idle_zz = 0;
  }
  return noise;
}

}  // namespace qupel::cli
