#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "qupel/base/matrix.h"
#include "qupel/circuit/circuit.h"
#include "qupel/noise/circuit_noise.h"

// A noisy circuit in the Pauli basis. The state is rho = 2^-n sum_P r_P P with r_P = <P>, 4^n real numbers;
// digit q of an index, base 4, is the letter I, X, Y, Z of qubit q. Every unitary and every channel is a real
// matrix on the digits of its qubits, and the first row is that of the identity: the trace is kept.
namespace qupel::density {

/// A transfer matrix on one or two qubits.
struct Transfer {
  std::vector<int> qubits;
  Matrix<double> matrix;  ///< 4^k square, first qubit lowest
};

/// The circuit and its noise in order, products formed where neighbours act on the same qubits. Operations on
/// more than two qubits are taken apart. @throws InputError as CircuitNoise
std::vector<Transfer> transfers(const Circuit& circuit, const NoiseModel& noise);
/// The same of the operations first .. end - 1, whatever their conditions. A measurement only loses the
/// coherence of its qubit: its result is not kept.
std::vector<Transfer> transfers(const Circuit& circuit, const CircuitNoise& noise, std::size_t first,
                                std::size_t end);
/// Channels alone, on a circuit of so many qubits.
std::vector<Transfer> transfers(std::span<const NoiseStep> steps, int qubits);

/// Those that one visit to memory applies, all inside a window of qubits.
struct Sweep {
  std::vector<int> window;  ///< exactly so many as asked for, ascending
  std::vector<Transfer> transfers;
};

/// Windows of qubits (windows.h), each with its transfers.
/// @param qubits of the state, at least `window`
std::vector<Sweep> schedule(std::vector<Transfer> transfers, int qubits, int window);

}  // namespace qupel::density
