#pragma once
#include <span>

#include "qupel/circuit/qasm/sequence.h"

namespace qupel::qasm {

/// The sequence's unitary to a power. Whole powers repeat; others are principal, exp(exponent log U) with
/// phases of U in (-pi, pi], and are made from U's matrix.
/// @param idle qubits that may be borrowed
/// @throws InputError at `at` for a power that is not whole of inputs or of more than five qubits
Sequence power(const Sequence& sequence, double exponent, std::span<const int> idle, Location at);

/// Appends a unitary matrix, first qubit lowest, as operations. @param idle qubits that may be borrowed
void append_unitary(Matrix<Complex> unitary, std::span<const int> qubits, std::span<const int> idle,
                    Sequence& to);

}  // namespace qupel::qasm
