#pragma once
#include <string>
#include <vector>

#include "qupel/circuit/circuit.h"

// OpSpec::decomposition, read and, for Pauli rotations on any qubits, written.
namespace qupel {

/// The operation in terms of simpler ones, as OpenQASM statements on qubits q0, q1, ...
/// with angles a0, a1, ...; "" for an elementary operation. A pauli_rotation is a change of
/// basis around a ladder of cx and one rz.
std::string decomposition_text(const Operation& operation);

/// The same as a circuit on operation.qubits.size() qubits whose parameter k is angle k; equal to the
/// operation up to a global phase. @throws InputError for an elementary operation
Circuit decomposition(const Operation& operation);

/// The operations of decomposition() with numbers for angles, on the qubits that the gate acts on.
/// @throws InputError as decomposition(), or if an angle of the gate is open
std::vector<Operation> decomposed_in_place(const Operation& gate);

}  // namespace qupel
