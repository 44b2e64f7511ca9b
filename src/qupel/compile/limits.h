#pragma once
#include "qupel/device/device.h"

// How far a device goes before noise has eaten what a circuit computes, before any circuit is known.
namespace qupel {

/// The depth at which 1/e of an ideal expectation value is left, as Resources::depth counts it: of circuits
/// in layers of any one-qubit gate on each of `qubits` qubits and a two-qubit operation on every pair of
/// neighbours, half as many, and of an observable on all of them. Each operation of average error e on d = 2
/// or 4 levels leaves 1 - e d/(d - 1) of it, as a depolarizing channel does; errors are the device's medians.
/// Reading is left out: what it takes does not grow with depth.
/// @throws InputError for fewer than 1 qubit or more than the device has
double depth_limit(const Device& device, int qubits);

/// The largest n for which such a circuit on n qubits, all of them read, keeps 1/e over n layers: the square
/// on the border of a volumetric benchmark with these layers (Blume-Kohout and Young, "A volumetric framework
/// for quantum computer benchmarks", Quantum 4, 362, 2020, arXiv:1904.05546, with the threshold 1/e; what
/// such a benchmark measures has passed through readout, too). A qubit that is read leaves 1 - p0 - p1 of Z,
/// by its probabilities to read |0> and |1> wrong; the median over live qubits. At least 1, at most the
/// largest connected part.
int effective_qubits(const Device& device);

}  // namespace qupel
