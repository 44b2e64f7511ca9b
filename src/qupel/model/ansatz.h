#pragma once
#include <string_view>

#include "qupel/circuit/circuit.h"

namespace qupel {

/// Layers of trainable rotations and entanglers; parameters are numbered from 0 in the order of the gates.
/// - "hardware-efficient": RY and RZ on every qubit, CX along the ring (Kandala et al. 2017)
/// - "strongly-entangling": RZ RY RZ on every qubit, CX from q to q + range with the range growing by one a
/// layer
///   (Schuld et al. 2020, circuit-centric classifiers)
/// @throws InputError naming the nearest ansatz
Circuit ansatz(std::string_view name, int qubits, int layers);

}  // namespace qupel
