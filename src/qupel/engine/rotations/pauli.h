#pragma once
#include <cstdint>

#include "qupel/circuit/pauli_string.h"

// Pauli strings and basis-state maps over bit masks, the algebra below the compiler of circuits.
namespace qupel::rotations {

using Mask = std::uint64_t;

/// The operator i^phase X^x Z^z, where bit q of a mask belongs to bit q of a basis state.
using Pauli = PauliWord;
using qupel::commute;
using qupel::odd;

}  // namespace qupel::rotations
