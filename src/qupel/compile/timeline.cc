#include "qupel/compile/timeline.h"

#include <algorithm>

#include "qupel/compile/calibration.h"
#include "qupel/compile/compile.h"
#include "qupel/compile/native.h"

namespace qupel {

Timeline timeline(const Compiled& compiled, const Device& device) {
  const Calibration calibration(device);
  const auto circuit = without_frames(compiled.circuit, device);
  const auto gates = timed_gates(circuit, calibration);
  const auto starts = start_times(gates, circuit.qubits(), circuit.bits(), Schedule::as_late_as_possible);
  Timeline made{{}, compiled.initial_layout, 0};
  for (std::size_t g = 0; g < gates.size(); ++g) {
    const auto& operation = circuit.operations()[g];
    const auto structure = operation.spec->structure;
    if (structure != Structure::barrier && structure != Structure::delay && !operation.qubits.empty())
      made.operations.push_back(
          {std::string(operation.spec->name), operation.qubits, starts[g], gates[g].duration});
  }
  std::ranges::stable_sort(made.operations, {}, &TimelineOperation::start);
  if (made.operations.size() > most_timeline_operations) {
    made.left_out = static_cast<long>(made.operations.size() - most_timeline_operations);
    made.operations.resize(most_timeline_operations);
  }
  return made;
}

}  // namespace qupel
