#pragma once
#include <string>

#include "qupel/device/device.h"
#include "qupel/study/result.h"

// Pictures of a device and of what it does, from the record alone.
namespace qupel::report {

/// The device's couplings, the worse the darker and the wider, and the qubits that the circuit uses, with the
/// numbers that they have in the circuit. "" if the record has no map, or one too wide to draw.
/// @param used null: no circuit
std::string device_map(const DeviceVerdict& device, const Timeline* used);

/// The same picture of a device alone, with its style: it stands in any page, as in a notebook's.
std::string device_figure(const Device& device);

/// A lane for each qubit in use: operations as wide as they last, and the times in which the qubit only
/// waits. "" if the record has no timeline.
std::string device_timeline(const std::string& contender, const DeviceReading& reading);

/// Qubits of a device that a compiled circuit uses, ascending.
std::vector<int> qubits_of(const Timeline& timeline);

}  // namespace qupel::report
