#pragma once
#include <span>

#include "qupel/base/matrix.h"
#include "qupel/circuit/circuit.h"

namespace qupel {

/// Appends gates that make a unitary of one or two qubits, up to a global phase: one u gate, or the gates of
/// its Cartan decomposition (weyl.h).
/// @param matrix its first qubit is the low bit of its index
/// @throws InputError for another number of qubits, another size or a matrix that is not unitary
Circuit& add_unitary(Circuit& circuit, const Matrix<Complex>& matrix, std::span<const int> qubits);

}  // namespace qupel
