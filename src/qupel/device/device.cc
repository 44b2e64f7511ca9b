#include "qupel/device/device.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <map>

#include "qupel/base/embedded.h"
#include "qupel/base/error.h"
#include "qupel/base/file.h"
#include "qupel/device/generic.h"
#include "qupel/device/median.h"
#include "qupel/device/price.h"

namespace qupel {
namespace {

constexpr std::string_view folder = "device/data/", suffix = ".json";

bool exchange_changes_nothing(const OpSpec& spec) {
  if (spec.qubits != 2 || spec.matrix == nullptr) return false;
  std::vector<double> angles;
  for (int a = 0; a < spec.angles; ++a) angles.push_back(0.7 + 0.4 * a);  // no angle of note
  const auto matrix = full_matrix(spec, angles);
  const auto exchanged = [](std::size_t index) { return (index >> 1 & 1) | (index & 1) << 1; };
  for (std::size_t row = 0; row < 4; ++row)
    for (std::size_t column = 0; column < 4; ++column)
      if (std::abs(matrix(row, column) - matrix(exchanged(row), exchanged(column))) > 1e-12) return false;
  return true;
}

/// The gates of the first native operation on so many qubits that takes time, the better of two directions.
std::vector<const DeviceGate*> main_gates(const Device& device, int qubits) {
  const auto main = std::find_if(device.native.begin(), device.native.end(), [&](const auto& native) {
    return native.spec->qubits == qubits && !native.is_virtual;
  });
  if (main == device.native.end()) return {};
  std::map<std::pair<int, int>, const DeviceGate*> best;
  for (const auto& gate : device.gates) {
    if (gate.spec != main->spec) continue;
    const auto [low, high] = std::minmax(gate.qubits.front(), gate.qubits.back());
    auto& stands = best[{low, high}];
    if (stands == nullptr || gate.error < stands->error) stands = &gate;
  }
  std::vector<const DeviceGate*> found;
  for (const auto& [place, gate] : best) found.push_back(gate);
  return found;
}

template <typename Items, typename Value>
double median_of(const Items& items, Value value) {
  std::vector<double> values;
  for (const auto& item : items) values.push_back(value(item));
  return median_of_known(std::move(values));
}

std::chrono::sys_days day_of(std::string_view date, std::string_view what) {
  int year = 0, month = 0, day = 0;
  const std::string text(date.substr(0, 10));
  if (std::sscanf(text.c_str(), "%4d-%2d-%2d", &year, &month, &day) == 3) {
    const std::chrono::year_month_day found{std::chrono::year(year),
                                            std::chrono::month(static_cast<unsigned>(month)),
                                            std::chrono::day(static_cast<unsigned>(day))};
    if (found.ok()) return found;
  }
  throw InputError(fmt::format("{}: \"{}\" is not a date as 2026-01-31", what, date));
}

bool is_file(const std::string& path) {
  std::error_code error;
  return std::filesystem::is_regular_file(path, error);
}

/// Names in one spelling: lower case, with dashes.
std::string spelled(std::string_view name) {
  std::string out(name);
  for (auto& c : out) c = c == '_' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

}  // namespace

bool symmetric(const OpSpec& spec) {
  static const auto all = [] {
    std::map<const OpSpec*, bool> found;
    for (const auto* each : gates()) found[each] = exchange_changes_nothing(*each);
    return found;
  }();
  const auto known = all.find(&spec);
  return known != all.end() && known->second;
}

const DeviceGate* Device::gate(const OpSpec& spec, std::span<const int> where) const {
  const bool either_way = where.size() == 2 && symmetric(spec);
  for (const auto& each : gates) {
    if (each.spec != &spec || each.qubits.size() != where.size()) continue;
    if (std::equal(where.begin(), where.end(), each.qubits.begin())) return &each;
    if (either_way && std::equal(where.begin(), where.end(), each.qubits.rbegin())) return &each;
  }
  return nullptr;
}

const NativeOperation* Device::native_operation(std::string_view wanted) const {
  for (const auto& each : native)
    if (each.spec->name == wanted) return &each;
  return nullptr;
}

std::vector<std::pair<int, int>> Device::edges() const {
  std::vector<std::pair<int, int>> pairs;
  for (const auto& each : gates)
    if (each.qubits.size() == 2) pairs.emplace_back(std::minmax(each.qubits[0], each.qubits[1]));
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  return pairs;
}

DeviceMedians medians(const Device& device) {
  std::vector<DeviceQubit> live;
  for (const auto& qubit : device.qubits)
    if (qubit.live) live.push_back(qubit);
  const auto one = main_gates(device, 1), two = main_gates(device, 2);
  const auto error = [](const DeviceGate* gate) { return gate->error; };
  const auto duration = [](const DeviceGate* gate) { return gate->duration; };
  DeviceMedians out;
  out.t1 = median_of(live, [](const DeviceQubit& qubit) { return qubit.t1; });
  out.t2 = median_of(live, [](const DeviceQubit& qubit) { return qubit.t2; });
  out.readout_error =
      median_of(live, [](const DeviceQubit& qubit) { return (qubit.one_for_zero + qubit.zero_for_one) / 2; });
  out.readout_time = median_of(live, [](const DeviceQubit& qubit) { return qubit.readout_time; });
  out.one_qubit_error = median_of(one, error);
  out.one_qubit_time = median_of(one, duration);
  out.two_qubit_error = median_of(two, error);
  out.two_qubit_time = median_of(two, duration);
  return out;
}

std::vector<std::string> device_names() {
  std::vector<std::string> names;
  for (const auto& path : embedded_files())
    if (path.starts_with(folder) && path.ends_with(suffix))
      names.push_back(path.substr(folder.size(), path.size() - folder.size() - suffix.size()));
  return names;
}

namespace {

/// As device(), without prices of the book.
Device stated_device(std::string_view name) {
  const auto names = device_names();
  if (std::find(names.begin(), names.end(), spelled(name)) != names.end()) {
    const auto path = fmt::format("{}{}{}", folder, spelled(name), suffix);
    return validated(device_from_json(embedded_file(path), path));
  }
  if (is_generic(name)) return validated(generic_device(name));
  const std::string path(name);
  if (is_file(path)) return validated(device_from_json(read_file(path), path));
  if (path.ends_with(suffix) || path.find('/') != std::string::npos)
    throw InputError(
        fmt::format("{} is no device file, nor a built-in device (see qupel device list)", path));
  throw InputError(unknown_name(name, "a device", names) +
                   ", a generic one as line(5), or a device file (see qupel device list)");
}

/// What is charged there as a user asks: by one of its plans or vendors, with fields changed, or both, as
/// "Azure Quantum" or "on demand, per_shot=0.01". A device on which nobody sells time is charged the fields.
Price asked_price(const Device& device, std::string asked) {
  const auto comma = std::min(asked.find(','), asked.size());
  std::string plan;
  if (asked.find('=') > comma) {  // the first part is no field
    plan = asked.substr(0, comma);
    asked.erase(0, comma + 1);
    while (plan.ends_with(' ')) plan.pop_back();
  }
  if (plan.empty() && device.prices.empty())
    return with_changes({.vendor = device.vendor, .plan = "as stated"}, asked);
  return with_changes(price_of(device, plan), asked);
}

}  // namespace

Device device(std::string_view name) {
  const auto bracket = name.ends_with(']') ? name.find('[') : std::string_view::npos;
  auto found = stated_device(name.substr(0, bracket));
  if (found.prices.empty()) found.prices = book_prices(found);
  if (bracket != std::string_view::npos)
    found.prices = {asked_price(found, std::string(name.substr(bracket + 1, name.size() - bracket - 2)))};
  return found;
}

long age_in_days(const Device& device, std::string_view today) {
  return (day_of(today, "today") - day_of(device.date, device.name + ": date")).count();
}

}  // namespace qupel
