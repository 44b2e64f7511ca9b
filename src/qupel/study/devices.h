#pragma once
#include <memory>
#include <string>
#include <vector>

#include "qupel/execute/execution.h"

namespace qupel {

/// A device that quantum contenders answer on besides an ideal quantum computer.
struct DeviceEntry {
  std::string given;  ///< as the user named it: built in, generic, or the path of a file
  std::shared_ptr<const Device> device;

  friend bool operator==(const DeviceEntry& a, const DeviceEntry& b) { return a.given == b.given; }
};

/// @throws InputError as device(), or if a device stands twice
std::vector<DeviceEntry> device_entries(const std::vector<std::string>& names);

/// The text that a study's hash needs of them: everything that can change a result.
std::string digest_of(const std::vector<DeviceEntry>& devices);

/// What an evaluation on the device is called among a trial's.
/// @param mitigated with error mitigation @param trained by a model that was trained under the device's noise
std::string execution_on(const DeviceEntry& entry, bool mitigated = false, bool trained = false);

}  // namespace qupel
