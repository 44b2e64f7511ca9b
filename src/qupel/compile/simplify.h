#pragma once
#include <vector>

#include "qupel/compile/step.h"

namespace qupel {

/// Whether two gates on two qubits around a rotation with a slot become one rotation of two qubits where they
/// are one: cx, rz(a) on the target, cx is rzz(a).
enum class Parities { found, left };

/// Fewer steps that do the same, up to a global phase: gates on the same qubits become one where all between
/// them commutes with them, and what does nothing goes.
/// @param qubits of the circuit
std::vector<CompileStep> simplified(std::vector<CompileStep> steps, int qubits, Parities parities);

}  // namespace qupel
