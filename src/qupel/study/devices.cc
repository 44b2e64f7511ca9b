#include "qupel/study/devices.h"

#include <fmt/format.h>

#include <set>

#include "qupel/base/error.h"
#include "qupel/base/hash.h"

namespace qupel {

std::vector<DeviceEntry> device_entries(const std::vector<std::string>& names) {
  std::vector<DeviceEntry> entries;
  std::set<std::string> known;
  for (const auto& name : names) {
    entries.push_back({name, std::make_shared<const Device>(device(name))});
    if (!known.insert(entries.back().device->name).second)
      throw InputError(fmt::format("the device {} stands twice", entries.back().device->name));
  }
  return entries;
}

std::string digest_of(const std::vector<DeviceEntry>& devices) {
  std::string text;
  for (const auto& entry : devices)
    text += fmt::format("device {} {}\n", entry.device->name, sha256(to_json(*entry.device)));
  return text;
}

std::string execution_on(const DeviceEntry& entry, bool mitigated, bool trained) {
  return entry.device->name + (trained ? ", trained there" : "") + (mitigated ? ", mitigated" : "");
}

}  // namespace qupel
