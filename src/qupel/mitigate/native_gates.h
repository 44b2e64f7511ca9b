#pragma once
#include "qupel/circuit/circuit.h"
#include "qupel/circuit/pauli_string.h"
#include "qupel/noise/noise_model.h"

// Gates that techniques add, in operations that a device has.
namespace qupel::mitigate {

/// Appends the Pauli X, Y or Z, up to a phase, in the first way that the noise knows on this qubit: a device
/// knows its own operations only. @param backwards turned about the opposite axis, so that a pulse that turns
/// too far turns the other way
/// @throws InputError if it knows none
void add_pauli(char letter, int qubit, const NoiseModel& noise, Circuit& circuit, bool backwards = false);

/// Appends gates that take |0> to the state with value +1 of this letter. @throws InputError as add_pauli()
void add_preparation(char letter, int qubit, const NoiseModel& noise, Circuit& circuit);

/// How long the gates that add_pauli() appends take, in the unit of the noise's times.
double pauli_duration(char letter, int qubit, const NoiseModel& noise, bool backwards = false);

/// The circuit with a Pauli string before its measurement, each letter as a part of the last gate on its
/// qubit, so that it adds no noise; on qubits without a gate as gates of their own.
Circuit with_paulis_at_the_end(const Circuit& circuit, const PauliString& paulis, const NoiseModel& noise);

}  // namespace qupel::mitigate
