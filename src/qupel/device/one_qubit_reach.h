#pragma once
#include <vector>

#include "qupel/circuit/op_spec.h"

namespace qupel {

/// Whether products of these operations come as near as one likes to every one-qubit gate, up to a phase.
/// Needs an operation with an angle. True of {rz, sx}, {rx, rz}, {u}, {gpi, gpi2}; not of {rz, x}, {h, t},
/// {rx}.
///
/// The operations and their products turn the Bloch sphere. A closed group of turns that holds a continuous
/// one is all of them exactly if it leaves no axis alone, that is if its turns span all nine dimensions of
/// the 3 x 3 matrices (Burnside's theorem on irreducible algebras).
bool make_any_one_qubit_gate(const std::vector<const OpSpec*>& specs);

}  // namespace qupel
