#pragma once
#include <span>

#include "qupel/base/matrix.h"
#include "qupel/circuit/observable.h"

namespace qupel {

/// A Hermitian matrix on some qubits as a sum of Pauli strings: the weight of P is tr(P M) / 2^n. Weights
/// that are rounding errors are left out. Takes n 4^n steps.
/// @param matrix its first qubit is the low bit of its index
/// @throws InputError for another size, a matrix that is not Hermitian, or more than 10 qubits
Observable pauli_sum(const Matrix<Complex>& matrix, std::span<const int> qubits);

}  // namespace qupel
