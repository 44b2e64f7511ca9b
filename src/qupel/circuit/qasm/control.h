#pragma once
#include <span>
#include <vector>

#include "qupel/base/matrix.h"
#include "qupel/circuit/qasm/sequence.h"

// Controls of any operations, exact including phases, in terms of the registry's operations. Multi-controlled
// gates follow Barenco et al., "Elementary gates for quantum computation", Phys. Rev. A 52, 3457 (1995),
// lemmas 7.2 to 7.5: qubits that are idle are borrowed and given back, whatever state they are in.
namespace qupel::qasm {

/// Appends `operations` controlled on every one of `controls` being 1.
/// @param idle qubits that may be borrowed; those in use are passed over
void append_controlled(std::span<const Operation> operations, std::span<const int> controls,
                       std::span<const int> idle, Sequence& to);

/// Appends the 2 x 2 unitary on `target`, its phase included, controlled on `controls`.
void append_controlled(const Matrix<Complex>& unitary, int target, std::span<const int> controls,
                       std::span<const int> idle, Sequence& to);

/// Appends exp(i angle) on the states where every one of `qubits` is 1: a global phase if there are none.
void append_phase(const Angle& angle, std::span<const int> qubits, std::span<const int> idle, Sequence& to);

/// Flips `target` where every one of `controls` is 1.
void append_flip(std::span<const int> controls, int target, std::span<const int> idle, Sequence& to);

/// An operation taken apart: a base without controls, and the qubits that control it.
struct Uncontrolled {
  Operation base;
  std::vector<int> controls;
};
Uncontrolled without_controls(const Operation& operation);

}  // namespace qupel::qasm
