#pragma once
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "qupel/circuit/circuit.h"
#include "qupel/device/device.h"
#include "qupel/noise/schedule.h"

namespace qupel {

/// What a device says of operations where they stand. What is not known of it counts as 0.
class Calibration {
 public:
  explicit Calibration(const Device& device);

  /// Whether it is a change of frame, which takes no time.
  bool is_virtual(const Operation& operation) const { return virtual_.contains(operation.spec); }
  double duration(const Operation& operation) const;  ///< microseconds
  double loss(const Operation& operation) const;      ///< -log of the fidelity
  double readout_loss(int qubit) const;               ///< the same of reading a qubit
  double waiting_loss(int qubit, double time) const;  ///< the same of thermal relaxation

 private:
  const DeviceGate* find(const Operation& operation) const;

  const Device* device_;
  std::map<std::pair<const OpSpec*, std::vector<int>>, const DeviceGate*> gates_;
  std::set<const OpSpec*> virtual_;
};

/// The circuit's operations with the time that each takes.
std::vector<TimedGate> timed_gates(const Circuit& circuit, const Calibration& calibration);

}  // namespace qupel
