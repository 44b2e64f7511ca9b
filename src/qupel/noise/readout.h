#pragma once
#include "qupel/circuit/observable.h"
#include "qupel/noise/noise_model.h"

namespace qupel {

/// Whether the readout of any of so many qubits goes wrong.
bool misreads(const NoiseModel& noise, int qubits);

/// What measurements of the observable average to if readout goes wrong: each letter P of a string becomes
/// (1 - p1 - p0) P + (p0 - p1) I, as its qubit is read. @throws InputError if that has more than 2^22 terms,
/// as strings on many qubits with p0 and p1 that differ have
Observable as_read(const Observable& observable, const NoiseModel& noise);

}  // namespace qupel
