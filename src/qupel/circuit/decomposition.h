#pragma once
#include <span>
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

/// An operation of a gate's decomposition as a part of that gate: on the gate's qubits, with its angles in
/// place of parameters. Angles of the gate may be open.
Operation placed(Operation part, const Operation& gate);
/// All operations of decomposition(), placed. @throws InputError as decomposition()
std::vector<Operation> decomposed_in_place(const Operation& gate);

/// The inner product of what a gate's decomposition and the gate itself make of |0...0>: its argument is the
/// global phase that the decomposition leaves out. @param angles of the gate
Complex decomposition_overlap(const Circuit& decomposition, const OpSpec& gate,
                              std::span<const double> angles);

}  // namespace qupel
