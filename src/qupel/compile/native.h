#pragma once
#include <span>

#include "qupel/circuit/circuit.h"
#include "qupel/compile/step.h"
#include "qupel/compile/target.h"

namespace qupel {

/// Prepares steps on physical qubits for write_native(): a two-qubit rotation with a slot becomes cx, rz, cx,
/// unless the device has such a rotation and it costs no more than two gates like cx; then neighbouring steps
/// are merged.
std::vector<CompileStep> native_steps(std::vector<CompileStep> steps, const CompileTarget& target);

/// Appends steps on physical qubits to a circuit as wide as the device, in its operations: the least deep of
/// several ways to choose the gates on one qubit around as few entanglers.
/// @param steps as native_steps() leaves them, two-qubit ones on coupled pairs
/// @param threads the result is the same for any number
void write_native(std::span<const CompileStep> steps, const CompileTarget& target, Circuit& circuit,
                  int threads = 1);

/// Without what only changes frames (NativeOperation::is_virtual), which takes no time.
Circuit without_frames(const Circuit& circuit, const Device& device);

}  // namespace qupel
