#pragma once
#include <cstdint>
#include <utility>
#include <vector>

#include "qupel/base/random.h"
#include "qupel/circuit/op_spec.h"
#include "qupel/circuit/pauli_string.h"

namespace qupel {

/// A state of qubits of which few basis states have an amplitude: each such state once.
using SparseState = std::vector<std::pair<std::uint64_t, Complex>>;

/// What `shots` measurements of a normalised state give: outcomes and how often each was seen. Every qubit is
/// measured by its letter of `basis` (Z where that is I). The exact distribution: the shots divide by
/// binomial draws, first between the outcomes of the qubits measured in Z, then qubit by qubit in X or Y, on
/// which the number of amplitudes never grows. No register of all basis states is needed.
struct SparseShots {
  std::vector<std::uint64_t> states, counts;
};
SparseShots draw_sparse(SparseState state, const PauliString& basis, std::uint64_t shots, Random& random);

}  // namespace qupel
