#pragma once
#include <string>
#include <vector>

namespace qupel {

struct Compiled;
struct Device;

/// An operation of a compiled circuit at its time.
struct TimelineOperation {
  std::string name;
  std::vector<int> qubits;         ///< of the device
  double start = 0, duration = 0;  ///< microseconds, from the start of the first operation
};

/// When a compiled circuit does what.
struct Timeline {
  /// Ordered by their start; without changes of frame, barriers and delays.
  std::vector<TimelineOperation> operations;
  std::vector<int> layout;  ///< the device's qubit for each of the circuit's at the start
  long left_out = 0;        ///< operations after these
};

/// More operations are left out, so that a record and its picture stay small.
constexpr std::size_t most_timeline_operations = 400;

/// Every operation starts as late as it can, as noise has it. @param device the one it is compiled for
Timeline timeline(const Compiled& compiled, const Device& device);

}  // namespace qupel
